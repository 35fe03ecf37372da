"""The safety plan: what a parent does when it gets worse, written down with her by somebody of the clinic."""

from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext as _

from firstlight.ground.audit.actors import Actor
from firstlight.ground.audit.services import record, write
from firstlight.ground.people.errors import Refused
from firstlight.ground.people.models import Parent
from firstlight.ground.people.permissions import Permission
from firstlight.ground.safety.models import SafetyPlan
from firstlight.ground.safety.plan_steps import plan_steps
from firstlight.ground.safety.selectors import current_plan


@write
def write_safety_plan(
    *, parent: Parent, steps: Mapping[str, str], by: Actor, at: datetime, expected: int | None = None
) -> SafetyPlan:
    """Write the next version of a parent's plan; the one before stays in the record. The same words again change nothing.

    `expected` is the number that stood when the person looked (0: none): if somebody wrote another since, it is refused.
    """
    if by.membership_id is None or by.clinic_id != parent.clinic_id or not by.may(Permission.ANSWERS_READ):
        raise Refused(_("A safety plan is written by a clinician who may read the answers."), field="by", value=by.role)
    texts = _checked(steps)
    Parent.objects.select_for_update().get(id=parent.id)  # two that write at once come one after the other
    standing = current_plan(parent.id)
    if standing is not None and standing.texts == texts:
        return standing
    number = standing.number if standing else 0
    if expected is not None and standing is not None and expected != number:
        raise Refused(
            _("%(name)s wrote version %(number)d meanwhile. Read it, then write yours.")
            % {"name": standing.written_by.public_name, "number": number},
            field="expected",
            value=expected,
        )
    plan = SafetyPlan.objects.create(
        clinic_id=parent.clinic_id,
        parent=parent,
        number=number + 1,
        texts=texts,
        written_by_id=by.membership_id,
        at=at,
    )
    detail = {"number": plan.number, "steps": len(texts)}
    record("safety_plan.written", by=by, at=at, parent=parent.id, about=plan, detail=detail)
    return plan


def _checked(steps: Mapping[str, str]) -> dict[str, str]:
    """Return the filled steps, with one kind of line end. Raises Refused."""
    asked, longest = {step.key for step in plan_steps().steps}, plan_steps().longest_characters
    texts = {key: "\n".join(words.splitlines()).strip() for key, words in steps.items()}
    for key, words in texts.items():
        if key not in asked:
            raise Refused(_("There is no such step in the plan."), field=key, value=key)
        if len(words) > longest:
            counted = {"count": f"{len(words):,}", "most": f"{longest:,}"}
            raise Refused(
                _("This step has %(count)s characters; it may have %(most)s.") % counted, field=key, value=len(words)
            )
    if not any(texts.values()):
        raise Refused(_("Nothing is written yet. Fill in at least one step."), field="steps")
    return {key: words for key, words in texts.items() if words}
