"""JSON with places: the same values as the standard library reads, each with its line."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firstlight.doors.fhir.positions import Node, NotReadable, parse

texts = st.text(st.characters(exclude_categories=("Cs", "Cc"), include_characters="\t\r\n"))
documents = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**12), 10**12)
    | st.floats(allow_nan=False, allow_infinity=False)
    | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=20,
)


def plain(node: Node) -> object:
    """Return a node as the standard library would give it."""
    if isinstance(node.value, dict):
        return {name: plain(inner) for name, inner in node.value.items()}
    return [plain(inner) for inner in node.value] if isinstance(node.value, tuple) else node.value


@given(documents, st.sampled_from([None, 1, "\t"]), st.booleans())
def test_reads_what_the_standard_library_reads(document: object, indent: object, ascii_only: bool) -> None:
    written = json.dumps(document, indent=indent, ensure_ascii=ascii_only)

    assert plain(parse(written)) == document


@given(st.text(alphabet='{}[]:,"\\truefalsn0123.-eE \n', max_size=30))
def test_refuses_what_the_standard_library_refuses(written: str) -> None:
    try:
        json.loads(written, object_pairs_hook=without_repeats)
    except ValueError:
        with pytest.raises(NotReadable):
            parse(written)
    else:
        parse(written)


def without_repeats(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Refuse an object that names one thing twice: the one thing about which ours is stricter."""
    if len({name for name, _ in pairs}) < len(pairs):
        raise ValueError("twice")
    return dict(pairs)


def test_every_value_knows_its_line_and_path() -> None:
    root = parse('{\n  "item": [\n    {"linkId": "a"},\n    {\n      "linkId": "b"\n    }\n  ]\n}')

    second = list(root.each("item"))[1]

    assert (second.line, second.path) == (4, "$.item[1]")
    assert (second.get("linkId").line, second.get("linkId").path) == (5, "$.item[1].linkId")


@pytest.mark.parametrize(
    ("written", "line", "said"),
    [
        ('{"code": "69737-5"\n "display": "GAD-7"}', 2, ", is expected"),
        ('{"a": 1,\n "a": 2}', 2, "stands twice"),
        ('{"a": [1, 2,\n]}', 2, "a value is expected"),
        ('{"a": "open\n}', 1, "does not end"),
        ("{}\n{}", 2, "after the end"),
        ("[" * 70, 1, "nested deeper"),
        ("", 1, "a value is expected"),
        ('{"a":\n "half a sign \\ud83d"}', 2, "a sign that cannot be kept"),
        ('{"a": "\\u0000"}', 1, "a sign that cannot be kept"),
        ('{"\\udc00": 1}', 1, "a sign that cannot be kept"),
    ],
)
def test_what_is_no_json_is_refused_with_its_line(written: str, line: int, said: str) -> None:
    with pytest.raises(NotReadable) as refused:
        parse(written)

    (problem,) = refused.value.problems
    assert problem.line == line
    assert said in problem.message
