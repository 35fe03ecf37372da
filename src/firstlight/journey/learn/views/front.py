"""The front door: read without an account, without a cookie, and nothing of the reader is kept."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.utils.translation import get_language
from django.views.decorators.http import require_safe
from django_scopes import scope

from firstlight.clinical.evidence import text
from firstlight.ground.people.policies import anyone
from firstlight.ground.people.requests import ClinicRequest
from firstlight.ground.people.selectors import only_clinic
from firstlight.journey.learn import barriers as barring
from firstlight.journey.learn import items as pricing
from firstlight.journey.learn import rates as counting
from firstlight.journey.learn import reading, selectors
from firstlight.journey.learn.pages import BY_KEY, PATH, following, ways
from firstlight.journey.learn.reporting import notice_of

OPEN = anyone("Whoever thinks about this treatment reads it without an account.")


def show(request: ClinicRequest, key: str, status: int = 200, **context: Any) -> HttpResponse:
    """Render one page of the path, with its place on it."""
    page = BY_KEY[key]
    whole = {"page": page, "place": PATH.index(page) + 1, "path_length": len(PATH), "following": following(page)}
    return render(request, f"learn/{key}.html", whole | context, status=status)


@require_safe
@OPEN
def home(request: ClinicRequest) -> HttpResponse:
    """The first page: what this place is, and the ways onward."""
    context = {"clinic": only_clinic(), "ways": ways(), "prose": reading.prose()["home"]}
    return render(request, "learn/home.html", context)


@require_safe
@OPEN
def ketamine(request: ClinicRequest) -> HttpResponse:
    """What it is, how it acts, for how long."""
    return show(request, "ketamine")


@require_safe
@OPEN
def parents(request: ClinicRequest) -> HttpResponse:
    """What was studied in parents, and what was not."""
    return show(request, "parents")


@require_safe
@OPEN
def session(request: ClinicRequest) -> HttpResponse:
    """A session's day, step by step."""
    steps, usual = reading.steps()
    return show(request, "session", steps=steps, usual=usual)


@require_safe
@OPEN
def risks(request: ClinicRequest) -> HttpResponse:
    """Effects and risks, of ten people."""
    rates, note = counting.rates()
    return show(request, "risks", rates=rates, note=note)


@require_safe
@OPEN
def cannot(request: ClinicRequest) -> HttpResponse:
    """Who cannot have it, by the same rules that the clinic works with."""
    groups, closer = barring.barriers()
    return show(request, "cannot", groups=groups, closer=closer)


@require_safe
@OPEN
def signs(request: ClinicRequest) -> HttpResponse:
    """A list to tick, for oneself: the ticks never leave the page."""
    groups, happened = reading.signs()
    return show(request, "signs", groups=groups, happened=happened)


@require_safe
@OPEN
def people(request: ClinicRequest) -> HttpResponse:
    """Who works here, with licences."""
    clinic = only_clinic()
    return show(request, "people", clinic=clinic, people=selectors.people_here(clinic, request.now) if clinic else [])


@require_safe
@OPEN
def price(request: ClinicRequest) -> HttpResponse:
    """What it costs, how long it takes, what comes back."""
    clinic = only_clinic()
    prices = selectors.price_list(clinic, request.now) if clinic else None
    return show(
        request,
        "price",
        clinic=clinic,
        prices=prices,
        late=prices.amount_of("late") if prices else "",
        rule=pricing.refund_rule(),
        insurance=pricing.insurance(),
    )


@require_safe
@OPEN
def reporting(request: ClinicRequest) -> HttpResponse:
    """What the law makes us report, and what not."""
    clinic, shipped = only_clinic(), reading.reporting()
    if clinic is not None:
        with scope(clinic=clinic.id):
            notice = notice_of(clinic)
        return show(request, "reporting", sections=notice.sections, checked=notice.checked)
    checked = text(shipped.review, get_language() or "en")
    return show(request, "reporting", sections=shipped.sections, checked=checked)


@require_safe
@OPEN
def sources(request: ClinicRequest) -> HttpResponse:
    """Every source, with how far it was checked and its address."""
    groups = selectors.sources_by_tag()
    any_read = any(source.reviewed_date for _meaning, found in groups for source in found)
    return show(request, "sources", groups=groups, any_read=any_read)


@require_safe
@OPEN
def favicon(request: ClinicRequest) -> HttpResponse:
    """Lead whoever asks for the old address of the icon to our mark."""
    return redirect(static("design/mark.svg"), permanent=True)
