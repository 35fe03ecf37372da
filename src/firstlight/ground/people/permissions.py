"""What may be done, and which role may do it. The lists are the policy: reviewed as text, tested as a matrix."""

from enum import StrEnum

from django.utils.translation import gettext_lazy as _


class Permission(StrEnum):
    """One thing that staff may do. A parent's own rights are not permissions: she reaches her own record and no other."""

    TASKS = "tasks"
    ENQUIRIES = "enquiries"
    RECORD_READ = "record.read"
    FAMILY_WRITE = "family.write"
    EPISODE_MOVE = "episode.move"
    ANSWERS_READ = "answers.read"
    ANSWERS_ENTER = "answers.enter"
    BASELINE_WRITE = "baseline.write"
    ASSESS = "assess"
    CONSENT_WITNESS = "consent.witness"
    ORDER_SIGN = "order.sign"
    PLAN_WRITE = "plan.write"
    VISITS_WRITE = "visits.write"
    SESSION_READ = "session.read"
    SESSION_CHART = "session.chart"
    SESSION_PRESCRIBE = "session.prescribe"
    STOCK_READ = "stock.read"
    STOCK_WRITE = "stock.write"
    STOCK_WITNESS = "stock.witness"
    NOTE_WRITE = "note.write"
    THERAPY_TEAM = "therapy.team"
    ROSTER_WRITE = "roster.write"
    STAFF_WRITE = "staff.write"
    AUDIT_READ = "audit.read"
    PRICES_WRITE = "prices.write"
    QUESTIONNAIRES_WRITE = "questionnaires.write"


class Role(StrEnum):
    """Roles are lists of permissions."""

    PRESCRIBER = "prescriber"
    NURSE = "nurse"
    THERAPIST = "therapist"
    ADMINISTRATOR = "administrator"


ROLE_NAMES = {
    Role.PRESCRIBER: _("Prescriber"),
    Role.NURSE: _("Nurse"),
    Role.THERAPIST: _("Therapist"),
    Role.ADMINISTRATOR: _("Administrator"),
}

PERMISSION_NAMES = {
    Permission.TASKS: _("See and take tasks"),
    Permission.ENQUIRIES: _("Answer the door: calls, referrals, invitations"),
    Permission.RECORD_READ: _("Read clinical records"),
    Permission.FAMILY_WRITE: _("Add children, feeding and losses"),
    Permission.EPISODE_MOVE: _("Pause, resume and end care"),
    Permission.ANSWERS_READ: _("Read parents' answers, be on call for them, write safety plans"),
    Permission.ANSWERS_ENTER: _("Enter questionnaires that were filled in on paper"),
    Permission.BASELINE_WRITE: _("Enter clinical facts"),
    Permission.ASSESS: _("Run the rules and decide on treatment"),
    Permission.CONSENT_WITNESS: _("Note a withdrawal or a narrower touch choice for a parent"),
    Permission.ORDER_SIGN: _("Sign and stop orders"),
    Permission.PLAN_WRITE: _("Plan series and dosing days"),
    Permission.VISITS_WRITE: _("Book and move visits"),
    Permission.SESSION_READ: _("See sessions"),
    Permission.SESSION_CHART: _("Open a session, chart in it and run the pump"),
    Permission.SESSION_PRESCRIBE: _("Open a closed gate"),
    Permission.STOCK_READ: _("See the stock"),
    Permission.STOCK_WRITE: _("Receive, draw, waste and count stock"),
    Permission.STOCK_WITNESS: _("Witness waste"),
    Permission.NOTE_WRITE: _("Write notes"),
    Permission.THERAPY_TEAM: _("Be chosen as a therapist"),
    Permission.ROSTER_WRITE: _("Change the roster"),
    Permission.STAFF_WRITE: _("Hire, end work, take permissions away"),
    Permission.AUDIT_READ: _("Read the audit (there is no page for it yet)"),
    Permission.PRICES_WRITE: _("Change prices"),
    Permission.QUESTIONNAIRES_WRITE: _("Import and remove the text of questionnaires"),
}

P = Permission
ROLES: dict[Role, frozenset[Permission]] = {
    # Decides on treatment, signs orders, answers for safety.
    Role.PRESCRIBER: frozenset({
        P.TASKS, P.ENQUIRIES, P.RECORD_READ, P.ANSWERS_READ, P.BASELINE_WRITE, P.ASSESS, P.CONSENT_WITNESS, P.ORDER_SIGN,
        P.PLAN_WRITE, P.VISITS_WRITE, P.SESSION_READ, P.SESSION_CHART, P.SESSION_PRESCRIBE, P.STOCK_READ, P.STOCK_WITNESS,
        P.NOTE_WRITE, P.THERAPY_TEAM, P.FAMILY_WRITE, P.EPISODE_MOVE, P.ANSWERS_ENTER,
    }),
    # Prepares, gives, charts and watches; keeps the stock.
    Role.NURSE: frozenset({
        P.TASKS, P.ENQUIRIES, P.RECORD_READ, P.ANSWERS_READ, P.BASELINE_WRITE, P.CONSENT_WITNESS, P.PLAN_WRITE,
        P.VISITS_WRITE, P.SESSION_READ, P.SESSION_CHART, P.STOCK_READ, P.STOCK_WRITE, P.STOCK_WITNESS, P.FAMILY_WRITE,
        P.ANSWERS_ENTER,
    }),
    # Prepares and integrates; sees the course, not the stock.
    Role.THERAPIST: frozenset({
        P.TASKS, P.RECORD_READ, P.ANSWERS_READ, P.VISITS_WRITE, P.SESSION_READ, P.NOTE_WRITE, P.THERAPY_TEAM,
        P.FAMILY_WRITE, P.ANSWERS_ENTER,
    }),
    # Runs the house: people, rooms, roster, money. Sees no clinical record.
    Role.ADMINISTRATOR: frozenset({P.TASKS, P.ENQUIRIES, P.VISITS_WRITE, P.ROSTER_WRITE, P.STAFF_WRITE, P.AUDIT_READ,
        P.PRICES_WRITE, P.QUESTIONNAIRES_WRITE,
    }),
}  # fmt: skip


def effective(role: Role, denied: list[str]) -> frozenset[str]:
    """Return a membership's permissions. A denied one is gone, whatever the role says."""
    return frozenset(ROLES[role]) - frozenset(denied)
