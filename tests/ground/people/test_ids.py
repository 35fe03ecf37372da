"""Ids in the order of writing, whatever the clock does."""

import threading
from datetime import datetime, timedelta
from uuid import RFC_4122, UUID

import time_machine

from firstlight.ground.people.ids import next_id
from tests.cast import NOW


def milliseconds(one: UUID) -> int:
    return one.int >> 80


def test_id_is_a_version_7_of_its_moment_and_never_the_same() -> None:
    later = datetime(2090, 1, 1, tzinfo=NOW.tzinfo)
    with time_machine.travel(later, tick=False):
        made = [next_id() for _ in range(1_000)]

    assert {(one.version, one.variant) for one in made} == {(7, RFC_4122)}
    assert milliseconds(made[0]) == later.timestamp() * 1000
    assert len(set(made)) == 1_000
    assert made == sorted(made)


def test_ids_grow_though_the_clock_stands_still_or_goes_back() -> None:
    made = []
    for moment in (NOW, NOW, NOW - timedelta(hours=1), NOW + timedelta(milliseconds=1), NOW - timedelta(days=400)):
        with time_machine.travel(moment, tick=False):
            made += [next_id() for _ in range(5_000)]

    assert made == sorted(set(made))


def test_ids_of_several_threads_are_all_different_and_grow_in_each() -> None:
    made: list[list[UUID]] = [[] for _ in range(4)]

    def write(own: list[UUID]) -> None:
        own += [next_id() for _ in range(5_000)]

    threads = [threading.Thread(target=write, args=(own,)) for own in made]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert all(own == sorted(own) for own in made)
    assert len({one for own in made for one in own}) == 20_000
