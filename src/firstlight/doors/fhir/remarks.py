"""What is said aloud about a file that can be used: what a person should know or compare before it is taken in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from firstlight.clinical.evidence import text
from firstlight.doors.fhir.binding import Pair
from firstlight.doors.fhir.conditions import filled_in
from firstlight.doors.fhir.identifying import strange_codings
from firstlight.doors.fhir.options import Answers
from firstlight.doors.fhir.shapes import Form


class Why(StrEnum):
    """Why something in a file is not taken over."""

    RESULT = "result"
    EXTRA = "extra"
    REWORDED = "reworded"
    CONDITION = "condition"
    NOT_APPLICABLE = "not_applicable"
    HEADING = "heading"
    ABOVE = "above"
    NOTE = "note"


LEFT_OUT: Mapping[str, str | Promise] = {
    Why.RESULT: _("a result, worked out here"),
    Why.EXTRA: _("no item of this questionnaire"),
    Why.REWORDED: _("counts nowhere, and has other words than the questionnaire"),
    Why.CONDITION: _("counts nowhere, and is asked otherwise than here"),
    Why.NOT_APPLICABLE: _("this answer is offered in our own words"),
    Why.HEADING: _("a heading"),
    Why.ABOVE: _("words above that the questionnaire does not have"),
    Why.NOTE: _("a note, shown to nobody here"),
}

_SAID: Mapping[str, str | Promise] = {
    "draft": _("The file calls itself a draft. Make sure that it is the form in force."),
    "experimental": _("The file calls itself experimental: made for tests, and not for real use."),
    "code": _("The file has the code %(detail)s, which is not known here. You said which questionnaire it is."),
    "filled_in": _("The file would fill in earlier answers. Here every question starts empty."),
    "optional": _(
        "The file asks for an answer to some items only. Here the score needs them all; open to it: item %(detail)s."
    ),
    "ours": _("An answer is not in the file and is kept, because it is ours: %(detail)s"),
    "language": _("Not every word is there in %(detail)s, so this language is left out."),
}


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing to know. `detail` is what it is about, `line` where the file says so."""

    kind: str
    line: int
    detail: str = ""

    @property
    def said(self) -> str:
        """Return the sentence in the language of whoever reads."""
        return str(_SAID[self.kind]) % {"detail": self.detail}


def remarks_on(
    form: Form, pairs: Sequence[Pair], answers: Mapping[str, Answers], languages: Sequence[str]
) -> tuple[Remark, ...]:
    """Return what a person should know about a file. `languages`: those whose words are all there."""
    return (
        *_on_publication(form),
        *(Remark("code", coding.place.line, coding.code) for coding in strange_codings(form)),
        *_on_questions(pairs),
        *_on_answers(pairs, answers),
        *(Remark("language", form.root.line, spoken) for spoken in _incomplete(pairs, answers, languages)),
    )


def _on_publication(form: Form) -> list[Remark]:
    found = []
    for kind, name, true in (
        ("draft", "status", form.published.status == "draft"),
        ("experimental", "experimental", form.published.experimental),
    ):
        if true:
            found.append(Remark(kind, (form.root.get(name) or form.root).line))
    return found


def _on_questions(pairs: Sequence[Pair]) -> list[Remark]:
    found = []
    place = filled_in(pairs)
    if place is not None:
        found.append(Remark("filled_in", place.line))
    left = [pair for pair in pairs if not pair.leaf.node.flag("required")]
    if left and len(left) < len(pairs):
        found.append(Remark("optional", left[0].leaf.node.line, ", ".join(str(pair.item.number) for pair in left)))
    return found


def _on_answers(pairs: Sequence[Pair], answers: Mapping[str, Answers]) -> list[Remark]:
    """Return which answers are an addition of ours that the file does not hold."""
    kept: dict[str, int] = {}
    for pair in pairs:
        for option, choice in zip(pair.item.options, answers[pair.item.key].choices, strict=True):
            if option.ours and choice is None:
                kept.setdefault(text(option.label), pair.leaf.node.line)
    return [Remark("ours", line, said) for said, line in kept.items()]


def _incomplete(pairs: Sequence[Pair], answers: Mapping[str, Answers], languages: Sequence[str]) -> list[str]:
    every = [words for pair in pairs for words in (pair.leaf.words, *answers[pair.item.key].words)]
    return sorted({spoken for words in every for spoken in words} - set(languages))
