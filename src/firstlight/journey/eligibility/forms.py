"""Forms of the baseline and the decision. They read what was typed; what can be is checked where it is written."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from firstlight.clinical.quantities import QuantityError, scaled
from firstlight.clinical.quantities import Weight as BodyWeight
from firstlight.journey.eligibility.kinds import Value
from firstlight.journey.eligibility.lists import options
from firstlight.journey.eligibility.models import Decision, Kind
from firstlight.journey.eligibility.reporting import Outcome, outcome_words

YES_NO = [("yes", _("Yes")), ("no", _("No"))]
CHOOSE = [("", _("Choose"))]
FIGURES = {"inputmode": "numeric", "autocomplete": "off"}


def _listed(name: str, label: object) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,  # type: ignore[arg-type]  # lazy text
        choices=lambda: [*CHOOSE, *options(name)],
    )


def _text(label: object, *, required: bool = True, hint: object = "") -> forms.CharField:
    # No maximum: the refusal names the length, and what was pasted is kept.
    return forms.CharField(
        label=label,  # type: ignore[arg-type]  # lazy text
        help_text=hint,  # type: ignore[arg-type]  # lazy text
        required=required,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


def _yes_or_no(label: object) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label,  # type: ignore[arg-type]  # lazy text
        choices=[*CHOOSE, *YES_NO],
        coerce=lambda answer: answer == "yes",
    )


def _day(label: object, *, required: bool) -> forms.DateField:
    return forms.DateField(
        label=label,  # type: ignore[arg-type]  # lazy text
        required=required,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("There is no such day. Write year, month and day.")},
    )


class EntryForm(forms.Form):
    """One baseline entry. The names of its fields are those of the value."""

    kind: ClassVar[Kind]
    title: ClassVar[Any]

    def value(self) -> Value:
        """Return what was typed, as `kinds` takes it."""
        return dict(self.cleaned_data)

    @classmethod
    def initial_of(cls, value: Value) -> dict[str, Any]:
        """Return an entry's value as the form shows it."""
        return {
            name: {True: "yes", False: "no"}[held] if held in (True, False) else held for name, held in value.items()
        }


class WeightForm(EntryForm):
    kind, title = Kind.WEIGHT, _("Weight")
    weight = forms.CharField(
        label=_("Weight"), widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})
    )

    def clean_weight(self) -> str:
        typed: str = self.cleaned_data["weight"].strip()
        try:
            self.grams = BodyWeight.parse(f"{typed} kg").g
        except QuantityError:
            words = {"given": typed[:40]}
            message = _now("%(given)s cannot be read as a weight. Write kilograms as a number, such as 70.5.") % words
            raise forms.ValidationError(message) from None
        return typed

    def value(self) -> Value:
        return {"weight_g": self.grams}

    @classmethod
    def initial_of(cls, value: Value) -> dict[str, Any]:
        return {"weight": scaled(value["weight_g"], 1000)}


class HeightForm(EntryForm):
    kind, title = Kind.HEIGHT, _("Height")
    height_cm = forms.IntegerField(label=_("Height"), widget=forms.TextInput(attrs=FIGURES))


class BloodPressureForm(EntryForm):
    kind, title = Kind.BLOOD_PRESSURE, _("Blood pressure at rest")
    sbp = forms.IntegerField(label=_("Systolic"), widget=forms.TextInput(attrs=FIGURES))
    dbp = forms.IntegerField(label=_("Diastolic"), widget=forms.TextInput(attrs=FIGURES))


class PregnancyTestForm(EntryForm):
    kind, title = Kind.PREGNANCY_TEST, _("Pregnancy test")
    result = _listed("pregnancy_results", _("Result"))
    test_date = _day(_("Day of the test"), required=False)


class MedicineForm(EntryForm):
    kind, title = Kind.MEDICINE, _("Medicines")
    name = _text(_("Medicine"))
    dose = _text(_("Dose and times"), required=False)
    group = _listed("medicines", _("Group"))
    within_24h = forms.BooleanField(label=_("Taken in the last 24 hours"), required=False)

    @classmethod
    def initial_of(cls, value: Value) -> dict[str, Any]:
        return dict(value)


class AllergyForm(EntryForm):
    kind, title = Kind.ALLERGY, _("Allergies")
    substance = _text(_("Substance"))
    group = _listed("allergies", _("Group"))
    reaction = _text(_("Reaction"), required=False)


