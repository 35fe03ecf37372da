from django.apps import AppConfig


class SafetyConfig(AppConfig):
    name = "firstlight.ground.safety"
    label = "safety"
