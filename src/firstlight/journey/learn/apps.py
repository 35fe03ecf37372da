from django.apps import AppConfig


class LearnConfig(AppConfig):
    name = "firstlight.journey.learn"
    label = "learn"
