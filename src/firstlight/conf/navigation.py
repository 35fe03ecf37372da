"""Where each shell leads. Earlier stages know no later page; the shells read these lists."""

from collections.abc import Collection
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from firstlight.ground.people.models import EpisodeState
from firstlight.ground.people.permissions import Permission
from firstlight.ground.people.steps import ENDED, LEFT


@dataclass(frozen=True, slots=True)
class Item:
    """One entry: a url name, its word, its symbol, and the permission without which it is not shown.

    `also` names further url names under which the entry counts as the current one. `hidden_in`: states of care in which it
    leads nowhere.
    """

    url: str
    label: str | Promise
    icon: str = ""
    permission: Permission | None = None
    also: tuple[str, ...] = ()
    hidden_in: Collection[EpisodeState] = ()


TASKS = "worklist:tasks"
CLINIC: tuple[Item, ...] = (
    Item("desk:today", _("Today"), "home"),
    Item("dosing:board", _("Sessions"), "vitals", Permission.SESSION_READ),
    Item(TASKS, _("Tasks"), "task", Permission.TASKS, ("worklist:task", "worklist:new_task")),
    Item("response:lists", _("Response"), "line", Permission.ANSWERS_READ, ("response:values",)),
    Item("people:enquiries", _("Enquiries"), "phone", Permission.ENQUIRIES, ("people:enquiry", "people:log_enquiry")),
    Item("people:people", _("People"), "people", Permission.RECORD_READ),
    Item("visits:calendar", _("Calendar"), "calendar", Permission.VISITS_WRITE),
    Item("ledger:stock", _("Stock"), "vial", Permission.STOCK_READ, also=("ledger:lot", "ledger:journal")),
    Item("safety:roster", _("Who answers"), "bell", Permission.TASKS),
    Item(
        "people:staff",
        _("Staff"),
        "person",
        Permission.STAFF_WRITE,
        ("people:hire", "people:member", "people:permissions"),
    ),
    Item("therapists:team", _("Therapists"), "pen", Permission.STAFF_WRITE, ("therapists:profile",)),
    Item("visits:rooms", _("Rooms"), "home", Permission.STAFF_WRITE),
    Item(
        "fhir:questionnaires",
        _("Questionnaires"),
        "note",
        Permission.QUESTIONNAIRES_WRITE,
        ("fhir:take_in", "fhir:remove"),
    ),
    Item("learn:prices", _("Prices"), "book", Permission.PRICES_WRITE),
    Item("learn:review", _("What we report"), "book", Permission.ASSESS),
    Item("people:account", _("Your account"), "lock", also=("people:password", "people:recovery_codes")),
)
# Tabs of one parent's record; each url takes the parent's id.
RECORD: tuple[Item, ...] = (
    Item(
        "people:record",
        _("Overview"),
        "person",
        Permission.RECORD_READ,
        also=("people:child", "people:feeding", "people:loss"),
    ),
    Item("timeline:timeline", _("Timeline"), "line", Permission.RECORD_READ, also=("timeline:events",)),
    Item(
        "screening:answers",
        _("Answers"),
        "note",
        Permission.ANSWERS_READ,
        ("screening:sets", "screening:ask", "screening:papers", "screening:paper", "screening:correct_paper"),
    ),
    Item("safety:plan", _("Safety"), "help", Permission.ANSWERS_READ, also=("safety:write_plan",)),
    Item("response:of_parent", _("Response"), "line", Permission.ANSWERS_READ),
    Item(
        "eligibility:baseline",
        _("Baseline"),
        "pen",
        Permission.RECORD_READ,
        also=("eligibility:enter", "eligibility:correct"),
    ),
    Item(
        "eligibility:assessment",
        _("Assessment"),
        "look",
        Permission.RECORD_READ,
        ("eligibility:run", "eligibility:decide"),
    ),
    Item(
        "consent:of_parent", _("Consent"), "ok", Permission.RECORD_READ, ("consent:withdraw_for", "consent:narrow_for")
    ),
    Item("therapists:of_parent", _("Therapist"), "person", Permission.RECORD_READ),
    Item(
        "planning:plan",
        _("Plan"),
        "dose",
        Permission.RECORD_READ,
        ("planning:order", "planning:series", "planning:day", "planning:forecast"),
    ),
    Item("visits:of_parent", _("Visits"), "calendar", Permission.VISITS_WRITE, also=("visits:visit",)),
    Item(
        "integration:notes", _("Notes"), "pen", Permission.RECORD_READ, also=("integration:write", "integration:amend")
    ),
    Item("documents:of_parent", _("Documents"), "note", Permission.RECORD_READ, also=("documents:document",)),
)
# At most four at the bottom of every page of a parent; the rest stands below them.
PARENT: tuple[Item, ...] = (
    Item("portal:today", _("Today"), "home"),
    Item("planning:mine", _("Plan"), "task", also=("planning:of_day",), hidden_in=ENDED),
    Item("timeline:line", _("Progress"), "line", also=("timeline:own_events",)),
    Item("safety:parent_help", _("Help"), "help"),
)
PARENT_MORE: tuple[Item, ...] = (
    Item(
        "consent:mine",
        _("Your agreement"),
        "pen",
        also=("consent:part", "consent:touch", "consent:sign", "consent:withdraw"),
    ),
    Item("visits:mine", _("Your visits"), "calendar"),
    Item("integration:shared", _("What we agreed"), "pen"),
    Item("therapists:mine", _("Your therapist"), "person", hidden_in=ENDED),
    Item("documents:mine", _("Your papers"), "note"),
    Item("response:hours", _("When we ask"), "bell", hidden_in=LEFT),  # after a stop questions still come
    Item("people:you", _("You"), "lock", also=("people:pin",)),
)
