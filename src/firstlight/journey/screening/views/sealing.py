"""What a browser needs to seal the answers of a set to the clinic."""

import base64
from typing import Any

from firstlight.ground.people.requests import ClinicRequest
from firstlight.ground.vault.pairs import public_key
from firstlight.journey.screening.flow import Flow
from firstlight.journey.screening.passes import pass_for


def sealing(request: ClinicRequest, flow: Flow) -> dict[str, Any]:
    """Return the pass that lets a sealed answer in, and the clinic's public key with the id of its pair."""
    key = public_key(owner_id=flow.question_set.clinic_id, at=request.now)
    return {
        "pass": pass_for(flow.question_set, request.now),
        "pair": key.id,
        "key": base64.b64encode(key.public).decode(),
    }
