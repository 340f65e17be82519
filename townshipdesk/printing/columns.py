"""Text in exact columns, as a dot-matrix printer with a Chinese character set prints it.

Such a printer gives every character outside ASCII two columns, also the middle dot of a name and
the dash: they are double-byte characters of GB18030. So width is counted that way here, and the
forms use none of those characters whose width a screen would count otherwise.
"""

from __future__ import annotations

from typing import Final, Literal

from townshipdesk.domain.names import UNSHOWABLE, display_text

Align = Literal["left", "right", "centre"]

ENCODING: Final = "gb18030"


def width(text: str) -> int:
    """Give how many columns a text takes: one for ASCII, two for everything else."""
    return sum(1 if character < "\x7f" else 2 for character in text)


def printable(text: str) -> str:
    """Give outside text as it may go to a printer: one line, no control characters.

    GB18030 holds all of Unicode except lone surrogates; what it cannot hold becomes a square.
    """
    shown = display_text(text)
    try:
        shown.encode(ENCODING)
    except UnicodeEncodeError:
        return "".join(c if _encodable(c) else UNSHOWABLE for c in shown)
    return shown


def _encodable(character: str) -> bool:
    try:
        character.encode(ENCODING)
    except UnicodeEncodeError:
        return False
    return True


def pad(text: str, columns: int, align: Align = "left") -> str:
    """Fill a text with spaces to exactly `columns`. Raises ValueError when it is wider."""
    room = columns - width(text)
    if room < 0:
        raise ValueError(f"text is {-room} columns too wide")
    if align == "right":
        return " " * room + text
    if align == "centre":
        return " " * (room // 2) + text + " " * (room - room // 2)
    return text + " " * room


def wrapped(text: str, columns: int) -> list[str]:
    """Break a text into lines of at most `columns`, at spaces between ASCII words where it can."""
    lines: list[str] = []
    rest = text.strip()
    while width(rest) > columns:
        cut = _cut(rest, columns)
        lines.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    if rest or not lines:
        lines.append(rest)
    return lines


def _cut(text: str, columns: int) -> int:
    taken = 0
    for index, character in enumerate(text):
        taken += width(character)
        if taken > columns:
            end = index
            break
    else:
        return len(text)
    if end < len(text) and text[end] != " " and text[end] < "\x7f" and text[end - 1] < "\x7f":
        space = text.rfind(" ", 0, end)
        if space > end // 2:
            return space + 1
    return max(end, 1)


def between(left: str, right: str, columns: int) -> str:
    """Put one text at the left edge and one at the right, at least one space between them.

    Raises ValueError when they do not fit.
    """
    return left + pad(right, columns - width(left), "right")
