from django.apps import AppConfig


class WorklistConfig(AppConfig):
    name = "firstlight.ground.worklist"
    label = "worklist"
