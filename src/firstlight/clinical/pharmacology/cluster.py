"""The same counts on a Dask cluster (`pip install "firstlight[cluster]"`): a worker that is lost costs its portion."""

from functools import partial
from typing import Any

from firstlight.clinical.pharmacology.draws import SUBJECTS_A_BLOCK
from firstlight.clinical.pharmacology.population import Answer, Progress, Question, Subjects, count_people, portions

SUBJECTS_A_TASK = 64 * SUBJECTS_A_BLOCK  # seconds of work for some megabytes of counts


def ask_cluster(
    client: Any,  # a distributed.Client: the package is an extra
    subjects: Subjects,
    question: Question,
    *,
    people: int,
    chunk: int = SUBJECTS_A_TASK,
    progress: Progress | None = None,
) -> Answer:
    """What `population.ask` answers, counted by the client's workers, whole number for whole number.

    ``subjects`` must be picklable. A portion whose worker is lost is counted again elsewhere (up to the scheduler's
    ``allowed-failures``). Whatever ``progress``
    raises (such as Cancelled) withdraws what is left and comes out here.
    """
    from distributed import as_completed

    parts = list(portions(people, chunk))
    count = partial(_count, subjects, question)
    futures = client.map(count, *zip(*parts, strict=True), pure=False)
    sizes = {future.key: some for future, (_first, some) in zip(futures, parts, strict=True)}
    finished = as_completed(futures, with_results=True)  # type: ignore[no-untyped-call]  # distributed leaves it bare
    try:
        return _gather(finished, sizes, people, progress)
    finally:
        client.cancel(futures)


def _count(subjects: Subjects, question: Question, first: int, people: int) -> Answer:
    return count_people(subjects, question, first=first, people=people)


def _gather(finished: Any, sizes: dict[str, int], people: int, progress: Progress | None) -> Answer:
    total: Answer | None = None
    done = 0
    for future, answer in finished:
        total = _merged(total, answer)
        done += sizes[future.key]
        future.release()
        if progress is not None:
            progress(done, people)
    assert total is not None
    return total


def _merged(total: Answer | None, answer: Answer) -> Answer:
    if total is None:
        return answer
    total.merge(answer)
    return total
