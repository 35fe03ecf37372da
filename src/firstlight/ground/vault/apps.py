from django.apps import AppConfig


class VaultConfig(AppConfig):
    name = "firstlight.ground.vault"
    label = "vault"
