"""Route × role × object: who asks for whose record, on every route there is (promises 8, 14 and 15)."""

import sys
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest
from django.core.checks import run_checks
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import clear_url_caches, path

from tests.site.asking import DENIED, Answer, ask, browser_of
from tests.site.objects import OF_HILLSIDE, OF_THE_CLINIC, PARENTS, PLAIN, WRONG_TOKEN, Registry, registry
from tests.site.routes import ROUTES, STAFF, TABLE, WITHOUT_A_RECORD, Route
from tests.support import scale
from tests.support.demo import Demo
from tests.support.figures import Figure

if TYPE_CHECKING:
    from firstlight.ground.people.permissions import Permission

ASKED = {"count": 0}
# Pages that lead on for somebody who has nothing to do there, and why.
LEADS_ON = {
    "people:staff_sign_out": "a page for sending only",
    "people:parent_sign_out": "likewise",
    "people:staff_everywhere": "likewise",
    "people:parent_everywhere": "likewise",
    "people:held_staff": "a form that is not kept, or not hers, leads home",
    "people:held_parent": "likewise",
    "people:member": "the page of somebody's place leads to the list",
    "screening:help": "help stands here only after an answer that asks for it",
    "screening:start": "answers that were sent already",
    "screening:question": "likewise",
    "screening:before": "likewise",
    "therapists:choose_for": "she works with this therapist already",
}
# A second lock: the page behind the permission asks for a right to read as well.
SECOND_LOCK = {
    "stock.witness given to therapist": "stock.read",
    "stock.witness given to administrator": "stock.read",
    "baseline.write given to administrator": "record.read",
    "note.write given to administrator": "record.read",
    "session.prescribe given to administrator": "session.read",
}


def each(wanted: Callable[[Route], bool] = lambda _route: True) -> pytest.MarkDecorator:
    """Run a test for every route that it is about."""
    found = [route for route in ROUTES if wanted(route)]
    return pytest.mark.parametrize("route", found, ids=[route.name for route in found])


def objects_of(route: Route) -> set[str]:
    """Return which arguments of a route name somebody's object."""
    return set(route.arguments) - set(PLAIN) - {"token", "key"}


@pytest.fixture(scope="module")
def known(demo: Demo) -> Registry:
    """Everybody, and everything that stands in an address."""
    return registry(demo)


@pytest.fixture(scope="module")
def browsers(known: Registry) -> dict[str, Client]:
    """One browser each: by role for Lantern House, `Hillside …` for the outsiders, by name for parents."""
    made: dict[str, Client] = {"nobody": browser_of(None)}
    made |= {letter: browser_of(known.staff["lantern-house"][role]) for letter, role in STAFF.items()}
    made |= {f"Hillside {letter}": browser_of(known.staff["hillside"][role]) for letter, role in STAFF.items()}
    return made | {key: browser_of(parent) for key, parent in known.parents.items()}


@pytest.fixture(scope="module", autouse=True)
def counted(figure: Figure) -> Iterator[None]:
    """Note how many requests the matrix made, in the run that makes them."""
    yield
    if ASKED["count"]:
        figure("route × role × object requests, none of which reached a foreign record", ASKED["count"])


def put(browser: Client, route: Route, values: dict[str, object], *, both: bool = False) -> list[Answer]:
    """Ask a route as it wants to be asked; `both`: read it, and send an empty form as well."""
    address = route.address(**values)
    ASKED["count"] += 1
    answers = [ask(browser, "GET", address)]
    if both or answers[0].status == 405:
        ASKED["count"] += 1
        answers.append(ask(browser, "POST", address))
    return answers if both else answers[-1:]


def names_but(*own: str) -> tuple[str, ...]:
    """Return the words that stand in other parents' records and names."""
    return tuple(name.split()[0] for key, name in PARENTS.items() if key not in own)


