import csv
import json
from collections.abc import Iterable, Iterator
from itertools import chain, islice, takewhile
from pathlib import Path
from typing import Any, BinaryIO

from django.core.management.base import BaseCommand, CommandError, CommandParser

from firstlight.clinical.evidence import Tag, text
from firstlight.clinical.instruments import Flag, Score, ScoringError, as_read, instrument, to_json
from firstlight.clinical.instruments.batch import BadRow, Row, RowScorer, numbered_scores
from firstlight.clinical.instruments.columns import is_header
from firstlight.clinical.instruments.saved import require_commas
from firstlight.journey.screening.raised import ACTIONS

ROWS_AT_ONCE = 2_000
BAR = 40  # characters
EXAMPLE = "For example: firstlight score phq-9 --scores 2,1,3,1,0,1,2,0,0 or firstlight score epds --file answers.csv --as scores"
FROM_0 = "Read as positions of the options from 0: the first one printed is 0, which is box 1 on a paper form."

HEAD = 8_192  # bytes: enough lines to tell how a file was saved

Result = tuple[int, Score | ScoringError]


class Command(BaseCommand):
    help = "Score answers to one questionnaire, or each row of a CSV file. Opens no database and keeps nothing."

    def run_from_argv(self, argv: list[str]) -> None:
        """Take a list that begins with a minus sign for what it is: a wrong value, which has its own words."""
        super().run_from_argv(_joined(argv))

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        return super().create_parser(prog_name, subcommand, epilog=EXAMPLE, **kwargs)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="a name from `firstlight instruments`, such as phq-9")
        given = parser.add_mutually_exclusive_group(required=True)
        given.add_argument("--scores", help="item scores as keyed: 0,1,2,… Empty: missing; -: it does not apply")
        given.add_argument(
            "--choices", help="positions of the options in printed order, counted from 0: box 1 on paper is 0"
        )
        given.add_argument("--file", type=Path, help="a CSV file with one person's answers a row; see --as")
        parser.add_argument(
            "--as", dest="kind", choices=["scores", "choices"], help="needed with --file: what it holds"
        )
        parser.add_argument("--json", action="store_true", help="print one JSON document and nothing else")

    def handle(self, *args: Any, **options: Any) -> None:
        options["name"] = options["name"].lower()
        try:
            instrument(options["name"])
        except KeyError as error:
            raise CommandError(str(error.args[0]), returncode=2) from error
        if options["file"] is not None:
            self._score_file(options["name"], options["file"], options["kind"], as_json=options["json"])
        elif options["kind"] is not None:
            raise CommandError("--as says what a file holds; name one with --file.", returncode=2)
        else:
            self._score_one(options)

    def _score_one(self, options: dict[str, Any]) -> None:
        choices = options["choices"] is not None
        typed: str = options["choices"] if choices else options["scores"]
        if "," not in typed and len(typed.split()) > 1:
            raise CommandError("Put commas between the answers, as in 0,1,2.", returncode=2)
        try:
            result = RowScorer(options["name"], choices=choices).score(typed.split(","))
        except ScoringError as error:
            raise CommandError(str(error), returncode=2) from error
        told = f"{FROM_0}\n{_sentences(result)}" if choices else _sentences(result)
        self.stdout.write(_json(result, indent=2) if options["json"] else told)

    def _score_file(self, name: str, path: Path, kind: str | None, *, as_json: bool) -> None:
        if kind is None:
            raise CommandError("Say with --as whether the file holds scores or choices.", returncode=2)
        try:
            raw = path.open("rb")
        except OSError as error:
            raise CommandError(f"{path.name} cannot be read: {error.strerror}.", returncode=2) from error
        with raw:
            try:
                require_commas(raw.peek(HEAD)[:HEAD], single=len(instrument(name).items) == 1)
                results = numbered_scores(name, _rows(raw), choices=kind == "choices")
            except ValueError as error:
                raise CommandError(f"{path.name} cannot be read. {error}", returncode=2) from error
            watched = self._with_progress(results, raw, path.stat().st_size)
            bad = self._print_list(watched) if as_json else self._print_table(watched, kind == "choices")
        if bad:
            many = "1 row" if bad == 1 else f"{bad:,} rows"
            raise CommandError(f"{many} could not be scored.", returncode=2)

    def _print_list(self, results: Iterator[Result]) -> int:
        """Write a JSON list piece by piece, so that a long file never stands in memory; count the bad rows."""
        bad, before = 0, "[\n"
        while piece := list(islice(results, ROWS_AT_ONCE)):
            self.stdout.write(before + ",\n".join(_row_json(number, one) for number, one in piece), ending="")
            bad += sum(isinstance(one, ScoringError) for _number, one in piece)
            before = ",\n"
        self.stdout.write("[]" if before == "[\n" else "\n]")
        return bad

    def _print_table(self, results: Iterable[Result], choices: bool) -> int:
        """Write a line a row, with the number that the row has in the file; a header has one, too."""
        bad = 0
        if choices:
            self.stdout.write(FROM_0)
        self.stdout.write(f"{'row':>9}  {'total':>7}  result")
        for number, one in results:
            if isinstance(one, ScoringError):
                bad += 1
                self.stdout.write(f"{number:>9}  {'-':>7}  {one}")
            else:
                flags = "".join(f"; item {flag.number}: {_flag_words(one, flag)}" for flag in one.flags)
                self.stdout.write(f"{number:>9}  {_number(one.total):>7}  {_band_words(one) or '-'}{flags}")
        return bad

    def _with_progress(self, results: Iterable[Result], raw: BinaryIO, size: int) -> Iterator[Result]:
        """Pass results on; on a terminal a bar tells how much of the file was read."""
        shown = self.stderr.isatty() and size > 0
        for number, one in enumerate(results):
            if shown and number % ROWS_AT_ONCE == 0:
                self._bar(min(raw.tell() / size, 1.0))
            yield one
        if shown:
            self._bar(1.0)
            self.stderr.write("")

    def _bar(self, part: float) -> None:
        filled = round(BAR * part)
        self.stderr.write(f"\r{'#' * filled}{'.' * (BAR - filled)} {part:4.0%}", ending="")
        self.stderr.flush()


