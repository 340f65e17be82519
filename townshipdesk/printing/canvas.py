"""Pages drawn in millimetres, and turned into a PDF with one small font in it.

What stands on the pages is collected first and written last, because the font is made of exactly
the characters that were used.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from townshipdesk.domain.names import display_text
from townshipdesk.printing import fonts

if TYPE_CHECKING:
    from fpdf import FPDF

Align = Literal["left", "right", "centre"]
Colour = tuple[int, int, int]

BLACK: Final[Colour] = (0, 0, 0)
GREY: Final[Colour] = (110, 110, 110)
RED: Final[Colour] = (200, 30, 30)

MM_PER_POINT: Final = 25.4 / 72
LEADING: Final = 1.25
SMALLEST_POINTS: Final = 5.0
_STEP_POINTS: Final = 0.5
_PADDING_MM: Final = 0.8
_NEVER_FIRST: Final = frozenset(")）]】》，。；：、,.;:·")
_NEVER_LAST: Final = frozenset("([（【《")


@dataclass(slots=True)
class Page:
    """One sheet of paper. Places are millimetres from its upper left corner, sizes are points."""

    width: float
    height: float
    texts: dict[bool, set[str]] = field(default_factory=lambda: {False: set(), True: set()})
    _steps: list[Callable[[FPDF], None]] = field(default_factory=list)

    def text(
        self,
        x: float,
        y: float,
        text: str,
        size: float,
        *,
        bold: bool = False,
        align: Align = "left",
        colour: Colour = BLACK,
    ) -> None:
        """Write one line whose baseline is at `y` and that starts, ends or has its middle at `x`.

        Text from outside is made harmless here; characters that no font has become a geta mark.
        """
        self._line(x, y, _shown(text), size, bold, align, colour)

    def _line(
        self, x: float, y: float, shown: str, size: float, bold: bool, align: Align, colour: Colour
    ) -> None:
        self.texts[bold].update(shown)
        left = x - _SHARE[align] * width_mm(shown, size, bold=bold)

        def step(pdf: FPDF) -> None:
            _use(pdf, size, bold, colour)
            pdf.text(left, y, shown)

        self._steps.append(step)

    def cell(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        text: str,
        size: float,
        *,
        bold: bool = False,
        align: Align = "left",
        colour: Colour = BLACK,
    ) -> None:
        """Write a text inside a box, in as many lines and as small as it needs; nothing is cut."""
        points, lines = _fitted(
            _shown(text), width - 2 * _PADDING_MM, height - _PADDING_MM, size, bold
        )
        line_height = points * MM_PER_POINT * LEADING
        top = y + (height - line_height * len(lines)) / 2
        for index, line in enumerate(lines):
            baseline = top + line_height * index + points * MM_PER_POINT * 0.98
            left = x + _PADDING_MM + _SHARE[align] * (width - 2 * _PADDING_MM)
            self._line(left, baseline, line, points, bold, align, colour)

    def line(self, x1: float, y1: float, x2: float, y2: float, width: float = 0.2) -> None:
        """Draw a line."""

        def step(pdf: FPDF) -> None:
            pdf.set_draw_color(0)
            pdf.set_line_width(width)
            pdf.line(x1, y1, x2, y2)

        self._steps.append(step)

    def box(self, x: float, y: float, width: float, height: float, line: float = 0.2) -> None:
        """Draw a rectangle."""

        def step(pdf: FPDF) -> None:
            pdf.set_draw_color(0)
            pdf.set_line_width(line)
            pdf.rect(x, y, width, height)

        self._steps.append(step)

    def stamp(self, text: str, size: float, *, angle: float = 25, opacity: float = 0.16) -> None:
        """Write large, slanted and pale red across the middle of the page."""
        self.texts[True].update(text)
        span = width_mm(text, size, bold=True)
        x, y = self.width / 2, self.height / 2

        def step(pdf: FPDF) -> None:
            _use(pdf, size, True, RED)
            with pdf.local_context(fill_opacity=opacity), pdf.rotation(angle, x, y):
                pdf.text(x - span / 2, y + size * MM_PER_POINT * 0.38, text)

        self._steps.append(step)

    def frame(self, text: str, x: float, y: float, size: float) -> None:
        """Write a text in a red frame, as an inked stamp, with its middle at `x`."""
        width = width_mm(text, size, bold=True) + 4
        height = size * MM_PER_POINT * 1.5
        self.text(x, y + height * 0.72, text, size, bold=True, align="centre", colour=RED)

        def step(pdf: FPDF) -> None:
            pdf.set_draw_color(*RED)
            pdf.set_line_width(0.5)
            pdf.rect(x - width / 2, y, width, height)

        self._steps.append(step)

    def draw(self, pdf: FPDF) -> None:
        """Put everything on the paper, in the order in which it was asked for."""
        for step in self._steps:
            step(pdf)


_SHARE: Final[dict[Align, float]] = {"left": 0.0, "centre": 0.5, "right": 1.0}


def width_mm(text: str, size: float, *, bold: bool = False) -> float:
    """Give how wide a line of a size in points stands."""
    return fonts.width_em(text, bold=bold) / fonts.EM * size * MM_PER_POINT


def broken(text: str, width: float, size: float, *, bold: bool = False) -> list[str]:
    """Break a text into lines that are at most `width` millimetres wide, at spaces where it can."""
    room = width / (size * MM_PER_POINT) * fonts.EM
    if fonts.width_em(text, bold=bold) <= room:
        return [text]
    lines: list[str] = []
    line, taken = "", 0
    for character in text:
        wide = fonts.advance_em(character, bold)
        if line and taken + wide > room:
            keep = _break_at(line, character)
            lines.append(line[:keep].rstrip())
            line = line[keep:].lstrip()
            taken = fonts.width_em(line, bold=bold)
        line += character
        taken += wide
    return [*lines, line]


def _break_at(line: str, following: str) -> int:
    """Give where a full line ends, so that no ASCII word is torn and no bracket begins a line."""
    if following in _NEVER_FIRST or line[-1] in _NEVER_LAST:
        return max(len(line) - 1, 1)
    if following != " " and following < "\x7f" and line[-1] < "\x7f":
        return line.rfind(" ") + 1 or len(line)
    return len(line)


@lru_cache(maxsize=4096)
def _fitted(
    text: str, width: float, height: float, size: float, bold: bool
) -> tuple[float, tuple[str, ...]]:
    points = size
    while True:
        lines = broken(text, width, points, bold=bold)
        fits = len(lines) * points * MM_PER_POINT * LEADING <= height + 0.01
        if fits or points <= SMALLEST_POINTS:
            return points, tuple(lines)
        points -= _STEP_POINTS


_shown = lru_cache(maxsize=4096)(display_text)
"""Most of what a batch of receipts says is the same on each."""


def _use(pdf: FPDF, size: float, bold: bool, colour: Colour) -> None:
    pdf.set_font("desk", "B" if bold else "", size)
    pdf.set_text_color(*colour)


def pdf_of(pages: Iterable[Page], *, title: str, made_at: datetime) -> bytes:
    """Give the pages as a PDF. The same pages, title and moment give the same bytes."""
    from fpdf import FPDF

    sheets = list(pages)
    pdf = FPDF(unit="mm")
    pdf.set_auto_page_break(False)
    pdf.set_title(title)
    pdf.set_creator("Township Desk")
    pdf.set_creation_date(made_at)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        for bold, style in ((False, ""), (True, "B")):
            used = set().union(*(sheet.texts[bold] for sheet in sheets)) | {" "}
            path = Path(folder) / f"desk{style}.ttf"
            path.write_bytes(fonts.font_file(used, bold=bold))
            pdf.add_font("desk", style, path)
        for sheet in sheets:
            pdf.add_page(format=(sheet.width, sheet.height))
            sheet.draw(pdf)
        return bytes(pdf.output())
