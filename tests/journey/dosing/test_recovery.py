"""The modified Aldrete after a dose: five rows make a total, a correction is a new row, and nobody is held back by it."""

import re
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from firstlight.clinical.instruments import instrument
from firstlight.ground.people.errors import Refused
from firstlight.journey.dosing import services
from firstlight.journey.dosing.models import RecoveryScore, Summary
from firstlight.journey.dosing.recovery import latest_shown, total_text
from firstlight.journey.dosing.services import Contradicts
from tests.journey.dosing.telling import AWAKE, Chair
from tests.journey.dosing.test_leaving import states, text_of
from tests.journey.dosing.test_pages import Browser, text, words
from tests.support.scale import STORIES

LEVELS = some.fixed_dictionaries({row: some.integers(0, 2) for row in RecoveryScore.ROWS})


def rows(chair: Chair) -> list[RecoveryScore]:
    return chair.scoped(lambda: list(RecoveryScore.objects.all()))


def correct(chair: Chair, row: RecoveryScore, *, reason: str = "Oxygen was on.", **values: int) -> RecoveryScore:
    return chair.scoped(
        lambda: services.amend_recovery(
            row=row,
            client_id=uuid4(),
            values={**row.values(), **values},
            reason=reason,
            by=chair.by("second_nurse"),
            at=chair.now,
        )
    )


def test_columns_are_the_rows_of_the_observation_table() -> None:
    assert instrument("aldrete").keys == RecoveryScore.ROWS


