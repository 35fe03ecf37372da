from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "firstlight.doors.desk"
    label = "desk"
