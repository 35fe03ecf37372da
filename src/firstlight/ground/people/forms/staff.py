"""Forms about the people of a clinic."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from firstlight.ground.people.forms.care import DateField
from firstlight.ground.people.names import EMAIL_LENGTH, NAME_LENGTH
from firstlight.ground.people.permissions import ROLE_NAMES
from firstlight.ground.people.services.episodes import REASON_LENGTH


class HireForm(forms.Form):
    """Somebody who begins to work here."""

    name = forms.CharField(label=_("Name"), max_length=NAME_LENGTH)
    email = forms.CharField(label=_("Work email"), max_length=EMAIL_LENGTH)
    role = forms.ChoiceField(label=_("Role"), choices=[(role.value, name) for role, name in ROLE_NAMES.items()])
    title = forms.CharField(label=_("Title, as patients see it"), max_length=80)


class CredentialForm(forms.Form):
    """A licence or certificate that you looked up at its source."""

    kind = forms.CharField(label=_("What"), max_length=80, help_text=_("As in: medical licence, RN licence, PMH-C."))
    number = forms.CharField(label=_("Number"), max_length=40)
    region = forms.CharField(label=_("State or body"), max_length=40)
    expires_date = DateField(label=_("Ends on"))
    checked_date = DateField(label=_("Looked up on"))


class PermissionForm(forms.Form):
    """One permission, taken away or given back, and why."""

    permission = forms.ChoiceField(label=_("What"))
    reason = forms.CharField(
        label=_("Reason"),
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Write the reason. It stays in the record.")},
    )

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["permission"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField
