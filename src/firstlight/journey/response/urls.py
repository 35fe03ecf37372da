from django.urls import path

from firstlight.journey.response.views import clinic, parent, reasons, values

app_name = "response"
urlpatterns = [
    path("me/hours/", parent.hours, name="hours"),
    path("me/hours/messages/", parent.messages, name="messages"),
    path("me/hours/after/", parent.after_stop, name="after_stop"),
    path("clinic/response/", clinic.lists, name="lists"),
    path("clinic/response/values/", values.values, name="values"),
    path("clinic/people/<uuid:parent_id>/response/", clinic.of_parent, name="of_parent"),
    path("clinic/people/<uuid:parent_id>/response/after-stop/", clinic.after_stop, name="after_stop_for"),
    path("clinic/people/<uuid:parent_id>/response/<uuid:check_in_id>/not-asked/", reasons.not_asked, name="not_asked"),
]
