from django.apps import AppConfig


class PlanningConfig(AppConfig):
    name = "firstlight.journey.planning"
    label = "planning"
