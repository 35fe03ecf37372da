"""The shells: safe under a strict policy, translated to the last word, neutral, and fast to leave."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpRequest
from django.template import Context
from django.template.loader import get_template, render_to_string
from django.utils.translation import gettext_lazy as _

from firstlight.ground import design
from firstlight.ground.design import icons, samples
from firstlight.ground.design.charts import dose_timeline, parent_line, session_trend
from firstlight.ground.design.navigation import Link, Shell
from firstlight.ground.design.views import living_page
from tests.ground.design.test_tags import NOW
from tests.support.pseudo import bare_words, pseudo_locale

FOLDER = Path(design.__file__).parent
TEMPLATES = sorted(FOLDER.glob("templates/**/*.html"))
SCRIPTS = sorted(FOLDER.glob("static/**/*.js"))
SHELLS = ("design/parent.html", "design/public.html", "design/clinic.html", "design/session.html")
TELLING = re.compile(r"ketamin|clinic|mood|score|depress|baby|therap|dose|psych", re.IGNORECASE)


def request(address: str = "/") -> HttpRequest:
    """Return a request as our middleware leaves it."""
    made = HttpRequest()
    made.path = address
    made.now = NOW  # type: ignore[attr-defined]  # our requests carry the moment
    return made


def page(name: str, **context: Any) -> str:
    """Render a template of the site without the context of `conf`."""
    template = get_template(name).template  # type: ignore[attr-defined]  # the Django backend has it
    html: str = template.render(Context({"request": request(), **context}))
    return html


def shell() -> Shell:
    """Return a shell with every control."""
    return Shell(
        home_url="/me/",
        exit_url="/me/leave/",
        help_url="/me/help/",
        sign_out_url="/me/sign-out/",
        items=(Link(str(_("Messages")), "/me/messages/", "message", count=2),),
        person="Nora Wells",
        place="Harbour",
    )


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_template_holds_nothing_that_the_policy_refuses(template: Path) -> None:
    text = template.read_text()

    assert not re.search(r"\sstyle=|<style|\son[a-z]+=|javascript:|\|safe\b|hx-on", text)
    assert not re.search(r"<script(?![^>]*\ssrc=)", text)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_script_needs_no_permission_and_asks_only_where_its_own_element_says(script: Path) -> None:
    elsewhere = r"fetch\((?!box\.(?:dataset\.|address,))"  # what waits on a phone keeps the address that its page named
    assert not re.search(
        rf"eval\(|new Function|innerHTML|https?://|{elsewhere}|document\.cookie|\.style\b", script.read_text()
    )


@pytest.mark.parametrize("name", SHELLS)
def test_shell_is_translated_to_the_last_word(name: str) -> None:
    with pseudo_locale():
        html = page(name, shell=shell(), status=404)

    assert bare_words(html, data=("Nora Wells", "Harbour")) == []
    assert "⟦" in html


def test_living_page_is_translated_to_the_last_word(settings: Any) -> None:
    settings.ROOT_URLCONF = "tests.ground.design.pages"
    with pseudo_locale():
        html = living_page(request("/design/")).content.decode()
    known = ("Ana Ruiz", "AR", "light", "dark", "dim", *sorted(icons.ICONS, key=len, reverse=True))

    assert bare_words(html, data=known) == []


def test_drawings_are_translated_to_the_last_word() -> None:
    with pseudo_locale():
        charts = (
            dose_timeline(samples.course()),
            dose_timeline(samples.early_course()),
            dose_timeline(samples.year_course()),
            parent_line(samples.own_line()),
            session_trend(samples.session()),
        )
        words = [chart.svg for chart in charts]
        words += [cell for chart in charts for row in (chart.table.columns, *chart.table.rows) for cell in row]

    assert [bare for text in words for bare in bare_words(str(text))] == []


def test_bare_text_is_found() -> None:
    assert bare_words('<p title="Not marked">⟦Marked <b>⟦within⟧</b>⟧ but this</p>') == ["Not marked", "but this"]
    assert bare_words("<p>⟦Ana Ruiz⟧ 19 PHQ-9 –</p><script>var words</script>") == []


@pytest.mark.parametrize("name", ["design/parent.html", "design/public.html"])
def test_title_and_first_words_of_a_parents_page_tell_nothing(name: str) -> None:
    html = page(name, shell=shell())
    title = re.search(r"<title>(.*?)</title>", html)

    assert title
    assert not TELLING.search(title[1])
    assert not TELLING.search(" ".join(re.findall(r"<(?:meta|link)[^>]*>", html)))


def test_help_and_leaving_are_on_every_page_of_a_parent() -> None:
    html = page("design/parent.html", shell=shell())

    assert html.index('href="/me/leave/"') < html.index('href="#main"') < html.index('href="/me/help/"')


def test_shell_without_addresses_offers_nothing_dead() -> None:
    for name in SHELLS:
        assert 'href=""' not in page(name, shell=Shell())
        assert 'action=""' not in page(name, shell=Shell())


def test_clinic_page_says_that_no_record_is_open() -> None:
    assert "No record is open" in page("design/clinic.html", shell=shell())


def test_live_page_keeps_no_copy_of_itself_on_the_device() -> None:
    html = page("design/clinic.html", shell=shell())

    assert '"historyCacheSize":0' in html
    assert '"allowEval":false' in html
    assert '"includeIndicatorStyles":false' in html


def test_session_says_that_it_is_no_monitor() -> None:
    assert "Charted values, not a monitor." in page("design/session.html", shell=shell())


def test_error_page_shows_its_words_and_nothing_of_the_request() -> None:
    html = page(
        "design/error.html",
        status=404,
        error_title="There is nothing here for you.",
        error_texts=["The address may be old."],
    )

    assert "There is nothing here for you." in html
    assert "The address may be old." in html


def test_error_page_can_be_made_without_a_request() -> None:
    assert "Go to the start" in render_to_string("design/error.html", {"status": 500})
