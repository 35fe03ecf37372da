"""A small language for rules: names, numbers, comparisons, and, or, not. Facts may be missing, so truth has three values.

An expression is parsed once and never executed as code: anything but the listed forms is refused.
"""

import ast
import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

Number = int | float | Decimal
Value = bool | Number
Facts = Mapping[str, Value | None]

_COMPARISONS: dict[type[ast.cmpop], Callable[[Number, Number], bool]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}


class ExpressionError(ValueError):
    """An expression that this language does not have."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """True, False or None (unknown); `gaps` are the missing facts that keep it unknown."""

    truth: bool | None
    gaps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Expression:
    """A parsed expression: which facts it needs, and whether it holds."""

    source: str
    numbers: tuple[str, ...]
    booleans: tuple[str, ...]
    _body: ast.expr

    @property
    def names(self) -> tuple[str, ...]:
        return self.numbers + self.booleans

    @property
    def limits(self) -> dict[str, Number]:
        """The number that each name is compared with; of several, the last."""
        found: dict[str, Number] = {}
        for node in ast.walk(self._body):
            match node:
                case ast.Compare(left=ast.Name(id=name), comparators=[ast.Constant(value=int() | float() as value)]):
                    found[name] = value
        return found

    def holds(self, facts: Facts) -> Verdict:
        """Evaluate over facts of the right kinds. A missing fact matters only if the others do not decide."""
        return _verdict(self._body, facts)


def parse(source: str) -> Expression:
    """Parse "sbp>180 or dbp>100". Raises ExpressionError."""
    try:
        body = ast.parse(source.strip(), mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
        raise ExpressionError(f"{source!r} cannot be read") from error
    found = list(_names(body, source))
    numbers = dict.fromkeys(name for name, is_number in found if is_number)
    booleans = dict.fromkeys(name for name, is_number in found if not is_number)
    if both := numbers.keys() & booleans.keys():
        raise ExpressionError(f"{source!r} uses {', '.join(sorted(both))} as a number and as yes or no")
    return Expression(source, tuple(numbers), tuple(booleans), body)


def _names(node: ast.expr, source: str) -> Iterator[tuple[str, bool]]:
    """Every name with whether it is a number, refusing every form that is not in the language."""
    match node:
        case ast.BoolOp(values=values):
            for value in values:
                yield from _names(value, source)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield from _names(operand, source)
        case ast.Compare(left=ast.Name(id=name), ops=[operation], comparators=[ast.Constant(value=value)]):
            if type(operation) not in _COMPARISONS or type(value) not in {int, float}:
                raise ExpressionError(f"{source!r} compares in a way that rules do not")
            yield name, True
        case ast.Name(id=name):
            yield name, False
        case _:
            raise ExpressionError(f"{source!r} holds {type(node).__name__}, which rules do not have")


def _verdict(node: ast.expr, facts: Facts) -> Verdict:
    match node:
        case ast.BoolOp(op=operation, values=values):
            return _joined([_verdict(value, facts) for value in values], decides=isinstance(operation, ast.Or))
        case ast.UnaryOp(operand=operand):
            inner = _verdict(operand, facts)
            return Verdict(None if inner.truth is None else not inner.truth, inner.gaps)
        case ast.Compare(
            left=ast.Name(id=name), ops=[operation], comparators=[ast.Constant(value=int() | float() as value)]
        ):
            fact = facts.get(name)
            return Verdict(None, (name,)) if fact is None else Verdict(_COMPARISONS[type(operation)](fact, value))
        case ast.Name(id=name):
            fact = facts.get(name)
            return Verdict(None, (name,)) if fact is None else Verdict(bool(fact))
    raise ExpressionError(f"{type(node).__name__} was not refused when parsed")


def _joined(parts: list[Verdict], *, decides: bool) -> Verdict:
    """`or` is decided by one True, `and` by one False; otherwise one unknown part makes the whole unknown."""
    if any(part.truth is decides for part in parts):
        return Verdict(decides)
    gaps = dict.fromkeys(gap for part in parts if part.truth is None for gap in part.gaps)
    return Verdict(None, tuple(gaps)) if gaps else Verdict(not decides)
