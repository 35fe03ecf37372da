"""A cluster counts what one core counts, also when it loses a worker on the way."""

import os
import signal

import numpy as np
import pytest
from distributed import Client, LocalCluster

from firstlight.clinical.pharmacology.cluster import ask_cluster
from firstlight.clinical.pharmacology.errors import Cancelled
from firstlight.clinical.pharmacology.population import ask, question
from tests.clinical.pharmacology.people import Drawn

ASKED = question(np.arange(0, 31) / 5, exposure=True)
PEOPLE = 60_000


@pytest.fixture(scope="module")
def client():
    with (
        LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None, host="127.0.0.1") as cluster,
        Client(cluster) as client,
    ):
        yield client


@pytest.mark.slow
def test_killed_worker_changes_no_number(client) -> None:
    killed: list[int] = []

    def kill_one(done: int, of: int) -> None:
        if not killed:
            killed.append(next(iter(client.run(os.getpid).values())))
            os.kill(killed[0], signal.SIGKILL)

    counted = ask_cluster(client, Drawn(), ASKED, people=PEOPLE, chunk=2_048, progress=kill_one)
    alone = ask(Drawn(), ASKED, people=PEOPLE, workers=2)

    assert killed
    assert counted.subjects == PEOPLE
    np.testing.assert_array_equal(counted.profiles.counts, alone.profiles.counts)
    for name, figures in alone.figures.items():
        np.testing.assert_array_equal(counted.figures[name].counts, figures.counts)


@pytest.mark.slow
def test_cancelling_withdraws_what_is_left(client) -> None:
    heard: list[int] = []

    def cancel(done: int, of: int) -> None:
        heard.append(done)
        raise Cancelled

    with pytest.raises(Cancelled):
        ask_cluster(client, Drawn(), ASKED, people=200_000, chunk=1_024, progress=cancel)

    assert heard == [1_024]
