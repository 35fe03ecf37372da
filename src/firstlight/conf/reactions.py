"""What follows what: an event, and the services that run in the same transaction, in order.

Earlier stages never import later ones; they announce, and this file says who listens.
"""

REACTIONS: dict[str, tuple[str, ...]] = {
    "episode.invited": (),
    "screening.completed": (),
    "consent.withdrawn": (),
    "order.signed": (),
    "dose.completed": (),
    "loss.recorded": (),
}

# Jobs of the background worker: dotted path of a function `(now) -> None`, and how often it runs, in minutes.
PERIODIC: dict[str, int] = {
    "firstlight.ground.audit.heads.sign_all": 24 * 60,
}
