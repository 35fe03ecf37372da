from django.urls import path

from firstlight.ground.visits import views

app_name = "visits"
urlpatterns = [
    path("clinic/calendar/", views.calendar, name="calendar"),
    path("clinic/rooms/", views.rooms, name="rooms"),
    path("clinic/people/<uuid:parent_id>/visits/", views.of_parent, name="of_parent"),
    path("clinic/visits/<uuid:visit_id>/", views.visit, name="visit"),
    path("clinic/visits/<uuid:visit_id>/happened/", views.happened, name="happened"),
    path("clinic/visits/<uuid:visit_id>/asked-again/", views.asked_again, name="asked_again"),
    path("clinic/visits/<uuid:visit_id>/missed/", views.missed, name="missed"),
    path("clinic/visits/<uuid:visit_id>/cancel/", views.cancel, name="cancel"),
    path("clinic/visits/<uuid:visit_id>/move/", views.move, name="move"),
    path("me/visits/", views.mine, name="mine"),
]
