"""One sprite, few symbols, each beside a word."""

import re

import pytest
from django.template.loader import render_to_string

from firstlight.ground.design import icons


def sprite() -> str:
    """Return the sprite as it stands in a page."""
    return render_to_string("design/_sprite.html")


def test_sprite_holds_exactly_the_named_symbols() -> None:
    assert sorted(re.findall(r'<symbol id="i-([a-z]+)" viewBox="0 0 24 24">', sprite())) == sorted(icons.ICONS)


def test_sprite_stays_within_forty_symbols() -> None:
    assert len(icons.ICONS) <= 40


def test_symbols_have_no_colour_of_their_own() -> None:
    assert not re.search(
        r"\b(fill|stroke|style|class)=", re.sub(r'class="sprite"|stroke-(width|dasharray)="', "", sprite())
    )


def test_unknown_icon_says_which_there_are() -> None:
    with pytest.raises(KeyError, match=r"brain.*book"):
        icons.icon("brain")


@pytest.mark.parametrize("kind", ["ok", "look", "stop", "info", "unknown", "due"])
def test_state_is_shape_and_word(kind: str) -> None:
    drawn = icons.state(kind)

    assert f'href="#i-{kind}"' in drawn
    assert re.search(r"<span>[A-Z][a-z ]+</span>", drawn)


def test_state_escapes_its_word() -> None:
    assert "<script>" not in icons.state("ok", "<script>")


def test_unknown_state_is_refused() -> None:
    with pytest.raises(KeyError):
        icons.state("fine", "Fine")


@pytest.mark.parametrize("strength", ["strong", "limited", "none", "conflicting"])
def test_chip_is_shape_and_words(strength: str) -> None:
    drawn = icons.chip(strength)

    assert f'href="#i-{strength}"' in drawn
    assert str(icons.STRENGTH_WORDS[strength]) in drawn
