from django.apps import AppConfig


class VisitsConfig(AppConfig):
    name = "firstlight.ground.visits"
    label = "visits"
