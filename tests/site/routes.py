"""Every route of the site, and who is meant to use it: written down a second time, apart from the code that decides it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

ARGUMENT = re.compile(r"<\w+:(\w+)>")
STAFF = {"P": "prescriber", "N": "nurse", "T": "therapist", "A": "administrator"}
# P prescriber, N nurse, T therapist, A administrator, M parents (each her own record), L who holds the secret, * everybody.
MEANT_FOR = {
    "PNTA": """
        desk:today people:staff_sign_out people:staff_place people:held_staff people:account people:password
        people:recovery_codes people:staff_everywhere people:awake worklist:tasks worklist:new_task safety:roster visits:calendar
        visits:of_parent visits:visit visits:happened visits:missed visits:cancel visits:move""",
    "PNT": """
        people:people people:record people:child people:feeding people:loss documents:of_parent documents:document
        documents:printed worklist:task worklist:acknowledge worklist:finish worklist:hand_over worklist:note
        response:after_stop_for response:not_asked
        screening:answers screening:sets screening:send screening:withdraw screening:ask
        eligibility:baseline eligibility:assessment consent:of_parent therapists:of_parent planning:plan dosing:board
        dosing:session dosing:live response:lists response:of_parent integration:notes timeline:timeline screening:papers
        screening:paper screening:count screening:correct_paper timeline:events timeline:note_event timeline:take_back_event
        safety:plan safety:write_plan visits:asked_again""",
    "PNA": """
        people:enquiries people:log_enquiry people:enquiry people:step_contact people:step_invite people:step_link
        people:step_decline people:step_withdraw people:details""",
    "PN": """
        people:step_pause documents:release eligibility:enter eligibility:correct consent:withdraw_for consent:narrow_for
        therapists:choose_for planning:series planning:day planning:forecast dosing:open dosing:acknowledge dosing:chart
        dosing:amend dosing:score_recovery dosing:amend_recovery dosing:chart_right_now dosing:amend_right_now
        dosing:mark dosing:second dosing:check dosing:discard dosing:rate dosing:leave dosing:cancel dosing:pump
        ledger:stock ledger:journal ledger:lot ledger:witness""",
    "PT": "integration:write integration:amend",
    "P": """
        people:step_resume people:step_stop people:step_transfer people:step_close eligibility:run eligibility:decide
        planning:compute planning:order planning:stop planning:release dosing:override learn:review response:values""",
    "N": "ledger:receive ledger:count ledger:adjust ledger:send_back ledger:waste dosing:prepare",
    "A": """
        people:staff people:hire people:member people:credential people:permissions safety:add_slot safety:end_slot
        safety:set_mailbox learn:prices visits:rooms therapists:team therapists:profile
        fhir:questionnaires fhir:take_in fhir:remove""",
    "M": """
        portal:today people:parent_sign_out people:held_parent people:you people:pin people:parent_everywhere
        documents:mine documents:my_document documents:my_printed safety:parent_help visits:mine screening:start
        screening:question screening:before screening:help screening:done consent:mine consent:part consent:touch consent:sign
        consent:withdraw therapists:mine therapists:others therapists:choose planning:mine planning:of_day
        integration:shared timeline:line timeline:own_events timeline:share_event timeline:take_back_own
        response:hours response:messages response:after_stop""",
    "L": """
        people:invitation people:invitation_password people:staff_start screening:link screening:link_question
        screening:link_help screening:link_before screening:box""",
    "*": """
        living_page people:parent_sign_in people:parent_code people:parent_password people:leave people:lock
        people:staff_sign_in people:staff_code people:staff_recovery people:staff_enrol safety:help learn:home
        learn:favicon learn:ketamine learn:parents learn:session learn:risks learn:cannot learn:signs learn:reporting
        learn:people learn:price learn:sources learn:call learn:called screening:link_done screening:link_help_after
        screening:link_later safety:help_inside
        portal:manifest portal:worker portal:offline
        therapists:moved_mine therapists:moved_others demo:people demo:enter_staff demo:enter_parent""",
}
# Staff pages on which no parent's record stands: opening one is no reading of a record.
_NO_RECORD = """
    people:awake people:staff_sign_out people:staff_place people:held_staff people:account people:password people:recovery_codes
    people:staff_everywhere people:staff people:hire people:member people:credential people:permissions
    safety:roster safety:add_slot safety:end_slot safety:set_mailbox learn:prices learn:review response:values visits:rooms
    therapists:team therapists:profile fhir:questionnaires fhir:take_in fhir:remove screening:count
    people:log_enquiry worklist:new_task
    ledger:stock ledger:journal ledger:lot ledger:receive ledger:count ledger:adjust ledger:send_back ledger:waste
    ledger:witness"""
WITHOUT_A_RECORD = frozenset(_NO_RECORD.split())


@dataclass(frozen=True, slots=True)
class Route:
    """One entry of the URLconf."""

    name: str
    path: str
    view: Any

    @property
    def arguments(self) -> tuple[str, ...]:
        """Return the names of what stands in the address."""
        return tuple(ARGUMENT.findall(self.path))

    @property
    def meant_for(self) -> str:
        """Return whom the table admits; nothing for a route that it does not know, and a test of its own says so."""
        return TABLE.get(self.name, "")

    @property
    def realm(self) -> str:
        """Return `/clinic/`, `/me/` or `/` for the public pages."""
        return next((realm for realm in ("/clinic/", "/me/") if f"/{self.path}".startswith(realm)), "/")

    def address(self, **values: object) -> str:
        """Return the path with each argument filled in; KeyError for one that the registry does not know."""
        return "/" + ARGUMENT.sub(lambda found: str(values[found[1]]), self.path)


def routes(resolver: URLResolver | None = None, before: str = "", space: str = "") -> Iterator[Route]:
    """Yield every route."""
    for entry in (resolver or get_resolver()).url_patterns:
        path = f"{before}{entry.pattern}"
        if isinstance(entry, URLPattern):
            yield Route(f"{space}{entry.name}", path, entry.callback)
        else:
            yield from routes(entry, path, f"{space}{entry.namespace}:" if entry.namespace else space)


TABLE = {name: who for who, names in MEANT_FOR.items() for name in names.split()}
ROUTES = tuple(routes())