@settings(max_examples=STORIES, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(values=LEVELS)
def test_total_is_the_sum_of_five_rows_and_nine_is_recovered(chair: Chair, values: dict[str, int]) -> None:
    chair.session or chair.rested()
    with chair.undone():
        row, total = chair.score(**values), sum(values.values())

        shown = chair.told(latest_shown)

        assert shown is not None
        assert shown.total == total_text(row) == f"{total} of 10"
        assert shown.band == ("recovered (9 or more)" if total >= 9 else "not recovered")
        assert "Aldrete 1995" in shown.band_basis


@pytest.mark.begins("rested")
def test_same_score_sent_twice_is_one_row_and_another_one_contradicts(chair: Chair) -> None:
    device_id, version = uuid4(), chair.open.version

    first = chair.score(client_id=device_id)
    assert chair.after(1).score(client_id=device_id) == first
    with pytest.raises(Contradicts):
        chair.score(client_id=device_id, oxygen=1)

    assert rows(chair) == [first]
    assert chair.open.version == version + 1


@pytest.mark.parametrize(
    ("values", "field", "message"),
    [
        ({"activity": None}, "activity", "Movement is missing: the score needs all five rows."),
        ({"oxygen": None}, "oxygen", "Oxygen saturation is missing: the score needs all five rows."),
        ({"respiration": 3}, "respiration", "Breathing 3 cannot be. Possible: 2, 1, 0."),
        ({"consciousness": -1}, "consciousness", "Alertness -1 cannot be. Possible: 2, 1, 0."),
    ],
)
@pytest.mark.begins("rested")
def test_score_that_cannot_be_is_refused_in_plain_words(
    chair: Chair, values: dict[str, Any], field: str, message: str
) -> None:
    with pytest.raises(Refused) as refused:
        chair.score(**values)

    assert (refused.value.field, refused.value.message) == (field, message)
    assert rows(chair) == []


@pytest.mark.parametrize("stage", ["opened", "infusing", "left"])
def test_score_belongs_to_the_time_between_the_end_and_the_door(chair: Chair, stage: str) -> None:
    getattr(chair, stage)()

    with pytest.raises(Refused) as refused:
        chair.score()

    assert refused.value.field == "state"


@pytest.mark.begins("rested")
def test_lowest_score_holds_nobody_back_and_the_highest_opens_nothing(chair: Chair) -> None:
    with chair.undone():
        chair.score(**dict.fromkeys(AWAKE, 0))
        assert chair.waiting == []
        assert set(states(chair).values()) == {"met"}
        chair.leave()
        assert chair.open.state == "left"

    chair.score()
    chair.chart(moaas=4)
    with pytest.raises(Refused):
        chair.leave()


@pytest.mark.begins("rested")
def test_scores_are_never_changed_or_removed(chair: Chair) -> None:
    row = chair.score(circulation=1)

    for attempt in (
        lambda: RecoveryScore.objects.update(circulation=2),
        lambda: RecoveryScore.objects.all().delete(),
        row.delete,
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            chair.scoped(attempt)
    assert rows(chair)[0].values() == {**AWAKE, "circulation": 1}


@pytest.mark.begins("rested")
def test_correction_keeps_the_old_score_its_author_time_and_the_reason(chair: Chair) -> None:
    wrong = chair.score()
    chair.after(4)
    with pytest.raises(Refused) as refused:
        correct(chair, wrong, reason=" ", oxygen=1)
    assert refused.value.field == "reason"
    right = correct(chair, wrong, oxygen=1)
    with pytest.raises(Refused) as refused:
        correct(chair, wrong, oxygen=0)
    assert refused.value.message == "This score was corrected already. Correct the newer one."

    old, new = rows(chair)
    assert (old.oxygen, old.by, old.amends) == (2, chair.house.nurse.account, None)
    assert (new.oxygen, new.by, new.amends, new.reason) == (1, chair.house.second_nurse.account, old, "Oxygen was on.")
    assert (new.happened_at, new.written_at) == (old.happened_at, chair.now)
    assert chair.sheet.standing_scores == (right,)
    assert [entry.corrected for entry in chair.told_entries() if entry.score_id == old.id] == [
        "corrected by Tomas Reyes: Oxygen was on."
    ]


@pytest.mark.begins("rested")
def test_summary_holds_the_score_that_stands_with_its_citation(chair: Chair) -> None:
    row = chair.score(circulation=1)
    chair.leave()
    assert "12:00 | 2 | 2 | 1 | 2 | 2 | 9 of 10" in text_of(chair)

    chair.after(30)
    correct(chair, row, consciousness=1)

    said = text_of(chair)
    assert "12:00 | 2 | 2 | 1 | 1 | 2 | 8 of 10" in said
    assert "9 of 10 (" in said
    assert "corrected by Tomas Reyes: Oxygen was on." in said
    assert len(chair.scoped(lambda: list(Summary.objects.all()))) == 2
    blocks = chair.scoped(lambda: chair.sheet.summary.document.blocks)  # type: ignore[union-attr]  # she left
    cited = [block["paragraphs"] for block in blocks if block["heading"] == "Modified Aldrete"]
    assert cited == [["Aldrete 1995, the post-anesthesia recovery score revisited."]]


@pytest.mark.begins("left")
def test_session_without_a_score_has_no_word_of_it_in_the_summary(chair: Chair) -> None:
    assert "Aldrete" not in text_of(chair)


@pytest.mark.begins("rested")
def test_nurse_charts_it_on_the_page_where_she_lets_her_go(chair: Chair) -> None:
    browser = Browser(chair)
    before = browser.get()
    assert "not charted; leaving does not depend on it" in words(before)
    assert "Aldrete 1995, the post-anesthesia recovery score revisited." in words(before)
    assert not re.search(r'<input[^>]+name="(?:activity|oxygen)"[^>]+checked', text(before))

    half = browser.post("recovery/", client_id=uuid4(), **{**AWAKE, "oxygen": ""})
    assert half.status_code == 422
    assert "Oxygen saturation is missing: the score needs all five rows." in words(half)
    assert re.search(r'<input[^>]+name="activity"[^>]+value="2"[^>]+checked', text(half))
    assert browser.post("recovery/", client_id=uuid4(), **{**AWAKE, "oxygen": 7}).status_code == 422
    assert browser.post("recovery/", client_id=uuid4(), **AWAKE).status_code == 303

    page = words(browser.get())
    assert "Modified Aldrete 10 of 10 , recovered (9 or more) at 12:00, Ruth Calder" in page
    assert "Beside the plan: leaving does not depend on it. Found in one source. Aldrete 1995" in page
    assert "Modified Aldrete 10 of 10 (Movement: 2; Breathing: 2;" in page


@pytest.mark.begins("rested")
def test_correction_page_shows_the_old_score_and_leads_back(chair: Chair) -> None:
    row = chair.score()
    browser = Browser(chair)
    address = f"recovery/{row.id}/"

    assert len(re.findall(r'<input[^>]+value="2"[^>]+checked', text(browser.get(address)))) == 5
    assert browser.post(address, client_id=uuid4(), **AWAKE).status_code == 422
    done = browser.post(address, client_id=uuid4(), **{**AWAKE, "oxygen": 1}, reason="Oxygen was on.")

    assert done.status_code == 303
    assert "9 of 10" in words(browser.get())
    assert "corrected by Ruth Calder: Oxygen was on." in words(browser.get())
    assert browser.get(f"recovery/{uuid4()}/").status_code == 404


@pytest.mark.begins("rested")
def test_therapist_reads_the_score_and_charts_none(chair: Chair) -> None:
    row = chair.score()
    therapist = Browser(chair, "therapist")

    assert "Modified Aldrete 10 of 10" in words(therapist.get())
    assert therapist.post("recovery/", client_id=uuid4(), **AWAKE).status_code == 404
    assert therapist.get(f"recovery/{row.id}/").status_code == 404
