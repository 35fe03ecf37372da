from django.apps import AppConfig


class TherapistsConfig(AppConfig):
    name = "firstlight.journey.therapists"
    label = "therapists"
