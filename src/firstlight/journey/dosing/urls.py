from django.urls import path

from firstlight.journey.dosing import views

app_name = "dosing"
_one = "clinic/sessions/<uuid:session_id>/"
urlpatterns = [
    path("clinic/sessions/", views.board, name="board"),
    path("clinic/sessions/open/<uuid:visit_id>/", views.open_session, name="open"),
    path("clinic/sessions/notices/<uuid:notice_id>/", views.acknowledge, name="acknowledge"),
    path(_one, views.session, name="session"),
    path(f"{_one}live/", views.live, name="live"),
    path(f"{_one}chart/", views.chart, name="chart"),
    path(f"{_one}chart/<uuid:observation_id>/", views.amend, name="amend"),
    path(f"{_one}right-now/", views.chart_right_now, name="chart_right_now"),
    path(f"{_one}right-now/<uuid:row_id>/", views.amend_right_now, name="amend_right_now"),
    path(f"{_one}recovery/", views.score_recovery, name="score_recovery"),
    path(f"{_one}recovery/<uuid:score_id>/", views.amend_recovery, name="amend_recovery"),
    path(f"{_one}mark/", views.mark, name="mark"),
    path(f"{_one}second/", views.second, name="second"),
    path(f"{_one}gate/<slug:gate>/", views.override, name="override"),
    path(f"{_one}prepare/", views.prepare, name="prepare"),
    path(f"{_one}check/", views.check, name="check"),
    path(f"{_one}discard/", views.discard, name="discard"),
    path(f"{_one}rate/", views.rate, name="rate"),
    path(f"{_one}leave/", views.leave, name="leave"),
    path(f"{_one}cancel/", views.cancel, name="cancel"),
    path(f"{_one}pump/<slug:verb>/", views.pump, name="pump"),
]
