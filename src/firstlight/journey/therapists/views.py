from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from firstlight.ground.people.errors import Refused
from firstlight.ground.people.once import once, see_other
from firstlight.ground.people.permissions import Permission
from firstlight.ground.people.policies import anyone, parent, staff
from firstlight.ground.people.requests import ClinicRequest, own_clinic
from firstlight.ground.people.selectors import current_episode, membership_for
from firstlight.ground.people.steps import ENDED
from firstlight.ground.visits.clocktimes import day_of
from firstlight.journey.learn import reading
from firstlight.journey.therapists import selectors, services
from firstlight.journey.therapists.forms import ProfileForm


@staff(Permission.STAFF_WRITE)
@require_GET
def team(request: ClinicRequest) -> HttpResponse:
    """List the therapists, and what is missing before parents can choose one."""
    return render(request, "therapists/team.html", {"team": selectors.team_of(request.actor, request.now)})


@staff(Permission.STAFF_WRITE)
@require_http_methods(["GET", "POST"])
def profile(request: ClinicRequest, therapist_id: UUID) -> HttpResponse:
    """Write what parents read of a therapist, and say that it was looked over."""
    standing = selectors.standing_of(request.actor, therapist_id, request.now)
    if request.method == "POST":
        return once(request, lambda: _keep(request, standing))
    return _profile_page(request, standing, ProfileForm.of(standing.profile))


def _keep(request: ClinicRequest, standing: selectors.Standing) -> HttpResponse:
    if request.POST.get("do") == "vet":
        return _vet(request, standing)
    form = ProfileForm(request.POST)
    if not form.is_valid():
        return _profile_page(request, standing, form, status=422)
    services.write_profile(membership=standing.membership, **form.cleaned_data, by=request.actor, at=request.now)
    return see_other(reverse("therapists:profile", args=[standing.membership.id]))


def _vet(request: ClinicRequest, standing: selectors.Standing) -> HttpResponse:
    if standing.profile is None or request.actor.membership_id is None:
        raise Http404
    own = membership_for(request.actor, request.actor.membership_id)
    today = day_of(request.now, own_clinic(request).timezone)
    try:
        services.vet(profile=standing.profile, on=today, vetted_by=own, by=request.actor, at=request.now)
    except Refused as refused:
        form = ProfileForm.of(standing.profile)
        return _profile_page(request, standing, form, status=422, refusal=refused.message)
    return see_other(reverse("therapists:team"))


def _profile_page(
    request: ClinicRequest, standing: selectors.Standing, form: ProfileForm, status: int = 200, refusal: str = ""
) -> HttpResponse:
    context = {"standing": standing, "form": form, "refusal": refusal}
    return render(request, "therapists/profile.html", context, status=status)


@staff(Permission.RECORD_READ)
@require_GET
def of_parent(request: ClinicRequest, parent_id: UUID) -> HttpResponse:
    """Show whom a parent works with, whom before, and who else there is."""
    return _of_parent_page(request, parent_id)


def _of_parent_page(request: ClinicRequest, parent_id: UUID, refusal: str = "") -> HttpResponse:
    episode = current_episode(request.actor, parent_id)
    request.open_record(parent_id, "therapist")
    choices = selectors.choices_of(episode)
    current = choices[-1].therapist if choices else None
    therapists = selectors.profiles(episode.clinic_id, request.now)
    context = {
        "parent": episode.parent,
        "zone": episode.clinic.timezone,
        "current": current,
        "listed": next((therapist for therapist in therapists if therapist.membership == current), None),
        "choices": reversed(choices),
        "therapists": therapists,
        "may_choose": request.actor.may(Permission.PLAN_WRITE) and episode.state not in ENDED,
        "ended": episode.state in ENDED,
        "refusal": refusal,
    }
    return render(request, "therapists/of_parent.html", context, status=422 if refusal else 200)


@staff(Permission.PLAN_WRITE)
@require_POST
def choose_for(request: ClinicRequest, parent_id: UUID, therapist_id: UUID) -> HttpResponse:
    """Enter whom a parent wants to work with."""
    episode = current_episode(request.actor, parent_id)
    therapist = selectors.therapist_for(request.actor, therapist_id, request.now)

    def act() -> HttpResponse:
        try:
            services.choose(episode=episode, therapist=therapist.membership, by=request.actor, at=request.now)
        except Refused as refused:
            return _of_parent_page(request, parent_id, refused.message)
        return see_other(reverse("therapists:of_parent", args=[parent_id]))

    return once(request, act)


@parent()
@require_GET
def mine(request: ClinicRequest) -> HttpResponse:
    """Show the parent whom she works with."""
    assert request.actor.parent_id is not None  # the policy asked for a parent
    episode = current_episode(request.actor, request.actor.parent_id)
    request.open_record(episode.parent_id, "therapist")
    current = selectors.therapist_of(episode)
    groups, happened = reading.signs()
    context = {
        "clinic": episode.clinic,
        "current": current,
        "therapist": selectors.listed(current, request.now) if current else None,
        "silent": episode.parent.family.silent_about_baby,
        "signs": groups,
        "happened": happened,
        "ended": episode.state in ENDED,
    }
    return render(request, "therapists/mine.html", context)


@parent()
@require_GET
def others(request: ClinicRequest) -> HttpResponse:
    """Show the parent whom she can choose; that nobody new is chosen, once care has ended."""
    return _others_page(request)


def _others_page(request: ClinicRequest, refusal: str = "") -> HttpResponse:
    assert request.actor.parent_id is not None  # the policy asked for a parent
    episode = current_episode(request.actor, request.actor.parent_id)
    request.open_record(episode.parent_id, "therapist")
    therapists = selectors.profiles(episode.clinic_id, request.now)
    context = {
        "therapists": therapists,
        "current": selectors.therapist_of(episode),
        "clinic": episode.clinic,
        "silent": episode.parent.family.silent_about_baby,
        "ended": episode.state in ENDED,
        "refusal": refusal,
    }
    return render(request, "therapists/others.html", context, status=422 if refusal else 200)


@parent()
@require_POST
def choose(request: ClinicRequest, therapist_id: UUID) -> HttpResponse:
    """Let the parent choose, or change."""
    assert request.actor.parent_id is not None  # the policy asked for a parent
    episode = current_episode(request.actor, request.actor.parent_id)
    therapist = selectors.therapist_for(request.actor, therapist_id, request.now)

    def act() -> HttpResponse:
        try:
            services.choose(episode=episode, therapist=therapist.membership, by=request.actor, at=request.now)
        except Refused as refused:
            return _others_page(request, refused.message)
        return see_other(reverse("therapists:mine"))

    return once(request, act)


@anyone("an old address, without data")
@require_GET
def moved(request: ClinicRequest, to: str) -> HttpResponse:
    """Lead from an address that named what the parent does here to the neutral one."""
    return redirect(f"therapists:{to}", permanent=True)
