"""Lanes of the dose timeline that staff chart. Each draws itself between its top and its floor, with a scale of its own."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from firstlight.clinical.quantities import scaled
from firstlight.ground.design.charts.model import Dose, Hour, PeakLane, PressureLane, Pulse
from firstlight.ground.design.charts.room import Box, Spot
from firstlight.ground.design.charts.rows import Row, notable
from firstlight.ground.design.charts.scales import ValueScale, fitted, narrowest
from firstlight.ground.design.charts.shapes import diamond, square, triangle

EACH_ROOM = 50, 36  # over the scale and under it, where every reading has its figures
FOOT = 28  # from a dose's middle down to its lane's floor: the diamond, and the amount per kg


def draw_hairlines(row: Row, doses: Sequence[Dose], bottom: float) -> None:
    """Draw the line of each dose from its diamond down through all lanes; before them, so that it lies behind."""
    for dose in doses:
        x = row.scale.x(dose.at)
        row.canvas.line("m-hair", (x, row.floor - FOOT), (x, bottom))


def draw_doses(row: Row, *, doses: Sequence[Dose], route: str) -> None:
    """Draw each dose once, its amount above and per kg below where there is room: one that changed before one that did not."""
    per_kg = any(dose.ug_per_kg for dose in doses)
    unit = _("mg, below mg/kg, %(route)s") if per_kg else _("mg, %(route)s")
    row.name(_("Dose"), unit % {"route": route}, first=row.floor - row.top - FOOT - row.size)
    if not doses:
        return row.nothing(_("no dose yet"))
    y, places = row.floor - FOOT, [row.scale.x(dose.at) for dose in doses]
    width = fitted(narrowest(places, 18), 5, 14)
    for dose, x in zip(doses, places, strict=True):
        title = f"{row.day(dose.at)}, {dose_figures(dose)}"
        row.canvas.path("m-dose", diamond(x, y, width, 20), title=title)
    amounts = [dose.amount_ug for dose in doses]
    for place in notable(amounts):
        spots = [Spot(places[place], y - lift) for lift in (15, 32)]
        row.figure(scaled(amounts[place], 1000), spots)
    shares = [dose.ug_per_kg or 0 for dose in doses]
    for place in notable(shares):
        if shares[place]:
            row.figure(scaled(shares[place], 1000), [Spot(places[place], row.floor - 4)], kind="t-soft t-halo")
    return None


def dose_figures(dose: Dose) -> str:
    """Return a dose in words, as in 35 mg (0.5 mg/kg)."""
    amount = _("%(amount)s mg") % {"amount": scaled(dose.amount_ug, 1000)}
    if not dose.ug_per_kg:
        return amount
    return _("%(amount)s (%(share)s mg/kg)") % {"amount": amount, "share": scaled(dose.ug_per_kg, 1000)}


def draw_pressure(row: Row, *, lane: PressureLane) -> None:
    """Draw lowest to highest, systolic over diastolic, the plan's limits, and a triangle where the plan was left."""
    row.name(_("Blood pressure"), _("mmHg, each reading") if lane.each else _("mmHg, low to high"))
    figures = [figure for one in lane.ranges for figure in (*one.systolic, *one.diastolic)]
    figures += [limit.value for limit in lane.limits]
    lowest, highest = min([60, *figures]), max([160, *figures])
    above, below = EACH_ROOM if lane.each else (34, 6)
    values = ValueScale(lowest - 4, highest + 4, row.floor - below, row.top + above)
    row.limits(lane.limits, values)
    if not lane.ranges:
        return row.nothing(_("nothing charted yet"))
    places = [row.scale.x(one.at) for one in lane.ranges]
    width = fitted(narrowest(places, 10) * 0.7, 1.5, 5)
    for one, x in zip(lane.ranges, places, strict=True):
        for kind, (low, high) in (("m-bar", one.systolic), ("m-bar-soft", one.diastolic)):
            least = 5 if lane.each else 3
            bar = Box(x - width / 2, min(values.y(high), values.y(low) - least), x + width / 2, values.y(low))
            row.canvas.rectangle(kind, bar, title=f"{row.day(one.at)}, {span_words(low, high)} mmHg")
    for one, x in zip(lane.ranges, places, strict=True):
        if one.out_of_plan:
            kind = "m-look" if one.acknowledged else "m-look-full"
            row.canvas.path(kind, triangle(x, values.y(one.systolic[1]) - 13, 12))
    _write_out_of_plan(row, lane, places, values)
    if lane.each:
        _write_readings(row, lane, places, values)
    return None


