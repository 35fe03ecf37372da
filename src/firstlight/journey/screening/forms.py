"""Forms of the clinic around questions: face to face, and from paper."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from firstlight.clinical.evidence import text
from firstlight.ground.people.forms.care import DateField
from firstlight.journey.screening.asking import Question
from firstlight.journey.screening.paper import LONGEST_REASON
from firstlight.journey.screening.selectors import HANDED_IN

SCORES, BOXES = "scores", "boxes"


class AskedForm(forms.Form):
    """Questions that a clinician asks face to face, each with its answers."""

    def __init__(self, *args: Any, questions: Sequence[Question], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = get_language() or "en"
        for question in questions:
            self.fields[question.key] = forms.TypedChoiceField(
                label=text(question.item.text, language),
                coerce=int,
                choices=[(option.value, text(option.label, language)) for option in question.item.options],
                widget=forms.RadioSelect,
                error_messages={"required": _("Note an answer, or “Not sure”.")},
            )

    @property
    def values(self) -> Mapping[str, int]:
        """Return the answers by the key of their question."""
        return dict(self.cleaned_data)


class PaperDetailsForm(forms.Form):
    """When a paper form was filled in, who handed it in, and how it is typed."""

    filled_in_date = DateField(label=_("Filled in on"))
    handed_in_by = forms.ChoiceField(label=_("Handed in by"), choices=HANDED_IN)
    mode = forms.ChoiceField(
        label=_("What you type"),
        choices=[(SCORES, _("Scores, as keyed")), (BOXES, _("Boxes, counted from 1"))],
        initial=SCORES,
        widget=forms.RadioSelect,
    )
    twice = forms.BooleanField(label=_("Enter it twice and compare"), required=False)

    @property
    def boxes(self) -> bool:
        """Tell whether places of boxes are typed, also while other fields are wrong."""
        return bool(self["mode"].value() == BOXES)


class CorrectionReasonForm(forms.Form):
    """Why a kept paper form is corrected or taken back."""

    reason = forms.CharField(label=_("Why is it corrected or taken back?"), max_length=LONGEST_REASON)
