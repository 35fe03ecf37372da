from django.apps import AppConfig


class TimelineConfig(AppConfig):
    name = "firstlight.journey.timeline"
    label = "timeline"
