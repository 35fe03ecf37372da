"""What follows what: an event, and the services that run in the same transaction, in order.

Earlier stages never import later ones; they announce, and this file says who listens.
"""

REACTIONS: dict[str, tuple[str, ...]] = {
    "staff.invited": ("firstlight.ground.worklist.services.send_start_link",),
    "episode.declined": (
        "firstlight.ground.documents.services.decline_letter",
        "firstlight.ground.safety.services.hand_over",
    ),
    "episode.logged": ("firstlight.journey.learn.services.open_call_task",),
    "episode.moved": (
        "firstlight.journey.learn.services.close_call_task",
        "firstlight.journey.screening.services.take_back_at_the_end",
        "firstlight.journey.screening.services.end_links_at_the_end",
        "firstlight.journey.dosing.services.keep_while_in_the_chair",
        "firstlight.journey.dosing.services.call_off_rest",
        "firstlight.journey.response.services.end_check_ins",
    ),
    "email.changed": ("firstlight.journey.screening.services.end_links_of_address",),
    "episode.invited": (
        "firstlight.journey.learn.services.refuse_unchecked_words",
        "firstlight.ground.worklist.services.send_invitation",
        "firstlight.journey.screening.services.assign_first",
    ),
    "task.finished": (
        "firstlight.ground.safety.services.contact_again",
        "firstlight.ground.visits.services.ask_again",
        "firstlight.journey.dosing.services.clear_the_chair",
    ),
    "concern.raised": ("firstlight.journey.dosing.services.tell_the_chair",),
    "family.changed": ("firstlight.journey.eligibility.services.look_at_family",),
    "parent.amended": ("firstlight.journey.eligibility.services.look_at_record",),
    "code.wanted": ("firstlight.ground.worklist.services.send_code",),
    "screening.sent": ("firstlight.journey.response.services.note_sent",),
    "screening.left_what_followed": ("firstlight.journey.response.services.note_answered",),
    "screening.part_scored": (
        "firstlight.journey.eligibility.services.look_at_answers",
        "firstlight.journey.response.services.follow_courses",
    ),
    "screening.completed": (
        "firstlight.journey.eligibility.services.look_at_answers",
        "firstlight.journey.response.services.follow",
    ),
    "screening.paper_taken_back": (
        "firstlight.journey.eligibility.services.look_at_answers",
        "firstlight.journey.response.services.follow",
    ),
    "assessment.decided": ("firstlight.journey.screening.services.finish_reading",),
    "consent.withdrawn": (),
    "order.signed": ("firstlight.journey.response.services.arrange_before",),
    "dose.completed": ("firstlight.journey.response.services.arrange_check_ins",),
    "loss.recorded": (
        "firstlight.journey.screening.services.take_back_about_child",
        "firstlight.journey.response.services.end_about_child",
        "firstlight.journey.screening.services.finish_without_child",
    ),
}

# Jobs of the background worker: dotted path of a function `(now) -> None`, and how often it runs, in minutes.
PERIODIC: dict[str, int] = {
    "firstlight.journey.screening.services.look_at_left": 5,
    "firstlight.journey.response.services.remind_due": 5,
    "firstlight.ground.audit.heads.sign_all": 24 * 60,
    "firstlight.ground.vault.pairs.renew_pairs": 24 * 60,
    "firstlight.ground.ledger.heads.sign_all": 24 * 60,
    "firstlight.ground.people.services.sweep": 60,
    "firstlight.journey.learn.services.sweep": 60,
    "firstlight.ground.worklist.services.queue_delivery_tests": 5,
}
