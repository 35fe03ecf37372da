"""Children, feeding as it changes, and a loss that silences."""

from datetime import date, timedelta
from typing import Any

import pytest
from django_scopes import scope
from time_machine import Traveller

from firstlight.ground.audit.models import AuditEvent
from firstlight.ground.people import services
from firstlight.ground.people.errors import Refused
from firstlight.ground.people.models import Child, Feeding, Loss, Parent
from tests.cast import NOW, House
from tests.ground.people.hands import once
from tests.support.signed_in import client_of


def test_feeding_keeps_what_was_said_before(house: House) -> None:
    with scope(clinic=house.clinic.id):
        nurse, family = house.actor("nurse"), house.mother.family
        child = services.add_child(family=family, birth_date=date(2026, 11, 1), fed_how="breast", by=nurse, at=NOW)
        services.record_feeding(child=child, fed_how="mixed", by=nurse, at=NOW + timedelta(days=9))

        assert Child.objects.get(id=child.id).fed_how == "mixed"
        said = Feeding.objects.filter(child=child).order_by("recorded_at").values_list("fed_how", "recorded_at")
        assert list(said) == [("breast", NOW), ("mixed", NOW + timedelta(days=9))]


@pytest.mark.parametrize(
    ("born", "why"),
    [(date(2026, 11, 24), "in the future"), (date(1926, 7, 6), "Check the year"), (date(3026, 1, 1), "future")],
)
def test_an_impossible_day_of_birth_is_refused(house: House, born: date, why: str) -> None:
    with scope(clinic=house.clinic.id), pytest.raises(Refused, match=why) as refused:
        services.add_child(family=house.mother.family, birth_date=born, by=house.actor("nurse"), at=NOW)

    assert (refused.value.field, refused.value.value) == ("birth_date", born)


def test_today_is_the_clinics_today(house: House) -> None:
    late_evening = NOW.replace(hour=3)  # 22:00 of the day before in New York
    with scope(clinic=house.clinic.id), pytest.raises(Refused, match="in the future"):
        services.add_child(family=house.mother.family, birth_date=NOW.date(), by=house.actor("nurse"), at=late_evening)


def test_a_loss_silences_both_parents_and_is_announced_once(house: House, announced: dict[str, Any]) -> None:
    with scope(clinic=house.clinic.id):
        therapist = house.actor("therapist")
        first = services.record_loss(family=house.mother.family, by=therapist, at=NOW)
        again = services.record_loss(family=house.mother.family, by=therapist, at=NOW + timedelta(days=1))

        assert first == again
        assert Loss.objects.count() == 1
        assert all(parent.family.silent_about_baby for parent in Parent.objects.select_related("family"))
    assert announced["loss.recorded"]["at"] == NOW
    assert AuditEvent.objects.filter(action="loss.recorded").count() == 1


def test_nothing_of_a_loss_stands_on_the_familys_own_pages(
    house: House, clock: Traveller, announced: dict[str, Any]
) -> None:
    with scope(clinic=house.clinic.id):
        services.record_loss(family=house.mother.family, by=house.actor("nurse"), at=NOW)

    for parent in (house.mother, house.father):
        page = client_of(parent).get("/me/you/").content.decode().lower()
        assert not any(word in page for word in ("loss", "baby", "child"))


def test_the_page_of_a_loss_says_what_follows_before_it_is_recorded(
    house: House, clock: Traveller, announced: dict[str, Any]
) -> None:
    client = client_of(house.therapist)
    page = f"/clinic/people/{house.mother.id}/family/loss/"
    assert "to either parent of this family" in client.get(page).content.decode()
    with scope(clinic=house.clinic.id):
        assert not Loss.objects.exists()

    form = once()
    assert {client.post(page, form)["Location"] for _press in range(2)} == {f"/clinic/people/{house.mother.id}/"}

    overview = client.get(f"/clinic/people/{house.mother.id}/").content.decode()
    assert "A loss was recorded." in overview
    assert "Record a loss" not in overview


def test_a_child_is_added_and_its_feeding_changed_on_the_pages(house: House, clock: Traveller) -> None:
    client, record = client_of(house.nurse), f"/clinic/people/{house.mother.id}/"
    client.post(
        f"{record}family/child/", {"birth_date": "2024-02-29", "fed_how": "no-milk", "born_preterm": "yes", **once()}
    )
    with scope(clinic=house.clinic.id):
        child = Child.objects.get(birth_date=date(2024, 2, 29))
        assert child.born_preterm is True
    client.post(f"{record}family/{child.id}/feeding/", {"fed_how": "formula", **once()})

    page = client.get(record).content.decode()
    assert "Thu 29 Feb 2024" in page
    assert "Formula only" in page


@pytest.mark.parametrize("given", ["2026-02-30", "29.2.2026", "soon", "", "0000-00-00", "9" * 100_000])
def test_a_day_that_is_none_is_named(house: House, clock: Traveller, given: str) -> None:
    page = f"/clinic/people/{house.mother.id}/family/child/"

    response = client_of(house.nurse).post(page, {"birth_date": given, "fed_how": "breast", **once()})

    assert response.status_code == 422
    assert "field-error" in response.content.decode()


def test_somebody_elses_child_is_not_found(house: House, other_house: House, clock: Traveller) -> None:
    with scope(clinic=other_house.clinic.id):
        theirs = Child.objects.get()

    response = client_of(house.nurse).get(f"/clinic/people/{house.mother.id}/family/{theirs.id}/feeding/")

    assert response.status_code == 404
