from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from firstlight.ground.documents import services
from firstlight.ground.documents.printing import pdf
from firstlight.ground.documents.selectors import document_for, documents_of, intact, signatures_of
from firstlight.ground.people.once import once, see_other
from firstlight.ground.people.permissions import Permission
from firstlight.ground.people.policies import parent, staff
from firstlight.ground.people.requests import ClinicRequest
from firstlight.ground.people.selectors import parent_for


@staff(Permission.RECORD_READ)
@require_GET
def of_parent(request: ClinicRequest, parent_id: UUID) -> HttpResponse:
    """Show the documents of one record."""
    whose = parent_for(request.actor, parent_id)
    request.open_record(parent_id, "documents")
    documents = documents_of(request.actor, parent_id)
    return render(request, "documents/of_parent.html", {"parent": whose, "documents": documents})


@staff(Permission.RECORD_READ)
@require_GET
def document(request: ClinicRequest, document_id: UUID) -> HttpResponse:
    """Show one document of a record."""
    found = document_for(request.actor, document_id)
    request.open_record(found.parent_id, "document")
    context = {
        "parent": found.parent,
        "document": found,
        "signatures": signatures_of(found),
        "intact": intact(found),
        "may_release": request.actor.may(Permission.PLAN_WRITE) and found.released_at is None,
    }
    return render(request, "documents/document.html", context)


@staff(Permission.PLAN_WRITE)
@require_POST
def release(request: ClinicRequest, document_id: UUID) -> HttpResponse:
    """Give one document to the parent."""
    found = document_for(request.actor, document_id)

    def act() -> HttpResponse:
        services.release(document=found, by=request.actor, at=request.now)
        return see_other(reverse("documents:document", args=[found.id]))

    return once(request, act)


@staff(Permission.RECORD_READ)
@require_GET
def printed(request: ClinicRequest, document_id: UUID) -> HttpResponse:
    """Give one document of a record as PDF."""
    return _pdf(request, document_id)


@parent()
@require_GET
def mine(request: ClinicRequest) -> HttpResponse:
    """Show the parent what she was given."""
    assert request.actor.parent_id is not None  # the policy asked for it
    request.open_record(request.actor.parent_id, "documents")
    documents = documents_of(request.actor, request.actor.parent_id)
    return render(request, "documents/mine.html", {"documents": documents})


@parent()
@require_GET
def my_document(request: ClinicRequest, document_id: UUID) -> HttpResponse:
    """Show the parent one document that she was given."""
    found = document_for(request.actor, document_id)
    request.open_record(found.parent_id, "document")
    context = {"document": found, "signatures": signatures_of(found)}
    return render(request, "documents/my_document.html", context)


@parent()
@require_GET
def my_printed(request: ClinicRequest, document_id: UUID) -> HttpResponse:
    """Give the parent one of her documents as PDF."""
    return _pdf(request, document_id)


def _pdf(request: ClinicRequest, document_id: UUID) -> HttpResponse:
    found = document_for(request.actor, document_id)
    request.open_record(found.parent_id, "document.pdf")
    response = HttpResponse(pdf(found), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="document-{found.id.hex[:8]}.pdf"'
    return response
