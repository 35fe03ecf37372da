"""The design's template tags. The library is a template builtin: pages need no `load`."""

import uuid
from collections.abc import Iterable
from datetime import datetime
from html import escape
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.forms.boundfield import BoundField
from django.template import Context
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from firstlight.clinical import evidence
from firstlight.ground.design import answered, clocks, fields, icons
from firstlight.ground.design.charts import Chart, Table
from firstlight.ground.design.navigation import Link, Shell
from firstlight.ground.design.progress import horizon_line

register = template.Library()

Zone = ZoneInfo | str | None


@register.simple_tag
def icon(name: str) -> SafeString:
    """`{% icon "due" %}`: a symbol of the sprite. Put a word beside it."""
    return icons.icon(name)


@register.simple_tag
def state(kind: str, text: object = "") -> SafeString:
    """`{% state "ok" "In plan" %}`: shape and word; kinds are ok look stop info unknown due."""
    return icons.state(kind, text)


@register.simple_tag
def chip(strength: str) -> SafeString:
    """`{% chip claim.strength %}`: strong, limited, none or conflicting."""
    return icons.chip(strength)


@register.inclusion_tag("design/_source.html")
def source(key: str) -> dict[str, Any]:
    """`{% source "ketamine-label" %}`: title with its address, how far it was checked, and when; else KeyError."""
    found = evidence.sources()[key]
    reviewed = clocks.date_text(found.reviewed_date) if found.reviewed_date else ""
    meaning = evidence.text(found.tag.meaning, get_language() or "en")
    return {"source": found, "meaning": meaning, "reviewed": reviewed}


@register.inclusion_tag("design/_field.html")
def field(bound: BoundField, **options: Any) -> dict[str, fields.FieldParts]:
    """`{% field form.weight unit="kg" width="short" inputmode="decimal" %}`: label, hint, error and control."""
    return {"part": fields.parts(bound, **options)}


@register.inclusion_tag("design/_stepper.html")
def stepper(bound: BoundField, step: int = 1, **options: Any) -> dict[str, Any]:
    """`{% stepper form.heart_rate step=5 unit="beats/min" %}`: a number with minus and plus beside it."""
    return {"part": fields.parts(bound, **options), "step": step}


@register.inclusion_tag("design/_errors.html")
def errors(form: Any, more: Iterable[tuple[str, str, str]] = ()) -> dict[str, Any]:
    """`{% errors form %}`: above a form that was refused, what is wrong and where, each a link to its field.

    `more`: of what stands outside the form, the id, the label and the words.
    """
    return {"form": form, "wrong": [form[name] for name in form.errors if name in form.fields], "more": more}


@register.simple_tag
def once() -> SafeString:
    """`{% once %}`: in every POST form, a key that makes a second identical submission do nothing."""
    return format_html('<input type="hidden" name="once" value="{}">', uuid.uuid4())


@register.simple_block_tag
def nothing(content: SafeString, title: str, checked_at: datetime | None = None, zone: Zone = None) -> SafeString:
    """`{% nothing "No tasks" checked_at=now %}who acts next{% endnothing %}`: what will stand here."""
    checked = ""
    if checked_at is not None:
        words = _("Checked at %(time)s") % {"time": clocks.time_text(checked_at, zone)}
        checked = format_html('<p class="nothing-checked">{}</p>', words)
    return format_html('<div class="nothing"><p class="nothing-title">{}</p>{}{}</div>', title, content, checked)


@register.simple_tag
def clock(at: datetime, zone: Zone = None) -> SafeString:
    """`{% clock visit.starts_at parent.timezone %}`: the time of day as a `time` element."""
    return _time(at, clocks.time_text(at, zone))


@register.simple_tag(takes_context=True)
def moment(context: Context, at: datetime, zone: Zone = None, now: datetime | None = None) -> SafeString:
    """`{% moment visit.starts_at %}`: day as people say it, and time; now comes from the request."""
    return _time(at, clocks.moment_text(at, now or _now(context), zone))


@register.simple_tag
def day(on: Any, zone: Zone = None) -> SafeString:
    """`{% day order.signed_at %}`: a date or moment as Mon 3 Mar 2025."""
    shown = clocks.local(on, zone).date() if isinstance(on, datetime) else on
    return format_html('<time datetime="{}">{}</time>', shown.isoformat(), clocks.date_text(shown))


