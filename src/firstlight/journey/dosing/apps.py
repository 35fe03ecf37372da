from django.apps import AppConfig


class DosingConfig(AppConfig):
    name = "firstlight.journey.dosing"
    label = "dosing"
