"""Text measured in terminal cells: a Han character takes two, and columns must still line up."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from rich.cells import cell_len, set_cell_size
from textual.content import Content

__all__ = ["bar", "beside", "cell_len", "clip", "fit", "folded", "styled", "wrapped"]

_CLOSING: Final = "。，；：、！？）”》"
_BLOCKS = " ▏▎▍▌▋▊▉█"


def clip(text: str, width: int) -> str:
    """Give text that takes at most `width` cells; what was cut off ends in an ellipsis."""
    if cell_len(text) <= width:
        return text
    if width <= 1:
        return "…"[:width]
    return set_cell_size(text, width - 1).rstrip() + "…"


def fit(text: str, width: int, *, right: bool = False) -> str:
    """Give text that takes exactly `width` cells, cut or filled with spaces."""
    shown = clip(text, width)
    room = " " * (width - cell_len(shown))
    return room + shown if right else shown + room


def styled(text: str, style: str) -> Content:
    """Give text in one style. The text is never read as markup."""
    return Content.styled(text, style) if style else Content(text)


def beside(left: Content | str, right: Content | str, width: int) -> Content:
    """Give a line with one text at each end; the left one is cut where they would meet."""
    first = Content(left) if isinstance(left, str) else left
    last = Content(right) if isinstance(right, str) else right
    room = width - last.cell_length
    if room <= 1:
        return last.truncate(max(width, 0), ellipsis=True)
    first = first.truncate(room - 1, ellipsis=True)
    return Content.assemble(first, " " * (room - first.cell_length), last)


def wrapped(parts: Iterable[Content], width: int, joint: str = "   ") -> list[Content]:
    """Set parts one after the other, as many on each line as fit; a part is never broken."""
    lines: list[Content] = []
    for part in parts:
        if lines and lines[-1].cell_length + cell_len(joint) + part.cell_length <= width:
            lines[-1] = Content.assemble(lines[-1], joint, part)
        else:
            lines.append(part.truncate(width, ellipsis=True))
    return lines


def folded(content: Content, width: int, indent: str = "    ") -> Content:
    """Break lines at `width` cells, what follows set in: Chinese has no blanks to break at.

    A line does not begin with a mark that closes a sentence, and a word of letters stays whole.
    """
    lines: list[Content] = []
    for whole in content.split("\n"):
        line = whole
        while line.cell_length > width > len(indent) * 2:
            cut = _break(line.plain, width)
            lines.append(line[:cut])
            line = Content.assemble(indent, line[cut:])
        lines.append(line)
    return Content("\n").join(lines)


def _break(text: str, width: int) -> int:
    """Give how many characters of a text stand on a line of `width` cells."""
    cut = used = 0
    while used + cell_len(text[cut]) <= width:  # the text is longer than the line
        used += cell_len(text[cut])
        cut += 1
    while cut > 1 and text[cut] in _CLOSING:
        cut -= 1
    whole = cut
    while cut and text[cut - 1].isascii() and text[cut - 1] != " " and text[cut].isascii():
        cut -= 1
    return cut if cut > width // 4 else whole


def bar(done: int, whole: int, width: int) -> str:
    """Give a bar of blocks for `done` of `whole`, at eighths of a cell."""
    if whole <= 0 or width <= 0:
        return " " * max(width, 0)
    eighths = min(width * 8, max(0, done) * width * 8 // whole)
    full, part = divmod(eighths, 8)
    text = "█" * full + (_BLOCKS[part] if part else "")
    return text.ljust(width)
