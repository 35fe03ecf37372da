"""Forms of the stock. Amounts are typed in milligrams, as they stand on a label, and cleaned to micrograms."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from firstlight.clinical.quantities import Amount, Concentration, Mass, QuantityError, Volume
from firstlight.ground.design.amounts import why_wrong
from firstlight.ground.ledger.labels import MOST_VIALS, NDC, NDC_EXPECTED


class AmountField(forms.CharField):
    """A number in one unit, read the safe way: no naked decimal, no trailing zero. Cleans to whole small units."""

    def __init__(self, quantity: type[Amount], **options: Any) -> None:
        self.quantity = quantity
        super().__init__(max_length=40, **options)
        self.widget.attrs |= {"inputmode": "decimal", "autocomplete": "off"}

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if text in self.empty_values:
            return None
        typed = text if text[-1:].isalpha() else f"{text} {self.quantity.shown_in}"
        try:
            return self.quantity.parse(typed).count
        except QuantityError as error:
            example = _("Write a number such as %(example)s.") % {"example": self.quantity.example.split()[0]}
            raise ValidationError(f"{why_wrong(error)} {example}".strip(), code=error.code) from error


def _line(label: Any, longest: int, **options: Any) -> forms.CharField:
    widget = forms.TextInput(attrs={"autocomplete": "off"})
    return forms.CharField(label=label, max_length=longest, widget=widget, **options)


class ReceiveForm(forms.Form):
    """One lot of a delivery. Nothing that stands on the label has a default."""

    ndc = _line(gettext_lazy("NDC, with its hyphens"), 13, validators=[RegexValidator(NDC, NDC_EXPECTED)])
    lot_number = _line(gettext_lazy("Lot number"), 40)
    expires_date = forms.DateField(label=gettext_lazy("Expires"), widget=forms.DateInput(attrs={"type": "date"}))
    concentration_ug_per_ml = AmountField(Concentration, label=gettext_lazy("Concentration"))
    vial_volume_ul = AmountField(Volume, label=gettext_lazy("Volume of one vial"))
    vial_total_ug = AmountField(Mass, label=gettext_lazy("Total in one vial"))
    vials = forms.IntegerField(label=gettext_lazy("Vials"), min_value=1, max_value=MOST_VIALS)
    supplier = _line(gettext_lazy("Supplier: name, address, DEA number"), 120)
    invoice = _line(gettext_lazy("Invoice"), 60)


class AmountForm(forms.Form):
    """An amount that somebody measured or counted."""

    amount_ug = AmountField(Mass, label=gettext_lazy("Amount"))


class WasteForm(AmountForm):
    """What is wasted of a draw."""

    reason = _line(gettext_lazy("Why"), 200, help_text=gettext_lazy("No names."))


class SendBackForm(AmountForm):
    """What goes back."""

    recipient = _line(gettext_lazy("To whom"), 200)


class AdjustForm(forms.Form):
    """Why the cabinet holds something else than the books."""

    reason = _line(
        gettext_lazy("What the difference comes from"), 200, help_text=gettext_lazy("Or that it is not known.")
    )


class PeriodForm(forms.Form):
    """From which day to which day."""

    first = forms.DateField(
        label=gettext_lazy("From"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    last = forms.DateField(label=gettext_lazy("To"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("first") and cleaned.get("last") and cleaned["first"] > cleaned["last"]:
            self.add_error("last", _("This day is before the first one."))
        return cleaned
