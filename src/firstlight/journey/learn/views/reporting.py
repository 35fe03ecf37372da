"""The words on reporting, for the person who answers for them."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from firstlight.ground.people.errors import Refused
from firstlight.ground.people.once import once, see_other
from firstlight.ground.people.permissions import Permission
from firstlight.ground.people.policies import staff
from firstlight.ground.people.requests import ClinicRequest, own_clinic
from firstlight.journey.learn.forms import ReportingForm
from firstlight.journey.learn.reporting import MUST, MUST_NOT, history, notice_of
from firstlight.journey.learn.services import review_reporting


@staff(Permission.ASSESS)
def review(request: ClinicRequest) -> HttpResponse:
    """Show what parents read before questions about harm, who checked it, and the form to check it anew."""
    if request.method == "POST":
        return once(request, lambda: _review(request))
    notice = notice_of(own_clinic(request))
    said = {
        "must": "\n".join(notice.lines(MUST)),
        "must_not": "\n".join(notice.lines(MUST_NOT)),
        "must_not_child": "\n".join(notice.lines(MUST_NOT, about_child=True)),
    }
    return _page(request, ReportingForm(initial=said))


def _review(request: ClinicRequest) -> HttpResponse:
    form = ReportingForm(request.POST)
    if form.is_valid():
        try:
            review_reporting(
                clinic=own_clinic(request),
                must=form.cleaned_data["must"],
                must_not=form.cleaned_data["must_not"],
                must_not_child=form.cleaned_data["must_not_child"],
                by=request.actor,
                at=request.now,
            )
            return see_other(reverse("learn:review"))
        except Refused as refused:
            refused.onto(form)
    return _page(request, form, status=422)


def _page(request: ClinicRequest, form: ReportingForm, status: int = 200) -> HttpResponse:
    clinic = own_clinic(request)
    context = {"form": form, "notice": notice_of(clinic), "history": history(clinic)[::-1], "region": clinic.region}
    return render(request, "learn/review.html", context, status=status)
