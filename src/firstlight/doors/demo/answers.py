"""Answers of the demo's parents: totals spread over items, given one tap after the other."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from random import Random

from firstlight.clinical import instruments
from firstlight.doors.demo.cast import Role
from firstlight.ground.audit.actors import Actor
from firstlight.journey.learn.services import note_reporting_seen
from firstlight.journey.screening import services
from firstlight.journey.screening.asking import next_open
from firstlight.journey.screening.models import QuestionSet
from firstlight.journey.screening.selectors import given_in, questions_of

TAP = timedelta(seconds=6)
Wanted = Mapping[str, int]


def spread(name: str, total: int, random: Random, *, without: tuple[str, ...] = ()) -> dict[str, int]:
    """Spread a total over the items, `without` some; what is asked after them goes with the total."""
    definition = instruments.instrument(name)
    items = [item for item in definition.items if item.key not in without]
    values = dict.fromkeys((item.key for item in items), 0)
    most = {item.key: max(item.values) for item in items}
    while sum(values.values()) < total:
        key = random.choice([key for key in values if values[key] < most[key]])  # a story, not a secret
        values[key] += 1
    for item in definition.unscored:
        values[item.key] = item.values[total * len(item.values) // (sum(most.values()) + 1)]
    return {f"{name}:{key}": value for key, value in values.items()}


def living(name: str, total: int, random: Random) -> dict[str, int]:
    """Return answers about days and child that go with a PHQ-9 total: the lower the mood, the harder both. None asks for help."""
    definition = instruments.instrument(name)
    most = sum(max(item.values) for item in definition.items)
    share = {"daily-life": 1 - total / 27, "pbq": total / 90}[name]
    return spread(name, round(share * most), random, without=tuple(definition.watched))


def beside(mood: int) -> dict[str, int]:
    """Return what goes with a mood from 0 to 10 in the questions that ask one thing each."""
    good = {"closeness": 2, "joy": 0, "sure": 2, "help": 1, "talk": 0}
    hard = {"calm": 8, "load": 9, "place": 7}
    return {
        "check-in:energy": max(0, mood - 1),
        **{f"other-parent:{key}": min(10, mood + more) for key, more in good.items()},
        **{f"other-parent:{key}": max(0, most - mood) for key, most in hard.items()},
        "side-effects:sleepy": 1,
        "side-effects:memory": int(mood < 4),
    }


def scores_for(role: Role, random: Random, *, worried: bool = False) -> dict[str, int]:
    """Return every answer of the first set. `worried`: with a thought of being better off dead on some days."""
    last = instruments.instrument("phq-9").items[-1].key
    total = role.phq[0]
    wanted = spread("phq-9", total - 1 if worried else total, random, without=(last,))
    wanted[f"phq-9:{last}"] = 1 if worried else 0
    wanted |= spread("gad-7", role.gad, random)
    if role.fed in {"breast", "mixed"} and role.relation == "mother":
        wanted["health-10:milk"] = 1
    return wanted


def answer_set(question_set: QuestionSet, by: Actor, at: datetime, wanted: Wanted, *, only: int | None = None) -> None:
    """Answer a set from its first open question on, then send it. `only`: stop after so many taps, unsent."""
    note_reporting_seen(parent=question_set.parent, by=by, at=at)
    taps, given = 0, {name: dict(answers) for name, answers in given_in(question_set).items()}
    while only is None or taps < only:
        question = next_open(questions_of(question_set, given, in_words=False), given)
        if question is None:
            services.complete(question_set=question_set, by=by, at=at + taps * TAP)
            return
        value = wanted.get(question.key, min(question.item.values))
        services.answer(question_set=question_set, item=question.key, value=value, by=by, at=at + taps * TAP)
        given.setdefault(question.instrument.name, {})[question.item.key] = value
        taps += 1
