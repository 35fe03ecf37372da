"""`firstlight instruments` and `firstlight score`: one document each, status 2 for bad input, no database opened."""

import json
import tracemalloc
from collections.abc import Iterable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from firstlight.clinical.instruments import instruments
from firstlight.conf.command_line import CommandLine
from firstlight.ground.safety.ladder import ladder
from firstlight.journey.screening.management.commands.score import Command
from firstlight.journey.screening.raised import ACTIONS
from tests.support.scale import count


class Terminal(StringIO):
    """A stream that says that somebody looks at it."""

    def isatty(self) -> bool:
        return True


class Nowhere(StringIO):
    """A stream that keeps only how much it was given."""

    length = 0

    def write(self, text: str) -> int:
        self.length += len(text)
        return len(text)


def told(name: str, *options: str) -> str:
    out = StringIO()
    call_command(name, *options, stdout=out)
    return out.getvalue()


def document(name: str, *options: str) -> Any:
    return json.loads(told(name, *options, "--json"))


def written(folder: Path, content: str | bytes) -> Path:
    path = folder / "answers.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def listed(path: Path, name: str, kind: str = "scores") -> tuple[list[Any], str]:
    """The printed list and how the command ended: with these words, or "" when all went well."""
    out, ended = StringIO(), ""
    try:
        call_command("score", name, "--file", str(path), "--as", kind, "--json", stdout=out)
    except CommandError as error:
        ended = f"{error} Status {error.returncode}."
    return json.loads(out.getvalue()), ended


def test_instruments_are_listed_with_items_tier_and_licence() -> None:
    found = {one["name"]: one for one in document("instruments")}

    assert set(found) == set(instruments())
    assert (found["pbq"]["items"], found["pbq"]["tier"], found["pbq"]["max"]) == (25, "A", 125)
    assert all(one["title"] and one["licence"] for one in found.values())
    assert "pcl-5        PTSD Checklist for DSM-5 (PCL-5)" in told("instruments")


def test_one_vector_of_scores_or_choices() -> None:
    # Printed from always to never: position 5 is never, worth 0 except in the eight kind items.
    assert document("score", "pbq", "--choices", ",".join(["5"] * 25))["total"] == 40
    assert document("score", "pbq", "--scores", ",".join(["5"] * 25))["total"] == 125
    assert document("score", "asq", "--scores", "0,0,0,0")["band"] == "negative screen"


@pytest.mark.parametrize("kind", ["--scores", "--choices"])
def test_empty_field_is_missing_and_a_dash_says_that_the_item_does_not_apply(kind: str) -> None:
    passed_over, at_home = document("score", "wsas", f"{kind}=,8,8,8,8"), document("score", "wsas", f"{kind}=-,8,8,8,8")
    part_of_life = document("score", "b-ipf", f"{kind}=-,3,3, - ,3,3,3")

    assert (passed_over["total"], passed_over["complete"], passed_over["max"]) == (None, False, 40)
    assert (at_home["total"], at_home["complete"], at_home["max"]) == (32, True, 32)
    assert (part_of_life["total"], part_of_life["complete"]) == (50, True)
    prorated = document("score", "b-ipf", f"{kind}=,3,3,-,3,3,4")
    assert (prorated["total"], prorated["complete"]) == (pytest.approx(16 / 30 * 100), False)


def test_number_without_a_source_says_so_beside_its_words() -> None:
    """MADRS-S: nobody could check the cut of item 9. PHQ-9: it has a source."""
    unchecked = document("score", "madrs-s", "--scores", "2,2,2,2,2,2,0,0,4")
    checked = document("score", "phq-9", "--scores", "0,0,0,0,0,0,0,0,1")

    assert (unchecked["band"], unchecked["tags"]) == ("mild", {"band": "V", "flags": {"madrs-s-item-9": "M"}})
    assert checked["tags"] == {"band": "V2", "flags": {"phq-9-item-9": "V"}}
    assert document("score", "phq-9", "--scores", ",0,0,0,0,0,0,0,0")["tags"] == {"band": None, "flags": {}}
    lines = told("score", "madrs-s", "--scores", "2,2,2,2,2,2,0,0,4").splitlines()
    assert lines[0] == "madrs-s: 16 of 54, mild."
    assert lines[-1] == "Item 9: Brief safety assessment (Clinic default, no source checked)."


