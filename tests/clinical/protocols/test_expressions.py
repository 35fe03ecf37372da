"""The language of rules: three-valued truth, the gap named, and nothing else in it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firstlight.clinical.protocols.expressions import ExpressionError, Verdict, parse

LETTERS = ("a", "b", "c")


@pytest.mark.parametrize(
    ("source", "facts", "truth", "gaps"),
    [
        ("sbp>180 or dbp>100", {"sbp": 181, "dbp": 80}, True, ()),
        ("sbp>180 or dbp>100", {"sbp": 180, "dbp": 100}, False, ()),
        ("sbp>180 or dbp>100", {"sbp": 181}, True, ()),
        ("sbp>180 or dbp>100", {"sbp": 180}, None, ("dbp",)),
        ("sbp>180 or dbp>100", {}, None, ("sbp", "dbp")),
        ("weeks<=6 and headache", {"weeks": 7}, False, ()),
        ("weeks<=6 and headache", {"weeks": 6}, None, ("headache",)),
        ("weeks<=6 and headache", {"weeks": 6, "headache": True}, True, ()),
        ("not known", {}, None, ("known",)),
        ("not known", {"known": False}, True, ()),
        ("a or (b and not c)", {"a": False, "b": True}, None, ("c",)),
        ("a or (b and not c)", {"a": False, "b": False}, False, ()),
        ("a", {"a": None}, None, ("a",)),
    ],
)
def test_truth_of_an_expression(source: str, facts: dict[str, Any], truth: bool | None, gaps: tuple[str, ...]) -> None:
    assert parse(source).holds(facts) == Verdict(truth, gaps)


@pytest.mark.parametrize(
    "source",
    [
        "",
        "a +",
        "a + b",
        "a == 1",
        "a > b",
        "1 < a",
        "1 < a < 2",
        "a > '1'",
        "a > True",
        "a > 1j",
        "f(a)",
        "a.b",
        "a[0]",
        "lambda: a",
        "__import__('os').system('x')",
        "a if b else c",
        "[a]",
        "a; b",
        "a > 1 and a",
        "(" * 500 + "a" + ")" * 500,
        "True",
        "1",
    ],
)
def test_anything_else_is_refused(source: str) -> None:
    with pytest.raises(ExpressionError):
        parse(source)


def test_names_are_told_by_kind() -> None:
    expression = parse("a and (sbp>1 or dbp<=2) and not a")

    assert (expression.booleans, expression.numbers) == (("a",), ("sbp", "dbp"))


def sources() -> st.SearchStrategy[str]:
    return st.recursive(
        st.sampled_from(LETTERS),
        lambda inner: st.one_of(
            inner.map("not ({})".format),
            st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(lambda parts: f"({' '.join(parts)})"),
        ),
        max_leaves=6,
    )


@given(
    sources(), st.fixed_dictionaries({letter: st.booleans() for letter in LETTERS}), st.sets(st.sampled_from(LETTERS))
)
def test_known_truth_never_changes_when_gaps_are_filled(source: str, facts: dict[str, bool], hidden: set[str]) -> None:
    known = {name: value for name, value in facts.items() if name not in hidden}
    partly, fully = parse(source).holds(known), parse(source).holds(facts)

    assert fully.truth is not None
    assert partly.truth in {None, fully.truth}
    assert set(partly.gaps) <= hidden
    assert (partly.truth is None) == bool(partly.gaps)