def _write_out_of_plan(row: Row, lane: PressureLane, places: Sequence[float], values: ValueScale) -> None:
    """Write what lay out of plan beside its triangle, the highest first; over it where readings stand close together."""
    left = [(one.systolic[1], x) for one, x in zip(lane.ranges, places, strict=True) if one.out_of_plan]
    for figure, x in sorted(left, reverse=True):
        y = values.y(figure)
        aside, over = [Spot(x + 9, y - 8, "start"), Spot(x - 9, y - 8, "end")], [Spot(x, y - 23), Spot(x, y - 37)]
        spots = [*over, *aside] if lane.each else [*aside, *over]
        row.figure(str(figure), spots, kind="t-look t-halo", bold=True, needed=True)


def _write_readings(row: Row, lane: PressureLane, places: Sequence[float], values: ValueScale) -> None:
    """Write each reading at its marks, systolic over and diastolic under it, where there is room; the table has them all."""
    systolic, diastolic = [one.systolic[1] for one in lane.ranges], [one.diastolic[0] for one in lane.ranges]
    for place in notable(systolic):
        if not lane.ranges[place].out_of_plan:
            y = values.y(systolic[place])
            row.first_free(str(systolic[place]), [Spot(places[place], y - lift) for lift in (9, 24)])
    for place in notable(diastolic):
        y = values.y(diastolic[place])
        row.first_free(
            str(diastolic[place]), [Spot(places[place], y + drop) for drop in (14, 29)], kind="t-soft t-halo"
        )


def draw_pulses(row: Row, *, pulses: Sequence[Pulse]) -> None:
    """Draw each charted pulse as a mark with its figure, where there is room; no line joins them."""
    row.name(_("Pulse"), _("a minute, each reading"), first=26)
    rates = [one.rate for one in pulses]
    values = ValueScale(min([50, *rates]), max([110, *rates]), row.floor - 8, row.top + 36)
    places = [row.scale.x(one.at) for one in pulses]
    width = fitted(narrowest(places, 10) * 0.7, 1.5, 5)
    for one, x in zip(pulses, places, strict=True):
        y, title = values.y(one.rate), f"{row.day(one.at)}, {pulse_text(one)}"
        row.canvas.rectangle("m-pulse", square(x, y + 2.5, width, 5), title=title)
    for place in notable(rates):
        y = values.y(rates[place])
        row.first_free(str(rates[place]), [Spot(places[place], y - lift) for lift in (9, 24)], kind="t-soft t-halo")


def pulse_text(one: Pulse) -> str:
    """Return a pulse in words, as in 72 a minute."""
    return _("%(rate)s a minute") % {"rate": one.rate}


def draw_peaks(row: Row, *, lane: PeakLane) -> None:
    """Draw a short bar per session with its figure; a session without a rating has a hollow square."""
    which = _("%(low)d–%(high)d, each rating") if lane.each else _("%(low)d–%(high)d, highest")
    row.name(lane.name, which % {"low": lane.low, "high": lane.high})
    if not lane.answers:
        return row.nothing(_("nothing charted yet"))
    values = ValueScale(lane.low, lane.high, row.floor, row.top + 20)
    width = fitted(narrowest([row.scale.x(answer.at) for answer in lane.answers], 10), 2, 8)
    given = [(row.scale.x(answer.at), answer.value) for answer in lane.answers if answer.value is not None]
    for x, value in given:
        row.canvas.rectangle("m-bar-soft", square(x, row.floor, width, max(1, row.floor - values.y(value))))
    row.missing(lane.answers, width)
    for place in notable([value for _x, value in given]):
        x, value = given[place]
        y = min(values.y(value) + 6, row.floor - 4)
        aside = width / 2 + 4
        spots = [Spot(x, values.y(value) - 6), Spot(x + aside, y, "start"), Spot(x - aside, y, "end")]
        row.first_free(str(value), spots, kind="t-soft t-halo")
    return None


def draw_hours(row: Row, *, hours: Sequence[Hour]) -> None:
    """Draw each hour of therapy as an outlined square on the floor."""
    row.name(_("Therapy"), _("hours"), first=26)
    if not hours:
        return row.nothing(_("no hours yet"))
    width = fitted(narrowest([row.scale.x(hour.at) for hour in hours], 10), 2, 8)
    for hour in hours:
        box = square(row.scale.x(hour.at), row.floor, width, 12)
        row.canvas.rectangle("m-hour", box, title=f"{row.day(hour.at)}, {hour.kind}", rounded=min(2, width / 4))
    return None


def span_words(low: float, high: float) -> str:
    """Return two ends of a range, or the one figure that both are."""
    return f"{low}–{high}" if low != high else str(low)
