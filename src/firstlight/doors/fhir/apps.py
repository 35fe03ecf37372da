from django.apps import AppConfig


class FhirConfig(AppConfig):
    name = "firstlight.doors.fhir"
    label = "fhir"
