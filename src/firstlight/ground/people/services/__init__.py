from firstlight.ground.people.services.accounts import (
    change_password,
    drop_pin,
    open_lock,
    set_pin,
    sign_out_everywhere,
)
from firstlight.ground.people.services.denying import deny, lift
from firstlight.ground.people.services.details import amend_details
from firstlight.ground.people.services.enquiries import log_enquiry, reopen
from firstlight.ground.people.services.entry import use_code, want_code
from firstlight.ground.people.services.episodes import close, contact, decline, move, pause, resume, stop, transfer
from firstlight.ground.people.services.families import add_child, record_feeding, record_loss
from firstlight.ground.people.services.holding import drop, hold, release, sweep
from firstlight.ground.people.services.inviting import Invited, accept, invite
from firstlight.ground.people.services.second_factor import (
    Checked,
    begin_enrolment,
    check_code,
    finish_enrolment,
    renew_recovery_codes,
    use_recovery_code,
)
from firstlight.ground.people.services.staffing import (
    Started,
    add_credential,
    end_membership,
    found_clinic,
    hire,
    send_start_link,
    start,
)

__all__ = [
    "Checked",
    "Invited",
    "Started",
    "accept",
    "add_child",
    "add_credential",
    "amend_details",
    "begin_enrolment",
    "change_password",
    "check_code",
    "close",
    "contact",
    "decline",
    "deny",
    "drop",
    "drop_pin",
    "end_membership",
    "finish_enrolment",
    "found_clinic",
    "hire",
    "hold",
    "invite",
    "lift",
    "log_enquiry",
    "move",
    "open_lock",
    "pause",
    "record_feeding",
    "record_loss",
    "release",
    "renew_recovery_codes",
    "reopen",
    "resume",
    "send_start_link",
    "set_pin",
    "sign_out_everywhere",
    "start",
    "stop",
    "sweep",
    "transfer",
    "use_code",
    "use_recovery_code",
    "want_code",
]
