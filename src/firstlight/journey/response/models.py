from django.db import models

from firstlight.ground.people.models import ClinicRecord, Parent
from firstlight.journey.dosing.models import Session


class CheckIn(ClinicRecord):
    """Questions that a dose brings with it. The answers stand in screening; here stands only when and why they are asked."""

    parent = models.ForeignKey(Parent, on_delete=models.PROTECT, related_name="+")
    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="+")
    rule = models.CharField(max_length=20)
    question_set = models.OneToOneField("screening.QuestionSet", on_delete=models.PROTECT, related_name="+")
    due_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    reminded_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["due_at"]
        indexes = [models.Index(fields=["clinic", "reminded_at", "due_at"])]
        constraints = [models.UniqueConstraint(fields=["session", "rule"], name="response_one_check_in_a_rule")]
