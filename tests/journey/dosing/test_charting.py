"""Charting: one set is one row, an impossible one is none, a corrected one is two."""

from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from firstlight.ground.people.errors import Refused
from firstlight.journey.dosing import services
from firstlight.journey.dosing.models import Observation
from firstlight.journey.dosing.services import Contradicts
from tests.cast import House
from tests.journey.dosing.telling import CALM, Chair
from tests.support.scale import STORIES


def rows(chair: Chair) -> list[Observation]:
    return chair.scoped(lambda: list(Observation.objects.all()))


def correct(chair: Chair, row: Observation, *, reason: str = "Read from the wrong arm.", **values: int) -> Observation:
    return chair.scoped(
        lambda: services.amend(
            observation=row, client_id=uuid4(), values=values, reason=reason, by=chair.by("second_nurse"), at=chair.now
        )
    )


def test_same_set_sent_twice_is_one_row(chair: Chair) -> None:
    chair.opened()
    device_id, version = uuid4(), chair.open.version

    first = chair.only(client_id=device_id, sbp=118, dbp=76)
    again = chair.after(3).only(client_id=device_id, sbp=118, dbp=76)

    assert first == again
    assert len(rows(chair)) == 1
    assert chair.open.version == version + 1


@pytest.mark.parametrize("values", [{"sbp": 119, "dbp": 76}, {"sbp": 118, "dbp": 76, "hr": 70}, {"hr": 70}])
def test_other_values_under_the_same_id_are_refused_and_change_nothing(chair: Chair, values: dict[str, Any]) -> None:
    chair.opened()
    device_id = uuid4()
    chair.only(client_id=device_id, sbp=118, dbp=76)

    with pytest.raises(Contradicts):
        chair.only(client_id=device_id, **values)

    assert [row.values() for row in rows(chair)] == [{"sbp": 118, "dbp": 76}]


def test_id_of_another_clinics_set_is_refused_and_changes_nothing(chair: Chair, outsiders: House) -> None:
    """Hillside's devices make ids as well: one of theirs is answered like any that stands for something else."""
    chair.opened()
    device_id, by = uuid4(), outsiders.nurse.account
    theirs = {"clinic": outsiders.clinic, "session": chair.open, "sequence": 900, "happened_at": chair.now}
    chair.scoped(lambda: Observation.objects.create(**theirs, client_id=device_id, hr=70, written_at=chair.now, by=by))

    for write in (partial(chair.only, hr=70), chair.ask):
        with pytest.raises(Contradicts):
            write(client_id=device_id)

    assert rows(chair) == []


def test_id_of_another_kind_of_entry_is_refused_and_changes_nothing(chair: Chair) -> None:
    """What was charted, said and scored share one device: an id stands for one entry, whichever form brings it."""
    chair.recovering()
    set_id, said_id, score_id = uuid4(), uuid4(), uuid4()
    chair.only(client_id=set_id, hr=70)
    chair.ask(client_id=said_id)
    chair.score(client_id=score_id)
    before = chair.open.version

    for write, others in (
        (partial(chair.only, hr=70), (said_id, score_id)),
        (chair.ask, (set_id, score_id)),
        (chair.score, (set_id, said_id)),
    ):
        for device_id in others:
            with pytest.raises(Contradicts):
                write(client_id=device_id)

    assert chair.open.version == before


@settings(max_examples=STORIES, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    sends=some.lists(
        some.tuples(some.integers(0, 2), some.sampled_from([{"hr": 70}, {"hr": 71}, {"spo2": 97}])),
        min_size=1,
        max_size=6,
    )
)
def test_each_device_id_keeps_its_first_values_in_any_order(
    chair: Chair, sends: list[tuple[int, dict[str, Any]]]
) -> None:
    chair.session or chair.opened()
    with chair.undone():
        ids = [uuid4() for _ in range(3)]
        first: dict[UUID, dict[str, Any]] = {}

        for place, values in sends:
            wanted = first.setdefault(ids[place], values)
            if values == wanted:
                assert chair.only(client_id=ids[place], **values).values() == wanted
            else:
                with pytest.raises(Contradicts):
                    chair.only(client_id=ids[place], **values)

        kept = {row.client_id: row.values() for row in rows(chair) if row.client_id in first}
        assert kept == first


