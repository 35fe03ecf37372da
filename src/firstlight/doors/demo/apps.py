from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "firstlight.doors.demo"
    label = "demo"
