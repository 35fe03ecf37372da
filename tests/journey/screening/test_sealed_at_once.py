"""One phone sends the same box in many tabs at the same moment: one tap, one task, and every tab has its receipt."""

import threading
from datetime import timedelta

import time_machine
from django.db import connections
from django.test import Client

from tests.cast import NOW, harbour
from tests.journey.screening.telling import day_set
from tests.journey.screening.test_sealed_taps import ADDRESS, open_link, rows

TABS = 4


def test_one_box_at_one_moment_is_one_tap(own_database: None) -> None:
    house = harbour()
    with time_machine.travel(NOW, tick=False):
        phone = open_link(house, day_set(house, expires_at=NOW + timedelta(hours=20)))
        request, barrier, told = phone.tap("check-in:harm", 1, NOW), threading.Barrier(TABS), list[tuple[int, str]]()
        body = phone.sent(request, NOW)

        def work() -> None:
            try:
                barrier.wait(timeout=30)
                answer = Client().post(ADDRESS, body, content_type="application/json")
                told.append((answer.status_code, answer.json()["id"]))
            finally:
                connections.close_all()

        threads = [threading.Thread(target=work) for _ in range(TABS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)

    assert sorted(told) == [(200, request["id"])] * (TABS - 1) + [(201, request["id"])]
    assert rows(house) == (1, 1, 1)
