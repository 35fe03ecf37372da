from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from firstlight.clinical.evidence import text
from firstlight.journey.screening.asking import Question


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
