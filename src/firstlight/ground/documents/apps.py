from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "firstlight.ground.documents"
    label = "documents"
