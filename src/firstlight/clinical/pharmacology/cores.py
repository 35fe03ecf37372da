"""A population counted by the threads of this machine."""

import queue
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from itertools import islice

from firstlight.clinical.pharmacology.accepting import threads
from firstlight.clinical.pharmacology.draws import SUBJECTS_A_BLOCK
from firstlight.clinical.pharmacology.population import Answer, Progress, Question, Subjects, count_people, portions

QUEUED = 64  # portions that wait for a thread
SUBJECTS_A_PORTION = 4 * SUBJECTS_A_BLOCK


def count_on_threads(
    subjects: Subjects,
    question: Question,
    *,
    people: int,
    workers: int | None,
    chunk: int | None,
    progress: Progress | None,
) -> Answer:
    """Each thread adds to counts of its own; they are merged at the end. ``workers`` None: all cores."""
    parts = portions(people, SUBJECTS_A_PORTION if chunk is None else chunk)
    cores = threads(workers)
    stop = threading.Event()
    free: queue.SimpleQueue[Answer] = queue.SimpleQueue()

    def count(first: int, some: int) -> int:
        into = _any(free)
        free.put(count_people(subjects, question, first=first, people=some, into=into, stop=stop))
        return some

    with ThreadPoolExecutor(cores) as pool:
        try:
            _run(pool, count, parts, people, progress)
        except BaseException:
            stop.set()
            pool.shutdown(cancel_futures=True)
            raise
    total = free.get()
    while (part := _any(free)) is not None:
        total.merge(part)
    return total


def _any(free: "queue.SimpleQueue[Answer]") -> Answer | None:
    """Counts that no thread is adding to, if there are any."""
    try:
        return free.get_nowait()
    except queue.Empty:
        return None


def _run(
    pool: ThreadPoolExecutor,
    count: Callable[[int, int], int],
    parts: Iterable[tuple[int, int]],
    people: int,
    progress: Progress | None,
) -> None:
    """Keep the threads busy without queueing what is far off."""
    left = iter(parts)
    waiting: set[Future[int]] = {pool.submit(count, *part) for part in islice(left, QUEUED)}
    done = 0
    while waiting:
        finished, waiting = wait(waiting, return_when=FIRST_COMPLETED)
        done += sum(future.result() for future in finished)
        waiting |= {pool.submit(count, *part) for part in islice(left, len(finished))}
        if progress is not None:
            progress(done, people)
