"""What a clinician reads of question sets: a sheet for each instrument, a line for each question."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext

from firstlight.journey.screening.arrivals import Waited
from firstlight.journey.screening.models import PaperCorrection, PaperForm
from firstlight.journey.screening.raised import Raised


@dataclass(frozen=True, slots=True)
class Line:
    """One question with its answer; `question` is empty where its text is not here.

    `earlier` are the answers that it replaced, with their times.

    `flagged`: an answer to it, also one that was changed later, set off a rule. `tells`: it is more than a plain no. `counts`:
    it is an item, and no question that the form asks after them. `scored`: its form has a total.
    """

    number: int
    question: str
    answer: str
    value: int | None
    answered_at: datetime
    earlier: tuple[tuple[str, datetime], ...]
    flagged: bool
    tells: bool
    counts: bool
    scored: bool

    @property
    def aside(self) -> int | str | None:
        """Return what stands behind the answer: that it counts nowhere, or its score where the words are not that already."""
        if not self.counts:
            return gettext("not part of the score")
        says_it = self.answer == str(self.value) or self.answer.startswith(f"{self.value}, ")
        return self.value if self.scored and not says_it else None


@dataclass(frozen=True, slots=True)
class Held:
    """An answer of an earlier set that stays true and was not asked for again, and since when it is known."""

    says: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Sheet:
    """One instrument of one set. `band` is in words; None where it cannot be told.

    `total_unchecked`, `band_unchecked`: no source of it could be checked. `in_mothers`: the result is read against values found
    in mothers, and this parent did not give birth.
    """

    name: str
    title: str
    total: float | None
    max: int | None
    band: str | None
    complete: bool
    too_old: bool
    finished: bool
    validated: bool
    sources: tuple[str, ...]
    total_unchecked: bool
    band_unchecked: bool
    in_mothers: str
    raised: tuple[Raised, ...]
    held: tuple[Held, ...]
    lines: tuple[Line, ...]

    @property
    def telling(self) -> tuple[Line, ...]:
        """Return what to read first: flagged answers, then the heaviest, then print order; what counts nowhere at the end."""
        heavy = self.total is not None
        told = [line for line in self.lines if line.tells]
        return tuple(
            sorted(
                told,
                key=lambda line: (not line.flagged, not line.counts, -(line.value or 0) if heavy else 0, line.number),
            )
        )

    @property
    def quiet(self) -> tuple[Line, ...]:
        """Return the answers at the lowest end, in print order."""
        return tuple(line for line in self.lines if not line.tells)

    @property
    def has_result(self) -> bool:
        return self.total is not None or self.band is not None

    @property
    def answered_at(self) -> datetime:
        return max(line.answered_at for line in self.lines)


@dataclass(frozen=True, slots=True)
class SetSheet:
    """One question set with its sheets. `state`: finished, open or expired. `paper`: staff entered it from a paper form.

    `correction`: that form was entered wrongly, and counts nowhere any more.
    """

    id: UUID
    title: str
    assigned_at: datetime
    completed_at: datetime | None
    state: str
    sheets: tuple[Sheet, ...]
    waited: Waited | None
    paper: PaperForm | None
    correction: PaperCorrection | None

    @property
    def counts(self) -> bool:
        return self.correction is None

    @property
    def corrects(self) -> PaperCorrection | None:
        """Return what says that this form stands in the place of a wrong one."""
        return self.paper.corrects if self.paper and hasattr(self.paper, "corrects") else None

    @property
    def comes_to_something(self) -> bool:
        """Tell whether it stands among the results: it has a score, or should have one, or is of several instruments."""
        unscored = any(sheet.finished and not sheet.complete for sheet in self.sheets)
        return len(self.sheets) > 1 or unscored or any(sheet.has_result for sheet in self.sheets)

    @property
    def raised(self) -> bool:
        return self.counts and any(sheet.raised for sheet in self.sheets)
