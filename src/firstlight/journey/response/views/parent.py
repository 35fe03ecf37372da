"""A parent's own page: when she is asked, and whether messages come."""

from contextlib import suppress

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from firstlight.ground.people.errors import Refused
from firstlight.ground.people.once import once, see_other
from firstlight.ground.people.policies import parent
from firstlight.ground.people.requests import ClinicRequest, own_record
from firstlight.ground.people.selectors import current_episode
from firstlight.ground.people.zones import readable
from firstlight.journey.response.forms import HoursForm
from firstlight.journey.response.messages import most_reminders
from firstlight.journey.response.schedule import schedule
from firstlight.journey.response.selectors import hours_of
from firstlight.journey.response.services import allow_messages, choose_hours, stop_messages, wish_after_stop
from firstlight.journey.response.stopped_pages import own_asking
from firstlight.journey.screening.services import end_links


@require_http_methods(["GET", "POST"])
@parent()
def hours(request: ClinicRequest) -> HttpResponse:
    """Show and change the hours in which she is asked."""
    own = own_record(request)
    chosen = hours_of(own)
    initial = {"parts": chosen.parts, "quiet_from": chosen.quiet_from, "quiet_to": chosen.quiet_to}
    form = HoursForm(request.POST if request.method == "POST" else None, initial=initial)
    after = own_asking(own, request.now)
    request.open_record(own.id, "hours")

    def act() -> HttpResponse:
        if form.is_valid():
            try:
                choose_hours(parent=own, by=request.actor, at=request.now, **form.cleaned_data)
                return see_other(f"{reverse('response:hours')}?kept=1")
            except Refused as refused:
                refused.onto(form)
        context = {
            "parent": own,
            "form": form,
            "chosen": chosen,
            "kept": "kept" in request.GET,
            "ended": "ended" in request.GET,
            "reminders": most_reminders() if after is None else schedule().stopping.reminders,
            "zone_words": readable(own.timezone),
            "after": after,
        }
        return render(request, "response/hours.html", context, status=422 if request.method == "POST" else 200)

    return once(request, act) if request.method == "POST" else act()


@require_POST
@parent()
def messages(request: ClinicRequest) -> HttpResponse:
    """Stop the messages, or let them come again, or end the links that went out with them."""
    if request.POST.get("do") == "end-links":
        end_links(parent=own_record(request), by=request.actor, at=request.now)
        return redirect(f"{reverse('response:hours')}?ended=1")
    change = allow_messages if request.POST.get("do") == "allow" else stop_messages
    change(parent=own_record(request), by=request.actor, at=request.now)
    return redirect("response:hours")


@require_POST
@parent()
def after_stop(request: ClinicRequest) -> HttpResponse:
    """Keep what she wants to be asked after a stop."""
    assert request.actor.parent_id is not None  # the policy asked for a parent
    episode = current_episode(request.actor, request.actor.parent_id)

    def act() -> HttpResponse:
        with suppress(Refused):  # an old page: the one that follows says how it stands
            wish_after_stop(episode=episode, wish=request.POST.get("wish", ""), by=request.actor, at=request.now)
        return see_other(reverse("response:hours"))

    return once(request, act)
