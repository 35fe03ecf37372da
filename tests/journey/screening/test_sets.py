"""Sets by situation: what a clinician can send to whom, one a day, and never what cannot be asked."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client
from django_scopes import scope

from firstlight.clinical.instruments import NOT_APPLICABLE, Kind, instruments, sharing
from firstlight.ground.audit.models import AuditEvent
from firstlight.ground.people.errors import Refused
from firstlight.ground.people.models import Child, Episode, EpisodeState, Parent
from firstlight.ground.people.services import move, record_loss
from firstlight.journey.screening.models import QuestionSet, Result
from firstlight.journey.screening.offering import offers_for
from firstlight.journey.screening.selectors import open_sets_for, opens_at
from firstlight.journey.screening.services import answer, complete, enter_paper, link_for, send_set, skip, take_back
from firstlight.journey.screening.sets import SETS, Comes, question_sets
from firstlight.journey.screening.situations import does_not_fit, life_of
from tests.cast import NOW, House
from tests.journey.screening.shipping import held
from tests.journey.screening.telling import answer_all, bring_text, day_set, first_set, was_told
from tests.support.reading import words_of
from tests.support.signed_in import client_of

DAY = timedelta(days=1)
TODAY = date(2026, 11, 23)


@pytest.fixture(autouse=True)
def _inside_harbour(house: House) -> Iterator[None]:
    with scope(clinic=house.clinic.id), held("city-bits"), time_machine.travel(NOW, tick=False):
        yield


def episode_of(house: House, parent: Parent) -> Episode:
    return Episode.objects.filter(parent=parent).first() or Episode.objects.create(
        clinic=house.clinic, parent=parent, state=EpisodeState.INVITED, source="call", opened_at=NOW, moved_at=NOW
    )


def sent(house: House, name: str, *, to: str = "mother", at: datetime = NOW) -> QuestionSet:
    episode = episode_of(house, getattr(house, to))
    return send_set(episode=episode, set_name=name, by=house.actor("nurse"), at=at)


def refused(house: House, name: str, **more: Any) -> str:
    with pytest.raises(Refused) as told:
        sent(house, name, **more)
    return told.value.message


def sendable(house: House, parent: Parent) -> set[str]:
    return {one.plan.name for one in offers_for(house.actor("nurse"), parent, NOW).sent if not one.refusal}


def test_before_the_first_talk_only_four_are_asked() -> None:
    assert SETS["first"].instruments == ("asq", "phq-9", "gad-7", "health-10")
    assert [plan.name for plan in SETS.values() if plan.comes is Comes.INVITATION] == ["first"]


def test_mother_of_a_young_child_and_its_father_are_offered_what_fits_each(house: House) -> None:
    assert {"bond", "birth", "trauma", "brief"} <= sendable(house, house.mother)
    assert "other-parent" not in sendable(house, house.mother)
    assert {"other-parent", "trauma", "days"} <= sendable(house, house.father)
    assert {"birth", "bond"} & sendable(house, house.father) == set()


@pytest.mark.parametrize(
    ("relation", "gave_birth", "says"),
    [
        *((relation, None, "") for relation in ("father", "partner", "adoptive", "other")),
        ("unknown", None, "did not give birth"),
        ("other", TODAY - DAY, "did not give birth"),
    ],
)
def test_who_did_not_give_birth_is_asked_about_closeness_and_the_other_parent(
    house: House, relation: str, gave_birth: date | None, says: str
) -> None:
    house.father.relation, house.father.gave_birth_date = relation, gave_birth

    assert says in str(does_not_fit(SETS["other-parent"], life_of(house.father, TODAY)))
    assert ("other-parent" in sendable(house, house.father)) is (not says)
    Child.objects.all().delete()
    assert "24 months" in str(does_not_fit(SETS["other-parent"], life_of(house.father, TODAY)))


def test_father_reads_why_who_and_how_long_and_answers_without_a_total(house: House) -> None:
    question_set = sent(house, "other-parent", to="father")
    page = words_of(client_of(house.father).get(f"/me/q/{question_set.id}/").content.decode())
    for said in (
        "You, your child, and the two of you as parents.",
        "About 2 minutes",
        "Your team asks you too",
        "Prescribers, nurses and therapists",
        "A person can ask you instead.",
    ):
        assert said in page

    answer_all(house, question_set, {"other-parent:help": NOT_APPLICABLE, "other-parent:talk": NOT_APPLICABLE})
    complete(question_set=question_set, by=house.actor("father"), at=NOW + timedelta(minutes=1))

    result = Result.objects.get()
    assert (result.complete, result.total, result.maximum) == (True, None, None)


def test_daily_life_has_a_total_out_of_what_applies(house: House) -> None:
    question_set = sent(house, "days")
    values = {"home": 5, "care": NOT_APPLICABLE, "work": NOT_APPLICABLE, "people": 7, "yourself": 3}
    answer_all(house, question_set, {f"daily-life:{key}": value for key, value in values.items()})
    complete(question_set=question_set, by=house.actor("mother"), at=NOW + timedelta(minutes=1))

    result = Result.objects.get()
    assert (result.complete, result.total, result.maximum) == (True, 50, 100)


def test_words_that_speak_to_a_mother_are_sent_to_nobody_else_nor_in_a_translation_of_them(house: House) -> None:
    """Item 13 of the PBQ says "mother", and nothing else of it was found in two places."""
    assert "speak to a mother" in refused(house, "bond", to="father")
    for relation in ("partner", "adoptive", "other", "unknown"):
        house.father.relation = relation
        assert "bond" not in sendable(house, house.father)

    bring_text(house, "pbq")

    assert "bond" not in sendable(house, house.father)
    assert "speak to a mother" in refused(house, "bond", to="father")


@pytest.mark.parametrize(
    ("born", "fits"),
    [
        (date(2024, 11, 24), True),
        (date(2024, 11, 23), False),
        (date(2026, 11, 23), True),
        (date(2026, 11, 24), False),
        (date(2020, 1, 1), False),
    ],
)
def test_birth_counts_for_24_months(house: House, born: date, *, fits: bool) -> None:
    house.mother.gave_birth_date = born

    assert (does_not_fit(SETS["birth"], life_of(house.mother, TODAY)) == "") is fits


def test_mother_whose_day_is_not_written_down_is_told_by_her_child(house: House) -> None:
    house.mother.gave_birth_date = None
    assert life_of(house.mother, TODAY).gave_birth_lately

    Child.objects.all().delete()
    assert not life_of(house.mother, TODAY).gave_birth_lately


def test_after_a_loss_nothing_about_a_baby_is_sent_to_either_parent(house: House) -> None:
    record_loss(family=house.mother.family, by=house.actor("nurse"), at=NOW)

    for parent in (house.mother, house.father):
        assert sendable(house, parent) & {plan.name for plan in SETS.values() if plan.about_child} == set()
    assert "a loss is recorded" in refused(house, "bond")
    assert "trauma" in sendable(house, house.mother)


def test_loss_takes_back_what_waits_about_the_child_and_leaves_the_rest(house: House) -> None:
    about_child, other = sent(house, "bond"), sent(house, "trauma")

    record_loss(family=house.mother.family, by=house.actor("nurse"), at=NOW + timedelta(hours=1))

    waiting = open_sets_for(house.actor("mother"), NOW + 3 * DAY)
    assert [one.set_name for one in waiting] == ["trauma"]
    assert other in waiting
    assert about_child not in waiting


def test_set_about_the_child_that_was_begun_before_a_loss_says_that_its_time_is_over(house: House) -> None:
    begun = sent(house, "bond")
    answer(question_set=begun, item="pbq:q1", value=0, by=house.actor("mother"), at=NOW)
    record_loss(family=house.mother.family, by=house.actor("nurse"), at=NOW + timedelta(hours=1))
    page = client_of(house.mother).get(f"/me/q/{begun.id}/")

    assert page.status_code == 410
    assert "Nothing more is needed from you here." in words_of(page.content.decode())


def test_instrument_without_text_is_never_sent_and_the_reason_is_said(house: House) -> None:
    assert QuestionSet.objects.count() == 0
    for name in ("mood-birth", "highs", "living"):
        assert refused(house, name)
    offers = {one.plan.name: str(one.refusal) for one in offers_for(house.actor("nurse"), house.mother, NOW).sent}
    assert all(offers[name] for name in ("mood-birth", "highs", "living"))
    assert QuestionSet.objects.count() == 0


def test_one_set_a_day_falls_to_the_parent(house: House) -> None:
    first_set(house)

    dates = [opens_at(sent(house, name)).astimezone(ZoneInfo(house.mother.timezone)) for name in ("bond", "trauma")]

    assert [at.date() for at in dates] == [date(2026, 11, 24), date(2026, 11, 25)]
    assert {at.hour for at in dates} == {question_sets().opens_at_hour}


def test_first_one_of_a_day_opens_at_once(house: House) -> None:
    assert opens_at(sent(house, "bond")) == NOW
    assert open_sets_for(house.actor("mother"), NOW)


def test_day_is_the_parents_own(house: House) -> None:
    """Monday 14:00 UTC is Tuesday already on the clocks of Kiritimati."""
    house.mother.timezone = "Pacific/Kiritimati"
    house.mother.save()
    sent(house, "bond")

    assert opens_at(sent(house, "trauma")).astimezone(ZoneInfo("Pacific/Kiritimati")).date() == date(2026, 11, 25)


def test_day_of_a_set_that_was_taken_back_is_free_again(house: House) -> None:
    take_back(question_set=sent(house, "bond"), by=house.actor("nurse"), at=NOW)

    assert opens_at(sent(house, "trauma", at=NOW + timedelta(minutes=1))) == NOW + timedelta(minutes=1)


def test_set_that_stands_open_is_not_sent_again(house: House) -> None:
    sent(house, "bond")

    assert "open already" in refused(house, "bond")


def test_set_is_not_sent_while_its_recall_runs(house: House) -> None:
    question_set = sent(house, "brief")
    answer_all(house, question_set, dict.fromkeys(("phq-2:q1", "phq-2:q2"), 0))
    complete(question_set=question_set, by=house.actor("mother"), at=NOW)

    assert "14 days" in refused(house, "brief")
    assert sent(house, "brief", at=NOW + 15 * DAY)


def test_two_questions_are_not_sent_while_the_nine_of_which_they_are_were_answered(house: House) -> None:
    """PHQ-2, PHQ-4, PHQ-9 and GAD-7 share questions: the same code is the same question."""
    assert sharing("phq-2") == {"phq-2", "phq-4", "phq-9"}
    assert sharing("gad-7") == {"phq-4", "gad-7"}
    first = first_set(house)
    answer_all(house, first)
    complete(question_set=first, by=house.actor("mother"), at=NOW + timedelta(minutes=1))

    assert refused(house, "brief", at=NOW + DAY) == (
        "It asks about 14 days, and was answered in them. Again from Mon 7 Dec 09:00."
    )
    assert sent(house, "brief", at=NOW + 15 * DAY)


def test_what_may_follow_holds_a_set_back_too(house: House) -> None:
    """The twenty questions on hard experiences came in on paper: the five that bring them are not sent."""
    enter_paper(
        episode=house.episode,
        instrument="pcl-5",
        values={f"q{number}": 1 for number in range(1, 21)},
        filled_in_date=TODAY,
        handed_in_by="parent",
        entered_twice=False,
        by=house.actor("nurse"),
        at=NOW,
    )

    assert "asks about 28 days" in refused(house, "trauma", at=NOW + DAY)


def test_questionnaire_with_a_question_passed_over_has_no_total_and_can_be_sent_again(house: House) -> None:
    question_set = sent(house, "brief")
    answer(question_set=question_set, item="phq-2:q1", value=0, by=house.actor("mother"), at=NOW)
    skip(question_set=question_set, item="phq-2:q2", by=house.actor("mother"), at=NOW)
    complete(question_set=question_set, by=house.actor("mother"), at=NOW)

    assert sent(house, "brief", at=NOW + DAY)


def test_set_that_was_begun_cannot_be_taken_back(house: House) -> None:
    question_set = sent(house, "bond")
    answer(question_set=question_set, item="pbq:q1", value=0, by=house.actor("mother"), at=NOW)

    assert not take_back(question_set=question_set, by=house.actor("nurse"), at=NOW)
    assert question_set in open_sets_for(house.actor("mother"), NOW + DAY)


@pytest.mark.parametrize("role", ["administrator", "mother", "father"])
def test_only_who_may_read_the_answers_sends_questions(house: House, role: str) -> None:
    with pytest.raises(Refused, match="may read the answers"):
        send_set(episode=house.episode, set_name="bond", by=house.actor(role), at=NOW)


def test_nothing_is_sent_after_care_has_ended(house: House) -> None:
    house.episode.state = EpisodeState.CLOSED

    with pytest.raises(Refused, match="Care has ended"):
        send_set(episode=house.episode, set_name="bond", by=house.actor("nurse"), at=NOW)


@pytest.mark.parametrize(
    ("how", "left"), [("declined", []), ("transferred", []), ("closed", []), ("stopped", ["brief"])]
)
def test_what_would_wait_for_ever_is_taken_back_when_care_ends(
    house: House, other_house: House, how: str, left: list[str]
) -> None:
    begun = sent(house, "brief")
    answer(question_set=begun, item="phq-2:q1", value=1, by=house.actor("mother"), at=NOW)
    with scope(clinic=other_house.clinic.id):
        outsiders = sent(other_house, "brief")
    Episode.objects.filter(id=house.episode.id).update(state="active" if how != "declined" else "assessed")
    house.episode.refresh_from_db()

    move(episode=house.episode, to=how, reason="Told so.", by=house.actor("prescriber"), at=NOW + DAY)

    assert [one.set_name for one in open_sets_for(house.actor("mother"), NOW + DAY)] == left
    with scope(clinic=other_house.clinic.id):
        assert open_sets_for(other_house.actor("mother"), NOW + DAY) == [outsiders]


def test_set_for_a_schedule_is_not_sent_by_hand(house: House) -> None:
    assert "no such set" in refused(house, "day")
    assert "no such set" in refused(house, "mind")


def test_clinician_sends_a_set_and_takes_it_back_on_the_page(house: House) -> None:
    ines, address = client_of(house.therapist), f"/clinic/people/{house.mother.id}/answers/sets/"
    page = words_of(ines.get(address).content.decode())
    assert "Closeness to the child" in page
    assert "The text is licensed" in page or "not part of Firstlight yet" in page

    assert ines.post(f"{address}send/", {"set": "bond"}).status_code == 303
    question_set = QuestionSet.objects.get()
    assert "not begun" in words_of(ines.get(address).content.decode())
    assert ines.post(f"{address}{question_set.id}/withdraw/").status_code == 303

    assert open_sets_for(house.actor("mother"), NOW + DAY) == []
    assert AuditEvent.objects.filter(action="screening.taken_back").count() == 1


def test_page_says_why_it_did_not_send(house: House) -> None:
    answer = client_of(house.nurse).post(f"/clinic/people/{house.mother.id}/answers/sets/send/", {"set": "highs"})

    assert answer.status_code == 422
    assert "This was not done." in words_of(answer.content.decode())


def test_nobody_else_opens_the_page(house: House, other_house: House) -> None:
    address = f"/clinic/people/{house.mother.id}/answers/sets/"

    for person in (other_house.nurse, house.administrator):
        for method in ("get", "post"):
            suffix = "" if method == "get" else "send/"
            assert getattr(client_of(person), method)(f"{address}{suffix}", {"set": "bond"}).status_code in {403, 404}
    assert QuestionSet.objects.count() == 0


def ways_in(house: House, question_set: QuestionSet) -> list[tuple[Client, str]]:
    """Return both ways in to a set: signed in, and by the link of a message."""
    by_link = link_for(question_set=question_set, by=house.actor("nurse"), at=NOW)
    return [(client_of(house.mother), f"/me/q/{question_set.id}/"), (Client(), by_link)]


def first_page(client: Client, address: str) -> str:
    """Return what somebody reads before the first question is answered."""
    return words_of(client.get(address, follow=True).content.decode())


def test_parent_reads_what_a_set_is_and_what_skipping_stops_on_both_ways_in(house: House) -> None:
    question_set = sent(house, "bond")

    for client, address in ways_in(house, question_set):
        page = client.get(address)
        start = words_of(page.content.decode())
        for said in (
            "You and your child.",
            "About 4 minutes",
            "25 questions, one at a time",
            "Closeness can take time",
            "Prescribers, nurses and therapists",
            "Skip for now",
            "Nothing stops. A person can ask you instead. They stay here for you.",
        ):
            assert said in start
        assert "Maya" not in start or client.cookies
        assert client.get(address, follow=True).redirect_chain == []

    today = words_of(client_of(house.mother).get("/me/").content.decode())
    assert "You and your child." in today
    assert "before your first talk" not in today


@pytest.mark.parametrize("name", ["day", "day-full"])
def test_check_in_says_on_its_first_question_what_skipping_stops_and_needs_no_tap_more(house: House, name: str) -> None:
    question_set = day_set(house, set_name=name, expires_at=NOW + DAY)

    for client, address in ways_in(house, question_set):
        page = first_page(client, address)
        assert "How was your mood?" in page
        assert "about 1 minute" in page
        assert "Skip for now" in page
        assert (
            page.count("Your team then does not know how these hours were") >= 2
        )  # in the open, and under who sees it
        assert "They stay here for you until their time is over." in page


@pytest.mark.parametrize("name", ["first", "day"])
def test_words_before_questions_about_harm_say_it_too(house: House, name: str) -> None:
    question_set = day_set(house, set_name=name, told=False)

    for client, address in ways_in(house, question_set):
        page = first_page(client, f"{address}before/")
        assert SETS[name].skipping["en"] in page
        assert "Skip for now" in page


def test_link_that_is_skipped_leads_to_a_page_that_knows_the_clinic_and_nothing_else(house: House) -> None:
    question_set = sent(house, "bond")
    phone, address = ways_in(house, question_set)[1]

    page = phone.get(address).content.decode()
    later = phone.get(f"/me/c/later/{house.clinic.id}/").content.decode()

    assert f'href="/me/c/later/{house.clinic.id}/"' in page
    assert "The same link opens these questions again" in words_of(later)
    assert house.clinic.phone in later
    assert "child" not in words_of(later).casefold()
    assert phone.get(f"/me/c/later/{uuid4()}/").status_code == 404
    assert phone.get(address).status_code == 200


def test_start_page_of_a_link_shows_no_answer(house: House) -> None:
    was_told(house)
    question_set = sent(house, "bond")
    phone, address = ways_in(house, question_set)[1]
    phone.post(f"{address}1/", {"item": "pbq:q1", "value": "3"})

    page = phone.get(address).content.decode()

    assert "24 of 25 questions are left." in words_of(page)
    assert f'href="{address}2/"' in page
    assert "aria-pressed" not in page.split("</main>")[0]


def test_passing_over_a_question_says_where_it_leaves_no_total(house: House) -> None:
    maya, said = client_of(house.mother), "these cannot be added up"
    brief, bond = sent(house, "brief"), sent(house, "bond", at=NOW - DAY)
    for question_set in (brief, bond):
        assert said in words_of(maya.get(f"/me/q/{question_set.id}/1/").content.decode())

    first = first_set(house)
    pages = {
        position: words_of(maya.get(f"/me/q/{first.id}/{position}/").content.decode()) for position in (1, 5, 21)
    }  # of the four that cannot be passed over, of nine with a total, of health questions without one

    assert {position: said in page for position, page in pages.items()} == {1: False, 5: True, 21: False}


# One questionnaire that the clinic holds

IMPORTED = ("pba", "qids-sr16", "who-5", "pass", "madrs-s", "b-ipf", "mibs", "mpas", "ebi", "wai-sr", "kss", "c-ssrs")


def test_every_questionnaire_that_a_clinic_can_hold_is_asked_by_some_set() -> None:
    can_be_held = {name for name, one in instruments().items() if one.licensed and one.kind is Kind.QUESTIONNAIRE}

    assert can_be_held <= {name for plan in SETS.values() for name in plan.instruments}
    assert set(IMPORTED) <= {plan.instruments[0] for plan in SETS.values() if plan.alone}


SHIPPED = ("asq", "phq-9", "gad-7", "phq-4", "pcl-5")


def test_questionnaire_with_text_can_be_sent_alone_and_no_other(house: House) -> None:
    offered = {one.plan.name for one in offers_for(house.actor("nurse"), house.mother, NOW).sent}
    assert {name for name in offered if name.startswith("one-")} == {f"one-{name}" for name in SHIPPED}

    bring_text(house, *IMPORTED)

    assert {f"one-{name}" for name in (*SHIPPED, *IMPORTED)} <= sendable(house, house.mother)
    assert "licensed" in refused(house, "one-ceq")


@pytest.mark.parametrize("name", IMPORTED)
def test_imported_questionnaire_is_sent_answered_and_scored(house: House, name: str) -> None:
    bring_text(house, name)

    question_set = sent(house, f"one-{name}")
    not_from_zero = {
        "kss:q1",
        *(f"wai-sr:q{number}" for number in range(1, 13)),
        *(f"mpas:q{number}" for number in range(1, 20)),
    }
    answer_all(house, question_set, dict.fromkeys(not_from_zero, 1), at=NOW)
    complete(question_set=question_set, by=house.actor("mother"), at=NOW)

    assert Result.objects.get(instrument=name).complete


def test_after_a_loss_no_questionnaire_about_being_a_parent_is_sent(house: House) -> None:
    bring_text(house, *IMPORTED)
    record_loss(family=house.mother.family, by=house.actor("nurse"), at=NOW)

    alone = {name for name in sendable(house, house.mother) if name.startswith("one-")}

    whoever = ("qids-sr16", "who-5", "madrs-s", "b-ipf", "ebi", "wai-sr", "kss", "c-ssrs")
    assert alone == {f"one-{name}" for name in (*SHIPPED, *whoever)}


def test_one_shipped_questionnaire_is_sent_alone_keeps_its_recall_and_leaves_the_day_to_it(house: House) -> None:
    address = f"/clinic/people/{house.mother.id}/answers/sets/"
    page = words_of(client_of(house.nurse).get(address).content.decode())
    assert "Patient Health Questionnaire (PHQ-9) one questionnaire, about 2 minutes" in page
    client_of(house.nurse).post(f"{address}send/", {"set": "one-phq-9", "once": str(uuid4())})
    question_set = QuestionSet.objects.get()
    assert (question_set.instruments, opens_at(question_set)) == (["phq-9"], NOW)

    tomorrow = sent(house, "one-gad-7")
    assert opens_at(tomorrow).astimezone(ZoneInfo(house.mother.timezone)).date() > NOW.date()
    answer_all(house, question_set, at=NOW)
    complete(question_set=question_set, by=house.actor("mother"), at=NOW)

    assert Result.objects.get(instrument="phq-9").complete
    assert "14 days" in refused(house, "one-phq-9")
    assert "14 days" in refused(house, "brief")


def test_questionnaire_made_for_mothers_is_sent_to_no_other_parent_whatever_words_are_held(house: House) -> None:
    bring_text(house, *IMPORTED)
    for name in ("one-mpas", "one-mibs"):
        assert name in sendable(house, house.mother)
        assert refused(house, name, to="father") == "Its authors made it for mothers. It is not sent to another parent."

    Parent.objects.filter(id=house.father.id).update(relation="unknown")
    assert "does not say what this parent is to the child" in refused(house, "one-mpas", to="father")
    Parent.objects.filter(id=house.father.id).update(gave_birth_date=TODAY - 30 * DAY)
    assert {"one-mpas", "one-mibs"} <= sendable(house, Parent.objects.get(id=house.father.id))


def test_page_says_why_a_father_is_not_sent_what_was_made_for_mothers(house: House) -> None:
    bring_text(house, "mpas")
    episode_of(house, house.father)
    page = words_of(client_of(house.nurse).get(f"/clinic/people/{house.father.id}/answers/sets/").content.decode())

    reason = page.index("Its authors made it for mothers. It is not sent to another parent.")
    assert reason < page.index("Maternal Postnatal Attachment Scale (MPAS)")


def test_imported_questionnaire_that_asks_about_dying_is_followed_by_the_four_questions(house: House) -> None:
    bring_text(house, "qids-sr16")
    question_set = sent(house, "one-qids-sr16")

    answer(question_set=question_set, item="qids-sr16:q12", value=1, by=house.actor("mother"), at=NOW)

    assert question_set.instruments == ["qids-sr16", "asq"]


def test_parent_reads_no_name_of_an_imported_questionnaire(house: House) -> None:
    bring_text(house, "pba")
    question_set = sent(house, "one-pba")

    page = words_of(client_of(house.mother).get(f"/me/q/{question_set.id}/").content.decode())

    assert "Some questions from your care team." in page
    assert "urnout" not in page


def test_page_sends_an_imported_questionnaire_and_outsiders_find_nothing(house: House, other_house: House) -> None:
    bring_text(house, "pba")
    address = f"/clinic/people/{house.mother.id}/answers"
    page = words_of(client_of(house.nurse).get(f"{address}/sets/").content.decode())
    assert "Parental Burnout Assessment (PBA) one questionnaire, about 4 minutes" in page

    for stranger in (other_house.nurse, other_house.prescriber):
        tried = client_of(stranger).post(f"{address}/sets/send/", {"set": "one-pba", "once": str(uuid4())})
        assert tried.status_code == 404
    assert client_of(house.administrator).post(f"{address}/sets/send/", {"set": "one-pba"}).status_code in {403, 404}
    assert not QuestionSet.objects.exists()

    client_of(house.nurse).post(f"{address}/sets/send/", {"set": "one-pba", "once": str(uuid4())})
    assert QuestionSet.objects.get().instruments == ["pba"]


def test_other_clinic_that_holds_no_text_is_offered_none(house: House, other_house: House) -> None:
    bring_text(house, "pba")

    with scope(clinic=other_house.clinic.id):
        offered = offers_for(other_house.actor("nurse"), other_house.mother, NOW).sent
    assert {one.plan.instruments[0] for one in offered if one.plan.alone} == set(SHIPPED)
