"""Asking for a call; setting a price."""

from uuid import UUID

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from firstlight.clinical.evidence import text
from firstlight.ground.people.models import Relation
from firstlight.ground.people.names import EMAIL_LENGTH, NAME_LENGTH
from firstlight.ground.people.services.enquiries import CONCERN_LENGTH
from firstlight.journey.learn.items import items
from firstlight.journey.learn.money import read_cents
from firstlight.journey.learn.services.prices import NOTE_LENGTH

RELATIONS = [("", _("I leave this open")), *(one for one in Relation.choices if one[0] != Relation.UNKNOWN)]


class CallForm(forms.Form):
    """Who asks, and how to reach them."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=NAME_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Write a name, so that we know whom to ask for.")},
    )
    phone = forms.CharField(
        label=_("Phone"),
        max_length=40,
        required=False,
        help_text=_("Phone or email: one of them is enough."),
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )
    email = forms.CharField(
        label=_("Email"),
        max_length=EMAIL_LENGTH,
        required=False,
        widget=forms.TextInput(attrs={"type": "email", "autocomplete": "email", "inputmode": "email"}),
    )
    best_time = forms.CharField(
        label=_("Best time"), max_length=60, required=False, help_text=_("Such as: weekdays after nine at night.")
    )
    relation = forms.ChoiceField(label=_("You are the child's"), choices=RELATIONS, required=False)
    concern = forms.CharField(
        label=_("What it is about"),
        max_length=CONCERN_LENGTH,
        required=False,
        help_text=_("A few words are enough. You can leave it out and say it on the phone."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def clean(self) -> dict[str, object]:
        """Refuse a form without its key: it was not sent from our page, or from a very old one."""
        cleaned = super().clean() or {}
        try:
            UUID(self.data.get("once", ""))
        except ValueError:
            self.add_error(None, _("This page was too old. Look at what you wrote, and send it again."))
        return cleaned


class AmountField(forms.Field):
    """Money as people type it; gives whole cents."""

    widget = forms.TextInput

    def to_python(self, value: str | None) -> int | None:
        """Read the amount; nothing stays nothing."""
        if not value:
            return None
        try:
            return read_cents(value)
        except ValueError as error:
            raise forms.ValidationError(_("This is not an amount. It looks like 450 or 37.50.")) from error


class PriceForm(forms.Form):
    """What costs how much from which day."""

    item = forms.ChoiceField(label=_("What it is for"))
    amount = AmountField(label=_("Price in dollars"), help_text=_("Such as 450 or 37.50."))
    from_date = forms.DateField(
        label=_("From"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("This is not a day of the calendar. It looks like 2026-07-06.")},
    )
    note = forms.CharField(
        label=_("Note for parents"),
        max_length=NOTE_LENGTH,
        required=False,
        help_text=_("Such as: with two nurses. Parents read it under the price."),
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # passed through to Django as it came
        language = get_language() or "en"
        choices = [(item.key, text(item.text, language)) for item in items().values()]
        self.fields["item"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField, as declared above


class ReportingForm(forms.Form):
    """The clinic's own words on reporting, one line each, and somebody who answers for them."""

    must = forms.CharField(
        label=_("We must tell someone"), help_text=_("One line for each."), widget=forms.Textarea(attrs={"rows": 8})
    )
    must_not = forms.CharField(
        label=_("We do not report"),
        help_text=_(
            "One line for each. Say that unwanted, frightening thoughts alone are not reported, if that is so."
        ),
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    must_not_child = forms.CharField(
        label=_("We do not report, about a baby"),
        required=False,
        help_text=_("One line for each. A family with a loss does not read these."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    checked = forms.BooleanField(
        label=_("I have checked these words against the law of our state, and I answer for them."),
        error_messages={
            "required": _("Somebody must answer for these words before parents read them as the clinic's.")
        },
    )
