from django.urls import path

from firstlight.journey.therapists import views

app_name = "therapists"
urlpatterns = [
    path("clinic/therapists/", views.team, name="team"),
    path("clinic/therapists/<uuid:therapist_id>/", views.profile, name="profile"),
    path("clinic/people/<uuid:parent_id>/therapist/", views.of_parent, name="of_parent"),
    path("clinic/people/<uuid:parent_id>/therapist/<uuid:therapist_id>/", views.choose_for, name="choose_for"),
    path("me/person/", views.mine, name="mine"),
    path("me/person/others/", views.others, name="others"),
    path("me/person/<uuid:therapist_id>/", views.choose, name="choose"),
    # The earlier addresses of two of them named what a parent does here; bookmarks may hold them.
    path("me/therapist/", views.moved, {"to": "mine"}, name="moved_mine"),
    path("me/therapist/others/", views.moved, {"to": "others"}, name="moved_others"),
]
