from django.apps import AppConfig


class ConfConfig(AppConfig):
    """The top floor is an app for its commands only: it has no models."""

    name = "firstlight.conf"
    label = "conf"
