"""Forms of the order, the series and the dosing day. They read what was typed; limits stand where it is written."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from firstlight.clinical.protocols.session import figures
from firstlight.clinical.quantities import DosePerKilogram, QuantityError
from firstlight.ground.design.amounts import why_wrong
from firstlight.ground.people.errors import Refused
from firstlight.ground.people.models import Membership, Parent
from firstlight.ground.people.offered import RecordField
from firstlight.ground.visits.clocktimes import day_of, moment_of
from firstlight.ground.visits.forms import CALL, PlaceForm
from firstlight.ground.visits.models import Room, Visit, VisitKind
from firstlight.journey.planning.feeds import clock_of, feed_hours
from firstlight.journey.planning.models import DayPlan
from firstlight.journey.planning.services import Proposal

FIGURES = {"inputmode": "numeric", "autocomplete": "off"}
MORNING = time(9)


def _whole(label: object) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,  # type: ignore[arg-type]  # lazy text
        widget=forms.TextInput(attrs=FIGURES),
        error_messages={"invalid": _("Write a whole number.")},
    )


class OrderForm(forms.Form):
    """An order for racemic ketamine, intravenous."""

    mg_per_kg = forms.CharField(
        label=_("Dose per kilogram"), widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
    )
    minutes = _whole(_("Over"))
    sessions = _whole(_("Sessions"))
    weeks = _whole(_("Within"))
    reason = forms.CharField(
        label=_("Reason, where one is needed"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def clean_mg_per_kg(self) -> str:
        typed: str = self.cleaned_data["mg_per_kg"].strip()
        try:
            DosePerKilogram.of_mg(typed)
        except QuantityError as error:
            words = {"given": typed[:40], "why": why_wrong(error)}
            message = _now("%(given)s cannot be read as a dose. %(why)s Write milligrams per kilogram, such as 0.5.")
            raise forms.ValidationError(" ".join((message % words).split())) from None
        return typed

    @staticmethod
    def usual() -> dict[str, Any]:
        """Return the order that studies used, as the form begins."""
        usual = figures()["routes"]["intravenous"]["usual"]
        return {
            "mg_per_kg": f"{Decimal(usual['ug_per_kg']) / 1000:f}".rstrip("0").rstrip("."),
            "minutes": usual["minutes"],
            "sessions": usual["sessions"],
            "weeks": usual["weeks"],
        }


class StopForm(forms.Form):
    """Why an order is stopped."""

    reason = forms.CharField(label=_("Why it is stopped"), widget=forms.TextInput(attrs={"autocomplete": "off"}))


class ReleaseForm(forms.Form):
    """Words about feeding for the parent."""

    text = forms.CharField(label=_("What the parent reads"), widget=forms.Textarea(attrs={"rows": 6}))


class SeriesForm(forms.Form):
    """From when on, with which nurse, where."""

    first_date = forms.DateField(
        label=_("First dose"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("There is no such day. Write year, month and day.")},
    )
    nurse = RecordField(label=_("Nurse"))
    dosing_room = RecordField(label=_("Room for doses"))
    therapy_room = RecordField(label=_("Room for talks"))

    def __init__(self, *args: Any, nurses: Sequence[Membership], rooms: Sequence[Room], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(person.id): person for person in nurses}
        self.rooms = {str(room.id): room for room in rooms}
        places = [(key, room.name) for key, room in self.rooms.items()]
        people = [(key, person.public_name) for key, person in self.people.items()]
        self.fields["nurse"].choices = people  # type: ignore[attr-defined]  # a ChoiceField, as above
        self.fields["dosing_room"].choices = places  # type: ignore[attr-defined]  # likewise
        self.fields["therapy_room"].choices = [*places, (CALL, _("No room: a call"))]  # type: ignore[attr-defined]  # likewise

    @property
    def chosen(self) -> dict[str, Any]:
        """Return what `propose_series` takes."""
        return {
            "first_date": self.cleaned_data["first_date"],
            "nurse": self.people[self.cleaned_data["nurse"]],
            "dosing_room": self.rooms[self.cleaned_data["dosing_room"]],
            "therapy_room": self.rooms.get(self.cleaned_data["therapy_room"]),
        }


class ProposalForm(PlaceForm):
    """One proposed visit, to be kept or changed before all are booked."""

    kind = forms.ChoiceField(choices=VisitKind.choices, widget=forms.HiddenInput)

    @property
    def proposal(self) -> Proposal:
        cleaned = self.cleaned_data
        return Proposal(cleaned["kind"], self.person, self.starts_at, cleaned["minutes"], self.place)

    @property
    def kind_label(self) -> str:
        """Say what the visit is for, also while the form is wrong."""
        value = self["kind"].value()
        return str(dict(VisitKind.choices).get(value, value))


ProposalFormSet = forms.formset_factory(ProposalForm, extra=0, max_num=60, validate_max=True, absolute_max=60)


def proposed(proposals: Sequence[Proposal], zone: str) -> list[dict[str, Any]]:
    """Return proposals as the forms begin, on the clinic's clock."""
    rows = []
    for one in proposals:
        local = one.starts_at.astimezone(ZoneInfo(zone))
        room = str(one.room.id) if one.room else CALL
        rows.append(
            {
                "kind": one.kind,
                "date": local.date(),
                "time": local.time(),
                "minutes": one.minutes,
                "staff": str(one.staff.id),
                "room": room,
            }
        )
    return rows


