"""`firstlight import instrument` and `firstlight export instrument`."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django_scopes import scope

from firstlight.clinical.instruments import instrument
from firstlight.ground.people.models import Account, Clinic
from firstlight.journey.screening.holding import instrument_for
from firstlight.journey.screening.models import HeldWording
from tests.cast import House, member
from tests.doors.fhir.shapes import Json, lforms, licensed, mii, written

ALLOWED = "Royal College of Psychiatrists, letter of 3 March 2026"


def run(command: str, *arguments: str) -> str:
    out = StringIO()
    call_command(command, "instrument", *arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def file(tmp_path: Path) -> Any:
    def write(form: Json) -> str:
        place = tmp_path / "form.json"
        place.write_text(written(form), encoding="utf-8")
        return str(place)

    return write


def lena(house: House) -> str:
    return house.administrator.account.email


def held(house: House) -> list[tuple[str, str]]:
    with scope(clinic=house.clinic.id):
        return sorted((one.instrument, one.language) for one in HeldWording.objects.filter(withdrawn_at=None))


@pytest.mark.parametrize("form", [lforms("phq-9"), mii("gad-7")])
def test_dry_run_shows_each_binding_and_opens_no_database(file: Any, form: Json) -> None:
    found = json.loads(run("import", file(form), "--dry-run", "--json"))

    assert found["dry_run"] is True
    assert [one["item"] for one in found["bindings"]] == list(range(1, len(found["bindings"]) + 1))
    assert {one["by"] for one in found["bindings"]} == {"code"}
    assert [answer["value"] for answer in found["bindings"][0]["answers"]] == [0, 1, 2, 3]
    assert found["left_out"][-1]["why"] == "result"


def test_dry_run_is_a_table_for_people(file: Any) -> None:
    printed = run("import", file(lforms("phq-9")), "--dry-run")

    assert "   1     19  code      /44250-9              0 1 2 3       Little interest or pleasure" in printed
    assert "left out: /69722-7" in printed
    assert "Nothing was written" in printed
    assert "phq-9, known by its code, tier A" in printed
    assert "phq-9, named with --as, tier A" in run("import", file(lforms("phq-9")), "--dry-run", "--as", "PHQ-9")


def test_dry_run_shows_first_what_a_person_compares(file: Any) -> None:
    form = licensed("epds") | {"version": "1987", "url": "http://owner.example/epds"}

    printed = run("import", file(form), "--dry-run").splitlines()

    assert printed[2:7] == [
        "File: active, version 1987, http://owner.example/epds",
        "Above all questions (en): “Licensed words: think of the last days.”",
        "Asked and charted here for: 7 days. Compare the two.",
        "Compare first: item 10, which calls for help (line 517, en): Licensed words, question 10",
        f"    answers: {', '.join(f'{4 - place} Licensed words, answer {place}' for place in range(1, 5))}",
    ]


def test_items_that_call_for_help_are_shown_in_every_language(file: Any) -> None:
    printed = run("import", file(mii("phq-9")), "--dry-run")

    ours = instrument("phq-9").item("q9").text["en"]
    assert ", en): " + ours in printed
    assert f", de): Deutsch: {ours}" in printed
    assert "Above all questions (de): “Deutsch: Over the last 2 weeks" in printed


def test_dry_run_says_aloud_what_is_odd_about_a_file(file: Any) -> None:
    form = lforms("phq-9") | {"experimental": True, "code": [{"system": "http://loinc.org", "code": "89204-2"}]}

    printed = run("import", file(form), "--dry-run", "--as", "phq-9")

    assert "The file calls itself a draft." in printed
    assert "The file calls itself experimental" in printed
    assert "The file has the code 89204-2, which is not known here." in printed
    said = json.loads(run("import", file(form), "--dry-run", "--json", "--as", "phq-9"))
    assert [one["kind"] for one in said["remarks"]] == ["draft", "experimental", "code"]
    assert (said["status"], said["recall_days"], said["calls_for_help"]) == ("draft", 14, [9])


def test_published_questionnaire_is_taken_in_as_it_is(house: House, file: Any) -> None:
    printed = run("import", file(mii("phq-9")), "--by", lena(house))

    assert printed.endswith("harbour holds these words now.\n")
    assert held(house) == [("phq-9", "de"), ("phq-9", "en")]


def test_licensed_text_is_held_with_the_permission(house: House, file: Any) -> None:
    stated = {"url": "http://owner.example/epds", "version": "1987"}
    run("import", file(licensed("epds") | stated), "--permission", ALLOWED, "--by", lena(house).upper())

    with scope(clinic=house.clinic.id):
        row = HeldWording.objects.get()
        assert (row.permission, row.holder, row.copyright) == (ALLOWED, "Harbour Clinic", "Copyright of its owner")
        assert row.source == "http://owner.example/epds|1987"
        assert row.imported_by == house.administrator.account
        definition = instrument_for(house.clinic.id, "epds")
    assert definition.worded
    assert definition.item("q3").text["en"] == "Licensed words, question 3"
    assert definition.item("q3").options[0].value == 3


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--by", "{lena}"], "--permission"),
        (["--permission", ALLOWED], "--by"),
        (["--permission", ALLOWED, "--by", "nobody@harbour.example"], "nobody with this email works anywhere"),
        (["--permission", ALLOWED, "--by", "{nurse}"], "--by .*@.*: This needs the right to import"),
        (["--permission", ALLOWED, "--by", "{lena}", "--clinic", "hillside"], "works in hillside"),
        (["--permission", ALLOWED, "--by", "{lena}", "--as", "phq-9"], "named like epds, not like phq-9"),
        (["--permission", ALLOWED, "--by", "{lena}", "--as", "unheard"], "there is no instrument unheard"),
    ],
)
def test_import_that_is_not_right_writes_nothing(
    house: House, other_house: House, file: Any, arguments: list[str], said: str
) -> None:
    people = {"lena": lena(house), "nurse": house.nurse.account.email}

    with pytest.raises(CommandError, match=said) as refusal:
        run("import", file(licensed("epds")), *(one.format(**people) for one in arguments))

    assert refusal.value.returncode == 2
    assert held(house) == []


def test_form_that_its_owner_licenses_comes_in_only_with_the_permission_and_never_leaves(
    house: House, file: Any
) -> None:
    with pytest.raises(CommandError, match="--permission"):
        run("import", file(licensed("c-ssrs")), "--by", lena(house))
    assert held(house) == []

    run("import", file(licensed("c-ssrs")), "--permission", ALLOWED, "--by", lena(house))

    assert held(house) == [("c-ssrs", "en")]
    with pytest.raises(CommandError, match="belongs to others"):
        run("export", "c-ssrs")


def test_who_works_in_two_clinics_says_for_which(house: House, other_house: House, file: Any) -> None:
    both = member(other_house.clinic, "Lena Twice", "administrator", "Manager")
    both.account = house.administrator.account
    both.save()
    command = ("import", file(licensed("epds")), "--permission", ALLOWED, "--by", lena(house))

    with pytest.raises(CommandError, match="--clinic: choose one of harbour, hillside"):
        run(*command)
    run(*command, "--clinic", "hillside")

    assert held(house) == []
    assert held(other_house) == [("epds", "en")]
    assert not instrument_for_in(house.clinic, "epds").worded


def instrument_for_in(clinic: Clinic, name: str) -> Any:
    with scope(clinic=clinic.id):
        return instrument_for(clinic.id, name)


def test_wrong_file_is_refused_with_line_and_path_and_writes_nothing(house: House, file: Any) -> None:
    form = licensed("epds")
    form["item"][4]["answerOption"][0]["extension"][0]["valueDecimal"] = 1
    place, out = file(form), StringIO()

    with pytest.raises(CommandError) as refusal:
        call_command("import", "instrument", place, "--permission", ALLOWED, "--by", lena(house), "--json", stdout=out)

    assert refusal.value.returncode == 2
    (problem,) = json.loads(out.getvalue())["problems"]
    assert problem["path"] == "$.item[4].answerOption[0].extension[0].valueDecimal"
    assert problem["message"] == "answer 1 of item 4 counts 1; 0 is expected"
    assert Path(place).read_text().splitlines()[problem["line"] - 1].strip() == '"valueDecimal": 1'
    assert held(house) == []


@pytest.mark.parametrize(("content", "said"), [(b"\xff\xfe\x00", "no text in UTF-8"), (b"{", "line 1")])
def test_file_that_cannot_be_read_is_named(tmp_path: Path, content: bytes, said: str) -> None:
    place = tmp_path / "broken.json"
    place.write_bytes(content)

    with pytest.raises(CommandError, match=said) as refusal:
        run("import", str(place), "--dry-run")

    assert refusal.value.returncode == 2
    with pytest.raises(CommandError, match="cannot be read"):
        run("import", str(tmp_path / "nothing.json"), "--dry-run")


def test_export_gives_a_questionnaire_that_import_takes(file: Any) -> None:
    exported = json.loads(run("export", "phq-9"))

    found = json.loads(run("import", file(exported), "--dry-run", "--json"))

    assert (found["instrument"], found["known_by"]) == ("phq-9", "code")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["epds"], "belongs to others"),
        (["unheard"], "there is no instrument"),
        (["phq-9", "--language", "de"], "is here in en"),
    ],
)
def test_export_of_what_cannot_be_given_is_refused(arguments: list[str], said: str) -> None:
    with pytest.raises(CommandError, match=said) as refusal:
        run("export", *arguments)

    assert refusal.value.returncode == 2


def test_nobody_is_imported_under_an_account_that_has_ended(house: House, file: Any) -> None:
    Account.objects.filter(id=house.administrator.account.id).update(is_active=False)

    with pytest.raises(CommandError, match="nobody with this email"):
        run("import", file(licensed("epds")), "--permission", ALLOWED, "--by", lena(house))
