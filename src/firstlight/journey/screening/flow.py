"""Where a person is in a set: one value that both ways in share, a signed-in parent's and a check-in link's."""

from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse

from firstlight.ground.audit.actors import Actor
from firstlight.ground.people.models import Clinic
from firstlight.journey.screening.models import QuestionSet

HELP_OF = "of"  # from which question the page of help was reached


@dataclass(frozen=True, slots=True)
class Flow:
    """A set, who answers it, and the addresses of its pages. `token` is empty for a signed-in parent."""

    question_set: QuestionSet
    actor: Actor
    token: str = ""

    @property
    def by_link(self) -> bool:
        return bool(self.token)

    @property
    def clinic(self) -> Clinic:
        return self.question_set.clinic

    @property
    def zone(self) -> str:
        return self.question_set.parent.timezone

    @property
    def start_url(self) -> str:
        return self._address("start", "link")

    @property
    def done_url(self) -> str:
        if self.by_link:
            return link_done_url(self.clinic.id)
        return reverse("screening:done", args=[self.question_set.id])

    @property
    def later_url(self) -> str:
        """Return where a link leads that is left for now. A signed-in parent goes home."""
        return reverse("screening:link_later", args=[self.clinic.id])

    def question_url(self, position: int) -> str:
        """Return the address of one question, counted from 1."""
        return self._address("question", "link_question", position)

    @property
    def before_url(self) -> str:
        """Return the address of what stands before questions about harm."""
        return self._address("before", "link_before")

    def help_url(self, to: int | None, of: int = 0) -> str:
        """Return the address of help; `to` is the question to go on with, None when that was the last one.

        `of`: the question whose answer led there, to change it; 0 when it cannot be changed any more.
        """
        address = self._address("help", "link_help", to or 0)
        return f"{address}?{HELP_OF}={of}" if of else address

    def _address(self, own: str, by_link: str, *rest: int) -> str:
        if self.by_link:
            return reverse(f"screening:{by_link}", args=[self.token, *rest])
        return reverse(f"screening:{own}", args=[self.question_set.id, *rest])


def link_done_url(clinic_id: UUID, *, with_help: bool = False) -> str:
    """Return the page after a link was used up. It knows the clinic and nothing else."""
    return reverse("screening:link_help_after" if with_help else "screening:link_done", args=[clinic_id])
