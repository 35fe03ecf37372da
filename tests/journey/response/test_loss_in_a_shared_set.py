"""A loss while a set is open that asks about the child and about something else: it ends by what was answered."""

from firstlight.ground.people.services import record_loss
from firstlight.ground.worklist.models import OutboxMessage
from firstlight.journey.response import services
from firstlight.journey.response.models import CheckIn
from firstlight.journey.screening.models import QuestionSet, Result
from firstlight.journey.screening.selectors import given_in, questions_of
from firstlight.journey.screening.services import assign, tap
from tests.journey.dosing.telling import Chair
from tests.journey.response.telling import DAY, HOUR


def month(chair: Chair) -> QuestionSet:
    """Let the side effects and the bond open as one set."""
    house, at = chair.house, chair.now

    def open_both() -> QuestionSet:
        shared = assign(
            parent=house.mother, episode=house.episode, set_name="month", instruments=["side-effects", "pbq"],
            by=chair.by("nurse"), at=at, due_at=at, expires_at=at + 4 * DAY, anchor="dose:x:effects-1",
        )  # fmt: skip
        for rule in ("effects-1", "bond-1"):
            CheckIn.objects.filter(rule=rule).update(
                question_set=shared, opened_at=at, expires_at=at + 4 * DAY, due_at=at, open_by=at + DAY
            )
        return shared

    return chair.scoped(open_both)


def taps(chair: Chair, asked: QuestionSet, name: str, most: int = 99) -> None:
    """Let Maya answer questions of one instrument."""

    def answer() -> None:
        found = [one for one in questions_of(asked, given_in(asked)) if one.instrument.name == name]
        for one in found[:most]:
            tap(
                question_set=asked, item=one.key, value=min(one.item.values), by=chair.by("mother"), at=chair.now + HOUR
            )

    asked.parent = chair.house.mother
    chair.scoped(answer)


def lost(chair: Chair) -> None:
    chair.scoped(lambda: record_loss(family=chair.house.mother.family, by=chair.by("nurse"), at=chair.now + 2 * HOUR))


def rows(chair: Chair, asked: QuestionSet) -> dict[str, tuple[str, bool]]:
    found = chair.scoped(lambda: list(CheckIn.objects.filter(question_set=asked)))
    return {one.rule: (one.ended_why, one.answered_at is not None) for one in found}


def test_set_with_nothing_left_to_ask_is_sent_with_the_loss(dosed: Chair) -> None:
    asked = month(dosed)
    taps(dosed, asked, "side-effects")
    taps(dosed, asked, "pbq", 3)

    lost(dosed)

    kept = dosed.scoped(lambda: QuestionSet.objects.get(id=asked.id))
    assert kept.completed_at == dosed.now + 2 * HOUR
    assert rows(dosed, asked) == {"effects-1": ("", True), "bond-1": ("loss", False)}
    scored = dosed.scoped(lambda: set(Result.objects.filter(question_set=asked).values_list("instrument", flat=True)))
    assert scored == {"side-effects"}
    services.remind_due(dosed.now + 2 * DAY)
    about = dosed.scoped(lambda: [str(one.key) for one in OutboxMessage.objects.filter(template=services.MESSAGE)])
    assert not [key for key in about if str(asked.id) in key]


def test_set_with_something_left_stays_open_without_the_child(dosed: Chair) -> None:
    asked = month(dosed)
    taps(dosed, asked, "side-effects", 1)

    lost(dosed)

    assert rows(dosed, asked) == {"effects-1": ("", False), "bond-1": ("loss", False)}
    kept = dosed.scoped(lambda: QuestionSet.objects.get(id=asked.id))
    assert (kept.completed_at, kept.expires_at) == (None, asked.expires_at)
    kept = dosed.scoped(lambda: QuestionSet.objects.select_related("parent__family").get(id=asked.id))
    left = dosed.scoped(lambda: {one.instrument.name for one in questions_of(kept, given_in(kept))})
    assert left == {"side-effects"}
