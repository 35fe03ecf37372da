from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from firstlight.ground.people.models import Membership
from firstlight.ground.people.offered import RecordField
from firstlight.ground.people.permissions import Role
from firstlight.ground.worklist.models import Urgency

MOST_LETTERS = 2000


class FinishForm(forms.Form):
    """What came of a task; where it is finished before its time, why."""

    outcome = forms.CharField(
        label=_("What came of it"),
        max_length=MOST_LETTERS,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write what came of it.")},
    )
    early_because = forms.CharField(
        label=_("Why before its time"),
        max_length=MOST_LETTERS,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Say why it is finished before its time.")},
    )

    def __init__(self, *args: Any, early: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not early:
            del self.fields["early_because"]


class NoteForm(forms.Form):
    """What somebody found out, written on a task that stays open."""

    words = forms.CharField(
        label=_("What you found out"),
        max_length=MOST_LETTERS,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Write the note.")},
    )


class HandOverForm(forms.Form):
    """To which colleague a task goes."""

    to = RecordField(label=_("To"), error_messages={"required": _("Choose a colleague.")})
    note = forms.CharField(label=_("Note"), required=False, max_length=MOST_LETTERS)

    def __init__(self, *args: Any, colleagues: Sequence[Membership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = [(str(person.id), f"{person.public_name}, {person.title}") for person in colleagues]
        self.fields["to"] = RecordField(
            label=_("To"), choices=[("", _("Choose")), *names], error_messages={"required": _("Choose a colleague.")}
        )


class NewTaskForm(forms.Form):
    """A task that somebody gives to a role."""

    title = forms.CharField(
        label=_("What is to be done"), max_length=120, error_messages={"required": _("Write what is to be done.")}
    )
    reason = forms.CharField(
        label=_("Why"), required=False, max_length=MOST_LETTERS, widget=forms.Textarea(attrs={"rows": 3})
    )
    role = forms.ChoiceField(
        label=_("For"),
        choices=[
            (Role.NURSE.value, _("Nurses")),
            (Role.PRESCRIBER.value, _("Prescribers")),
            (Role.THERAPIST.value, _("Therapists")),
            (Role.ADMINISTRATOR.value, _("Administrators")),
        ],
    )
    urgency = forms.ChoiceField(
        label=_("When must somebody take it"),
        choices=[
            (Urgency.ROUTINE.value, _("By tomorrow")),
            (Urgency.TODAY.value, _("Within 4 hours")),
            (Urgency.NOW.value, _("Within 15 minutes; this pages people")),
        ],
        initial=Urgency.ROUTINE.value,
        widget=forms.RadioSelect,
    )