def test_one_vector_is_told_in_sentences() -> None:
    lines = told("score", "phq-9", "--scores", "0,0,0,0,0,0,0,0,1").splitlines()

    assert lines[0] == "phq-9: 1 of 27, minimal."
    assert lines[-1] == "Item 9: Brief safety assessment."
    assert told("score", "phq-9", "--scores", ",0,0,0,0,0,0,0,0").startswith("phq-9: cannot be scored")
    assert told("score", "b-ipf", "--scores", ",3,3,-,3,3,4").startswith("b-ipf: 53.3 of 100. Answers are missing")
    assert told("score", "asq", "--scores", "1,0,0,0,0").startswith("asq: no total, non-acute positive screen")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["phq-99", "--scores", "1"], "there is no instrument 'phq-99'; there are aldrete, asq"),
        (["phq-9", "--scores", "0,0,0,0,0,4,0,0,0"], "phq-9, item 6: '4' is not possible; use 0, 1, 2, 3."),
        (
            ["phq-9", "--choices", "0,0,0,0,0,4,0,0,0"],
            "item 6: '4' is not possible; options are 0 to 3, and the first one printed is 0.",
        ),
        (["phq-9", "--scores", "0,0"], "phq-9: 2 answers were given; it has 9 items."),
        (["phq-9", "--scores", "0 0 0 0 0 0 0 0 0"], "Put commas between the answers, as in 0,1,2."),
        (["phq-9", "--scores", "0,0,0,0,0,x,0,0,0"], "phq-9, item 6: 'x' is not possible"),
        (["phq-9", "--scores=-,0,0,0,0,0,0,0,0"], "phq-9, item 1: '-' is not possible; use 0, 1, 2, 3."),
        (
            ["wsas", "--scores", "9,0,0,0,0"],
            "'9' is not possible; use 0, 1, 2, 3, 4, 5, 6, 7, 8, or - where it does not",
        ),
        (["phq-9", "--scores", "0", "--as", "scores"], "name one with --file"),
        (["phq-9", "--file", "answers.csv"], "Say with --as"),
        (["phq-9", "--file", "/no/such/answers.csv", "--as", "scores"], "answers.csv cannot be read"),
    ],
)
def test_bad_input_ends_with_status_2_and_says_what_is_possible(options: list[str], words: str) -> None:
    out = StringIO()
    with pytest.raises(CommandError) as refused:
        call_command("score", *options, "--json", stdout=out)

    assert words in str(refused.value)
    assert refused.value.returncode == 2
    assert out.getvalue() == ""


