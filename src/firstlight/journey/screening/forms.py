"""Forms of the clinic around questions: face to face, and from paper."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from firstlight.clinical.evidence import text
from firstlight.ground.people.forms.care import DateField
from firstlight.ground.people.offered import RecordField
from firstlight.ground.safety.selectors import instant
from firstlight.journey.screening.asking import Question
from firstlight.journey.screening.paper import LONGEST_REASON, Rated
from firstlight.journey.screening.selectors import BESIDE_DOSE, BY_WHO_RATED, HANDED_IN

if TYPE_CHECKING:
    from firstlight.ground.people.models import Membership

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
    beside_dose = forms.ChoiceField(
        label=_("On a day with a dose"), choices=[("", _("No dose on this day")), *BESIDE_DOSE], required=False
    )
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

    def details(self, zone: str) -> dict[str, Any]:
        """Return what the services ask for beside the values."""
        return {name: self.cleaned_data[name] for name in ("filled_in_date", "handed_in_by", "beside_dose")}


class RatedDetailsForm(PaperDetailsForm):
    """When a clinician rated a parent, and who; how it is typed."""

    filled_in_date = DateField(label=_("Rated on"))
    rated_time = forms.TimeField(label=_("At"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    rated_by = RecordField(label=_("Rated by"))
    field_order = ("filled_in_date", "rated_time", "rated_by", "mode", "twice")

    def __init__(self, *args: Any, raters: Sequence["Membership"], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["handed_in_by"], self.fields["beside_dose"]
        self.fields["rated_by"] = RecordField(
            label=_("Rated by"), choices=[(str(one.id), one.public_name) for one in raters]
        )

    def details(self, zone: str) -> dict[str, Any]:
        """Return what the services ask for beside the values: the moment on the clinic's own clock."""
        day, time = self.cleaned_data["filled_in_date"], self.cleaned_data["rated_time"]
        rated = Rated(UUID(self.cleaned_data["rated_by"]), instant(day, time, ZoneInfo(zone)))
        return {"filled_in_date": day, "handed_in_by": BY_WHO_RATED, "rated": rated}


class CorrectionReasonForm(forms.Form):
    """Why a kept paper form is corrected or taken back."""

    reason = forms.CharField(label=_("Why is it corrected or taken back?"), max_length=LONGEST_REASON)
