"""Documents: filed for good, signed as they were shown, given by a named person."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.http import Http404
from django_scopes import scope

from firstlight.ground.audit.models import AuditEvent
from firstlight.ground.documents import services
from firstlight.ground.documents.models import Document, Release, Signature
from firstlight.ground.documents.selectors import document_for, documents_of, intact, signatures_of
from firstlight.ground.people.errors import Refused
from firstlight.ground.vault.services import destroy_key
from tests.cast import NOW, House

BODY = [
    {
        "heading": "What",
        "paragraphs": ["Ketamine 0.5 mg/kg intravenous over 40 min."],
        "table": {"columns": ["Item", "Value"], "rows": [["Weight", "70 kg"], ["Dose", "35 mg"]]},
    }
]


@pytest.fixture(autouse=True)
def inside(house: House) -> Iterator[None]:
    with scope(clinic=house.clinic.id):
        yield


@pytest.fixture
def order(house: House) -> Document:
    return services.file_document(
        kind="order", parent=house.mother, title="Signed order", body=BODY, by=house.actor("prescriber"), at=NOW
    )


def test_document_reads_back_as_it_was_filed(house: House, order: Document) -> None:
    found = document_for(house.actor("nurse"), order.id)

    assert (found.title, found.blocks) == ("Signed order", BODY)
    assert intact(found)


def test_content_is_sealed_in_the_database(order: Document) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT title, body FROM documents_document")
        stored = str(cursor.fetchall())

    assert "Signed order" not in stored
    assert "Ketamine" not in stored


@pytest.mark.parametrize(
    ("body", "blocks"),
    [
        ("One.\n\nTwo.", [{"paragraphs": ["One.", "Two."]}]),
        ({"heading": "What"}, [{"heading": "What"}]),
        ({"blocks": [{"heading": "What"}]}, [{"heading": "What"}]),
        ([{"paragraphs": ("One.",)}], [{"paragraphs": ["One."]}]),
    ],
)
def test_body_is_text_a_block_or_blocks(body: services.Body, blocks: object) -> None:
    assert services.blocks_of(body) == blocks


@pytest.mark.parametrize(
    "body",
    [[{"html": "<b>"}], [{"table": {"columns": ["A", "B"], "rows": [["1"]]}}]],
    ids=["unknown part", "short row"],
)
def test_body_that_no_paper_can_hold_is_refused(body: services.Body) -> None:
    with pytest.raises(ValueError, match=r"A block has|Every row"):
        services.blocks_of(body)


def test_signature_is_bound_to_what_was_shown(house: House, order: Document) -> None:
    services.sign(document=order, meaning="signed the order", by=house.actor("prescriber"), at=NOW)

    [signature] = signatures_of(order)
    assert (signature.name, signature.role, signature.digest) == ("Amara Okafor", "prescriber", order.digest)


def test_same_person_signs_once_with_one_meaning(house: House, order: Document) -> None:
    by = house.actor("prescriber")
    services.sign(document=order, meaning="signed the order", by=by, at=NOW)
    services.sign(document=order, meaning="read it", by=by, at=NOW)

    with pytest.raises(Refused, match="signed this already"):
        services.sign(document=order, meaning="signed the order", by=by, at=NOW + timedelta(hours=1))


def test_document_that_is_not_what_was_filed_is_not_signed(house: House, order: Document) -> None:
    order.body = {"blocks": [{"paragraphs": ["Ketamine 5 mg/kg"]}]}

    with pytest.raises(Refused, match="not what was filed"):
        services.sign(document=order, meaning="signed the order", by=house.actor("prescriber"), at=NOW)

    assert not Signature.objects.exists()


def test_erased_document_reads_as_erased_and_its_digest_says_nothing(house: House, order: Document) -> None:
    destroy_key(owner_id=house.mother.id, at=NOW)

    found = document_for(house.actor("nurse"), order.id)
    assert (found.title, found.blocks) == ("[erased]", [])
    assert not intact(found)


def test_two_documents_with_the_same_words_have_different_digests(house: House) -> None:
    made = {
        services.file_document(
            kind="note", parent=house.mother, title="T", body="B", by=house.actor("nurse"), at=NOW
        ).digest
        for _ in range(2)
    }

    assert len(made) == 2


def test_parent_reads_only_what_was_given_to_her(house: House, order: Document) -> None:
    mother = house.actor("mother")
    assert documents_of(mother, house.mother.id) == []
    with pytest.raises(Http404):
        document_for(mother, order.id)

    services.release(document=order, by=house.actor("nurse"), at=NOW)

    assert documents_of(mother, house.mother.id) == [order]
    assert document_for(mother, order.id).released_at == NOW


def test_giving_twice_gives_once(house: House, order: Document) -> None:
    for hours in (0, 1):
        services.release(document=order, by=house.actor("nurse"), at=NOW + timedelta(hours=hours))

    assert Release.objects.get().at == NOW
    assert AuditEvent.objects.filter(action="document.released").count() == 1


def test_document_is_seen_by_nobody_else(house: House, other_house: House, order: Document) -> None:
    services.release(document=order, by=house.actor("nurse"), at=NOW)

    for actor in (house.actor("father"), house.actor("administrator"), other_house.actor("nurse")):
        with pytest.raises(Http404):
            document_for(actor, order.id)


@pytest.mark.parametrize("statement", ["UPDATE documents_document SET kind = 'x'", "DELETE FROM documents_document"])
def test_database_refuses_to_change_or_remove(order: Document, statement: str) -> None:
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
