from django.urls import path

from firstlight.doors.desk import views

app_name = "desk"
urlpatterns = [path("clinic/", views.today, name="today")]
