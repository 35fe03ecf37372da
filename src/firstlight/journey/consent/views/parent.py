"""The agreement on the parent's phone: read in parts, answer, choose about touch, sign, take it back."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from firstlight.ground.people.errors import Refused
from firstlight.ground.people.once import once, see_other
from firstlight.ground.people.policies import parent
from firstlight.ground.people.requests import ClinicRequest, own_record
from firstlight.ground.people.steps import ENDED
from firstlight.journey.consent import services
from firstlight.journey.consent.agreements import Edition
from firstlight.journey.consent.forms import SignForm, TouchForm
from firstlight.journey.consent.reading import Opened, opened_by
from firstlight.journey.consent.selectors import Agreement, ConsentState, agreement_of, edition_for, own_episode

READ_OR_WRITE = require_http_methods(["GET", "POST"])
STEPS_AFTER_PARTS = 2  # touch, and the signature


@parent()
@require_GET
def mine(request: ClinicRequest) -> HttpResponse:
    """Show how the agreement stands and what comes next."""
    whose = own_record(request)
    episode = own_episode(whose)
    request.open_record(whose.id, "agreement")
    if episode is None:
        return render(request, "consent/none.html", {"parent": whose})
    shown, agreement = edition_for(whose, request.now), agreement_of(episode)
    state = agreement.state(request.now)
    context = _steps(agreement, shown) | {
        "parent": whose,
        "shown": shown,
        "state": state,
        "consent": agreement.consents[0] if agreement.consents else None,
        "touch": _chosen(shown, agreement),
        "done": agreement.understood(shown),
        "ended": episode.state in ENDED,
    }
    name = "consent/signed.html" if state == ConsentState.CURRENT else "consent/mine.html"
    return render(request, name, context)


@parent()
@READ_OR_WRITE
def part(request: ClinicRequest, number: int) -> HttpResponse:
    """Show one part with its question; take an answer."""
    opened = opened_by(own_record(request), request.now)
    whose, episode, shown = opened.parent, opened.episode, opened.shown
    if not 1 <= number <= len(shown.parts):
        raise Http404
    chunk = shown.parts[number - 1]
    refusal = ""

    def act() -> HttpResponse:
        nonlocal refusal
        answer = request.POST.get("answer", "")
        try:
            row = services.answer_question(
                parent=whose, episode=episode, part=chunk.key, answer=answer, by=request.actor, at=request.now
            )
        except Refused as refused:
            refusal = refused.message
            return _part_page(request, opened, number, refusal)
        return see_other(_after(shown, number) if row.right else f"{request.path}#question")

    if request.method == "POST":
        return once(request, act)
    return _part_page(request, opened, number)


@parent()
@READ_OR_WRITE
def touch(request: ClinicRequest) -> HttpResponse:
    """Choose about touch, now and soberly; none unless she says so."""
    opened = opened_by(own_record(request), request.now)
    whose, episode, shown = opened.parent, opened.episode, opened.shown
    agreement = agreement_of(episode)
    signed = agreement.state(request.now) == ConsentState.CURRENT
    if opened.ended and not signed:
        return see_other(reverse("consent:mine"))
    if request.method == "GET":
        form = TouchForm(shown=shown, initial=dict(agreement.touch.choices))
        return _touch_page(request, shown, form, signed=signed)
    form = TouchForm(request.POST, shown=shown)

    def act() -> HttpResponse:
        if not form.is_valid():
            return _touch_page(request, shown, form, signed=signed)
        try:
            services.choose_touch(
                parent=whose, episode=episode, choices=form.cleaned_data, by=request.actor, at=request.now
            )
        except Refused as refused:
            return _touch_page(request, shown, refused.onto(form), signed=signed)
        return see_other(reverse("consent:mine") if signed else reverse("consent:sign"))

    return once(request, act)


@parent()
@READ_OR_WRITE
def sign(request: ClinicRequest) -> HttpResponse:
    """Sign with name and tick."""
    opened = opened_by(own_record(request), request.now)
    whose, episode, shown = opened.parent, opened.episode, opened.shown
    agreement = agreement_of(episode)
    signed = agreement.state(request.now) == ConsentState.CURRENT
    if opened.ended or signed or agreement.next_part(shown) is not None:
        return see_other(reverse("consent:mine"))
    if request.method == "GET":
        return _sign_page(request, agreement, shown, SignForm())
    form = SignForm(request.POST)

    def act() -> HttpResponse:
        if not form.is_valid():
            return _sign_page(request, agreement, shown, form)
        try:
            services.sign(
                parent=whose,
                episode=episode,
                name=form.cleaned_data["name"],
                agreed=form.cleaned_data["agreed"],
                by=request.actor,
                at=request.now,
            )
        except Refused as refused:
            return _sign_page(request, agreement, shown, refused.onto(form))
        return see_other(reverse("consent:mine"))

    return once(request, act)


@parent()
@READ_OR_WRITE
def withdraw(request: ClinicRequest) -> HttpResponse:
    """Take the agreement back: one tap to come here, one to do it."""
    opened = opened_by(own_record(request), request.now)
    whose, episode = opened.parent, opened.episode

    def act() -> HttpResponse:
        try:
            services.withdraw(parent=whose, episode=episode, by=request.actor, at=request.now)
        except Refused:
            return see_other(reverse("consent:mine"))
        return see_other(reverse("consent:mine"))

    if request.method == "POST":
        return once(request, act)
    request.open_record(whose.id, "agreement.withdraw")
    return render(request, "consent/withdraw.html", {"parent": whose})


def _after(shown: Edition, number: int) -> str:
    if number < len(shown.parts):
        return reverse("consent:part", args=[number + 1])
    return reverse("consent:touch")


def _part_after(opened: Opened, number: int) -> str:
    """Return where reading goes on: to the last steps as long as there is something to sign."""
    over = opened.ended and number == len(opened.shown.parts)
    return reverse("consent:mine") if over else _after(opened.shown, number)


def _steps(agreement: Agreement, shown: Edition) -> dict[str, Any]:
    number = agreement.next_part(shown)
    total = len(shown.parts) + STEPS_AFTER_PARTS
    if number is not None:
        next_url = reverse("consent:part", args=[number])
        return {"next_url": next_url, "next_part": number, "passed": number - 1, "total": total}
    step = reverse("consent:sign") if agreement.touch.at else reverse("consent:touch")
    return {"next_url": step, "next_part": None, "passed": len(shown.parts), "total": total}


def _chosen(shown: Edition, agreement: Agreement) -> list[str]:
    allowed = agreement.touch.allowed
    return [label for kind, label in shown.touch_kinds if kind in allowed]


def _part_page(request: ClinicRequest, opened: Opened, number: int, refusal: str = "") -> HttpResponse:
    shown, chunk = opened.shown, opened.shown.parts[number - 1]
    about = agreement_of(opened.episode).answers_about(shown)
    given = [answer for answer in about if answer.question == chunk.key]
    request.open_record(opened.parent.id, "agreement.part")
    context = {
        "part": chunk,
        "number": number,
        "total": len(shown.parts) + STEPS_AFTER_PARTS,
        "right": any(answer.right for answer in given),
        "wrong": bool(given) and not any(answer.right for answer in given),
        "chosen": given[-1].answer if given else "",
        "refusal": refusal,
        "ended": opened.ended,
        "next_url": _part_after(opened, number),
        "back_url": reverse("consent:part", args=[number - 1]) if number > 1 else reverse("consent:mine"),
    }
    return render(request, "consent/part.html", context, status=422 if refusal else 200)


def _touch_page(request: ClinicRequest, shown: Edition, form: TouchForm, *, signed: bool) -> HttpResponse:
    request.open_record(request.actor.parent_id, "agreement.touch")
    total = len(shown.parts) + STEPS_AFTER_PARTS
    context = {
        "shown": shown,
        "form": form,
        "signed": signed,
        "number": total - 1,
        "total": total,
        "parts": len(shown.parts),
    }
    return render(request, "consent/touch.html", context, status=422 if form.errors else 200)


def _sign_page(request: ClinicRequest, agreement: Agreement, shown: Edition, form: SignForm) -> HttpResponse:
    whose = agreement.episode.parent
    request.open_record(whose.id, "agreement.sign")
    total = len(shown.parts) + STEPS_AFTER_PARTS
    context = {"parent": whose, "shown": shown, "form": form, "touch": _chosen(shown, agreement), "total": total}
    return render(request, "consent/sign.html", context, status=422 if form.errors else 200)
