from django.apps import AppConfig


class DesignConfig(AppConfig):
    name = "firstlight.ground.design"
    label = "design"