def leaked(answer: Answer, words: tuple[str, ...]) -> list[str]:
    """Return the words that an answer should not hold, in its body or a header."""
    return [word for word in words if word in answer.text]


def test_table_knows_every_route() -> None:
    named = {route.name for route in ROUTES}

    assert sorted(named - set(TABLE)) == [], "say in tests/site/routes.py whom these routes are meant for"
    assert sorted(set(TABLE) - named) == []
    assert sorted(WITHOUT_A_RECORD - set(TABLE)) == []


def test_registry_knows_every_argument(known: Registry) -> None:
    asked = {name for route in ROUTES for name in route.arguments}

    assert sorted(asked - set(known.of("maya", "ledger:witness"))) == []
    assert sorted(asked - set(known.of("zelda", "ledger:witness"))) == []


@each()
def test_staff_reach_what_their_role_is_meant_for_and_nothing_else(
    route: Route, known: Registry, browsers: dict[str, Client]
) -> None:
    wrong = []
    for letter in STAFF:
        (answer,) = put(browsers[letter], route, known.of("maya", route.name))
        admitted = letter in route.meant_for if route.realm == "/clinic/" and route.meant_for not in "L*" else None
        wrong += [f"{letter}: {fault}" for fault in faults(route, answer, admitted=admitted)]
        if route.realm == "/clinic/":
            wrong += [f"{letter}: shows {word}" for word in leaked(answer, OF_HILLSIDE)]
    assert wrong == []


def faults(route: Route, answer: Answer, *, admitted: bool | None) -> Iterator[str]:
    """Tell what is wrong with an answer to somebody of the own clinic. `admitted` None: not a page of the clinic."""
    if admitted is None:
        if answer.status >= 500 or answer.reads:
            yield f"{answer.status}, {answer.audited}"
    elif not admitted:
        if answer.status != 404 or answer.refusals != 1 or len(answer.audited) != 1:
            yield f"not refused once: {answer.status}, {answer.audited}"
        if words := leaked(answer, names_but()):
            yield f"refused, and shows {words}"
    else:
        yield from _admitted(route, answer)


def _admitted(route: Route, answer: Answer) -> Iterator[str]:
    if answer.status in {404, 405} or answer.status >= 500 or answer.refusals:
        yield f"turned away: {answer.status}, {answer.audited}"
    if answer.status in {302, 303} and route.name not in LEADS_ON and not answer.audited:
        yield f"leads to {answer.leads_to} and did nothing"
    reads = 0 if route.name in WITHOUT_A_RECORD or route.view.policy.poll else 1
    if answer.status in {200, 422} and answer.reads != reads:
        yield f"{answer.reads} read events: {answer.audited}"
    if answer.status == 200 and not reads and not route.view.policy.poll and (words := leaked(answer, names_but())):
        yield f"is no page of a record, and shows {words}"


@each(lambda route: route.realm == "/clinic/" and bool(objects_of(route)))
def test_foreign_objects_are_unknown_to_staff(route: Route, known: Registry, browsers: dict[str, Client]) -> None:
    asking = [(letter, "zelda") for letter in STAFF] + [(f"Hillside {letter}", "maya") for letter in STAFF]
    wrong = []
    for who, owner in asking:
        own = who.startswith("Hillside")
        for answer in put(browsers[who], route, known.of(owner, route.name), both=True):
            words = names_but("zelda") if own else OF_HILLSIDE
            wrong += [f"{who}: {fault}" for fault in denials(route, answer, words)]
    assert wrong == []


def denials(route: Route, answer: Answer, words: tuple[str, ...]) -> Iterator[str]:
    """Tell what is wrong with an answer about somebody else's record."""
    home = route.name in {"people:held_staff", "people:held_parent"} and answer.leads_to == route.realm
    if answer.status not in DENIED and not home:
        yield f"{answer.status} {answer.leads_to}"
    once = 0 if answer.status == 405 or home else 1
    if answer.refusals != once:
        yield f"{answer.refusals} refusals: {answer.audited}"
    if len(answer.audited) != answer.refusals:
        yield f"did something: {answer.audited}"
    if shown := leaked(answer, words):
        yield f"shows {shown}"


