"""Forms of a session. They read what was typed; whether it may be done is the services' business."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from firstlight.ground.people.offered import RecordField
from firstlight.journey.dosing import right_now
from firstlight.journey.dosing.readings import NAMES
from firstlight.journey.dosing.recovery import definition, said


def _value(kind: str) -> forms.IntegerField:
    return forms.IntegerField(label=NAMES[kind], required=False)


def _taps(label: str, choices: list[tuple[int, str]], help_text: str = "") -> forms.TypedChoiceField:
    """Return a question that is tapped: no answer is ticked, and none has to be."""
    return forms.TypedChoiceField(
        label=label,
        help_text=help_text,
        choices=choices,
        coerce=int,
        empty_value=None,
        widget=forms.RadioSelect,
        required=False,
    )


class ChartedForm(forms.Form):
    """What is charted as one row. `client_id` is made where it is entered, so that sending it twice writes it once."""

    client_id = forms.UUIDField(widget=forms.HiddenInput)

    def values(self) -> dict[str, int]:
        """Return what was entered, without what was left open."""
        asked = [name for name in self.fields if name not in {"client_id", "reason"}]
        return {name: value for name in asked if (value := self.cleaned_data.get(name)) is not None}


class CorrectedForm(ChartedForm):
    """A row that stands in place of another, with the reason."""

    reason = forms.CharField(label=_("Why is it corrected?"), max_length=300)


class ChartForm(ChartedForm):
    """One set of values."""

    sbp = _value("sbp")
    dbp = _value("dbp")
    hr = _value("hr")
    spo2 = _value("spo2")
    rr = _value("rr")
    moaas = _value("moaas")
    dissociation = _value("dissociation")
    nausea = _value("nausea")


class AmendForm(CorrectedForm, ChartForm):
    """A corrected set."""


class RecoveryForm(ChartedForm):
    """The five rows of the modified Aldrete, as its table prints them. None has a default."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for item in definition().items:
            choices = [(option.value, f"{option.value} – {said(option.label)}") for option in item.options]
            self.fields[item.key] = _taps(said(item.text), choices)


class AmendRecoveryForm(CorrectedForm, RecoveryForm):
    """A corrected score."""


class RightNowForm(ChartedForm):
    """Our questions for this moment. None has a default, and none has to be answered."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for item in right_now.definition().items:
            choices = [(value, right_now.answer_text(item.key, value)) for value in item.values]
            ends = right_now.ends_of(item) if right_now.is_scale(item) else ""
            self.fields[item.key] = _taps(right_now.words_of(item.text), choices, ends)


class AmendRightNowForm(CorrectedForm, RightNowForm):
    """Corrected answers."""


class PrepareForm(forms.Form):
    """The lot has no default: it is chosen by what stands on the vial."""

    lot = RecordField(label=_("What stands on the vial"), widget=forms.RadioSelect)
    drawn_ml = forms.DecimalField(
        label=_("Drawn from the vial"), max_digits=6, decimal_places=2, min_value=0,
        help_text=_("What is more than the dose is wasted afterwards, with a second person."),
    )  # fmt: skip

    def __init__(self, *args: Any, lots: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lot"].choices = lots  # type: ignore[attr-defined]  # a ChoiceField, as declared above


class SecondCheckForm(forms.Form):
    """The second person's own reading of vial and syringe, typed without seeing the first."""

    strength_mg_per_ml = forms.DecimalField(
        label=_("Strength that you read on the vial"), max_digits=5, decimal_places=1, min_value=0
    )
    volume_ml = forms.DecimalField(
        label=_("Volume that you read on the syringe"), max_digits=6, decimal_places=2, min_value=0
    )


class SecondPersonForm(forms.Form):
    """Who else is on site."""

    second = RecordField(label=_("Second person on site"))

    def __init__(self, *args: Any, people: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["second"].choices = [("", "–"), *people]  # type: ignore[attr-defined]  # a ChoiceField, as declared above


class ReasonForm(forms.Form):
    """A step that needs its reason in words."""

    reason = forms.CharField(label=_("Reason"), max_length=500, required=False)


class RateForm(ReasonForm):
    """A new rate."""

    rate_mg_per_min = forms.DecimalField(label=_("New rate"), max_digits=5, decimal_places=2, min_value=0)
    field_order = ["rate_mg_per_min", "reason"]


class ActionForm(forms.Form):
    """What was done about a notice."""

    action = forms.CharField(max_length=30)


class MarkForm(forms.Form):
    """Something that happened. A device that could not send at once says when it was."""

    kind = forms.ChoiceField(label=_("What happened"))
    words = forms.CharField(label=_("In words"), max_length=2000, required=False)
    event_at = forms.DateTimeField(widget=forms.HiddenInput, required=False, input_formats=["%Y-%m-%dT%H:%M:%S.%f%z"])

    def __init__(self, *args: Any, kinds: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", "–"), *kinds]  # type: ignore[attr-defined]  # a ChoiceField, as declared above


class LeaveForm(forms.Form):
    """At the door: what was looked at, and who takes the parent home."""

    YES_NO = (("yes", _("Yes")), ("no", _("No")))

    gait = forms.ChoiceField(label=_("Walks steadily"), choices=YES_NO, widget=forms.RadioSelect, required=False)
    oriented = forms.ChoiceField(
        label=_("Knows who and where she or he is, and the day"),
        choices=YES_NO,
        widget=forms.RadioSelect,
        required=False,
    )
    escort_name = forms.CharField(label=_("Who takes her or him home"), max_length=120, required=False)
    reason = forms.CharField(
        label=_("A prescriber's reason to let go before all is met"), max_length=500, required=False
    )

    def answer(self, name: str) -> bool | None:
        """Return a yes or no as it was ticked; None when it was not."""
        return {"yes": True, "no": False}.get(self.cleaned_data[name])
