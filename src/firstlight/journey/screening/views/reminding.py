"""What must be reported, in short, where questions about harm open: after the page of its own, and without a tap more."""

from collections.abc import Iterable
from dataclasses import dataclass

from firstlight.journey.learn.reading import Section
from firstlight.journey.learn.reporting import MUST, MUST_NOT, Notice, has_seen, notice_of
from firstlight.journey.screening.asking import Question
from firstlight.journey.screening.flow import Flow
from firstlight.journey.screening.sets import SETS, Comes


@dataclass(frozen=True, slots=True)
class Reminder:
    """The words where questions open. `folded`: these come again and again, and the words stand behind one line."""

    flow: Flow
    notice: Notice
    is_new: bool
    folded: bool

    @property
    def checked(self) -> str:
        return self.notice.checked

    @property
    def sections(self) -> tuple[Section, ...]:
        return sections_of(self.flow, self.notice)


def reminder(flow: Flow, ahead: Iterable[Question]) -> Reminder | None:
    """Return the words for where questions open; None when none of them is about harm.

    A schedule asks again within weeks. What a person sends may come months after the words were read: there they stand whole.
    """
    if not about_harm(ahead):
        return None
    notice, plan = notice_of(flow.clinic), SETS.get(flow.question_set.set_name)
    is_new = not has_seen(flow.question_set.parent, notice)
    repeats = plan is not None and plan.comes is Comes.SCHEDULE
    return Reminder(flow, notice, is_new, folded=repeats and not is_new)


def about_harm(ahead: Iterable[Question]) -> bool:
    """Tell whether a question is among them whose answer may ask for help."""
    return any(question.item.key in question.instrument.watched for question in ahead)


def sections_of(flow: Flow, notice: Notice) -> tuple[Section, ...]:
    """Return what must be reported and what not, for the parent of a set."""
    return notice.only(MUST, MUST_NOT, silent_about_baby=flow.question_set.parent.family.silent_about_baby)
