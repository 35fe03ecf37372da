"""Named errors of this package. Each names the field, what was given, and what would be right."""

from firstlight.clinical.quantities.errors import shown


class PharmacologyError(ValueError):
    """Something that cannot be simulated as asked."""

    def __init__(self, *, field: str, value: object, expected: str) -> None:
        self.field = field
        self.value = value
        self.expected = expected
        super().__init__(f"{field}: {shown(value)} cannot be used; {expected}.")

    def __reduce__(self) -> tuple[object, ...]:
        return _again, (type(self), self.field, self.value, self.expected)


def _again(kind: type[PharmacologyError], field: str, value: object, expected: str) -> PharmacologyError:
    """Make an error again on the other side of a process."""
    return kind(field=field, value=value, expected=expected)


class WrongUnit(PharmacologyError):
    """A quantity in a unit that this field does not take."""


class NegativeDose(PharmacologyError):
    """An amount, or a rate, below zero."""


class MissingDuration(PharmacologyError):
    """An infusion or zero-order input without a duration above zero."""


class TimesOutOfOrder(PharmacologyError):
    """Times that do not rise."""


class NotANumber(PharmacologyError):
    """A value that is not finite, or out of the range in which it means anything."""


class NothingAsked(PharmacologyError):
    """An empty list of times, doses, outputs or people."""


class DifferentLengths(PharmacologyError):
    """Arrays of different numbers of subjects, or a buffer of another shape."""


class UnknownState(PharmacologyError):
    """A flow, input or output that names a state which the system does not have."""


class UnknownWord(PharmacologyError):
    """A word, such as a route's or an isomer's, that is none of those there are."""


class WrongKind(PharmacologyError):
    """Something else than this argument takes, such as a name where a model is expected."""


class UnknownModel(PharmacologyError):
    """A name that no model has."""


class RouteNotCovered(PharmacologyError):
    """A model asked for a route for which its paper has no data."""


class IsomerNotCovered(PharmacologyError):
    """A model asked for an isomer to which it was not fitted, or doses of several isomers at once."""


class AnalyteNotCovered(PharmacologyError):
    """A model asked for an analyte that it does not give for this dose."""


class PopulationNotCovered(PharmacologyError):
    """A model asked for people who were not in its study."""


class VariabilityUnknown(PharmacologyError):
    """A band between people asked of a model whose paper gives none."""


class SitesDiffer(PharmacologyError):
    """A comparison of concentrations from different sampling sites."""


class TimesDiffer(PharmacologyError):
    """A comparison of concentrations at different times."""


class IsomersDiffer(PharmacologyError):
    """A comparison of one isomer with the other, or with the sum of both."""


class AnalytesDiffer(PharmacologyError):
    """A comparison of different substances, such as ketamine with norketamine."""


class NeverEliminated(PharmacologyError):
    """An exposure without end, because something that was given never leaves."""


class RateTooFast(PharmacologyError):
    """A rate so fast for the time asked about that rounding would be more than what is promised."""


class KernelMissing(PharmacologyError):
    """The compiled kernel asked for where its compiler is not installed."""


class NotACluster(PharmacologyError):
    """A cluster asked for with something that is none, or together with threads of this machine."""


class Cancelled(Exception):
    """The caller ended a simulation before its last subject."""
