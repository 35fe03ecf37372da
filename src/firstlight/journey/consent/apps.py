from django.apps import AppConfig


class ConsentConfig(AppConfig):
    name = "firstlight.journey.consent"
    label = "consent"
