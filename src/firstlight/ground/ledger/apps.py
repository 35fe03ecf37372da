from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "firstlight.ground.ledger"
    label = "ledger"
