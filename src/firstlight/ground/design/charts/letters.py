"""How much room words take. A drawing made on the server cannot ask the browser, so it reckons with the widest usual font."""


# Advance widths in em, rounded up to a twentieth, of DejaVu Sans: the widest font that `system-ui` stands for.
# Measured in Chromium; Segoe UI, Roboto, San Francisco and Liberation Sans are all narrower.
class Advance(dict[str, float]):
    """The widths by letter; one that was not measured counts as the widest."""

    def __missing__(self, letter: str) -> float:
        return UNKNOWN


UNKNOWN = 1.0
EM = Advance(
    {
        letter: width
        for width, letters in {
            0.3: "'IJijlíÍ",
            0.35: " ,./:;\\|\u2019·",
            0.4: "()-[]ft",
            0.45: "!r",
            0.5: '"*_`–',
            0.55: "?csz",
            0.6: "FLkvxy",
            0.65: "$0123456789EPSTYabdeghnopqu{}áéóúñüÉ",
            0.7: "ABCKRVXZÁ",
            0.75: "NUÚÑ",
            0.8: "&DGHOQÓ",
            0.85: "#+<=>^w~×\N{MINUS SIGN}",
            0.9: "M",
            0.95: "%",
            1.0: "@Wm",
        }.items()
        for letter in letters
    }
)
BOLD = 1.13


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """Return the most that a text takes, in the unit of its size."""
    return size * sum(map(EM.__getitem__, text)) * (BOLD if bold else 1)


def wrapped(text: str, width: float, size: float, *, bold: bool = False) -> list[str]:
    """Return a text in lines that fit a width. A single word that is wider stays whole."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text_width(longer, size, bold=bold) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines
