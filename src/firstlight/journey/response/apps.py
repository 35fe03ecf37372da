from django.apps import AppConfig


class ResponseConfig(AppConfig):
    name = "firstlight.journey.response"
    label = "response"