def test_list_that_begins_with_a_minus_sign_is_a_wrong_value_and_no_option(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        Command().run_from_argv(["firstlight", "score", "phq-2", "--scores", "-1,0", "--json"])

    assert ended.value.code == 2
    assert "phq-2, item 1: '-1' is not possible; use 0, 1, 2, 3." in capsys.readouterr().err


def test_scores_and_choices_together_are_refused() -> None:
    with pytest.raises(CommandError, match="not allowed with"):
        call_command("score", "phq-9", "--scores", "0", "--choices", "0")


def test_file_gives_a_list_with_a_bad_row_in_its_place(tmp_path: Path) -> None:
    results, ended = listed(written(tmp_path, "1,1\n9,0\n,2\n0,1,2\n3,3\n"), "phq-2")

    assert [one.get("total") for one in results] == [2, None, None, None, 6]
    assert results[1] == {"row": 2, "error": "phq-2, item 1: '9' is not possible; use 0, 1, 2, 3."}
    assert (results[2]["complete"], results[3]["row"]) == (False, 4)
    assert ended == "2 rows could not be scored. Status 2."


@pytest.mark.parametrize(
    ("content", "totals"),
    [
        ("interest,mood\n1,2\n", [3]),
        ("1,2\n", [3]),
        ("1,2", [3]),
        (b"\xef\xbb\xbf1,2\r\n3,3\r\n", [3, 6]),
        (b'\xef\xbb\xbf"interest, pleasure","mood"\r\n"1","2"\r\n', [3]),
        ("1,2\n\n\n", [3]),
        ("", []),
        ("interest,mood\n", []),
        ('"interest,\nin things",mood\n1,2\n', [3]),
        ("answer,answer\n1,2\n", [3]),
        ("\n\ninterest,mood\n1,2\n", [3]),
        ("1,2\n   \n", [3]),
    ],
)
def test_file_is_read_as_people_save_it(tmp_path: Path, content: str | bytes, totals: list[int]) -> None:
    results, ended = listed(written(tmp_path, content), "phq-2")

    assert ([one["total"] for one in results], ended) == (totals, "")


def test_row_of_dashes_is_no_header(tmp_path: Path) -> None:
    results, ended = listed(written(tmp_path, "-,-,-,-,-,-,-\n-,6,6,6,6,6,6\n"), "b-ipf")

    assert ([one["total"] for one in results], ended) == ([None, 100], "")


@pytest.mark.parametrize(
    "first",
    ["1;2", "NaN,NaN", "inf,-inf", "1e309,1e309", "NA,NA", "#,?", "\x001,\x002", "1\t2", '"1\n2"', "\uff11,\uff12"],
)
def test_first_row_of_no_names_is_no_header(tmp_path: Path, first: str) -> None:
    """Whose answers stand there is told that they cannot be read, and not passed over."""
    results, ended = listed(written(tmp_path, f"{first}\n1,2\n"), "phq-2")

    assert (results[0]["row"], results[-1]["total"]) == (1, 3)
    assert ended != ""


@pytest.mark.parametrize(
    "name",
    [
        "q{}",
        "Q{}",
        "item {}",
        "Item_{}",
        "question {}",
        "PHQ-9 {}",
        "phq9_{}",
        "PHQ-9 item {}",
        "phq9_q{}",
        '"PHQ-9, item {}"',
    ],
)
def test_header_that_names_the_items_binds_them_in_any_order(tmp_path: Path, name: str) -> None:
    """Item 9 stands first, as some programs save it: read by position it would be item 1, and nobody would be called."""
    header = ",".join(name.format(number) for number in (9, *range(1, 9)))

    results, ended = listed(written(tmp_path, f"{header}\n3,0,0,0,0,0,0,0,1\n"), "phq-9")

    assert [flag["item"] for flag in results[0]["flags"]] == [9]
    assert (results[0]["total"], ended) == (4, "")


def test_header_may_leave_out_the_items_at_the_end_that_are_asked_only_sometimes(tmp_path: Path) -> None:
    results, ended = listed(written(tmp_path, "q4,q3,q2,q1\n0,0,0,0\n1,0,0,0\n"), "asq")

    assert ([[flag["item"] for flag in one["flags"]] for one in results], ended) == ([[], [4]], "")
    assert results[0]["band"] == "negative screen"


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("q1,q2,q3,q4,q5,q6,q7,q8,q8", "q8 stands there twice; q9 is missing"),
        ("q1,q2,q3,q4,q5,q6,q7,q8,item 8", "q8 stands there twice; q9 is missing"),
        ("q1,q2,q3,q4,q5,q6,q7,q8", "q9 is missing"),
        ("q1,q2,q3,q4,q5,q6,q7,q8,safety", "safety is no item of it; q9 is missing"),
        ("id,q1,q2,q3,q4,q5,q6,q7,q8,q9", "id is no item of it"),
        ("q1,q2,q3,q4,q5,q6,q7,q8,q9,", "a column without a name is no item of it"),
    ],
)
def test_header_that_names_some_items_is_refused_by_name(tmp_path: Path, header: str, words: str) -> None:
    out, path = StringIO(), written(tmp_path, f"{header}\n" + ",".join("0" * len(header.split(","))) + "\n")
    with pytest.raises(CommandError) as refused:
        call_command("score", "phq-9", "--file", str(path), "--as", "scores", stdout=out)

    assert f"the header names its items, but {words}." in str(refused.value)
    assert (refused.value.returncode, out.getvalue()) == (2, "")


