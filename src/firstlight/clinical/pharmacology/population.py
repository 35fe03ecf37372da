"""Many people at once: quantiles and exposure in memory that does not grow with their number.

A chunk is a whole number of blocks and a block is always the same people, so every chunk size and any number of workers
count the same.
"""

import math
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from firstlight.clinical.pharmacology.accepting import checked_number, one_of, whole
from firstlight.clinical.pharmacology.checking import checked_times
from firstlight.clinical.pharmacology.draws import SUBJECTS_A_BLOCK
from firstlight.clinical.pharmacology.errors import AnalyteNotCovered, Cancelled, NotANumber, NothingAsked
from firstlight.clinical.pharmacology.exposure import hours_above, peaks, total_exposure
from firstlight.clinical.pharmacology.histograms import MOST_COUNTED, Histograms
from firstlight.clinical.pharmacology.solving import concentrations
from firstlight.clinical.pharmacology.systems import Input, System

Array = NDArray[np.float64]
HOW_TO_ASK = "exposure=True for peak, its time and area, and with above_ng_per_ml for hours_above"

Subjects = Callable[[int, int], tuple[System, Sequence[Input]]]  # subjects(first, count)
Progress = Callable[[int, int], None]  # progress(done, of)


@dataclass(frozen=True, slots=True)
class Question:
    """What to find out about a population.

    ``above_ng_per_ml`` names levels by output, for the time above them; ``exposure`` asks for peak, its time and area.
    ``kernel`` solves and counts in compiled code, whose last digits differ: a person at the edge of a bin may count in the
    next one. It is part of the question, so all who answer it use the same.
    """

    time_h: tuple[float, ...]
    exposure: bool = False
    above_ng_per_ml: Mapping[str, float] = field(default_factory=dict)
    kernel: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """Counts of a population, or of part of it: mergeable."""

    question: Question
    outputs: tuple[str, ...]
    profiles: Histograms
    figures: Mapping[str, Histograms]

    def merge(self, other: "Answer") -> None:
        """Add the counts of other people."""
        self.profiles.merge(other.profiles)
        for name, figures in self.figures.items():
            figures.merge(other.figures[name])

    @property
    def subjects(self) -> int:
        return self.profiles.subjects

    def quantile(self, level: float) -> dict[str, Array]:
        """Concentrations in ng/mL ``(T,)`` of each output that this share of people does not exceed."""
        rows = self.profiles.quantile(level).reshape(len(self.outputs), -1)
        return dict(zip(self.outputs, rows, strict=True))

    def figure(self, name: str, level: float) -> dict[str, float]:
        """A quantile of ``cmax_ng_per_ml``, ``tmax_h``, ``auc_ng_h_per_ml`` or ``hours_above`` for each output.

        Raises NothingAsked for a figure that the question did not ask for.
        """
        if name not in self.figures:
            expected = f"this answer has {', '.join(self.figures) or 'no figures'}; ask with {HOW_TO_ASK}"
            raise NothingAsked(field="figure", value=name, expected=expected)
        rows = self.figures[name].quantile(level)
        outputs = self.question.above_ng_per_ml if name == "hours_above" else self.outputs
        return dict(zip(outputs, map(float, rows), strict=True))