def _joined(argv: list[str]) -> list[str]:
    """Write "--scores -1,0" as "--scores=-1,0"; the parser would read the list as an option."""
    found: list[str] = []
    for word in argv:
        if found and found[-1] in {"--scores", "--choices"} and not word.startswith("--"):
            found[-1] = f"{found[-1]}={word}"
        else:
            found.append(word)
    return found


def _rows(raw: BinaryIO) -> Iterator[Row]:
    """Read one row a line, so that a quotation mark which stays open takes no other with it. A header may have more lines.

    Such a header counts as empty lines and, on its last one, the header: so every row has the number of its line.
    """
    lines, taken = _lines(raw), list[str]()
    for line in takewhile(lambda line: not line.strip(), _noted(lines, taken)):
        yield _row([line])
    if not taken or not taken[-1].strip():
        return
    taken = taken[-1:]
    first = _row(chain(taken, _noted(lines, taken)))
    if len(taken) > 1 and (isinstance(first, csv.Error) or not is_header(first)):
        first, lines = _row(taken[:1]), chain(taken[1:], lines)
    else:
        yield from ([] for _line in taken[1:])
    yield first
    for line in lines:
        yield _row([line])


def _noted(lines: Iterable[str], taken: list[str]) -> Iterator[str]:
    for line in lines:
        taken.append(line)
        yield line


def _row(lines: Iterable[str]) -> Row:
    try:
        return next(csv.reader(lines, strict=True), [])
    except csv.Error as error:
        return error


def _lines(raw: BinaryIO) -> Iterator[str]:
    """Lines of a text file, with a mark at its head or without; what is no text becomes a sign that no score is."""
    for number, line in enumerate(raw):
        yield line.decode("utf-8-sig" if number == 0 else "utf-8", errors="replace")


def _row_json(number: int, result: Score | ScoringError) -> str:
    return _json((number, result) if isinstance(result, ScoringError) else result)


def _json(result: Score | BadRow, indent: int | None = None) -> str:
    return json.dumps(to_json(result), ensure_ascii=False, indent=indent)


def _sentences(result: Score) -> str:
    found = [_total_sentence(result)]
    found += [f"{name}: {_number(value)}" for name, value in result.subscales.items()]
    found += [f"{name}: {_yes(value)}" for name, value in result.findings.items()]
    found += [f"Item {flag.number}: {_flag_words(result, flag)}." for flag in result.flags]
    return "\n".join(found)


def _total_sentence(result: Score) -> str:
    words = f", {_band_words(result)}" if result.band else ""
    if result.total is not None:
        missing = (
            "" if result.complete else " Answers are missing: it counts those that were given, as the manual says."
        )
        return f"{result.instrument}: {_number(result.total)} of {result.max}{words}.{missing}"
    if not result.complete:
        return f"{result.instrument}: cannot be scored, answers are missing."
    return f"{result.instrument}: no total{words}."


def _number(value: float | None) -> str:
    return "-" if value is None else f"{as_read(value)}"


def _yes(value: bool | None) -> str:
    return {True: "yes", False: "no", None: "cannot be told"}[value]


def _band_words(result: Score) -> str:
    return f"{result.band}{_how_checked(instrument(result.instrument).words_tag)}" if result.band else ""


def _flag_words(result: Score, flag: Flag) -> str:
    tags = {rule.rule: rule.tag for rule in instrument(result.instrument).safety}
    return f"{_action(flag.action)}{_how_checked(tags[flag.rule])}"


def _how_checked(tag: Tag | None) -> str:
    """Say of a number that rests on no source that it does; what rests on one needs no word here."""
    return f" ({text(tag.meaning)})" if tag in {Tag.UNCHECKED, Tag.OURS} and tag else ""


def _action(action: str) -> str:
    return str(ACTIONS.get(action, action))
