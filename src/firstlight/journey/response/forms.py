"""What a parent chooses about being asked."""

from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from firstlight.clinical.evidence import text
from firstlight.clinical.instruments import Instrument, ReliableChange
from firstlight.journey.response.hours import HOURS_A_DAY
from firstlight.journey.response.schedule import Part, schedule
from firstlight.journey.response.services.judging import REASON_LENGTH
from firstlight.journey.response.values import choosable
from firstlight.journey.screening.reasons import reasons


def clock(hour: int) -> str:
    """Return a full hour as it stands on a clock, as in 08:00."""
    return f"{hour % HOURS_A_DAY:02}:00"


def part_choices() -> list[tuple[str, str]]:
    """Return the parts of the day with their hours."""
    return [(key, _part_words(part)) for key, part in schedule().parts.items()]


def hour_choices() -> list[tuple[str, str]]:
    """Return the full hours, after the choice of none."""
    return [("", _("No quiet time")), *((str(hour), clock(hour)) for hour in range(HOURS_A_DAY))]


def _part_words(part: Part) -> str:
    words = {
        "part": text(part.label, get_language() or "en"),
        "since": clock(part.from_hour),
        "until": clock(part.to_hour),
    }
    return _("%(part)s, %(since)s–%(until)s") % words


class HoursForm(forms.Form):
    """Parts of the day, and a time in them that stays quiet."""

    parts = forms.MultipleChoiceField(
        label=lazy("You may be asked in the"),
        choices=part_choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": lazy("Choose at least one time of day.")},
    )
    quiet_from = forms.TypedChoiceField(
        label=lazy("Quiet from"), choices=hour_choices, coerce=int, empty_value=None, required=False
    )
    quiet_to = forms.TypedChoiceField(
        label=lazy("Quiet until"), choices=hour_choices, coerce=int, empty_value=None, required=False
    )

    def clean(self) -> dict[str, Any]:
        """Ask for one part of the day at least, and for both ends of a quiet time, or for none."""
        cleaned = super().clean() or {}
        if self.has_error("parts", "required"):  # said once, above the hours
            self.add_error(None, self.errors.pop("parts"))
        if (cleaned.get("quiet_from") is None) != (cleaned.get("quiet_to") is None) and not self.errors:
            missing = "quiet_to" if cleaned.get("quiet_to") is None else "quiet_from"
            self.add_error(missing, _("Choose both hours, or none."))
        return cleaned


def reason_choices() -> list[tuple[str, str]]:
    """Return the reasons to choose from."""
    language = get_language() or "en"
    return [(one.key, text(one.label, language)) for one in reasons().by_key.values()]


class NotAskedForm(forms.Form):
    """Why a check-in was not asked: a reason from the list, and words."""

    reason = forms.ChoiceField(label=lazy("Why it was not asked"), choices=reason_choices, widget=forms.RadioSelect)
    words = forms.CharField(label=lazy("In a few words"), required=False, max_length=reasons().most_letters)


class ValueForm(forms.Form):
    """By which published reliable change an instrument is judged, and why."""

    points = forms.TypedChoiceField(
        label=lazy("A change is reliable from"),
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": lazy("Choose one of the published values.")},
    )
    reason = forms.CharField(
        label=lazy("Why"),
        max_length=REASON_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=lazy("It stays on record with your name."),
        error_messages={"required": lazy("Say why: the next person will ask.")},
    )

    def __init__(self, data: Any = None, *, definition: Instrument, initial: dict[str, str] | None = None) -> None:
        """Offer the published values of one instrument."""
        super().__init__(data, prefix=definition.name, initial=initial)
        self.definition = definition
        points = self.fields["points"]
        assert isinstance(points, forms.TypedChoiceField)  # it stands above
        points.choices = [(str(one.published), _value_words(one)) for one in choosable(definition)]


def _value_words(value: ReliableChange) -> str:
    words = {"points": value.published, "population": value.population}
    return _("%(points)s points (%(population)s)") % words
