from django.urls import path

from firstlight.journey.therapists import views

app_name = "therapists"
urlpatterns = [
    path("clinic/therapists/", views.team, name="team"),
    path("clinic/therapists/<uuid:therapist_id>/", views.profile, name="profile"),
    path("clinic/people/<uuid:parent_id>/therapist/", views.of_parent, name="of_parent"),
    path("clinic/people/<uuid:parent_id>/therapist/<uuid:therapist_id>/", views.choose_for, name="choose_for"),
    path("me/therapist/", views.mine, name="mine"),
    path("me/therapist/others/", views.others, name="others"),
    path("me/therapist/<uuid:therapist_id>/", views.choose, name="choose"),
]
