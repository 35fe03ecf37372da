"""The tags that pages are built from."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.http import HttpRequest
from django.template import Context, Template
from django.utils.safestring import SafeString

from firstlight.ground.design.charts import Table
from firstlight.ground.design.navigation import Link, Shell

NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)


def shown(source: str, **context: Any) -> str:
    """Render a template at NOW."""
    request = HttpRequest()
    request.now = NOW  # type: ignore[attr-defined]  # our requests carry the moment
    return Template(source).render(Context({"request": request, **context}))


def test_every_form_gets_a_key_of_its_own() -> None:
    keys = re.findall(r'name="once" value="([^"]+)"', shown("{% once %}{% once %}"))

    assert len({UUID(key) for key in keys}) == 2


def test_number_in_a_sentence_is_one_that_a_tap_calls() -> None:
    html = shown("{{ words|calling:phone }}", words="Questions & more: +1 518 555 0100.", phone="+1 518 555 0100")

    assert html == 'Questions &amp; more: <a href="tel:+15185550100">+1 518 555 0100</a>.'


def test_sentence_of_a_clinic_without_a_number_stays_as_it_is() -> None:
    assert shown("{{ words|calling:phone }}{{ phone|called }}", words="Come & see.", phone="") == "Come &amp; see."


def test_due_time_ahead_has_the_clock_shape_and_both_times() -> None:
    html = shown("{% due_time at 'America/New_York' %}", at=NOW + timedelta(minutes=12))

    assert "state-due" in html
    assert ">due in 12 min</time>" in html
    assert "today 09:12" in html
    assert 'datetime="2026-11-23T14:12:00+00:00"' in html


def test_due_time_that_passed_has_another_shape() -> None:
    html = shown("{% due_time at %}", at=NOW - timedelta(minutes=7))

    assert "state-look" in html
    assert ">7 min late</time>" in html


def test_running_clocks_count_from_the_present_of_the_request() -> None:
    html = shown(
        "{% elapsed since %}{% countdown until %}", since=NOW - timedelta(minutes=5), until=NOW + timedelta(hours=1)
    )

    assert re.findall(r'data-count="(\w+)">([^<]+)', html) == [("up", "5:00"), ("down", "1:00:00")]


def test_clock_moment_and_day_are_time_elements() -> None:
    html = shown("{% clock at zone %} {% moment at zone %} {% day at zone %}", at=NOW, zone="America/New_York")

    assert re.findall(r"<time[^>]*>([^<]+)</time>", html) == ["09:00", "today 09:00", "Mon 23 Nov 2026"]


def test_day_takes_a_date() -> None:
    assert shown("{% day on %}", on=date(1994, 4, 7)) == '<time datetime="1994-04-07">Thu 7 Apr 1994</time>'


def test_empty_state_says_what_who_and_when_it_was_checked() -> None:
    html = shown(
        '{% nothing "No tasks" checked_at=now zone="UTC" %}<p>{{ who }} reads them.</p>{% endnothing %}',
        now=NOW,
        who="<b>",
    )

    assert "No tasks" in html
    assert "&lt;b&gt; reads them." in html
    assert "Checked at 14:00" in html


def test_horizon_carries_the_lamp_where_the_person_stands() -> None:
    start, end = (float(re.findall(r'cx="([\d.]+)%"', shown(f"{{% horizon {done} 31 %}}"))[0]) for done in (0, 31))

    assert 0 < start < end < 100
    assert 'aria-label="7 of 31"' in shown("{% horizon 7 31 %}")
    assert "svg" not in shown("{% horizon %}")


@pytest.mark.parametrize(("done", "total"), [(-1, 3), (4, 3)])
def test_progress_beyond_its_ends_is_refused(done: int, total: int) -> None:
    with pytest.raises(ValueError, match="no progress"):
        shown("{% horizon done total %}", done=done, total=total)


def test_tabs_of_a_record_come_from_the_shell() -> None:
    shell = Shell(record_links=lambda record_id: (Link("Overview", f"/clinic/{record_id}/", current=True),))
    html = shown('{% record_tabs 7 as tabs %}{% include "design/_tabs.html" %}', shell=shell)

    assert '<a href="/clinic/7/" aria-current="page">Overview</a>' in html


def test_page_without_a_shell_has_no_tabs() -> None:
    assert shown('{% record_tabs 7 as tabs %}{% include "design/_tabs.html" %}').strip() == ""


def test_source_shows_title_and_how_far_it_was_checked() -> None:
    from firstlight.clinical import evidence

    key, known = next(iter(evidence.sources().items()))
    html = shown("{% source key %}", key=key)

    assert known.address in html
    assert known.tag.meaning["en"].replace("'", "&#x27;") in html


@pytest.mark.parametrize(
    ("level", "marks", "shape"), [("warn", "*", "info"), ("act", "**", "look"), ("emergency", "***", "stop")]
)
def test_notice_is_marks_shape_word_and_place(level: str, marks: str, shape: str) -> None:
    html = shown('{% include "design/_notice.html" with text="Heart rate 118." %}', level=level)

    assert f'<span class="notice-mark">{marks}</span>' in html
    assert f'href="#i-{shape}"' in html
    assert ('role="alert"' in html) is (level == "emergency")


def test_reading_without_a_value_is_a_dash_not_a_zero() -> None:
    html = shown('{% include "design/_reading.html" with label="Heart rate" %}')

    assert re.search(r'reading-value">\s*–', html)


def test_words_with_points_become_a_list_and_stay_words() -> None:
    found = shown("{{ words|listed }}", words="For example: • a <b>fire</b> • a war")

    assert found == "For example:<ul><li>a &lt;b&gt;fire&lt;/b&gt;</li><li>a war</li></ul>"
    assert shown("{{ words|listed }}", words="3 < 4") == "3 &lt; 4"


def test_rows_of_a_table_are_words_whatever_stands_in_them() -> None:
    table = Table("Seen", ("When", "Value"), (("Mon", "<script>"), ("Tue", "7 & more")))

    assert shown("{% rows_of table %}", table=table) == (
        '<tr><th scope="row">Mon</th><td>&lt;script&gt;</td></tr>\n'
        '<tr><th scope="row">Tue</th><td>7 &amp; more</td></tr>\n'
    )


@dataclass(frozen=True)
class Row:
    """A question with its answer, as the clinic or a form may have worded it."""

    number: int = 9
    question: str = "Sleep?"
    answer: str = "Badly"
    flagged: bool = False
    aside: int | str | None = None
    earlier: tuple[tuple[str, datetime], ...] = ()


def test_row_of_an_answer_has_its_number_score_and_what_it_replaced() -> None:
    html = shown("{% answered_rows rows 'UTC' %}", rows=[Row(aside=2, earlier=(("Well", NOW - timedelta(hours=1)),))])

    assert html == (
        '<ul class="rows lines">\n<li class="line"><span class="line-question"><span class="soft number">9</span> Sleep?</span>'
        ' <span class="line-answer"><strong>Badly</strong> <span class="soft number">2</span>'
        ' <span class="small soft">before: Well, <time datetime="2026-11-23T13:00:00+00:00">today 13:00</time></span>'
        "</span></li>\n</ul>"
    )


def test_flagged_row_has_the_shape_of_a_stop() -> None:
    html = shown("{% answered_rows rows %}", rows=[Row(flagged=True), Row()])

    assert [html.count(part) for part in ("line-flagged", "#i-stop", "<li", "<strong>Badly")] == [1, 1, 2, 1]


@pytest.mark.parametrize("flagged", [True, False])
def test_rows_of_answers_are_words_whatever_stands_in_them(flagged: bool) -> None:
    hostile = SafeString('<img src=x> & "it\'s" {answer} %s')
    row = Row(question=hostile, answer=hostile, flagged=flagged, aside=hostile, earlier=((hostile, NOW),))
    html = shown("{% answered_rows rows %}", rows=[row])

    assert "<img" not in html
    assert html.count("&lt;img src=x&gt; &amp; &quot;it&#x27;s&quot; {answer} %s") == 4
