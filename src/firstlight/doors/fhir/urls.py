from django.urls import path

from firstlight.doors.fhir import views

app_name = "fhir"
urlpatterns = [
    path("clinic/questionnaires/", views.questionnaires, name="questionnaires"),
    path("clinic/questionnaires/import/", views.take_in, name="take_in"),
    path("clinic/questionnaires/<uuid:wording_id>/remove/", views.remove, name="remove"),
]