@each(lambda route: len(objects_of(route)) > 1)
def test_objects_of_two_records_do_not_fit_together(route: Route, known: Registry, browsers: dict[str, Client]) -> None:
    """One record's address with one object of another in it is as unknown to everybody as a record of another clinic."""
    wrong = []
    for place, (names, values) in enumerate(mixtures(route, known)):
        staff = STAFF if scale.FULL or place == 0 else route.meant_for
        asking = dict.fromkeys(staff, OF_HILLSIDE)
        if scale.FULL or "zelda" in names:
            asking |= {f"Hillside {letter}": names_but("zelda") for letter in staff}
        for who, words in asking.items():
            for answer in put(browsers[who], route, values, both=True):
                wrong += [f"{who}, {names}: {fault}" for fault in denials(route, answer, words)]
        for who in (*known.parents, "nobody") if scale.FULL or place == 0 else ():
            for answer in put(browsers[who], route, values, both=True):
                wrong += [f"{who}, {names}: {fault}" for fault in turned_away(answer)]
    assert wrong == []


@each(lambda route: len(objects_of(route)) > 1)
def test_objects_of_one_record_fit_together(route: Route, known: Registry, browsers: dict[str, Client]) -> None:
    """What is exchanged exists: each record's own address opens, so that only the mixture can be what is refused."""
    letter = next(one for one in STAFF if one in route.meant_for)
    asking = {"maya": letter, "elena": letter, "zelda": f"Hillside {letter}"}
    opened = {owner: put(browsers[who], route, known.of(owner, route.name))[0].status for owner, who in asking.items()}

    assert [owner for owner, status in opened.items() if status in DENIED] == []


def mixtures(route: Route, known: Registry) -> Iterator[tuple[str, dict[str, object]]]:
    """Yield a record's objects with one of them exchanged: another parent's, her partner's, another clinic's."""
    seen = [known.of(owner, route.name) for owner in known.parents]
    for other in ("elena", "jonas", "zelda"):
        for one, two in (("maya", other), (other, "maya")):
            for name in sorted(objects_of(route)):
                values = known.of(one, route.name) | {name: known.of(two, route.name)[name]}
                if route.address(**values) not in {route.address(**before) for before in seen}:
                    seen.append(values)
                    yield f"{name} of {two} in {one}'s", values


@each(lambda route: route.name != "demo:people")
def test_parents_reach_their_own_record_and_nothing_else(
    route: Route, known: Registry, browsers: dict[str, Client]
) -> None:
    wrong = []
    for who in ("maya", "jonas", "zelda"):
        for answer in put(browsers[who], route, known.of(who, route.name)) if fits(route, known, who) else []:
            if route.realm == "/clinic/" and route.meant_for not in "L*":
                wrong += [f"{who}: {fault}" for fault in turned_away(answer)]
            elif answer.status >= 500 or (answer.status in DENIED and route.meant_for == "M"):
                wrong.append(f"{who}: {answer.status}")
            wrong += [f"{who}: shows {word}" for word in leaked(answer, names_but(who))]
    assert wrong == []


def fits(route: Route, known: Registry, who: str) -> bool:
    """Tell whether somebody has an object for each argument."""
    return set(route.arguments) <= set(known.of(who, route.name))


def turned_away(answer: Answer) -> Iterator[str]:
    """Tell what is wrong with an answer to somebody who is not signed in here: sign-in it must be, and nothing noted."""
    to_sign_in = answer.status in {302, 303} and "/sign-in/" in answer.leads_to
    if (not to_sign_in and answer.status not in {401, 405}) or answer.audited:
        yield f"{answer.status} {answer.leads_to} {answer.audited}"


