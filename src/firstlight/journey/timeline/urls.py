from django.urls import path

from firstlight.journey.timeline.views import clinic, events, parent

app_name = "timeline"
urlpatterns = [
    path("clinic/people/<uuid:parent_id>/timeline/", clinic.timeline, name="timeline"),
    path("clinic/people/<uuid:parent_id>/events/", events.events, name="events"),
    path("clinic/people/<uuid:parent_id>/events/note/", events.note, name="note_event"),
    path("clinic/events/<uuid:event_id>/take-back/", events.take_back, name="take_back_event"),
    path("me/line/", parent.line, name="line"),
    path("me/line/events/", parent.events, name="own_events"),
    path("me/line/events/<uuid:event_id>/share/", parent.share, name="share_event"),
    path("me/line/events/<uuid:event_id>/take-back/", parent.take_back, name="take_back_own"),
]
