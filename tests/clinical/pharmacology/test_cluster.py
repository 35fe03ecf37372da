"""A cluster counts what one core counts, also when it loses a worker on the way."""

import os
import signal
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import dask
import numpy as np
import pytest
from distributed import Client, LocalCluster

from firstlight.clinical.pharmacology.asking import ask
from firstlight.clinical.pharmacology.draws import SUBJECTS_A_BLOCK
from firstlight.clinical.pharmacology.errors import Cancelled
from firstlight.clinical.pharmacology.population import question
from tests.clinical.pharmacology.people import Drawn
from tests.clinical.pharmacology.test_documents import BLOCK, DOCS

ASKED = question(np.arange(0, 31) / 5, exposure=True)
PEOPLE = 60_000
REFERENCE = DOCS / "reference" / "pharmacology-engine.md"
ENVIRON, TRIMS = "distributed.nanny.pre-spawn-environ", "MALLOC_TRIM_THRESHOLD_"


def lines_of_the_reference() -> str:
    """What the reference tells a reader to run before workers start."""
    blocks = BLOCK.findall(REFERENCE.read_text(encoding="utf-8"))
    (found,) = (block for block in blocks if TRIMS in block)
    return found


@pytest.fixture(scope="module")
def client():
    """Two workers that keep memory, as the reference tells."""
    with (
        pytest.MonkeyPatch.context() as patch,
        dask.config.set({ENVIRON: dask.config.get(ENVIRON)}),  # puts it back in the end
    ):
        patch.delenv(TRIMS, raising=False)
        exec(compile(lines_of_the_reference(), REFERENCE.name, "exec"), {})
        yield from started()


def started():
    """Start two workers, and end them."""
    with (
        LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None, host="127.0.0.1") as cluster,
        Client(cluster) as client,
    ):
        yield client


@dataclass(frozen=True)
class Logged(Drawn):
    """The same people, who also write down each time that a block of them is asked for."""

    log: Path = Path()

    def __call__(self, first: int, count: int):
        with self.log.open("a") as file:
            file.write(f"{first} {os.getpid()}\n")
        return super().__call__(first, count)

    def calls(self) -> list[tuple[int, int]]:
        """Each block that was asked for, with the process that asked."""
        return [(int(first), int(process)) for first, process in map(str.split, self.log.read_text().splitlines())]


@pytest.mark.slow
def test_lines_of_the_reference_keep_memory_and_leave_the_rest_of_what_dask_sets(client) -> None:
    assert set(client.run(os.environ.get, TRIMS).values()) == {None}
    assert set(client.run(os.environ.get, "OMP_NUM_THREADS").values()) == {"1"}


@pytest.mark.slow
def test_killed_worker_changes_no_number_and_only_what_it_held_is_counted_again(client, tmp_path: Path) -> None:
    people = Logged(log=tmp_path / "calls")
    killed: list[int] = []

    def kill_one(done: int, of: int) -> None:
        if done >= of // 2 and not killed:
            killed.append(next(iter(client.run(os.getpid).values())))
            os.kill(killed[0], signal.SIGKILL)

    counted = ask(people, ASKED, people=PEOPLE, on=client, chunk=2_048, progress=kill_one)
    alone = ask(Drawn(), ASKED, people=PEOPLE, workers=2)

    calls = people.calls()
    assert killed
    times = Counter(first for first, _ in calls)
    assert set(times) == set(range(0, PEOPLE, SUBJECTS_A_BLOCK))
    lost = {first for first, process in calls if process == killed[0]}
    again = {first for first, many in times.items() if many > 1}
    assert again <= lost
    assert len(again) < len(lost)  # what had come in from it before it was lost is not counted again
    assert counted.subjects == PEOPLE
    np.testing.assert_array_equal(counted.profiles.counts, alone.profiles.counts)
    for name, figures in alone.figures.items():
        np.testing.assert_array_equal(counted.figures[name].counts, figures.counts)


@pytest.mark.slow
def test_cancelling_withdraws_what_is_left(client, tmp_path: Path) -> None:
    people = Logged(log=tmp_path / "calls")
    heard: list[int] = []

    def cancel(done: int, of: int) -> None:
        heard.append(done)
        raise Cancelled

    with pytest.raises(Cancelled):
        ask(people, ASKED, people=200_000, on=client, chunk=1_024, progress=cancel)

    assert heard == [1_024]
    client.submit(len, "", pure=False).result()  # the workers are idle again
    assert len(people.calls()) < 150  # of 196 blocks
