"""Which instruments ask the same question: the same code is the same question, in whichever form it stands."""

from functools import cache

from firstlight.clinical.instruments.reading import instrument, instruments


@cache
def sharing(name: str) -> frozenset[str]:
    """Return the instruments that ask a question of this one, itself among them: whoever answered one answered it there."""
    own = _codes(name)
    return frozenset({name, *(other for other in instruments() if own & _codes(other))})


def _codes(name: str) -> frozenset[str]:
    return frozenset(item.code for item in instrument(name).items if item.code)
