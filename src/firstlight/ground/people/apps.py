from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "firstlight.ground.people"
    label = "people"

    def ready(self) -> None:
        from firstlight.ground.people import checks  # noqa: F401  # registers the start-up check