def test_row_with_another_number_of_answers_than_a_header_of_items_is_named(tmp_path: Path) -> None:
    results, _ended = listed(written(tmp_path, "q2,q1\n1\n0,1\n"), "phq-2")

    assert results[0] == {"row": 2, "error": "phq-2: 1 answers were given; the header names 2 items."}
    assert results[1]["total"] == 1


@pytest.mark.parametrize("first", ["NA,NA", "n/a,", "NULL,none", "missing,missing", "NA,#N/A"])
def test_first_row_of_words_for_missing_is_somebodys(tmp_path: Path, first: str) -> None:
    results, ended = listed(written(tmp_path, f"{first}\n1,2\n"), "phq-2")

    assert (results[0]["row"], results[1]["total"], ended) == (1, 3, "1 row could not be scored. Status 2.")


@pytest.mark.parametrize(
    ("content", "cause"),
    [
        (b"0,1\r1,1\r", "lines end with CR alone"),
        (b"0;1\n1;1\n", "stand between semicolons"),
        (b"q1\tq2\n1\t1\n", "stand between tabs"),
        ("0,1\n1,1\n".encode("utf-16"), "saved as UTF-16"),
        ("0,1\n1,1\n".encode("utf-16-be"), "saved as UTF-16"),
        ("0,1\n1,1\n".encode("utf-16-le"), "saved as UTF-16"),
    ],
)
def test_file_that_was_saved_otherwise_is_refused_once_with_the_cause(
    tmp_path: Path, content: bytes, cause: str
) -> None:
    out = StringIO()
    with pytest.raises(CommandError, match=cause) as refused:
        call_command(
            "score", "phq-2", "--file", str(written(tmp_path, content)), "--as", "scores", "--json", stdout=out
        )

    assert (refused.value.returncode, out.getvalue()) == (2, "")


def test_row_is_named_by_its_line_below_a_header_of_several_lines_and_empty_ones(tmp_path: Path) -> None:
    path = written(tmp_path, '\n"interest,\nin things",mood\n\n1,2\n9,9\n')
    results, _ended = listed(path, "phq-2")
    out = StringIO()
    with pytest.raises(CommandError):
        call_command("score", "phq-2", "--file", str(path), "--as", "scores", stdout=out)

    assert [one.get("row") for one in results] == [4, None, 6]
    assert [line.split()[0] for line in out.getvalue().splitlines()] == ["row", "4", "5", "6"]


@pytest.mark.parametrize("place", [0, 1, 2])
def test_quotation_mark_that_stays_open_takes_no_other_row_with_it(tmp_path: Path, place: int) -> None:
    lines = ["3,3"] * 3
    lines[place] = '"1,2'

    results, ended = listed(written(tmp_path, "\n".join(lines)), "phq-2")

    assert [one.get("total") for one in results] == [None if at == place else 6 for at in range(3)]
    assert results[place]["row"] == place + 1
    assert ended == "1 row could not be scored. Status 2."


def test_what_stands_in_a_cell_is_told_as_text(tmp_path: Path) -> None:
    """A listing of rows that were refused is looked at on a terminal and in a spreadsheet: nothing in it acts."""
    cells = ["\x1b[2J", "\x9b2J", "\u202e1", "=cmd|'/c calc'!A1", "+1", "@SUM(1)", "x" * 5_000]

    results, _ended = listed(written(tmp_path, "1,1\n" + "".join(f"{cell},1\n" for cell in cells)), "phq-2")

    told = [one["error"] for one in results[1:]]
    assert len(told) == len(cells)
    assert all(one.startswith("phq-2, item 1: ") and one.isprintable() and len(one) < 120 for one in told)


def test_row_that_is_no_text_or_cannot_be_read_is_named(tmp_path: Path) -> None:
    results, ended = listed(written(tmp_path, b"1,2\n\xff\xfe,2\n1," + b"1" * 200_000 + b"\n0,1\n"), "phq-2")

    assert [one.get("total") for one in results] == [3, None, None, 1]
    assert "field larger than field limit" in results[2]["error"]
    assert ended == "2 rows could not be scored. Status 2."


