"""The clinic's questionnaires: which there are, whose text is here, and bringing or removing licensed text."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from firstlight.clinical.evidence import text
from firstlight.clinical.instruments import instrument
from firstlight.doors.fhir.forms import FileForm, PermissionForm
from firstlight.doors.fhir.positions import NotReadable, Problem
from firstlight.doors.fhir.questionnaire import Binding, Reading, read_questionnaire
from firstlight.doors.fhir.remarks import LEFT_OUT
from firstlight.doors.fhir.selectors import lines_for
from firstlight.ground.people.errors import Refused
from firstlight.ground.people.once import once, see_other
from firstlight.ground.people.permissions import Permission
from firstlight.ground.people.policies import staff
from firstlight.ground.people.requests import ClinicRequest, own_clinic
from firstlight.journey.screening.holding import wording_for
from firstlight.journey.screening.services import hold, withdraw


@staff(Permission.QUESTIONNAIRES_WRITE)
@require_GET
def questionnaires(request: ClinicRequest) -> HttpResponse:
    """List every questionnaire with its licence and what this clinic holds of it."""
    context = {"lines": lines_for(request.actor), "clinic": own_clinic(request)}
    return render(request, "fhir/questionnaires.html", context)


@staff(Permission.QUESTIONNAIRES_WRITE)
@require_http_methods(["GET", "POST"])
def take_in(request: ClinicRequest) -> HttpResponse:
    """Ask for a file; show how each of its questions is bound; take it in with the permission."""
    if request.method == "GET":
        return _file_page(request, FileForm(), 200)
    form = FileForm(request.POST)
    if not form.is_valid():
        return _file_page(request, form, 422)
    try:
        reading = read_questionnaire(
            form.cleaned_data["document"], named=form.cleaned_data["named"], language=form.cleaned_data["language"]
        )
    except NotReadable as refused:
        return _file_page(request, form, 422, refused.problems)
    if "confirm" not in request.POST:
        return _checked_page(
            request, PermissionForm(initial=_initial(request, form), watched=reading.watched), reading, 200
        )
    return once(request, lambda: _confirm(request, reading))


@staff(Permission.QUESTIONNAIRES_WRITE)
@require_http_methods(["GET", "POST"])
def remove(request: ClinicRequest, wording_id: UUID) -> HttpResponse:
    """Say what removing a text does; remove it."""
    wording = wording_for(request.actor, wording_id)

    def act() -> HttpResponse:
        try:
            withdraw(wording=wording, by=request.actor, at=request.now)
        except Refused as refused:
            return _removing_page(request, wording, refused.message)
        return see_other(reverse("fhir:questionnaires"))

    return once(request, act) if request.method == "POST" else _removing_page(request, wording)


def _removing_page(request: ClinicRequest, wording: Any, refusal: str = "") -> HttpResponse:
    context = {
        "wording": wording,
        "title": text(instrument(wording.instrument).title),
        "refusal": refusal,
        "clinic": own_clinic(request),
    }
    return render(request, "fhir/remove.html", context, status=422 if refusal else 200)


def _confirm(request: ClinicRequest, reading: Reading) -> HttpResponse:
    form = PermissionForm(request.POST, watched=reading.watched)
    if not form.is_valid():
        return _checked_page(request, form, reading, 422)
    try:
        hold(
            definition=reading.instrument,
            wordings=[reading.wording(language) for language in reading.languages],
            permission=form.cleaned_data["permission"],
            holder=form.cleaned_data["holder"],
            source=reading.published.source,
            copyright_notice=reading.published.copyright,
            by=request.actor,
            at=request.now,
        )
    except Refused as refused:
        return _checked_page(request, refused.onto(form), reading, 422)
    return see_other(f"{reverse('fhir:questionnaires')}#{reading.instrument.name}")


def _initial(request: ClinicRequest, form: FileForm) -> dict[str, str]:
    return {**form.cleaned_data, "holder": own_clinic(request).name}


def _file_page(request: ClinicRequest, form: FileForm, status: int, problems: tuple[Problem, ...] = ()) -> HttpResponse:
    return render(request, "fhir/take_in.html", {"form": form, "problems": problems}, status=status)


def _checked_page(request: ClinicRequest, form: PermissionForm, reading: Reading, status: int) -> HttpResponse:
    definition = reading.instrument
    context = {
        "form": form,
        "reading": reading,
        "title": text(definition.title),
        "stems": [(spoken, reading.stem[spoken]) for spoken in reading.languages if spoken in reading.stem],
        "lines": [_line(reading, one) for one in reading.bindings],
        "left_out": [(one, LEFT_OUT[one.why]) for one in reading.left_out],
    }
    return render(request, "fhir/checked.html", context, status=status)


def _line(reading: Reading, binding: Binding) -> dict[str, Any]:
    """Return an item with its words in the language of the file, and what each answer counts."""
    return {
        "binding": binding,
        "question": binding.question[reading.language],
        "stem": binding.stem.get(reading.language, ""),
        "answers": [
            (option.value, words[reading.language])
            for option, words in zip(binding.item.options, binding.answers, strict=True)
        ],
    }
