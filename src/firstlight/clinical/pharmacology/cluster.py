"""A population counted by the workers of a Dask cluster (`pip install "firstlight[cluster]"`)."""

from functools import partial
from typing import Any

from firstlight.clinical.pharmacology.draws import SUBJECTS_A_BLOCK
from firstlight.clinical.pharmacology.errors import NotACluster
from firstlight.clinical.pharmacology.population import Answer, Progress, Question, Subjects, count_people, portions

SUBJECTS_A_TASK = 64 * SUBJECTS_A_BLOCK  # seconds of work for some megabytes of counts


def count_on_cluster(
    client: Any, subjects: Subjects, question: Question, *, people: int, chunk: int | None, progress: Progress | None
) -> Answer:
    """One task a portion. Raises NotACluster for what is no client that waits for its answers."""
    _check(client)
    from distributed import as_completed

    parts = list(portions(people, SUBJECTS_A_TASK if chunk is None else chunk))
    count = partial(_count, subjects, question)
    futures = client.map(count, *zip(*parts, strict=True), pure=False)
    sizes = {future.key: some for future, (_first, some) in zip(futures, parts, strict=True)}
    finished = as_completed(futures, with_results=True)  # type: ignore[no-untyped-call]  # distributed leaves it bare
    try:
        return _gather(finished, sizes, people, progress)
    finally:
        client.cancel(futures)


def _check(client: Any) -> None:
    expected = 'give a distributed.Client (pip install "firstlight[cluster]"), not an asynchronous one'
    try:
        from distributed import Client
    except ImportError:
        raise NotACluster(field="on", value=client, expected=expected) from None
    if not isinstance(client, Client) or client.asynchronous:
        raise NotACluster(field="on", value=client, expected=expected)


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
