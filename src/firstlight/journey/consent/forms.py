"""Forms of the agreement."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from firstlight.journey.consent.agreements import Edition


class TouchForm(forms.Form):
    """One tick for each kind of touch; none is set before somebody sets it."""

    def __init__(self, *args: Any, shown: Edition, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind, label in shown.touch_kinds:
            self.fields[kind] = forms.BooleanField(label=label, required=False)


class SignForm(forms.Form):
    """Name and tick."""

    name = forms.CharField(
        label=_("Type your name"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "words", "spellcheck": "false"}),
    )
    agreed = forms.BooleanField(label=_("I agree"), required=False)
