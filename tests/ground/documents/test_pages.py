"""Pages of documents: the record's, the parent's, the paper."""

from collections.abc import Iterator

import pytest
import time_machine
from django.urls import reverse
from django_scopes import scope

from firstlight.ground.audit.models import AuditEvent
from firstlight.ground.documents import services
from firstlight.ground.documents.models import Document, Release
from tests.cast import NOW, House
from tests.support.signed_in import client_of


@pytest.fixture(autouse=True)
def today() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def order(house: House) -> Document:
    with scope(clinic=house.clinic.id):
        made = services.file_document(
            kind="order",
            parent=house.mother,
            title="Signed order",
            body="Ketamine <script>alert(1)</script>",
            by=house.actor("prescriber"),
            at=NOW,
        )
        services.sign(document=made, meaning="signed the order", by=house.actor("prescriber"), at=NOW)
        return made


def test_record_lists_and_shows_its_documents(house: House, order: Document) -> None:
    client = client_of(house.therapist)

    listed = client.get(reverse("documents:of_parent", args=[house.mother.id])).content.decode()
    page = client.get(reverse("documents:document", args=[order.id])).content.decode()

    assert "Signed order" in listed
    assert "&lt;script&gt;alert(1)" in page
    assert "Amara Okafor" in page
    assert "Give this to the parent" not in page  # a therapist may read, not give


def test_document_reaches_the_parent_once_it_is_given(house: House, order: Document) -> None:
    mother = client_of(house.mother)
    address = reverse("documents:my_document", args=[order.id])
    assert mother.get(address).status_code == 404
    assert "Nothing here yet" in mother.get(reverse("documents:mine")).content.decode()

    assert client_of(house.nurse).post(reverse("documents:release", args=[order.id])).status_code == 303

    assert "Signed order" in mother.get(reverse("documents:mine")).content.decode()
    assert "<title>Your paper</title>" in mother.get(address).content.decode()
    assert client_of(house.father).get(address).status_code == 404


def test_paper_is_a_file_with_a_neutral_name_that_nobody_keeps(house: House, order: Document) -> None:
    response = client_of(house.nurse).get(reverse("documents:printed", args=[order.id]))

    assert response.content[:4] == b"%PDF"
    assert response["Content-Disposition"] == f'attachment; filename="document-{order.id.hex[:8]}.pdf"'
    assert response["Cache-Control"] == "no-store"
    assert AuditEvent.objects.filter(action="read.document.pdf", parent_id=house.mother.id).count() == 1


@pytest.mark.parametrize("person", ["administrator", "therapist"])
def test_document_is_given_only_by_those_who_plan_care(house: House, order: Document, person: str) -> None:
    response = client_of(getattr(house, person)).post(reverse("documents:release", args=[order.id]))

    assert response.status_code == 404
    with scope(clinic=house.clinic.id):
        assert not Release.objects.exists()


def test_outsiders_find_nothing(house: House, other_house: House, order: Document) -> None:
    outsider = client_of(other_house.nurse)

    for name in ("document", "printed"):
        response = outsider.get(reverse(f"documents:{name}", args=[order.id]))
        assert response.status_code == 404
        assert "Signed order" not in response.content.decode()
    assert outsider.post(reverse("documents:release", args=[order.id])).status_code == 404
