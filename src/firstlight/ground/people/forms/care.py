"""Forms about parents, families and episodes."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from firstlight.ground.people.models import FeedingWay, Relation, Source
from firstlight.ground.people.names import EMAIL_LENGTH, NAME_LENGTH
from firstlight.ground.people.offered import RecordField
from firstlight.ground.people.services.details import ADDRESS_LENGTH
from firstlight.ground.people.services.enquiries import CONCERN_LENGTH
from firstlight.ground.people.services.episodes import REASON_LENGTH
from firstlight.ground.people.zones import ZoneSelect, choices

NOBODY = ""


class DateInput(forms.DateInput):
    """A date with the browser's own picker; its value is always spelled as the picker wants it."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class DateField(forms.DateField):
    """A day. What is not one is named as such."""

    widget = DateInput
    default_error_messages = {"invalid": _("This is not a day of the calendar. It looks like 2026-07-06.")}


class EnquiryForm(forms.Form):
    """A call, or a referral."""

    name = forms.CharField(label=_("Name"), max_length=NAME_LENGTH)
    relation = forms.ChoiceField(label=_("Relation to the child"), choices=Relation.choices, initial=Relation.MOTHER)
    phone = forms.CharField(
        label=_("Phone"), max_length=40, required=False, widget=forms.TextInput(attrs={"type": "tel"})
    )
    email = forms.CharField(label=_("Email"), max_length=EMAIL_LENGTH, required=False)
    best_time = forms.CharField(label=_("Best time to call"), max_length=60, required=False)
    source = forms.ChoiceField(
        label=_("How"), choices=[(Source.CALL.value, Source.CALL.label), (Source.REFERRAL.value, Source.REFERRAL.label)]
    )
    referred_by = forms.CharField(label=_("Referred by"), max_length=NAME_LENGTH, required=False)
    concern = forms.CharField(
        label=_("What brings this person here"),
        max_length=CONCERN_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("In the person's own words, as far as you have them."),
    )


class AnotherPersonForm(forms.Form):
    """Who shares an address or number with a new enquiry: the same person, or somebody else."""

    same = RecordField(label=_("Is it one of these?"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, people: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["same"].choices = [*people, ("another", _("Somebody else"))]  # type: ignore[attr-defined]  # a ChoiceField


class StepForm(forms.Form):
    """A step of an episode. `expected` is the state that was on the screen."""

    expected = forms.CharField(max_length=20, required=False, widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Reason"),
        max_length=REASON_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write the reason. It stays in the record.")},
    )


class DeclineForm(StepForm):
    """Declining, and whether the person must not be left alone with it."""

    at_risk = forms.BooleanField(
        label=_("This person may be at risk"),
        required=False,
        help_text=_("Then a task is opened: somebody hands over by telephone, today."),
    )


class DetailsForm(forms.Form):
    """A parent's details."""

    name = forms.CharField(label=_("Name"), max_length=NAME_LENGTH)
    birth_date = DateField(label=_("Date of birth"), required=False)
    relation = forms.ChoiceField(label=_("Relation to the child"), choices=Relation.choices)
    gave_birth_date = DateField(label=_("Gave birth on"), required=False)
    phone = forms.CharField(
        label=_("Phone"), max_length=40, required=False, widget=forms.TextInput(attrs={"type": "tel"})
    )
    email = forms.CharField(label=_("Email"), max_length=EMAIL_LENGTH, required=False)
    address = forms.CharField(
        label=_("Address"), max_length=ADDRESS_LENGTH, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    timezone = forms.ChoiceField(label=_("Time zone"), choices=choices, widget=ZoneSelect)


class ChildForm(forms.Form):
    """A child."""

    birth_date = DateField(label=_("Date of birth"))
    fed_how = forms.ChoiceField(label=_("Fed with"), choices=FeedingWay.choices, initial=FeedingWay.UNKNOWN)
    born_preterm = forms.TypedChoiceField(
        label=_("Born before 37 weeks"),
        choices=[(NOBODY, _("Not known")), ("no", _("No")), ("yes", _("Yes"))],
        coerce=lambda value: value == "yes",
        empty_value=None,
        required=False,
    )


class FeedingForm(forms.Form):
    """How a child is fed now."""

    fed_how = forms.ChoiceField(label=_("Fed with, from now on"), choices=FeedingWay.choices)


class SearchForm(forms.Form):
    """Which people to show."""

    search = forms.CharField(label=_("Name"), max_length=NAME_LENGTH, required=False)
    state = forms.ChoiceField(label=_("State"), required=False)

    def __init__(self, *args: Any, states: list[tuple[str, object]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["state"].choices = states  # type: ignore[attr-defined]  # a ChoiceField


class YouForm(forms.Form):
    """What a parent sets for herself."""

    hand = forms.ChoiceField(
        label=_("The hand that holds the phone"),
        choices=[("right", _("Right")), ("left", _("Left"))],
        widget=forms.RadioSelect,
    )
    timezone = forms.ChoiceField(label=_("Your time zone"), choices=choices, widget=ZoneSelect)