def portions(people: int, chunk: int) -> Iterator[tuple[int, int]]:
    """Portions (first, how many) of whole blocks, one at a time; the last may be smaller. Raises NotANumber."""
    expected = f"give a whole number of people, 1 to {MOST_COUNTED:,}"
    everyone = whole(people, field="people", most=MOST_COUNTED, expected=expected)
    some = whole(chunk, field="chunk", expected="give a whole number of people at a time, from 1 on")
    size = -(-some // SUBJECTS_A_BLOCK) * SUBJECTS_A_BLOCK
    return ((first, min(size, everyone - first)) for first in range(0, everyone, size))


def count_people(
    subjects: Subjects,
    question: Question,
    *,
    first: int,
    people: int,
    into: Answer | None = None,
    stop: threading.Event | None = None,
) -> Answer:
    """Count some people, block by block. Raises Cancelled once ``stop`` is set."""
    times = checked_times(question.time_h)
    answer = into
    room: NDArray[np.float32] | None = None  # for one block after another: new memory costs as much as counting
    for start in range(first, first + people, SUBJECTS_A_BLOCK):
        if stop is not None and stop.is_set():
            raise Cancelled
        some = min(SUBJECTS_A_BLOCK, first + people - start)
        system, inputs = subjects(start, some)
        answer = answer or empty_answer(question, tuple(output.name for output in system.outputs))
        room = np.empty(len(answer.outputs) * some * len(times), dtype=np.float32) if room is None else room
        profiles = room[: len(answer.outputs) * some * len(times)].reshape(len(answer.outputs), some, len(times))
        _count_block(answer, system, inputs, times, profiles)
    assert answer is not None
    return answer


def empty_answer(question: Question, outputs: tuple[str, ...]) -> Answer:
    """Counts of nobody."""
    for output in question.above_ng_per_ml:
        if output not in outputs:
            expected = f"levels are of the outputs, here {', '.join(outputs)}"
            raise AnalyteNotCovered(field="above_ng_per_ml", value=output, expected=expected)
    names = ("cmax_ng_per_ml", "tmax_h", "auc_ng_h_per_ml") if question.exposure else ()
    figures = {name: Histograms.empty(len(outputs)) for name in names}
    if question.above_ng_per_ml:
        figures["hours_above"] = Histograms.empty(len(question.above_ng_per_ml))
    return Answer(question, outputs, Histograms.empty(len(outputs) * len(question.time_h)), figures)


def _count_block(
    answer: Answer, system: System, inputs: Sequence[Input], times: Array, profiles: NDArray[np.float32]
) -> None:
    """Solve into ``profiles`` ``(outputs, S, T)``, and count."""
    outputs, kernel = answer.outputs, answer.question.kernel
    found = concentrations(system, inputs, times, out=profiles, kernel=kernel)
    for part, values in zip(np.split(answer.profiles.counts, len(outputs)), profiles, strict=True):
        Histograms(part).add(values, kernel=kernel)
    for name, rows in _figures(answer.question, system, inputs, profiles, times):
        answer.figures[name].add(rows)
    for row, (output, level) in enumerate(answer.question.above_ng_per_ml.items()):
        hours = hours_above(found[output], times, level)
        Histograms(answer.figures["hours_above"].counts[row : row + 1]).add(hours[:, None])


def _figures(
    question: Question, system: System, inputs: Sequence[Input], profiles: NDArray[np.float32], times: Array
) -> Iterator[tuple[str, Array]]:
    """Each figure as (people, outputs)."""
    if not question.exposure:
        return
    highest, at_h = peaks(profiles, times)
    yield "cmax_ng_per_ml", highest.T
    yield "tmax_h", np.maximum(at_h, 0.0).T
    areas = list(total_exposure(system, inputs).values())
    yield "auc_ng_h_per_ml", np.stack([np.broadcast_to(area, highest.shape[1]) for area in areas], axis=1)


def question(
    time_h: ArrayLike,
    *,
    exposure: bool = False,
    above_ng_per_ml: Mapping[str, float] | None = None,
    kernel: bool = False,
) -> Question:
    """A checked question. Raises the errors of times, WrongKind, and NotANumber for a level below 0."""
    if above_ng_per_ml is not None:
        expected = "give levels in ng/mL by output, such as {'ketamine': 50}"
        one_of(Mapping, above_ng_per_ml, field="above_ng_per_ml", expected=expected)  # type: ignore[type-abstract]  # isinstance
    for output, level in (above_ng_per_ml or {}).items():
        expected = "give each level in ng/mL, 0 or more"
        if not 0 <= checked_number(level, field=f"level of {output}", expected=expected) < math.inf:
            raise NotANumber(field=f"level of {output}", value=level, expected=expected)
    return Question(tuple(checked_times(time_h).tolist()), exposure, dict(above_ng_per_ml or {}), kernel)
