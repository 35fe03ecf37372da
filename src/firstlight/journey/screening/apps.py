from django.apps import AppConfig


class ScreeningConfig(AppConfig):
    name = "firstlight.journey.screening"
    label = "screening"
