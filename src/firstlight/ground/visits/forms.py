"""Forms of the calendar. They read what was typed; whether a visit fits is the services' business."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from firstlight.ground.people.errors import Refused
from firstlight.ground.people.models import Membership
from firstlight.ground.people.offered import RecordField
from firstlight.ground.visits.clocktimes import moment_of
from firstlight.ground.visits.models import Room, Visit, VisitKind

CALL = "call"
YEARS = range(2000, 2200)


class DayForm(forms.Form):
    """Which day to show."""

    date = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))

    def clean_date(self) -> Any:
        """Keep to years in which a clinic can have visits."""
        on = self.cleaned_data["date"]
        if on.year not in YEARS:
            raise forms.ValidationError(_("Choose a day between 2000 and 2199."))
        return on


class RoomForm(forms.Form):
    """A room's name, as it stands on its door."""

    name = forms.CharField(label=_("Name"), max_length=60, help_text=_("As on its door, such as: Room 1."))


class PlaceForm(forms.Form):
    """When, how long, with whom and where. The time is the clinic's."""

    date = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    time = forms.TimeField(label=_("Time"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    minutes = forms.IntegerField(label=_("Minutes"), min_value=1)
    staff = RecordField(label=_("With"))
    room = RecordField(label=_("Where"))

    def __init__(
        self, *args: Any, staff: Sequence[Membership], rooms: Sequence[Room], zone: str, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.zone = zone
        self.people = {str(person.id): person for person in staff}
        self.rooms = {str(room.id): room for room in rooms}
        choose = [("", _("Choose"))]
        people = [(key, str(person)) for key, person in self.people.items()]
        places = [(key, room.name) for key, room in self.rooms.items()]
        self.fields["staff"].choices = choose + people  # type: ignore[attr-defined]  # a ChoiceField, as above
        self.fields["room"].choices = [*choose, *places, (CALL, _("No room: a call"))]  # type: ignore[attr-defined]  # likewise

    def clean(self) -> dict[str, Any]:
        """Find the moment that the clinic's clock means."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("date") and cleaned.get("time"):
            try:
                cleaned["starts_at"] = moment_of(cleaned["date"], cleaned["time"], self.zone)
            except Refused as refused:
                refused.onto(self)
        return cleaned

    @property
    def starts_at(self) -> datetime:
        moment: datetime = self.cleaned_data["starts_at"]
        return moment

    @property
    def person(self) -> Membership:
        return self.people[self.cleaned_data["staff"]]

    @property
    def place(self) -> Room | None:
        return self.rooms.get(self.cleaned_data["room"])


class BookingForm(PlaceForm):
    """A new visit."""

    kind = forms.ChoiceField(label=_("What for"), choices=[("", _("Choose")), *VisitKind.choices])
    field_order = ("kind", "date", "time", "minutes", "staff", "room")


class MoveForm(PlaceForm):
    """A visit on another day, at another time, with somebody else or elsewhere."""

    reason = forms.CharField(label=_("Why"), max_length=300, required=False)


def placed(visit: Visit, zone: str) -> dict[str, Any]:
    """Return when and where a visit stands, as the form for moving it begins."""
    local = visit.starts_at.astimezone(ZoneInfo(zone))
    return {
        "date": local.date(),
        "time": local.time(),
        "minutes": visit.minutes,
        "staff": str(visit.staff_id),
        "room": str(visit.room_id) if visit.room_id else CALL,
    }


class HappenedForm(forms.Form):
    """How long a visit took."""

    minutes = forms.IntegerField(label=_("Minutes it took"), min_value=1)


class AskedForm(forms.Form):
    """What came of it when somebody asked again."""

    answer = forms.CharField(label=_("What came of it"), max_length=1000)


class ReasonForm(forms.Form):
    """Why something did not take place."""

    reason = forms.CharField(label=_("Why"), max_length=300, required=False)
