from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from firstlight.ground.people.models import Membership
from firstlight.ground.safety.models import Rank, Weekday


class SlotForm(forms.Form):
    """Hours of each week in which somebody answers."""

    weekday = forms.TypedChoiceField(label=_("Day"), coerce=int, choices=Weekday.choices)
    starts = forms.TimeField(label=_("From"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    ends = forms.TimeField(
        label=_("Until"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text=_("Not after the start: the next day."),
    )
    member = forms.ChoiceField(label=_("Who answers"))
    rank = forms.TypedChoiceField(label=_("Asked"), coerce=int, choices=Rank.choices)

    def __init__(self, *args: Any, colleagues: Sequence[Membership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = [(str(person.id), f"{person.public_name}, {person.title}") for person in colleagues]
        self.fields["member"] = forms.ChoiceField(label=_("Who answers"), choices=names)


class MailboxForm(forms.Form):
    """The clinic's own mailbox for the daily test."""

    address = forms.CharField(
        label=_("The clinic's own mailbox"),
        max_length=254,
        help_text=_("The test message of each day goes there."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
