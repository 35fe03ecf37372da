from django.urls import include, path

from firstlight.ground.design.views import living_page
from firstlight.ground.people.policies import anyone

handler400 = "firstlight.conf.errors.bad_request"
handler403 = "firstlight.conf.errors.forbidden"
handler404 = "firstlight.conf.errors.not_found"
handler500 = "firstlight.conf.errors.server_error"

# Each app's urls.py spells its paths from the root: public pages, /me/… and /clinic/….
urlpatterns = [
    path("design/", anyone("the design system, without data")(living_page), name="living_page"),
    path("", include("firstlight.ground.people.urls")),
    path("", include("firstlight.ground.documents.urls")),
    path("", include("firstlight.ground.worklist.urls")),
    path("", include("firstlight.ground.safety.urls")),
    path("", include("firstlight.ground.visits.urls")),
    path("", include("firstlight.ground.ledger.urls")),
    path("", include("firstlight.journey.learn.urls")),
    path("", include("firstlight.journey.screening.urls")),
    path("", include("firstlight.journey.eligibility.urls")),
    path("", include("firstlight.journey.consent.urls")),
    path("", include("firstlight.journey.therapists.urls")),
    path("", include("firstlight.journey.planning.urls")),
    path("", include("firstlight.journey.dosing.urls")),
    path("", include("firstlight.journey.response.urls")),
    path("", include("firstlight.journey.integration.urls")),
    path("", include("firstlight.journey.timeline.urls")),
    path("", include("firstlight.doors.fhir.urls")),
    path("", include("firstlight.doors.portal.urls")),
    path("", include("firstlight.doors.desk.urls")),
    path("", include("firstlight.doors.demo.urls")),
]