def test_file_of_choices(tmp_path: Path) -> None:
    results, _ = listed(written(tmp_path, ",".join(["0"] * 5) + "\n"), "who-5", "choices")

    assert results[0]["total"] == 100


def test_file_is_told_in_a_table(tmp_path: Path) -> None:
    out = StringIO()
    with pytest.raises(CommandError, match="1 row could not be scored"):
        call_command(
            "score", "epds", "--file", str(written(tmp_path, "0,0,0,0,0,0,0,0,0,1\nx\n")), "--as", "scores", stdout=out
        )

    lines = out.getvalue().splitlines()
    assert lines[1].split() == ["1", "1", "below", "10;", "item", "10:", "Brief", "safety", "assessment"]
    assert lines[2].split()[:3] == ["2", "-", "epds,"]


def test_lines_of_a_table_bear_the_numbers_of_the_rows_of_the_file(tmp_path: Path) -> None:
    """A header is a row too: a wrong row, and the right one after it, are found where their numbers say."""
    out = StringIO()
    with pytest.raises(CommandError, match="1 row could not be scored"):
        call_command(
            "score", "phq-2", "--file", str(written(tmp_path, "a,b\n0,1\n9,9\n1,1\n")), "--as", "scores", stdout=out
        )

    assert [line.split()[0] for line in out.getvalue().splitlines()] == ["row", "2", "3", "4"]


def test_choices_say_from_where_they_are_counted(tmp_path: Path) -> None:
    """Boxes on paper are numbered from 1: their numbers would be taken for positions, and change the total."""
    out = StringIO()
    call_command("score", "phq-2", "--file", str(written(tmp_path, "1,1\n")), "--as", "choices", stdout=out)

    for told_so in (out.getvalue(), told("score", "phq-2", "--choices", "1,1")):
        assert told_so.startswith("Read as positions of the options from 0")
    assert "from 0" not in told("score", "phq-2", "--scores", "1,1")
    assert "total" in document("score", "phq-2", "--choices", "1,1")


def test_name_in_capitals_is_the_same_name() -> None:
    assert document("score", "PHQ-2", "--scores", "1,1")["instrument"] == "phq-2"


@pytest.mark.parametrize("name", ["score", "import"])
def test_help_has_an_example_and_leaves_out_what_is_djangos(name: str) -> None:
    command = CommandLine(["firstlight", name]).fetch_command(name)

    told_so = command.create_parser("firstlight", name).format_help()

    assert f"For example: firstlight {name} " in told_so
    assert "--pythonpath" not in told_so
    assert "needed" in told_so


def test_bar_is_shown_on_a_terminal_only(tmp_path: Path) -> None:
    path, bar, silent = written(tmp_path, "1,2\n" * 5), Terminal(), StringIO()
    for errors in (bar, silent):
        call_command("score", "phq-2", "--file", str(path), "--as", "scores", stdout=StringIO(), stderr=errors)

    assert "100%" in bar.getvalue()
    assert silent.getvalue() == ""


def rows(how_many: int) -> Iterable[str]:
    return (f"{number % 4},{number % 3}\n" for number in range(how_many))


def test_long_file_never_stands_in_memory(tmp_path: Path) -> None:
    """Ten times the rows, not twice the memory."""
    peaks = []
    for how_many in (count(reduced=2_000, full=100_000), count(reduced=20_000, full=1_000_000)):
        path, out = written(tmp_path, "".join(rows(how_many))), Nowhere()
        tracemalloc.start()
        call_command("score", "phq-2", "--file", str(path), "--as", "scores", "--json", stdout=out)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert out.length > 100 * how_many

    assert peaks[1] < 2 * peaks[0]


def test_every_action_of_a_safety_rule_has_words() -> None:
    actions = {rule.action for definition in instruments().values() for rule in definition.safety}

    assert actions <= set(ACTIONS)


def test_every_level_of_a_safety_rule_is_a_step_of_the_ladder() -> None:
    levels = {rule.level for definition in instruments().values() for rule in definition.safety if rule.level}

    assert levels <= set(ladder().levels)
