from django.urls import path

from firstlight.doors.portal import views

app_name = "portal"
urlpatterns = [
    path("me/", views.today, name="today"),
    path("me/manifest.webmanifest", views.manifest, name="manifest"),
]
