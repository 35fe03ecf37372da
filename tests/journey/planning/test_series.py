"""From a suitable decision to a booked series."""

from datetime import date, timedelta

from django_scopes import scope

from firstlight.ground.people.models import Credential
from firstlight.ground.visits.services import add_room
from firstlight.journey.consent.selectors import edition_for
from firstlight.journey.consent.services import sign, withdraw
from firstlight.journey.eligibility import services as eligibility
from firstlight.journey.eligibility.selectors import outcomes_of
from firstlight.journey.planning import services as planning
from firstlight.journey.planning.selectors import day_state, series_of
from firstlight.journey.therapists.services import choose, vet, write_profile
from tests.cast import NOW, House

MINUTE = timedelta(minutes=1)


def test_smoke(house: House) -> None:
    with scope(clinic=house.clinic.id):
        by, nurse = house.actor("prescriber"), house.actor("nurse")
        for kind, value in [
            ("weight", {"weight_g": 70_000}),
            ("height", {"height_cm": 168}),
            ("blood_pressure", {"sbp": 118, "dbp": 76}),
            ("pregnancy_test", {"result": "negative", "test_date": "2026-11-22"}),
            ("problem", {"nothing_else": True}),
            ("medicine", {"nothing_else": True}),
            ("allergy", {"nothing_else": True}),
            (
                "treatment_trial",
                {
                    "treatment": "Sertraline 100 mg",
                    "group": "ssri_snri",
                    "weeks": 10,
                    "adequate": True,
                    "outcome": "none",
                },
            ),
            ("indication", {"diagnosis": "Major depressive disorder", "severity": "severe"}),
            (
                "obstetric",
                {
                    "hypertensive_disorder": False,
                    "preeclampsia_this_pregnancy": False,
                    "preeclampsia_current": False,
                    "clearance": False,
                },
            ),
        ]:
            eligibility.record_baseline(parent=house.mother, kind=kind, value=value, by=nurse, at=NOW)
        run = eligibility.assess_now(episode=house.episode, by=by, at=NOW + MINUTE)
        reasons = {one.rule: "Weighed." for one in outcomes_of(run) if one.needs_reason}
        eligibility.decide(
            assessment=run, outcome="suitable", reason="Fits.", reviews=reasons, by=by, at=NOW + 2 * MINUTE
        )
        mother = house.actor("mother")
        right = {part: q.right for part, q in edition_for(house.mother, NOW).questions.items()}
        sign(
            parent=house.mother,
            episode=house.episode,
            by=mother,
            at=NOW + 3 * MINUTE,
            touch={"hand": True},
            teach_back=right,
        )
        order = planning.sign_order(episode=house.episode, mg_per_kg="0.5", by=by, at=NOW + 4 * MINUTE)
        assert order.dose_ug == 35_000
        assert house.episode.state == "active"
        Credential.objects.create(
            membership=house.therapist,
            kind="licence",
            number="1",
            region="NY",
            expires_date=date(2027, 5, 1),
            checked_date=date(2026, 11, 1),
            checked_by=house.administrator,
        )
        profile = write_profile(membership=house.therapist, works_with=["x"], languages=["en"], by=by, at=NOW)
        vet(profile=profile, on=date(2026, 11, 20), vetted_by=house.administrator, by=by, at=NOW)
        choose(episode=house.episode, therapist=house.therapist, by=mother, at=NOW)
        room = add_room(clinic_id=house.clinic.id, name="Room 1", by=by, at=NOW)
        proposals = planning.propose_series(
            episode=house.episode,
            nurse=house.nurse,
            first_date=date(2026, 11, 26),
            at=NOW + 5 * MINUTE,
            dosing_room=room,
        )
        assert len(proposals) == 13
        planning.book_series(episode=house.episode, visits=proposals, by=nurse, at=NOW + 6 * MINUTE)
        series = series_of(nurse, house.mother.id)
        state = day_state(series.doses[0].visit, NOW)
        withdraw(parent=house.mother, episode=house.episode, by=mother, at=NOW)
