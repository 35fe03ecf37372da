"""Forms of signing in."""

from django import forms
from django.utils.translation import gettext_lazy as _

from firstlight.ground.people.services.accounts import PIN_MINUTES

PASSWORD_LENGTH = 1000
FIGURES = {"inputmode": "numeric", "autocomplete": "one-time-code", "maxlength": "12"}


def password_field(label: object, autocomplete: str, hint: object = "") -> forms.CharField:
    """Return a password field: never stripped, never shown again."""
    return forms.CharField(
        label=label,  # type: ignore[arg-type]  # lazy text
        help_text=hint,  # type: ignore[arg-type]  # lazy text
        max_length=PASSWORD_LENGTH,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": autocomplete}),
    )


class PasswordForm(forms.Form):
    """Email and password."""

    email = forms.CharField(
        label=_("Email"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username", "spellcheck": "false"}),
    )
    password = password_field(_("Password"), "current-password")


class EmailForm(forms.Form):
    """Email alone. The phone may be shared, so the browser is asked not to remember it."""

    email = forms.EmailField(
        label=_("Your email"),
        max_length=254,
        error_messages={"invalid": _("This is not an email address. It looks like name@example.com.")},
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


class ParentPasswordForm(EmailForm):
    """Email and password of a parent."""

    password = password_field(_("Your password"), "current-password")


class CodeForm(forms.Form):
    """Six figures."""

    code = forms.CharField(label=_("Code"), max_length=40, widget=forms.TextInput(attrs=FIGURES))


class RecoveryForm(forms.Form):
    """One of the ten recovery codes."""

    code = forms.CharField(
        label=_("Recovery code"),
        max_length=40,
        help_text=_("One of the ten that you kept, as in 7KMQ-2FXA-9TRB."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"}),
    )


class NewPasswordForm(forms.Form):
    """A first password, typed once: it can be shown by the browser's own means."""

    password = password_field(
        _("Password"), "new-password", _("At least 15 characters. Four words that nobody would guess are good.")
    )


class ChangePasswordForm(forms.Form):
    """A new password for one who knows the present one."""

    old = password_field(_("Present password"), "current-password")
    new = password_field(_("New password"), "new-password", _("At least 15 characters. Other devices are signed out."))


class PinForm(forms.Form):
    """A PIN and the minutes after which it is asked for."""

    pin = forms.CharField(
        label=_("PIN"),
        help_text=_("4 to 6 figures."),
        max_length=40,
        widget=forms.PasswordInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    minutes = forms.TypedChoiceField(
        label=_("Ask for it after"),
        coerce=int,
        choices=[(minutes, _("%(count)d min without a touch") % {"count": minutes}) for minutes in PIN_MINUTES],
        initial=5,
        widget=forms.RadioSelect,
    )


class UnlockForm(forms.Form):
    """The PIN of a locked phone."""

    pin = forms.CharField(
        label=_("PIN"),
        max_length=40,
        widget=forms.PasswordInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
