"""Many rows, one after the other: the same engine, with what stays the same worked out once."""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain

from firstlight.clinical.instruments.columns import in_order, is_header, order_of
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

    Raises KeyError, and HeaderError; see `numbered_scores`.
    """
    for number, result in numbered_scores(name, rows, choices=choices):
        yield (number, result) if isinstance(result, ScoringError) else result


def numbered_scores(
    name: str, rows: Iterable[Row], *, choices: bool = False
) -> Iterator[tuple[int, Score | ScoringError]]:
    """Score each row of a file, with the number that it has there, from 1.

    The first row that holds anything is a header when it holds words and no cell of it is a number, or a word for a missing
    one. Where it names our items, answers belong to the items that stand above them; other words bind nothing, and answers
    are read in the order of the form. Empty lines before a header and at the end of a file are no rows. Raises KeyError, and
    HeaderError, both at once.
    """
    scorer = RowScorer(name, choices=choices)
    numbered = enumerate(rows, 1)
    first = list[tuple[int, Row]]()
    for number, row in numbered:
        first.append((number, row))
        if not _is_empty(row):
            break
    order = None
    if first and not isinstance(row := first[-1][1], csv.Error) and is_header(row):
        order = order_of(scorer.definition, row)
        first.clear()
    return _scored(scorer, chain(first, numbered), order)


def _scored(
    scorer: RowScorer, rows: Iterable[tuple[int, Row]], order: Sequence[int] | None
) -> Iterator[tuple[int, Score | ScoringError]]:
    for number, row in _without_empty_end(rows, scorer.definition):
        try:
            fields = _readable(row, scorer.definition)
            yield number, scorer.score(fields if order is None else in_order(scorer.definition, fields, order))
        except ScoringError as error:
            yield number, error


def _without_empty_end(rows: Iterable[tuple[int, Row]], definition: Instrument) -> Iterator[tuple[int, Row]]:
    """Empty lines count as rows only before others; of a single item an empty line is a missing answer."""
    empty: list[tuple[int, Row]] = []
    for number, row in rows:
        if _is_empty(row):
            empty.append((number, [""] if len(definition.items) == 1 else []))
            continue
        yield from empty
        empty.clear()
        yield number, row


def _is_empty(row: Row) -> bool:
    """Tell whether a line holds nothing but blanks; one with commas is a row of missing answers."""
    return not isinstance(row, csv.Error) and (not row or (len(row) == 1 and not row[0].strip()))


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
