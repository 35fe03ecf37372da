from django.apps import AppConfig


class IntegrationConfig(AppConfig):
    name = "firstlight.journey.integration"
    label = "integration"
