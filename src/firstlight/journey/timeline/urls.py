from django.urls import path

from firstlight.journey.timeline import views

app_name = "timeline"
urlpatterns = [
    path("clinic/people/<uuid:parent_id>/timeline/", views.timeline, name="timeline"),
    path("me/line/", views.line, name="line"),
]
