from django.urls import path

from firstlight.doors.portal import views, worker

app_name = "portal"
urlpatterns = [
    path("me/", views.today, name="today"),
    path("me/worker.js", worker.worker, name="worker"),
    path("me/offline/", worker.offline, name="offline"),
    path("me/manifest.webmanifest", views.manifest, name="manifest"),
]