def test_set_that_was_sent_before_is_confirmed_even_when_the_session_is_over(chair: Chair) -> None:
    chair.left()
    row = rows(chair)[-1]
    values: dict[str, Any] = row.values()

    assert chair.only(client_id=row.client_id, **values) == row
    with pytest.raises(Refused):
        chair.only(hr=70)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({}, "Enter at least one value."),
        ({"sbp": 118}, "Diastolic pressure is missing: a pressure has two figures."),
        ({"dbp": 76}, "Systolic pressure is missing: a pressure has two figures."),
        ({"sbp": 76, "dbp": 118}, "Diastolic 118 is not below systolic 76. Check which is which."),
        ({"sbp": 90, "dbp": 90}, "Diastolic 90 is not below systolic 90. Check which is which."),
        ({"sbp": 1180, "dbp": 76}, "Systolic pressure 1180 cannot be. It should lie between 40 and 300."),
        ({"spo2": 101}, "Oxygen saturation 101 cannot be. It should lie between 30 and 100."),
        ({"moaas": 6}, "Alertness (MOAA/S) 6 cannot be. It should lie between 0 and 5."),
        ({"dissociation": 11}, "Dissociation 11 cannot be. It should lie between 0 and 10."),
        ({"nausea": -1}, "Nausea -1 cannot be. It should lie between 0 and 10."),
    ],
)
def test_set_that_cannot_be_is_refused_in_plain_words(chair: Chair, values: dict[str, Any], message: str) -> None:
    chair.opened()

    with pytest.raises(Refused) as refused:
        chair.only(**values)

    assert refused.value.message == message
    assert rows(chair) == []


def test_values_are_never_changed_or_removed(chair: Chair) -> None:
    chair.opened().chart()

    for attempt in (
        lambda: Observation.objects.update(sbp=100),
        lambda: Observation.objects.all().delete(),
        rows(chair)[0].delete,
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            chair.scoped(attempt)
    assert rows(chair)[0].values() == CALM


def test_correction_keeps_the_old_values_their_author_time_and_the_reason(chair: Chair) -> None:
    wrong = chair.opened().chart(sbp=168, dbp=76)
    chair.after(4)
    right = correct(chair, wrong, sbp=118, dbp=76)

    old, new = rows(chair)
    assert (old.sbp, old.by, old.written_at) == (168, chair.house.nurse.account, wrong.written_at)
    assert (new.sbp, new.by, new.written_at) == (118, chair.house.second_nurse.account, chair.now)
    assert (new.amends, new.reason, new.happened_at) == (old, "Read from the wrong arm.", old.happened_at)
    assert chair.sheet.standing == (right,)
    assert [entry.corrected for entry in chair.told_entries() if entry.observation_id == old.id] == [
        "corrected by Tomas Reyes: Read from the wrong arm."
    ]


def test_correction_needs_a_reason_and_corrects_the_newest_only(chair: Chair) -> None:
    wrong = chair.opened().chart(sbp=168, dbp=76)

    with pytest.raises(Refused) as refused:
        correct(chair, wrong, reason="  ", sbp=118, dbp=76)
    assert refused.value.field == "reason"
    right = correct(chair, wrong, sbp=118, dbp=76)
    with pytest.raises(Refused) as refused:
        correct(chair, wrong, sbp=119, dbp=76)
    assert refused.value.message == "This set was corrected already. Correct the newer one."
    correct(chair, right, sbp=120, dbp=76)

    assert [row.sbp for row in chair.sheet.standing] == [120]
    assert len(rows(chair)) == 3


def test_values_that_arrive_late_stand_where_they_happened(chair: Chair) -> None:
    chair.infusing().after(20)
    chair.chart(hr=80)
    chair.only(hr=75, event_at=chair.now - timedelta(minutes=10))

    assert [row.hr for row in chair.sheet.standing] == [72, 75, 80]
    latest = chair.sheet.latest("hr")
    assert latest is not None
    assert latest.hr == 80


@pytest.mark.parametrize("minutes", [2, -24 * 60])
def test_time_that_cannot_be_is_refused(chair: Chair, minutes: int) -> None:
    chair.opened()

    with pytest.raises(Refused) as refused:
        chair.only(hr=75, event_at=chair.now + timedelta(minutes=minutes))

    assert refused.value.field == "happened_at"


def test_what_happened_is_noted_to_the_second_with_its_words(chair: Chair) -> None:
    chair.infusing()
    moment = chair.now + timedelta(seconds=37)
    chair.after(1)
    chair.mark("medicine_given", "Ondansetron 4 mg, intravenous", event_at=moment)

    entered = chair.sheet.marks[-1]
    assert (entered.happened_at, entered.words) == (moment, "Ondansetron 4 mg, intravenous")


@pytest.mark.parametrize(
    ("kind", "words", "field"),
    [
        ("nothing", "", "kind"),
        ("syringe_discarded", "x", "kind"),
        ("other", "  ", "words"),
        ("other", "x" * 2_001, "words"),
    ],
)
def test_mark_that_says_nothing_or_too_much_is_refused(chair: Chair, kind: str, words: str, field: str) -> None:
    chair.opened()

    with pytest.raises(Refused) as refused:
        chair.mark(kind, words)

    assert refused.value.field == field