@register.simple_tag(takes_context=True)
def due_time(
    context: Context, at: datetime, zone: Zone = None, now: datetime | None = None, *, urgent: bool = False
) -> SafeString:
    """`{% due_time task.acknowledge_by %}`: clock shape, how it stands (kept current by counting.js), day and time.

    `urgent`: what must be done now, late or not, with a shape and a word that nothing routine has.
    """
    present = now or _now(context)
    late = at <= present
    counted = format_html(
        '<time datetime="{}" data-count="due" data-ahead="{}" data-late="{}" data-now="{}">{}</time>',
        at.isoformat(),
        _("due in {} min"),
        _("{} min late"),
        _("due now"),
        clocks.due_text(at, present),
    )
    if urgent:
        stands = icons.state("stop", format_html("{}, {}", _("Now"), counted))
    else:
        stands = icons.state("look" if late else "due", counted)
    return format_html('{} <span class="when">{}</span>', stands, clocks.moment_text(at, present, zone))


@register.simple_tag(takes_context=True)
def elapsed(context: Context, since: datetime, now: datetime | None = None) -> SafeString:
    """`{% elapsed session.started_at %}`: a clock that counts up from a moment."""
    return _running(since, (now or _now(context)) - since, "up")


@register.simple_tag(takes_context=True)
def countdown(context: Context, until: datetime, now: datetime | None = None) -> SafeString:
    """`{% countdown session.earliest_leave_at %}`: a clock that counts down to a moment and stops at 0:00."""
    return _running(until, until - (now or _now(context)), "down")


@register.simple_tag
def horizon(done: int = 0, total: int = 0) -> SafeString:
    """`{% horizon 7 31 %}`: the page's one line; with a total, the lamp stands where the person has got to."""
    return horizon_line(done, total)


@register.inclusion_tag("design/_figure.html")
def figure(chart: Chart, level: int = 2, *, bare: bool = False, table_open: bool = False) -> dict[str, Any]:
    """`{% figure chart %}`: title sentence, drawing, the same as a table; `bare=True` where the page says the title."""
    return {"chart": chart, "level": level, "bare": bare, "table_open": table_open}


@register.filter
def listed(words: str) -> SafeString | str:
    """`{{ stem|listed }}`: what follows each • becomes a line of a list, as it is printed on the form."""
    lead, *points = words.split(" • ")
    if not points:
        return words
    return format_html("{}<ul>{}</ul>", lead, format_html_join("", "<li>{}</li>", ((point,) for point in points)))


@register.filter
def called(number: str) -> SafeString | str:
    """`{% blocktranslate with phone=clinic.phone|called %}`: a number that one tap calls, and that no line breaks."""
    if not number:
        return ""
    return format_html('<a href="tel:{}">{}</a>', "".join(number.split()), number)


@register.filter
def calling(words: str, number: str) -> SafeString | str:
    """`{{ step.text|calling:clinic.phone }}`: a sentence whose number is one that a tap calls."""
    before, found, after = words.partition(number) if number else (words, "", "")
    return format_html("{}{}{}", before, called(found), after)


@register.simple_tag
def rows_of(table: Table) -> SafeString:
    """`{% rows_of table %}`: its rows, the first cell of each as a head. Written here, because a year has thousands of cells."""
    return SafeString("".join(_row(*map(str, row)) for row in table.rows))  # nosec B703 - each cell went through escape


def _row(head: str, *cells: str) -> str:
    rest = "".join(f"<td>{escape(cell)}</td>" for cell in cells)
    return f'<tr><th scope="row">{escape(head)}</th>{rest}</tr>\n'


@register.simple_tag(takes_context=True)
def answered_rows(context: Context, rows: Iterable[answered.Answered], zone: Zone = None) -> SafeString:
    """`{% answered_rows sheet.telling clinic.timezone %}`: a row for each question with its answer."""
    return answered.answered_rows(rows, lambda at: moment(context, at, zone))


@register.simple_tag(takes_context=True)
def record_tabs(context: Context, record_id: object) -> tuple[Link, ...]:
    """`{% record_tabs parent.id as tabs %}{% include "design/_tabs.html" %}`: what this person may open of it."""
    shell = context.get("shell")
    return shell.record_links(record_id) if isinstance(shell, Shell) else ()


def _time(at: datetime, text: str) -> SafeString:
    return format_html('<time datetime="{}">{}</time>', at.isoformat(), text)


def _running(at: datetime, span: Any, direction: str) -> SafeString:
    text = clocks.running_text(span)
    return format_html('<time class="running" datetime="{}" data-count="{}">{}</time>', at.isoformat(), direction, text)


def _now(context: Context) -> datetime:
    """Return the request's own present, so that one page never shows two."""
    now: datetime = context["request"].now
    return now
