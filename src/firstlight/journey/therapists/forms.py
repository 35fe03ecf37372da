"""What an administrator writes about a therapist, as parents will read it."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from firstlight.journey.therapists.models import TherapistProfile

MOST_WORDS = 12


class WordsField(forms.CharField):
    """Short entries with commas between them, as a list without doubles."""

    def to_python(self, value: Any) -> Any:
        """Return the entries in the order typed."""
        typed = super().to_python(value) or ""
        words = list(dict.fromkeys(word.strip() for word in str(typed).split(",") if word.strip()))
        if len(words) > MOST_WORDS:
            raise forms.ValidationError(_("Twelve entries at most."))
        return words

    def prepare_value(self, value: Any) -> Any:
        """Show a list as it is typed."""
        return ", ".join(value) if isinstance(value, list) else value


class ProfileForm(forms.Form):
    """A therapist's description."""

    works_with = WordsField(
        label=_("Works with"), required=False, max_length=300,
        help_text=_("Commas between them, as in: perinatal depression, birth trauma, fathers."),
    )  # fmt: skip
    languages = WordsField(label=_("Speaks"), max_length=200, help_text=_("Commas between them."))
    perinatal_training = forms.CharField(label=_("Training for the time around birth"), required=False, max_length=200)
    about = forms.CharField(
        label=_("In the therapist's own words"),
        required=False,
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    @classmethod
    def of(cls, profile: TherapistProfile | None) -> "ProfileForm":
        """Return the form with what stands now."""
        return cls(initial={name: getattr(profile, name) for name in cls.base_fields} if profile else None)
