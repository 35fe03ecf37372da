"""Many rows, one after the other: the same engine, with what stays the same worked out once."""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence

from firstlight.clinical.instruments.definitions import DOES_NOT_APPLY, NOT_APPLICABLE, Instrument, Item
from firstlight.clinical.instruments.reading import instrument
from firstlight.clinical.instruments.scoring import Score, ScoringError, answers_of, score, score_checked

Row = Sequence[str] | csv.Error
"""The fields of one line; or why it has none."""

BadRow = tuple[int, ScoringError]
"""The number of a row, as in the file from 1, and what is wrong with it."""


class RowScorer:
    """Scores rows of fields as typed, for one instrument. An empty field is a missing answer.

    Of an item that may not apply, the sign `-` says that it does not.
    """

    def __init__(self, name: str, *, choices: bool = False) -> None:
        """Raise KeyError for an unknown name."""
        self.definition = instrument(name)
        self.choices = choices
        self._plain = _plain_fields(self.definition, choices=choices)

    def score(self, row: Sequence[str]) -> Score:
        """Score one row. Raises ScoringError."""
        if len(row) in self.definition.lengths:
            try:
                values = [plain[field] for plain, field in zip(self._plain, row, strict=False)]
            except KeyError:
                return self._score_carefully(row)
            return score_checked(self.definition, dict(zip(self.definition.keys, values, strict=False)))
        return self._score_carefully(row)

    def _score_carefully(self, row: Sequence[str]) -> Score:
        """Score a row that holds blanks around a number, or something impossible, which is then named."""
        numbers = [_number(self.definition, position, field) for position, field in enumerate(row, 1)]
        return score(self.definition, answers_of(self.definition, numbers, choices=self.choices))


def score_rows(name: str, rows: Iterable[Row], *, choices: bool = False) -> Iterator[Score | BadRow]:
    """Score each row of a file; a bad one gives its number, as in the file from 1, and what is wrong, in its place.

    The first row is a header when it holds words and no cell of it is a number. Empty lines at the end of a file
    are no rows. Raises KeyError.
    """
    scorer = RowScorer(name, choices=choices)
    for number, row in enumerate(_without_empty_end(rows, scorer.definition), 1):
        if number == 1 and not isinstance(row, csv.Error) and is_header(row):
            continue
        try:
            yield scorer.score(_readable(row, scorer.definition))
        except ScoringError as error:
            yield number, error


def _without_empty_end(rows: Iterable[Row], definition: Instrument) -> Iterator[Row]:
    """Empty lines count as rows only before others; of a single item an empty line is a missing answer."""
    empty: list[Row] = []
    for row in rows:
        if row == []:
            empty.append([""] if len(definition.items) == 1 else row)
            continue
        yield from empty
        empty.clear()
        yield row


def _readable(row: Row, definition: Instrument) -> Sequence[str]:
    if isinstance(row, csv.Error):
        raise ScoringError(
            instrument=definition.name, position=0, value=row, expected=f"{row}", what="this row cannot be read"
        )
    return row


def _plain_fields(definition: Instrument, *, choices: bool) -> list[Mapping[str, int | None]]:
    """For each item what its fields mean, as long as they are written plainly."""
    return [_plain_field(item, choices=choices) for item in definition.items]


def _plain_field(item: Item, *, choices: bool) -> Mapping[str, int | None]:
    read = {str(position if choices else value): value for position, value in enumerate(item.values)}
    return {"": None, **read, **({DOES_NOT_APPLY: NOT_APPLICABLE} if item.optional else {})}


def _number(definition: Instrument, position: int, field: str) -> int | None:
    plain, item = field.strip(), definition.items[min(position, len(definition.items)) - 1]
    if not plain:
        return None
    if plain == DOES_NOT_APPLY and item.optional:
        return NOT_APPLICABLE
    if not (plain.isascii() and plain.isdigit() and len(plain) <= 3):
        raise ScoringError(instrument=definition.name, position=position, value=plain, expected=f"use {item.possible}")
    return int(plain)


def is_header(row: Sequence[str]) -> bool:
    """Tell whether a row names what stands below it: in words, none of them a number or a word that stands for none."""
    cells = [cell.strip() for cell in row if cell.strip()]
    words = any(letter.isalpha() for cell in cells for letter in cell) and (len(cells) == 1 or len(set(cells)) > 1)
    return words and not any(cell == DOES_NOT_APPLY or _is_figure(cell) for cell in cells)


def _is_figure(cell: str) -> bool:
    """Tell whether a cell is a number, however it is written; "NaN" and "inf" are ones that were never an answer."""
    try:
        float(cell)
    except ValueError:
        return cell.lstrip("+-").replace(".", "", 1).isdigit()
    return True