@each(lambda route: route.meant_for == "M" and bool(objects_of(route)))
def test_foreign_objects_are_unknown_to_parents(route: Route, known: Registry, browsers: dict[str, Client]) -> None:
    wrong = []
    for who, others in (("maya", ("jonas", "elena", "zelda")), ("jonas", ("maya", "zelda")), ("zelda", ("maya",))):
        for other in others:
            if objects_of(route) <= OF_THE_CLINIC and "zelda" not in (who, other):
                continue
            for answer in put(browsers[who], route, known.of(other, route.name), both=True):
                wrong += [f"{who} asks for {other}'s: {fault}" for fault in denials(route, answer, names_but(who))]
    assert wrong == []


@each(lambda route: route.name != "demo:people")
def test_nobody_is_led_to_sign_in(route: Route, known: Registry, browsers: dict[str, Client]) -> None:
    wrong = []
    for answer in put(browsers["nobody"], route, known.of("maya", route.name), both=route.meant_for not in "L*"):
        if route.meant_for not in "L*":
            wrong += list(turned_away(answer))
        elif answer.status >= 500:
            wrong.append(str(answer.status))
        wrong += leaked(answer, names_but())
    assert wrong == []


@each(lambda route: "token" in route.arguments)
def test_wrong_secret_opens_nothing(route: Route, known: Registry, browsers: dict[str, Client]) -> None:
    for answer in put(browsers["nobody"], route, PLAIN | {"token": WRONG_TOKEN}, both=True):
        assert answer.status in {404, 405, 410}
        assert leaked(answer, names_but()) == []
    (opened,) = put(browsers["nobody"], route, known.of("maya", route.name))
    assert opened.status == 200 or route.name == "screening:link_help"
    assert leaked(opened, names_but()) == []


def first_route(permission: "Permission", known: Registry, browser: Client, expected: set[int]) -> list[str]:
    """Return the routes of a permission whose answer is not what the table says."""
    asked = [route for route in ROUTES if route.view.policy.permission == permission]
    differing = []
    for route in asked:
        (answer,) = put(browser, route, known.of("maya", route.name))
        if (answer.status == 404) != (404 in expected):
            differing.append(route.name)
            break
    return differing


def used() -> "list[Permission]":
    """Return the permissions that routes ask for."""
    return sorted({route.view.policy.permission for route in ROUTES if route.view.policy.permission})


@pytest.mark.parametrize("letter", STAFF)
def test_matrix_notices_every_change_of_the_policy_table(
    letter: str, known: Registry, browsers: dict[str, Client]
) -> None:
    """Take each permission from a role, or give it one more: at least one expectation no longer holds."""
    from firstlight.ground.people.permissions import ROLES, Role

    role: Role = Role(STAFF[letter])
    survivors = []
    for permission in used():
        held = permission in ROLES[role]
        changed = ROLES[role] - {permission} if held else ROLES[role] | {permission}
        with patch.dict(ROLES, {role: changed}):
            if not first_route(permission, known, browsers[letter], expected={200} if held else {404}):
                survivors.append(f"{permission} {'taken from' if held else 'given to'} {role}")
    assert [one for one in survivors if one not in SECOND_LOCK] == []


@pytest.mark.parametrize("mutant", ["admits everybody", "admits any staff", "admits nobody", "asks for the opposite"])
def test_matrix_notices_a_wrong_predicate(mutant: str, known: Registry, browsers: dict[str, Client]) -> None:
    from firstlight.ground.people.policies import Policy

    genuine = Policy.admits
    mutants = {
        "admits everybody": lambda _policy, _request: True,
        "admits any staff": lambda policy, request: (
            request.actor.membership_id is not None if policy.kind == "staff" else genuine(policy, request)
        ),
        "admits nobody": lambda _policy, _request: False,
        "asks for the opposite": lambda policy, request: not genuine(policy, request),
    }
    route = next(route for route in ROUTES if route.name == "people:record")
    with patch.object(Policy, "admits", mutants[mutant]):
        seen = {who: put(browsers[who], route, known.of("maya"))[0].status for who in ("P", "A", "maya")}
    assert seen != {"P": 200, "A": 404, "maya": 302}


