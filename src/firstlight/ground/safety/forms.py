from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from firstlight.ground.people.models import Membership
from firstlight.ground.people.offered import RecordField
from firstlight.ground.safety.models import Rank, Weekday
from firstlight.ground.safety.plan_steps import plan_steps


class SlotForm(forms.Form):
    """Hours of each week in which somebody answers."""

    weekday = forms.TypedChoiceField(label=_("Day"), coerce=int, choices=Weekday.choices)
    starts = forms.TimeField(label=_("From"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    ends = forms.TimeField(
        label=_("Until"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text=_("Not after the start: the next day."),
    )
    member = RecordField(label=_("Who answers"))
    rank = forms.TypedChoiceField(label=_("Asked"), coerce=int, choices=Rank.choices)

    def __init__(self, *args: Any, colleagues: Sequence[Membership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = [(str(person.id), f"{person.public_name}, {person.title}") for person in colleagues]
        self.fields["member"] = RecordField(label=_("Who answers"), choices=names)


class SafetyPlanForm(forms.Form):
    """A field for each step of the plan. How long a text may be, and that one is filled, the service says."""

    def __init__(self, *args: Any, silent_about_baby: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for step in plan_steps().steps:
            self.fields[step.key] = forms.CharField(
                label=step.title,
                help_text=step.hint(silent_about_baby=silent_about_baby),
                required=False,
                widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off"}),
            )


class MailboxForm(forms.Form):
    """The clinic's own mailbox for the daily test."""

    address = forms.CharField(
        label=_("The clinic's own mailbox"),
        max_length=254,
        help_text=_("The test message of each day goes there."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
