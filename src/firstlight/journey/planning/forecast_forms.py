"""What a forecast is asked for: a dose, how long it runs, feeds. It reads what was typed and says what would be right."""

import re
from decimal import Decimal
from itertools import pairwise
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from firstlight.clinical.pharmacology.lactation import HEAVIEST_INFANT_KG, LIGHTEST_INFANT_KG
from firstlight.clinical.protocols.session import figures
from firstlight.clinical.quantities import DosePerKilogram, Mass, Minutes, QuantityError, scaled
from firstlight.clinical.quantities import Weight as BodyWeight
from firstlight.ground.design.amounts import why_wrong
from firstlight.journey.planning.feeds import MOST_FEEDS
from firstlight.journey.planning.forecast_feeds import usual_feeds
from firstlight.journey.planning.forms import OrderForm
from firstlight.journey.planning.models import Order

LONGEST_MIN = 240
LATEST_FEED_H = 24
CLOCK_HOURS = re.compile(r"(\d{1,2}):([0-5]\d)", re.ASCII)
FEEDS_APART = re.compile(r";|,\s")
DECIMAL = {"inputmode": "decimal", "autocomplete": "off"}


class ForecastForm(forms.Form):
    """A dose for one person of known weight. Limits are those of an order: nothing is forecast that cannot be ordered."""

    dose_mg = forms.CharField(
        label=_("Dose"),
        max_length=20,
        widget=forms.TextInput(attrs=DECIMAL),
        error_messages={"required": _("Write milligrams, such as 35 or 27.5.")},
    )
    minutes = forms.CharField(
        label=_("Over"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"required": _("Write whole minutes, such as 40.")},
    )
    feeds = forms.CharField(
        label=_("Feeds after the start"),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    infant_kg = forms.CharField(
        label=_("Baby's weight"), max_length=20, required=False, widget=forms.TextInput(attrs=DECIMAL)
    )

    def __init__(self, *args: Any, weight: BodyWeight, asks_feeds: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.weight = weight
        if not asks_feeds:
            del self.fields["feeds"]
            del self.fields["infant_kg"]

    def as_typed(self) -> "ForecastForm":
        """Return the same form as it was typed, without what is wrong in it."""
        typed = {name: self.data.get(name, "") for name in self.fields}
        return ForecastForm(initial=typed, weight=self.weight, asks_feeds="feeds" in self.fields, auto_id=self.auto_id)

    @property
    def mass(self) -> Mass:
        """Return the dose that was asked for."""
        mass: Mass = self.cleaned_data["dose_mg"]
        return mass

    @property
    def per_kilogram(self) -> DosePerKilogram:
        """Return the same for each kilogram, to the microgram."""
        return DosePerKilogram(round(self.mass.ug * 1000 / self.weight.g))

    def clean_dose_mg(self) -> Mass:
        typed, limits = self.cleaned_data["dose_mg"].strip(), figures()["routes"]["intravenous"]["limits"]
        try:
            mass = Mass.parse(f"{typed.removesuffix('mg').strip()} mg")
        except QuantityError as error:
            message = _now("%(given)s cannot be read as a dose. %(why)s Write milligrams, such as 35 or 27.5.")
            raise _unread(message, typed, error) from None
        most = min(limits["hard_ug"], limits["hard_ug_per_kg"] * self.weight.g // 1000)
        if not 0 < mass.ug <= most:
            words = {"given": mass.text(), "most": Mass(most).text(), "weight": self.weight.text()}
            message = _now(
                "%(given)s cannot be ordered at %(weight)s, so it is not forecast. Above 0, at most %(most)s."
            )
            raise forms.ValidationError(message % words)
        return mass

    def clean_minutes(self) -> int:
        typed: str = self.cleaned_data["minutes"].strip()
        try:
            minutes = Minutes.parse(f"{typed.removesuffix('min').strip()} min").count
        except QuantityError as error:
            message = _now("%(given)s cannot be read as minutes. %(why)s Write whole minutes, such as 40.")
            raise _unread(message, typed, error) from None
        least = figures()["routes"]["intravenous"]["limits"]["least_minutes"]
        if not least <= minutes <= LONGEST_MIN:
            words = {"given": minutes, "least": least, "most": LONGEST_MIN}
            raise forms.ValidationError(
                _now("%(given)d min cannot be forecast. Choose %(least)d to %(most)d min.") % words
            )
        return minutes

    def clean_feeds(self) -> tuple[float, ...]:
        """Read hours. A comma alone may be meant as a point: between two feeds it has a space, or there are more of them."""
        typed = self.cleaned_data["feeds"].strip(" ,;")
        parts = FEEDS_APART.split(typed) if FEEDS_APART.search(typed) or typed.count(",") == 1 else typed.split(",")
        feeds = tuple(_hours(part.strip()) for part in parts) if typed else ()
        rising = all(earlier < later for earlier, later in pairwise(feeds))
        if not rising or not all(0 < feed <= LATEST_FEED_H for feed in feeds) or len(feeds) > MOST_FEEDS:
            words = {"given": typed, "latest": LATEST_FEED_H, "most": MOST_FEEDS, "example": usual_feeds()}
            message = _now(
                "%(given)s cannot be read as feeds. Write hours after the start in rising order, up to %(latest)d h and at "
                "most %(most)d of them, such as %(example)s."
            )
            raise forms.ValidationError(message % words)
        return feeds

    def clean_infant_kg(self) -> float | None:
        typed = self.cleaned_data["infant_kg"].strip()
        if not typed:
            return None
        try:
            weight_kg = BodyWeight.parse(f"{typed.removesuffix('kg').strip()} kg").g / 1000
        except QuantityError as error:
            message = _now("%(given)s cannot be read as a weight. %(why)s Write kilograms with a point, such as 5.2.")
            raise _unread(message, typed, error) from None
        if not LIGHTEST_INFANT_KG <= weight_kg <= HEAVIEST_INFANT_KG:
            words = {"given": typed, "least": f"{LIGHTEST_INFANT_KG:g}", "most": f"{HEAVIEST_INFANT_KG:g}"}
            message = _now("%(given)s cannot be a baby's weight. Write kilograms, %(least)s to %(most)s, such as 5.2.")
            raise forms.ValidationError(message % words)
        return weight_kg

    @staticmethod
    def usual(order: Order | None, weight: BodyWeight, typed_feeds: str) -> dict[str, Any]:
        """Return the intravenous order that stands, else the usual dose for this weight; and feeds as they are typed."""
        feeds = {"feeds": typed_feeds, "infant_kg": ""}
        if order is not None and order.route == "intravenous":
            return {"dose_mg": scaled(order.dose_ug, 1000), "minutes": order.minutes, **feeds}
        usual = OrderForm.usual()
        exact_ug = weight.g * DosePerKilogram.of_mg(Decimal(usual["mg_per_kg"])).ug_per_kg // 1000
        return {"dose_mg": scaled(exact_ug - exact_ug % 100, 1000), "minutes": usual["minutes"], **feeds}


def _hours(typed: str) -> float:
    if clock := CLOCK_HOURS.fullmatch(typed):
        return int(clock[1]) + int(clock[2]) / 60
    try:
        return Minutes.parse(f"{typed.removesuffix('h').strip()} h").count / 60
    except QuantityError as error:
        message = _now("%(given)s cannot be read as a feed. %(why)s Write hours, such as 4.5 or 4:30, or 4, 5 for two.")
        raise _unread(message, typed, error) from None


def _unread(message: str, typed: str, error: QuantityError) -> forms.ValidationError:
    words = message % {"given": typed, "why": why_wrong(error)}
    return forms.ValidationError(" ".join(words.split()))