def test_matrix_notices_a_lookup_that_forgets_the_record(known: Registry, browsers: dict[str, Client]) -> None:
    """Let the page of a correction find values by their own id alone, as they stand in anybody's session."""
    from firstlight.journey.dosing.models import Observation

    route = next(route for route in ROUTES if route.name == "dosing:amend")
    forgetful = "firstlight.journey.dosing.views.charting.observation_for"
    with patch(forgetful, lambda _actor, _session, observation_id: Observation.objects.get(id=observation_id)):
        opened = [
            names for names, values in mixtures(route, known) if put(browsers["N"], route, values)[0].status == 200
        ]

    assert "observation_id of elena in maya's" in opened


def test_denied_permission_is_gone_on_the_next_request(
    undone: None, known: Registry, browsers: dict[str, Client]
) -> None:
    from firstlight.ground.people.models import Membership

    route = next(route for route in ROUTES if route.name == "people:record")
    nurse = known.staff["lantern-house"]["nurse"]
    (before,) = put(browsers["N"], route, known.of("maya"))
    Membership.objects.filter(id=nurse.id).update(denied=["record.read"])
    (after,) = put(browsers["N"], route, known.of("maya"))

    assert (before.status, after.status, after.refusals) == (200, 404, 1)
    assert leaked(after, names_but()) == []


def test_ended_membership_ends_the_next_request(undone: None, known: Registry, browsers: dict[str, Client]) -> None:
    from firstlight.ground.people.models import Membership

    nurse = known.staff["lantern-house"]["nurse"]
    Membership.objects.filter(id=nurse.id).update(until_at=known.demo.now)
    for name in ("people:record", "dosing:chart", "desk:today"):
        route = next(route for route in ROUTES if route.name == name)
        (answer,) = put(browsers["N"], route, known.of("maya"))
        assert list(turned_away(answer)) == []


def test_route_without_a_policy_stops_the_start_up() -> None:
    def bare(request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    planted = ModuleType("planted_urls")
    planted.urlpatterns = [path("bare/", bare)]  # type: ignore[attr-defined]  # what Django reads of a URLconf
    with patch.dict(sys.modules, {"planted_urls": planted}), override_settings(ROOT_URLCONF="planted_urls"):
        clear_url_caches()
        found = [error for error in run_checks() if error.id == "firstlight.E001"]
    clear_url_caches()

    assert [error.msg for error in found] == ["The route /bare/ has no policy."]
    assert [error for error in run_checks() if error.id == "firstlight.E001"] == []


CLINICAL = ("sertraline", "Major depressive", "stop is “harbour”", "PHQ-9", "GAD-7")
# Where questionnaires themselves are looked after, their names stand, and nobody's answers.
NAMES_QUESTIONNAIRES = {"fhir:questionnaires", "fhir:take_in"}


def test_administrator_meets_no_clinical_word(known: Registry, browsers: dict[str, Client]) -> None:
    """She runs the house; the record is not hers to read, also where its tasks and visits stand."""
    found = []
    for route in ROUTES:
        if route.realm == "/clinic/" and "A" in route.meant_for:
            (answer,) = put(browsers["A"], route, known.of("maya", route.name))
            words = CLINICAL[:3] if route.name in NAMES_QUESTIONNAIRES else CLINICAL
            found += [f"{route.name}: {word}" for word in leaked(answer, words)]
    (elsewhere,) = put(browsers["P"], next(one for one in ROUTES if one.name == "screening:answers"), known.of("maya"))

    assert found == []
    assert leaked(elsewhere, CLINICAL) != []
