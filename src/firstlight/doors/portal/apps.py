from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "firstlight.doors.portal"
    label = "portal"
