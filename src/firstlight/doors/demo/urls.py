from django.urls import path

from firstlight.doors.demo import views

app_name = "demo"
urlpatterns = [
    path("demo/", views.people, name="people"),
    path("clinic/demo/<slug:key>/", views.enter_staff, name="enter_staff"),
    path("me/demo/<slug:key>/", views.enter_parent, name="enter_parent"),
]
