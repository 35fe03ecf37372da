"""One question to a population: the same function on one core, on all cores and on a Dask cluster."""

from typing import Any

from firstlight.clinical.pharmacology.accepting import called, heard_by, one_of
from firstlight.clinical.pharmacology.cluster import count_on_cluster
from firstlight.clinical.pharmacology.cores import count_on_threads
from firstlight.clinical.pharmacology.errors import NotACluster
from firstlight.clinical.pharmacology.population import Answer, Progress, Question, Subjects


def ask(
    subjects: Subjects,
    question: Question,
    *,
    people: int,
    workers: int | None = 1,
    on: Any = None,  # a distributed.Client: its package is an extra
    chunk: int | None = None,
    progress: Progress | None = None,
) -> Answer:
    """Count all people, numbers 0 … people − 1: the same counts wherever the work is done.

    On this machine ``workers`` threads count (None: one for each core). ``on=distributed.Client(…)`` has the cluster's
    workers count instead; ``subjects`` must then be picklable, and a portion of ``chunk`` people whose worker is lost is
    counted again elsewhere, up to the scheduler's ``allowed-failures``. ``progress(done, of)`` is told how many are done;
    whatever it raises (such as Cancelled) withdraws what is left and comes out here. Raises WrongKind, NotANumber, NotACluster.
    """
    one_of(Question, question, field="question", expected="give what `question(time_h)` answers")
    called(subjects, field="subjects", expected="give a cohort, or anything that is called with (first, count)")
    heard_by(progress)
    if on is None:
        return count_on_threads(subjects, question, people=people, workers=workers, chunk=chunk, progress=progress)
    if workers != 1:
        expected = "give workers for the threads of this machine, or on= for a cluster, which has workers of its own"
        raise NotACluster(field="workers", value=workers, expected=expected)
    return count_on_cluster(on, subjects, question, people=people, chunk=chunk, progress=progress)
