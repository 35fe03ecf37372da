"""Every field that names a record, and what is sent with it so that only the record can be what is refused.

A new field with open values needs a line in `FIELDS`; a route whose form has a field of a kind needs one in `EXCHANGES`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

WORDS = "words"  # a list of words that stands elsewhere: no record is looked up by it
STATE = "state"  # what stood on the screen, or when it happened
DEVICE = "entry of a device"  # made where it is entered; the row that it wrote is the record
FIELDS = {
    "doors.fhir.forms.FileForm.named": WORDS,
    "doors.fhir.forms.PermissionForm.named": WORDS,
    "ground.people.forms.care.AnotherPersonForm.same": "person",
    "ground.people.forms.care.DeclineForm.expected": STATE,
    "ground.people.forms.care.SearchForm.state": WORDS,
    "ground.people.forms.care.StepForm.expected": STATE,
    "ground.people.forms.staff.PermissionForm.permission": WORDS,
    "ground.safety.forms.SlotForm.member": "colleague",
    "ground.visits.forms.BookingForm.room": "room",
    "journey.response.forms.ValueForm.points": WORDS,
    "ground.visits.forms.BookingForm.staff": "colleague",
    "ground.visits.forms.MoveForm.room": "room",
    "ground.visits.forms.MoveForm.staff": "colleague",
    "ground.visits.forms.PlaceForm.room": "room",
    "ground.visits.forms.PlaceForm.staff": "colleague",
    "ground.worklist.forms.HandOverForm.to": "colleague",
    "journey.dosing.forms.AmendForm.client_id": DEVICE,
    "journey.dosing.forms.AmendRecoveryForm.client_id": DEVICE,
    "journey.dosing.forms.AmendRightNowForm.client_id": DEVICE,
    "journey.dosing.forms.ChartForm.client_id": DEVICE,
    "journey.dosing.forms.ChartedForm.client_id": DEVICE,
    "journey.dosing.forms.CorrectedForm.client_id": DEVICE,
    "journey.dosing.forms.MarkForm.event_at": STATE,
    "journey.dosing.forms.MarkForm.kind": WORDS,
    "journey.dosing.forms.PrepareForm.lot": "lot",
    "journey.dosing.forms.RecoveryForm.client_id": DEVICE,
    "journey.dosing.forms.RightNowForm.client_id": DEVICE,
    "journey.dosing.forms.SecondPersonForm.second": "colleague",
    "journey.eligibility.forms.DecisionForm.outcome": WORDS,
    "journey.integration.forms.NoteForm.visit": "visit",
    "journey.learn.forms.PriceForm.item": WORDS,
    "journey.planning.forms.DayForm.feeds_at": WORDS,
    "journey.planning.forms.ProposalForm.room": "room",
    "journey.planning.forms.ProposalForm.staff": "colleague",
    "journey.planning.forms.SeriesForm.dosing_room": "room",
    "journey.planning.forms.SeriesForm.nurse": "colleague",
    "journey.planning.forms.SeriesForm.therapy_room": "room",
    "journey.screening.forms.RatedDetailsForm.rated_by": "colleague",
    "journey.timeline.forms.EventForm.kind": WORDS,
}
# What other forms build on; nobody sends them.
NEVER_SENT = (
    "ground.visits.forms.PlaceForm.room",
    "ground.visits.forms.PlaceForm.staff",
    "journey.dosing.forms.ChartedForm.client_id",
    "journey.dosing.forms.CorrectedForm.client_id",
)
# What views take out of a form by name that is no id: a word of a list, a number, or only whether it is there.
OF_WORDS = (
    "AFTER_HELP", "HELP_OF", "answer", "confirm", "differs", "do", "expected", "first", "instead", "item", "kept", "kind",
    "nothing_else", "order", "page", "pass", "second_pass", "shared", "sure", "value", "way", "wish", "withdraw",
)  # fmt: skip
# What views take out of a form or a query by name, and what it is.
BY_NAME = {
    "about": "record",
    "set": "set of questions",  # in a query, where it only marks; in a form it is the name of a set: words
    "place": "own place",
    "same": "only whether it is there; the form reads it",
    "once": "a secret of one form; who sent it and where to stands beside it (tests/ground/people/test_once.py)",
    "next": "an address, kept to pages of one's own realm (tests/ground/people/test_sessions.py)",
    "instrument": "the name of a questionnaire: words",
    "ended": "only whether it is there",
    "OPENED_BY": "signed, and of one link (tests/journey/screening/test_too_late.py)",
} | dict.fromkeys(OF_WORDS, WORDS)
# Who takes a form or a query as a whole and is no form class by its name.
WHOLE = {
    "_form": "makes the form of a kept paper",
    "day_form": "makes a DayForm",
    "details_form": "makes a PaperDetailsForm or a RatedDetailsForm",
    "form_class": "a form of the baseline",
    "how.form": "a form of a correction",
    "made": "a StepForm",
    "forecast_page": "makes forms of figures",
    "view_from": "reads names of views and days",
    "typed": "reads the digits of a paper form",
    "as_it_counts": "reads the digits of both passes",
    "passes.undecided": "asks which digits nobody has chosen between",
    "passes_of": "reads the digits of both passes",
    "written": "reads the digits of one pass",
    "set": "only the names of the fields",
}
# Who reads a body that is no form, and where ids of others in it are refused.
BODIES = {"src/firstlight/journey/screening/views/box.py": "tests/journey/screening/test_sealed_taps.py"}

ENQUIRY = {"name": "Somebody New", "relation": "mother", "source": "call", "email": "{email}"}
PLACE = {
    "kind": "talk",
    "date": "2026-12-18",
    "time": "09:00",
    "minutes": "30",
    "staff": "{colleague}",
    "room": "{room}",
}
ROWS = {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "1"} | {f"form-0-{name}": value for name, value in PLACE.items()}
SERIES = {"first_date": "2026-12-18", "nurse": "{nurse}", "dosing_room": "{room}", "therapy_room": "{room}"}
VALUES = {"sbp": "121", "dbp": "77", "hr": "71", "spo2": "98"}
SAID = {"mood": "5", "anxiety": "4", "tension": "4"}
SCORED = dict.fromkeys(("activity", "respiration", "circulation", "consciousness", "oxygen"), "2")
WRONG = {"reason": "Read wrongly"}
RATED = {f"q{number}": "1" for number in range(1, 7)} | {
    "mode": "scores", "filled_in_date": "2026-11-20", "rated_time": "07:00",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Exchange:
    """One field of one form: who sends it, what the record in it is, and what else is sent. `{kind}` stands for a genuine id.

    `prefix` stands before the id. `asks`: it is sent by GET, in the query. `beside`: it stands in the query of a POST.
    `at_session`: the moment is that of a session which is being prepared. `marks`: it only says what a page points at.
    """

    route: str
    who: str
    name: str
    kind: str
    values: Mapping[str, str] = field(default_factory=dict)
    prefix: str = ""
    asks: bool = False
    beside: bool = False
    at_session: bool = False
    marks: bool = False

    def __str__(self) -> str:
        return f"{self.route} {self.name}{' ' + self.prefix if self.prefix else ''}"


EXCHANGES = (
    Exchange("worklist:hand_over", "N", "to", "colleague", {"note": "Please look at it"}),
    Exchange("worklist:new_task", "N", "about", "record",
             {"title": "Call", "reason": "", "role": "nurse", "urgency": "today"}, beside=True),
    Exchange("safety:add_slot", "A", "member", "colleague",
             {"weekday": "6", "starts": "08:00", "ends": "09:00", "rank": "1"}),
    Exchange("people:staff_place", "N", "place", "own place"),
    Exchange("people:log_enquiry", "P", "same", "person", ENQUIRY),
    Exchange("people:log_enquiry", "P", "same", "person", ENQUIRY, prefix="family:"),
    Exchange("visits:of_parent", "P", "staff", "colleague", PLACE),
    Exchange("visits:of_parent", "P", "room", "room", PLACE),
    Exchange("visits:move", "P", "staff", "nurse", PLACE),
    Exchange("visits:move", "P", "room", "room", PLACE | {"staff": "{nurse}"}),
    Exchange("planning:series", "P", "form-0-staff", "colleague", ROWS),
    Exchange("planning:series", "P", "form-0-room", "room", ROWS),
    Exchange("planning:series", "P", "nurse", "nurse", SERIES, asks=True),
    Exchange("planning:series", "P", "dosing_room", "room", SERIES, asks=True),
    Exchange("planning:series", "P", "therapy_room", "room", SERIES, asks=True),
    Exchange("integration:write", "T", "visit", "visit", {"text": "A note"}),
    Exchange("integration:amend", "T", "visit", "visit", {"text": "A note, amended"}),
    Exchange("dosing:prepare", "N", "lot", "lot", {"drawn_ml": "5.00"}, at_session=True),
    Exchange("dosing:second", "N", "second", "prescriber", at_session=True),
    Exchange("dosing:chart", "N", "client_id", DEVICE, VALUES),
    Exchange("dosing:amend", "N", "client_id", DEVICE, VALUES | WRONG),
    Exchange("dosing:chart_right_now", "N", "client_id", DEVICE, SAID),
    Exchange("dosing:amend_right_now", "N", "client_id", DEVICE, SAID | WRONG),
    Exchange("dosing:score_recovery", "N", "client_id", DEVICE, SCORED),
    Exchange("dosing:amend_recovery", "N", "client_id", DEVICE, SCORED | WRONG),
    Exchange("screening:paper", "P", "rated_by", "colleague", RATED),
    Exchange("screening:answers", "P", "set", "set of questions", asks=True, marks=True),
)  # fmt: skip
