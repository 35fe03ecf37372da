from django.apps import AppConfig


class EligibilityConfig(AppConfig):
    name = "firstlight.journey.eligibility"
    label = "eligibility"