class ProblemForm(EntryForm):
    kind, title = Kind.PROBLEM, _("Problems")
    problem = _listed("problems", _("Problem"))
    note = _text(_("Note"), required=False)


class TreatmentTrialForm(EntryForm):
    kind, title = Kind.TREATMENT_TRIAL, _("Treatment so far")
    treatment = _text(_("Treatment and dose"))
    group = _listed("treatments", _("Group"))
    weeks = forms.IntegerField(label=_("Weeks"), widget=forms.TextInput(attrs=FIGURES))
    outcome = _listed("trial_outcomes", _("Outcome"))
    adequate = forms.BooleanField(label=_("Adequate in dose and time"), required=False)

    @classmethod
    def initial_of(cls, value: Value) -> dict[str, Any]:
        return dict(value)


class IndicationForm(EntryForm):
    kind, title = Kind.INDICATION, _("Indication")
    diagnosis = _text(_("Diagnosis"))
    severity = _listed("severities", _("Severity"))


class BreastfeedingForm(EntryForm):
    kind, title = Kind.BREASTFEEDING, _("Breastfeeding")
    breastfeeding = _yes_or_no(_("Breastfeeds or gives own milk"))


class ObstetricForm(EntryForm):
    kind, title = Kind.OBSTETRIC, _("Last pregnancy and birth")
    hypertensive_disorder = _yes_or_no(_("High blood pressure disorder"))
    preeclampsia_this_pregnancy = _yes_or_no(_("Pre-eclampsia or eclampsia"))
    preeclampsia_current = _yes_or_no(_("Pre-eclampsia now"))
    clearance = _yes_or_no(_("Cleared by an obstetrician"))
    symptoms = forms.MultipleChoiceField(
        label=_("New now"),
        required=False,
        choices=lambda: options("symptoms"),
        widget=forms.CheckboxSelectMultiple,
    )


class LaboratoryForm(EntryForm):
    kind, title = Kind.LABORATORY, _("Laboratory")
    test = _listed("laboratory_tests", _("Test"))
    result = _text(_("Result"))
    test_date = _day(_("Day of the test"), required=True)
    raised = forms.BooleanField(label=_("Above the laboratory's range"), required=False)

    @classmethod
    def initial_of(cls, value: Value) -> dict[str, Any]:
        return dict(value)


class ClearanceForm(EntryForm):
    kind, title = Kind.CLEARANCE, _("Clearances")
    clearance = _listed("clearances", _("Clearance"))
    note = _text(_("Who said so, and what was found"))


FORMS: dict[Kind, type[EntryForm]] = {
    form.kind: form
    for form in (
        IndicationForm,
        TreatmentTrialForm,
        ProblemForm,
        MedicineForm,
        AllergyForm,
        BloodPressureForm,
        WeightForm,
        HeightForm,
        PregnancyTestForm,
        ObstetricForm,
        BreastfeedingForm,
        LaboratoryForm,
        ClearanceForm,
    )
}


class ReasonForm(forms.Form):
    """Why an entry is corrected or withdrawn."""

    reason = _text(_("Reason for the change"))


class DecisionForm(forms.Form):
    """The decision, its reason, and a reason for each rule that asks for one."""

    outcome = forms.ChoiceField(
        label=_("Decision"), widget=forms.RadioSelect, error_messages={"required": _("Choose one of the three.")}
    )
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_(
            "“Declined” before treatment has begun: a letter brings this reason to the parent word for word, and the "
            "episode ends."
        ),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write the reason.")},
    )

    use_required_attribute = False

    def __init__(self, *args: Any, asking: Iterable[Outcome] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        suitable = not self.is_bound or self.data.get("outcome") == Decision.Outcome.SUITABLE
        choices = [(key, outcome_words(key)) for key in Decision.Outcome.values]
        self.fields["outcome"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField, as above
        self.rules = [outcome.rule for outcome in asking]
        for rule in self.rules:
            self.fields[f"review-{rule}"] = forms.CharField(
                label=_("Your decision and reason"),
                required=suitable,
                error_messages={"required": _("“Suitable” needs your decision and reason here.")},
                widget=forms.Textarea(attrs={"rows": 2}),
            )

    @property
    def reviews(self) -> dict[str, str]:
        return {rule: self.cleaned_data[f"review-{rule}"] for rule in self.rules}
