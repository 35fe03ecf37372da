"""Help lines and the ladder are data with sources; their words promise no more than the sources say."""

import pytest

from firstlight.clinical.evidence import DataError, sources
from firstlight.ground.people.permissions import Role
from firstlight.ground.safety.helplines import Kind, helplines
from firstlight.ground.safety.ladder import Clock, Pages, ladder


def test_lifeline_can_be_called_and_texted() -> None:
    [lifeline] = [line for line in helplines() if line.kind is Kind.CRISIS]

    assert lifeline.call == "988"
    assert [text.number for text in lifeline.texts] == ["988"]


def test_numbers_are_those_of_the_reference() -> None:
    # clinical-facts section 5: 1-833-TLC-MAMA is 1-833-852-6262; PSI 1-800-944-4773, text 800-944-4773 and 971-203-7773
    called = {line.key: (line.shown_number, *[text.number for text in line.texts]) for line in helplines()}

    assert called["emergency"] == ("911",)
    assert called["maternal"] == ("1-833-852-6262", "+18338526262")
    assert called["psi"] == ("1-800-944-4773", "+18009444773", "+19712037773")


def test_support_lines_say_what_they_are_not() -> None:
    says = {line.key: line.says for line in helplines() if line.kind is Kind.SUPPORT}

    assert "not a crisis line" in says["maternal"]
    assert "not for emergencies" in says["psi"]
    assert "do not know its hours" in says["psi"]


def test_every_line_and_level_names_sources_of_the_registry() -> None:
    named = {key for thing in (*helplines(), *ladder().levels.values()) for key in thing.sources}

    assert named
    assert named <= set(sources())


def test_country_without_lines_is_an_error() -> None:
    with pytest.raises(DataError, match="no lines for XX"):
        helplines("XX")


def test_ladder_has_the_times_of_the_reference() -> None:
    # clinical-facts section 5: L3 prescriber within 15 minutes; L3 and L4 page again at 5 and 10 minutes
    levels = ladder().levels

    assert list(levels) == ["L1", "L2", "L3", "L4"]
    assert (levels["L3"].role, levels["L3"].acknowledge_minutes) == (Role.PRESCRIBER, 15)
    assert [levels[key].page_minutes for key in levels] == [(), (), (5, 10), (5, 10)]
    assert [levels[key].pages for key in levels] == [Pages.NEVER, Pages.COVERED, Pages.AT_ONCE, Pages.AT_ONCE]
    assert [levels[key].clock for key in levels] == [Clock.COVERED, Clock.COVERED, Clock.AT_ONCE, Clock.AT_ONCE]


def test_stronger_level_stands_higher() -> None:
    assert ladder().stronger("L4", "L3")
    assert not ladder().stronger("L2", "L2")
    assert not ladder().stronger("L1", "L2")


def test_time_targets_are_shown_as_ours() -> None:
    assert sources()["LADDER"].tag == "ours"
