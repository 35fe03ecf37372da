"""The colours are those of the visual direction, and their contrast is what it promises."""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

# The table of the visual direction: light, dark, dim; contrast on paper in brackets, on-accent's on accent.
TABLE = """
paper #FAF6EF #16181D #0B0908
raised #FFFDF9 #1E2127 #120F0D
sunken #F1EBE0 #101216 #060505
wash #F3E4EA #33232E #211612
line #D9CFC0(1.4) #363A43(1.6) #2C2622(1.3)
edge #7C7163(4.4) #858B98(5.2) #796C60(3.9)
ink #22262F(14.1) #EFE8DC(14.6) #D9C3A3(11.6)
soft #454953(8.4) #BDB7AC(8.9) #B5A186(8.0)
accent #6A2C56(9.3) #E3A9C9(9.1) #CF9C9C(8.4)
on-accent #FFFDF9(9.8) #24101D(9.2) #140B06(8.2)
focus #1F4FA3(7.2) #9CC2FF(9.8) #E0CFA0(12.9)
ok #1B5A40(7.6) #7CCBA4(9.3) #93B48D(8.7)
look #6F4300(7.9) #E9BC6A(10.0) #D8A54F(8.9)
stop #9C1B29(7.5) #FF9A94(8.7) #EE8175(7.6)
info #1B5073(8.0) #8CC4E6(9.4) #8FB2B8(8.7)
"""
THEMES = ("light", "dark", "dim")
ROWS = [line.split() for line in TABLE.strip().splitlines()]
STATES = ("ok", "look", "stop", "info")


def css() -> str:
    """Return the stylesheet of the tokens."""
    return Path(str(finders.find("design/tokens.css"))).read_text()


def tokens(selector: str) -> dict[str, str]:
    """Return the colours that the first rule with this selector declares."""
    body = re.search(re.escape(selector) + r"[^{]*{([^}]*)}", css())
    assert body, selector
    return dict(re.findall(r"--([\w-]+): (#[0-9A-F]{6});", body[1]))


def luminance(colour: str) -> float:
    """Return relative luminance after WCAG 2."""
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio after WCAG 2."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def theme(name: str) -> dict[str, str]:
    """Return the colours of a theme."""
    return tokens(f'[data-theme="{name}"]')


def test_contrast_of_black_on_white_is_twenty_one() -> None:
    assert round(contrast("#000000", "#FFFFFF"), 6) == 21


@pytest.mark.parametrize("column", range(3), ids=THEMES)
@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_token_has_the_promised_colour_and_contrast(row: list[str], column: int) -> None:
    colours = theme(THEMES[column])
    colour, _, promised = row[column + 1].rstrip(")").partition("(")

    assert colours[row[0]] == colour
    if promised:
        ground = colours["accent"] if row[0] == "on-accent" else colours["paper"]
        assert contrast(colour, ground) == pytest.approx(float(promised), abs=0.06)


@pytest.mark.parametrize("name", THEMES)
@pytest.mark.parametrize("state", STATES)
def test_state_words_are_readable_wherever_they_may_stand(state: str, name: str) -> None:
    colours = theme(name)

    for ground, least in (("paper", 7), ("raised", 7), ("sunken", 6.5), ("wash", 6.5)):
        assert contrast(colours[state], colours[ground]) >= least, ground


@pytest.mark.parametrize("name", THEMES)
@pytest.mark.parametrize("text", ["ink", "soft", "accent"])
def test_text_is_readable_on_every_ground(text: str, name: str) -> None:
    colours = theme(name)

    assert min(contrast(colours[text], colours[ground]) for ground in ("paper", "raised", "sunken", "wash")) >= 7


@pytest.mark.parametrize("name", THEMES)
def test_edge_of_a_control_is_seen(name: str) -> None:
    colours = theme(name)

    assert min(contrast(colours["edge"], colours[ground]) for ground in ("paper", "raised")) >= 3


def test_dark_of_the_system_is_dark_by_choice() -> None:
    assert tokens(":root:not([data-theme])") == theme("dark")
