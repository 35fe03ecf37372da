"""Instruments as one clinic may ask them: what Firstlight ships, with the wording that the clinic itself holds.

No clinic meets the words of another one. A language that nobody holds is never filled in by a machine.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from django.http import Http404

from firstlight.clinical.evidence import Words
from firstlight.clinical.instruments import Instrument, Item, instrument
from firstlight.ground.audit.actors import Actor
from firstlight.ground.people.permissions import Permission
from firstlight.journey.screening.models import HeldWording


@dataclass(frozen=True, slots=True)
class ItemWords:
    """The words of one item: its question, its answers in printed order, and what stands above it alone."""

    question: str
    answers: tuple[str, ...]
    stem: str = ""


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of one instrument in one language: what stands above all items, and the words of each."""

    language: str
    stem: str
    items: Mapping[str, ItemWords]

    def to_json(self) -> dict[str, Any]:
        """Return the items as they are stored."""
        return {
            key: {"text": one.question, "options": list(one.answers), "stem": one.stem}
            for key, one in self.items.items()
        }

    @classmethod
    def of(cls, held: HeldWording) -> Self:
        """Return what a clinic holds."""
        items = {key: ItemWords(one["text"], tuple(one["options"]), one["stem"]) for key, one in held.items.items()}
        return cls(held.language, held.stem, items)


def worded(definition: Instrument, wordings: Sequence[Wording]) -> Instrument:
    """Return an instrument with a clinic's words. What the clinic holds in a language takes the place of what is shipped.

    What a form asks after its items is asked only if the clinic's words hold it too.
    """
    if not wordings:
        return definition
    return replace(
        definition,
        stem=_stem(definition.stem, {one.language: one.stem for one in wordings}),
        items=tuple(_worded_item(item, wordings) for item in definition.items),
        unscored=tuple(
            _worded_item(item, wordings)
            for item in definition.unscored
            if all(item.key in one.items for one in wordings)
        ),
        languages=tuple(dict.fromkeys((*definition.languages, *(one.language for one in wordings)))),
    )


def _worded_item(item: Item, wordings: Sequence[Wording]) -> Item:
    own = {one.language: one.items[item.key] for one in wordings}
    answers = [{language: one.answers[place] for language, one in own.items()} for place in range(len(item.options))]
    return replace(
        item,
        text=_words(item.text, {language: one.question for language, one in own.items()}, shipped=item.worded),
        worded=True,
        stem=_stem(item.stem, {language: one.stem for language, one in own.items()}),
        options=tuple(
            replace(option, label=_words(option.label, held, shipped=item.worded))
            for option, held in zip(item.options, answers, strict=True)
        ),
    )


def _words(shipped_words: Words, held: Words, *, shipped: bool) -> Words:
    """Return words by language. Where nothing is shipped, what is held first is read in every other language."""
    return {**shipped_words, **held} if shipped else {"en": next(iter(held.values())), **held}


def _stem(shipped: Words | None, held: Words) -> Words | None:
    """Return the words above; where one language has none, what is shipped or held first stands there."""
    said = {language: words for language, words in held.items() if words}
    return _words(shipped or {}, said, shipped=shipped is not None) if said else shipped


class Holdings:
    """The wordings of one clinic of some instruments, read once: those that stand, and those that stood earlier."""

    def __init__(self, clinic_id: UUID, names: Collection[str]) -> None:
        self._held: dict[str, list[HeldWording]] = defaultdict(list)
        found = HeldWording.objects.filter(clinic_id=clinic_id, instrument__in=names)
        for row in found.order_by("imported_at"):
            self._held[row.instrument].append(row)

    def instrument(self, name: str, at: datetime | None = None) -> Instrument:
        """Return an instrument with the words that stand now, or that stood at a moment. KeyError for an unknown name."""
        rows = [row for row in self._held.get(name, ()) if _stood(row, at)]
        return worded(instrument(name), [Wording.of(row) for row in rows])


def instrument_for(clinic_id: UUID, name: str) -> Instrument:
    """Return an instrument as one clinic may ask it now. KeyError for an unknown name."""
    return Holdings(clinic_id, [name]).instrument(name)


def held_names(clinic_id: UUID) -> frozenset[str]:
    """Return of which instruments a clinic holds a text of its own."""
    return frozenset(
        HeldWording.objects.filter(clinic_id=clinic_id, withdrawn_at=None).values_list("instrument", flat=True)
    )


def without_words(clinic_id: UUID, names: Sequence[str]) -> list[Instrument]:
    """Return those of some instruments that a clinic cannot ask: nobody shipped or imported their text."""
    holdings = Holdings(clinic_id, names)
    return [found for name in names if not (found := holdings.instrument(name)).worded]


def wordings_of(actor: Actor) -> list[HeldWording]:
    """Return what the actor's clinic holds or held, the latest first."""
    if actor.clinic_id is None or not actor.may(Permission.QUESTIONNAIRES_WRITE):
        raise Http404
    found = HeldWording.objects.filter(clinic_id=actor.clinic_id).select_related("imported_by", "withdrawn_by")
    return list(found.order_by("-imported_at"))


def wording_for(actor: Actor, wording_id: UUID) -> HeldWording:
    """Return one wording of the actor's clinic; unknown and another's look alike."""
    found = next((one for one in wordings_of(actor) if one.id == wording_id), None)
    if found is None:
        raise Http404
    return found


def _stood(row: HeldWording, at: datetime | None) -> bool:
    if at is None:
        return row.withdrawn_at is None
    return row.imported_at <= at and (row.withdrawn_at is None or at <= row.withdrawn_at)