class DayForm(forms.Form):
    """One dosing day. `about` is baby, children, or silent after a loss: then it asks about other children only."""

    escort_name = forms.CharField(required=False)
    escort_phone = forms.CharField(label=_("Telephone of that person"), required=False)
    escort_is_adult = forms.BooleanField(label=_("That person is 18 or older"), required=False)
    childcare_name = forms.CharField(required=False)
    childcare_until = forms.TimeField(
        label=_("Until when, the next morning"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"invalid": _("Write a time such as 09:00.")},
    )
    no_children = forms.BooleanField(required=False)
    feeds_at = forms.MultipleChoiceField(
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("%(value)s is none of the hours. Choose among those shown.")},
    )
    feeding = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 3}))

    LABELS = {
        "baby": _("Who stays with the baby overnight"),
        "children": _("Who stays with the children overnight"),
        "silent": _("Who stays with other children overnight"),
    }

    def __init__(
        self,
        *args: Any,
        about: str,
        visit: Visit,
        parent: Parent,
        asks_feeding: bool,
        for_staff: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.visit, self.parent = visit, parent
        self.fields["childcare_name"].label = self.LABELS[about]
        self._word_for(about, for_staff=for_staff)
        self.hours = {clock_of(at, parent.timezone): at for at in feed_hours(visit, parent.timezone)}
        self.fields["feeds_at"].choices = [(clock, clock) for clock in self.hours]  # type: ignore[attr-defined]  # as above
        if not asks_feeding:
            del self.fields["feeding"]
            del self.fields["feeds_at"]
        for name in ("escort_name", "escort_phone", "childcare_name"):
            self.fields[name].widget.attrs["autocomplete"] = "off"
        self.fields["escort_phone"].widget.attrs["inputmode"] = "tel"

    def _word_for(self, about: str, *, for_staff: bool) -> None:
        """Speak to the parent, or to the clinic about her or him."""
        labels = {
            "escort_name": (_("Who takes you home"), _("Who takes the parent home")),
            "no_children": (_("No child is with me that night"), _("No child is with the parent that night")),
            "feeds_at": (
                _("About when the baby would feed after it"),
                _("About when the baby would feed after the dose"),
            ),
            "feeding": (_("How the baby is fed that night, in your words"), _("How the baby is fed that night")),
        }
        for name, (to_parent, to_staff) in labels.items():
            self.fields[name].label = to_staff if for_staff else to_parent
        self.fields["feeds_at"].help_text = (
            _("The milk estimate of the forecast begins with these hours.")
            if for_staff
            else _("Tap the hours, as far as you can tell. It commits you to nothing: your doctor plans with it.")
        )
        if about == "silent":
            self.fields["no_children"].label = _("There are no other children at home that night")

    def clean_feeds_at(self) -> list[datetime]:
        """Return the moments that the hours mean."""
        return [self.hours[clock] for clock in self.cleaned_data["feeds_at"]]

    def clean(self) -> dict[str, Any]:
        """Find the moment that the clock of the next morning means, where the parent is."""
        cleaned: dict[str, Any] = super().clean() or {}
        clock = cleaned.get("childcare_until")
        cleaned["childcare_until"] = None
        if clock is not None:
            morning: date = day_of(self.visit.starts_at, self.parent.timezone) + timedelta(days=1)
            try:
                cleaned["childcare_until"] = moment_of(morning, clock, self.parent.timezone)
            except Refused as refused:
                self.add_error("childcare_until", refused.message)
        return cleaned


def day_initial(plan: DayPlan | None, zone: str) -> dict[str, Any]:
    """Return a plan as the form begins."""
    if plan is None:
        return {"childcare_until": MORNING}
    names = ("escort_name", "escort_phone", "escort_is_adult", "childcare_name", "no_children", "feeding")
    until: datetime | None = plan.childcare_until
    shown = until.astimezone(ZoneInfo(zone)).time() if until else None
    feeds = [clock_of(at, zone) for at in plan.feeds_at]
    return {name: getattr(plan, name) for name in names} | {"childcare_until": shown, "feeds_at": feeds}
