"""Sign people in without the sign-in pages: for tests of everything behind them."""

from typing import TYPE_CHECKING

from django.http import HttpRequest
from django.test import Client
from django.utils import timezone

if TYPE_CHECKING:
    from firstlight.ground.people.models import Membership, Parent


def client_of(person: "Membership | Parent") -> Client:
    """Return a browser in which a staff member (second factor done) or a parent is signed in, from now on."""
    from firstlight.ground.people import sessions
    from firstlight.ground.people.models import Membership

    request = HttpRequest()
    request.META["REMOTE_ADDR"] = "127.0.0.1"
    request.session = sessions.new_session()
    client = Client()
    if isinstance(person, Membership):
        sessions.begin_staff(request, person.account, timezone.now(), membership_id=person.id)
        client.cookies["fl_clinic"] = sessions.saved_key(request)
    else:
        sessions.begin_parent(request, person, timezone.now())
        client.cookies["fl_me"] = sessions.saved_key(request)
    return client
