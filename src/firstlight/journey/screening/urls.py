from django.urls import path

from firstlight.journey.screening.views import box, clinic, correcting, link, paper, parent, sending

app_name = "screening"
urlpatterns = [
    path("me/q/<uuid:set_id>/", parent.start, name="start"),
    path("me/q/<uuid:set_id>/<int:position>/", parent.question, name="question"),
    path("me/q/<uuid:set_id>/help/<int:to>/", parent.helping, name="help"),
    path("me/q/<uuid:set_id>/before/", parent.before, name="before"),
    path("me/q/<uuid:set_id>/done/", parent.done, name="done"),
    path("me/c/done/<uuid:clinic_id>/", link.done, name="link_done"),
    path("me/c/later/<uuid:clinic_id>/", link.later, name="link_later"),
    path("me/c/help/<uuid:clinic_id>/", link.help_after, name="link_help_after"),
    path("me/c/box/", box.box, name="box"),
    path("me/c/<str:token>/", link.begin, name="link"),
    path("me/c/<str:token>/<int:position>/", link.question, name="link_question"),
    path("me/c/<str:token>/before/", link.before, name="link_before"),
    path("me/c/<str:token>/help/<int:to>/", link.helping, name="link_help"),
    path("clinic/people/<uuid:parent_id>/answers/", clinic.answers, name="answers"),
    path("clinic/people/<uuid:parent_id>/answers/sets/", sending.sets, name="sets"),
    path("clinic/people/<uuid:parent_id>/answers/sets/send/", sending.send, name="send"),
    path("clinic/people/<uuid:parent_id>/answers/sets/<uuid:set_id>/withdraw/", sending.withdraw, name="withdraw"),
    path("clinic/people/<uuid:parent_id>/answers/ask/<slug:set_name>/", sending.ask, name="ask"),
    path("clinic/people/<uuid:parent_id>/answers/paper/", paper.papers, name="papers"),
    path("clinic/people/<uuid:parent_id>/answers/paper/<slug:instrument>/", paper.paper, name="paper"),
    path("clinic/people/<uuid:parent_id>/answers/paper/kept/<uuid:form_id>/", correcting.correct, name="correct_paper"),
    path("clinic/people/<uuid:parent_id>/answers/paper/<slug:instrument>/score/", paper.count, name="count"),
]
