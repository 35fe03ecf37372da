"""Why a check-in was not asked: recorded by a clinician, read where the answer is missing, and no silence of the parent's."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.http import Http404

from firstlight.clinical.evidence import DataError, data_file
from firstlight.ground.audit.models import AuditEvent
from firstlight.ground.people.errors import Refused
from firstlight.journey.response import selectors, services
from firstlight.journey.response.gaps import closed_about
from firstlight.journey.response.models import CheckIn
from firstlight.journey.response.reading import check_in_rows
from firstlight.journey.screening import reasons
from firstlight.journey.screening.models import NotAsked
from firstlight.journey.screening.not_asked import not_asked_about
from firstlight.journey.screening.selectors import open_sets_for
from firstlight.journey.screening.services import tap
from firstlight.journey.timeline.selectors.care import care_about
from tests.cast import House
from tests.journey.dosing.telling import Chair
from tests.journey.response.telling import DAY, HOUR, check_in, opened, opened_at
from tests.support.reading import words_of
from tests.support.signed_in import client_of

UNWELL = {"reason": "unwell", "words": "Fever and mastitis"}


def note(chair: Chair, rule: str, *, after: timedelta = HOUR, who: str = "nurse", **said: str) -> NotAsked:
    one = check_in(chair, rule)
    at = (one.expires_at or one.opened_at or chair.now) + after
    return chair.scoped(lambda: services.note_not_asked(check_in=one, by=chair.by(who), at=at, **(said or UNWELL)))


def silent(chair: Chair, now: Any) -> list[str]:
    return [one.parent.name for one in chair.scoped(lambda: selectors.who_does_not_answer(chair.by("nurse"), now))]


def test_reason_takes_a_missing_answer_off_the_list_and_out_of_what_is_missing(dosed: Chair) -> None:
    house, end = dosed.house, opened(dosed, "day-1").expires_at
    assert end is not None
    now = end + DAY
    assert silent(dosed, now) == [house.mother.name]
    missing = dosed.scoped(lambda: closed_about(dosed.by("nurse"), house.mother, now).unanswered)

    note(dosed, "day-1")

    assert missing == (1, 1)
    assert dosed.scoped(lambda: closed_about(dosed.by("nurse"), house.mother, now).unanswered) == (0, 0)
    assert silent(dosed, now) == []


def test_reason_stands_in_the_response_the_answers_and_on_the_timeline(dosed: Chair) -> None:
    mother, end = dosed.house.mother, opened(dosed, "day-1").expires_at
    assert end is not None
    note(dosed, "day-1")
    now, nurse = end + DAY, dosed.by("nurse")
    course = dosed.scoped(lambda: selectors.course_of(nurse, mother, now))
    (row,) = [one for one in check_in_rows(course, now) if one.noted]
    not_asked = dosed.scoped(lambda: closed_about(nurse, mother, now).not_asked)
    care = dosed.scoped(lambda: care_about(nurse, mother, now, not_asked))

    assert (row.words, row.notes) == ("Not asked", ("Too unwell to be asked: Fever and mastitis", "Ruth Calder"))
    assert "Not asked: Check-in. Too unwell to be asked: Fever and mastitis" in [one.words for one in care]
    with time_machine.travel(now, tick=False):
        page = words_of(client_of(dosed.house.nurse).get(f"/clinic/people/{mother.id}/answers/").content.decode())
    assert "Too unwell to be asked: Fever and mastitis Ruth Calder" in page


def test_what_is_to_come_never_opens_once_it_has_a_reason_and_does_when_that_is_taken_back(dosed: Chair) -> None:
    one = check_in(dosed, "day-1")
    at = one.due_at + HOUR
    dosed.scoped(lambda: services.note_not_asked(check_in=one, by=dosed.by("nurse"), at=dosed.now, **UNWELL))
    assert opened_at(dosed, at.replace(hour=17)) is None

    dosed.scoped(lambda: services.ask_after_all(check_in=one, by=dosed.by("nurse"), at=dosed.now))

    assert opened(dosed, "day-1") is not None
    stands = dosed.scoped(lambda: not_asked_about(dosed.by("nurse"), dosed.house.mother))
    assert stands == []
    assert dosed.scoped(NotAsked.objects.count) == 2


def test_open_one_is_taken_off_her_phone(dosed: Chair) -> None:
    question_set = opened(dosed, "day-1")
    at = question_set.assigned_at + HOUR
    one = check_in(dosed, "day-1")

    dosed.scoped(lambda: services.note_not_asked(check_in=one, by=dosed.by("nurse"), at=at, **UNWELL))

    assert dosed.scoped(lambda: open_sets_for(dosed.by("mother"), at)) == []
    with pytest.raises(Refused, match="cannot be opened again"):
        dosed.scoped(lambda: services.ask_after_all(check_in=one, by=dosed.by("nurse"), at=at))


def test_what_opened_together_has_one_reason(dosed: Chair) -> None:
    opened(dosed, "effects-1")
    together = check_in(dosed, "effects-1").question_set_id
    rules = dosed.scoped(lambda: set(CheckIn.objects.filter(question_set_id=together).values_list("rule", flat=True)))

    note(dosed, "effects-1")

    ended = dosed.scoped(lambda: set(CheckIn.objects.filter(ended_why="not-asked").values_list("rule", flat=True)))
    assert ended == rules
    assert dosed.scoped(NotAsked.objects.count) == 1


def test_another_reason_stands_in_place_of_the_first_which_stays_in_the_record(dosed: Chair) -> None:
    opened(dosed, "day-1")
    first = note(dosed, "day-1")
    second = note(dosed, "day-1", reason="language", words="")

    (stands,) = dosed.scoped(lambda: not_asked_about(dosed.by("nurse"), dosed.house.mother))
    assert stands.reason == "No words in a language that the parent reads"
    assert (second.amends_id, first.reason) == (first.id, "unwell")
    told = AuditEvent.objects.filter(action="check_in.not_asked").order_by("-sequence")[0]
    assert told.detail == {"reason": "language"}


def test_what_was_begun_or_ended_otherwise_gets_no_reason(dosed: Chair) -> None:
    question_set = opened(dosed, "day-1")
    question_set.parent = dosed.house.mother
    at = question_set.assigned_at + HOUR
    dosed.scoped(lambda: tap(question_set=question_set, item="check-in:mood", value=2, by=dosed.by("mother"), at=at))

    with pytest.raises(Refused, match="was answered, so it was asked"):
        note(dosed, "day-1")
    with pytest.raises(Refused, match="ended already"):
        note(dosed, "living-0")
    one = check_in(dosed, "day-3")
    with pytest.raises(Refused, match="No reason is recorded"):
        dosed.scoped(lambda: services.ask_after_all(check_in=one, by=dosed.by("nurse"), at=dosed.now))


@pytest.mark.parametrize(
    ("said", "says"),
    [
        ({"reason": "tired"}, "Choose a reason"),
        ({"reason": "other", "words": "  "}, "Write what it was"),
        ({"reason": "unwell", "words": "x" * 301}, "301 characters; it may have 300"),
    ],
)
def test_reason_that_says_nothing_is_refused_and_nothing_ends(dosed: Chair, said: dict[str, str], says: str) -> None:
    with pytest.raises(Refused, match=says):
        note(dosed, "day-1", **said)

    assert check_in(dosed, "day-1").ended_at is None


@pytest.mark.parametrize("who", ["mother", "administrator"])
def test_only_who_may_read_answers_records_a_reason(dosed: Chair, who: str) -> None:
    with pytest.raises(Refused, match="may read the answers"):
        note(dosed, "day-1", who=who)


def test_clinician_records_and_takes_back_on_the_page_and_outsiders_find_nothing(
    dosed: Chair, outsiders: House
) -> None:
    mother, one = dosed.house.mother, check_in(dosed, "day-1")
    record, address = (
        f"/clinic/people/{mother.id}/response/",
        f"/clinic/people/{mother.id}/response/{one.id}/not-asked/",
    )
    with time_machine.travel(dosed.now, tick=False):
        nurse, outsider = client_of(dosed.house.nurse), client_of(outsiders.nurse)
        assert outsider.get(address).status_code == 404
        assert outsider.post(address, UNWELL).status_code == 404
        assert "Not asked?" in nurse.get(record).content.decode()
        assert "Too unwell to be asked" in nurse.get(address).content.decode()
        assert nurse.post(address, {"reason": "other"}).status_code == 422
        assert nurse.post(address, UNWELL).status_code == 303
        page = words_of(nurse.get(record).content.decode())
        assert "Too unwell to be asked: Fever and mastitis; Ruth Calder" in page
        assert "Fever and mastitis" in nurse.get(address).content.decode()
        assert nurse.post(address, {"do": "undo"}).status_code == 303
        assert "Fever and mastitis" not in nurse.get(record).content.decode()


def test_outsiders_read_no_reason(dosed: Chair, outsiders: House) -> None:
    note(dosed, "day-1")

    with pytest.raises(Http404):
        dosed.scoped(lambda: not_asked_about(outsiders.actor("nurse"), dosed.house.mother))


def test_two_reasons_with_one_key_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    page = dict(data_file("firstlight.journey.screening", "data/not_asked.yaml"))
    page["reasons"] = [*page["reasons"], page["reasons"][0]]
    monkeypatch.setattr(reasons, "data_file", lambda *_path: page)

    with pytest.raises(DataError, match="two reasons have one key"):
        reasons.reasons.__wrapped__()
