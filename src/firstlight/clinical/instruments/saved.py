"""How a file of answers was saved, where that makes every row of it unreadable: said once, and not of each row."""

OTHERS = {";": "semicolons", "\t": "tabs"}
LOOKED_AT = 10  # lines; the last one of a head may be cut
HOW = "Save it as CSV with commas and UTF-8."


def require_commas(head: bytes, *, single: bool) -> None:
    """Raise ValueError when the first bytes of a file are UTF-16, have CR alone at line ends, or no commas between answers.

    `single`: the questionnaire has one item, and its rows no commas.
    """
    if head.startswith((b"\xff\xfe", b"\xfe\xff")) or (len(head) >= 4 and not (any(head[::2]) and any(head[1::2]))):
        raise ValueError(f"It is saved as UTF-16. {HOW}")
    if b"\r" in head and b"\n" not in head:
        raise ValueError(
            "Its lines end with CR alone, as on an old Macintosh. Save it as CSV with line ends of Windows or Unix."
        )
    lines = [line for line in head.decode("utf-8", errors="replace").splitlines() if line.strip()][:LOOKED_AT]
    for sign, words in OTHERS.items():
        if not single and lines and all(sign in line and "," not in line for line in lines):
            raise ValueError(f"Its answers stand between {words}. {HOW}")
