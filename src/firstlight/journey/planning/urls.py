from django.urls import path

from firstlight.journey.planning.views import clinic, forecast, parent, series

app_name = "planning"
urlpatterns = [
    path("me/plan/", parent.mine, name="mine"),
    path("me/plan/<uuid:visit_id>/", parent.of_day, name="of_day"),
    path("clinic/people/<uuid:parent_id>/plan/", clinic.plan, name="plan"),
    path("clinic/people/<uuid:parent_id>/plan/compute/", clinic.compute, name="compute"),
    path("clinic/people/<uuid:parent_id>/plan/order/", clinic.order, name="order"),
    path("clinic/people/<uuid:parent_id>/plan/forecast/", forecast.forecast, name="forecast"),
    path("clinic/people/<uuid:parent_id>/plan/stop/", clinic.stop, name="stop"),
    path("clinic/people/<uuid:parent_id>/plan/feeding/", clinic.release, name="release"),
    path("clinic/people/<uuid:parent_id>/plan/series/", series.series, name="series"),
    path("clinic/people/<uuid:parent_id>/plan/day/<uuid:visit_id>/", clinic.day, name="day"),
]
