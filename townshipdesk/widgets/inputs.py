"""Boxes to type into: a line, a sum of money, a day, a number of a document."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from datetime import date

from textual import events
from textual.geometry import Size
from textual.reactive import Reactive
from textual.widgets import Input

from townshipdesk.domain.dates import parse_date
from townshipdesk.domain.money import format_yuan, parse_yuan

NEVER_KEPT = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Kinds of characters that no box takes: they drive or confuse a terminal."""


class LineInput(Input):
    """One line. Pasting takes the first line that is not empty: readers and sheets add line ends.

    `hint` is a function, so that the grey text follows the language. `selects` selects what stands
    in the box when the caret comes to it: what is typed then replaces it.
    """

    # A line has its place already: what is typed lays nothing out anew, and keys stay quick.
    virtual_size: Reactive[Size] = Reactive(Size(0, 0))

    DEFAULT_CSS = "LineInput { height: 1; border: none; padding: 0; }"

    def __init__(
        self,
        value: str = "",
        *,
        hint: Callable[[], str] | None = None,
        password: bool = False,
        max_length: int = 200,
        selects: bool = False,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        super().__init__(
            value=value,
            placeholder=hint() if hint else "",
            password=password,
            max_length=max_length,
            select_on_focus=selects,
            id=id,
            classes=classes,
        )
        self._hint = hint
        self.cursor_blink = False

    def validate_value(self, value: str) -> str:
        """Take out what would drive the terminal."""
        if value.isascii() and value.isprintable():
            return value
        return "".join(c for c in value if unicodedata.category(c) not in NEVER_KEPT)

    def _on_paste(self, event: events.Paste) -> None:
        event.prevent_default()
        event.stop()
        for line in event.text.splitlines():
            if line.strip():
                if self.selection.is_empty:
                    self.insert_text_at_cursor(line.strip())
                else:
                    self.replace(line.strip(), *self.selection)
                return

    def relabel(self) -> None:
        """Say the hint again in the language in force."""
        if self._hint is not None:
            self.placeholder = self._hint()


class MoneyInput(LineInput):
    """A sum in yuan; `amount_fen` is what it says."""

    @property
    def amount_fen(self) -> int | None:
        """The sum in fen; None when the box is empty. Raises ValueError for anything else."""
        if not self.value.strip():
            return None
        amount_fen = parse_yuan(self.value)
        if amount_fen < 0:
            raise ValueError("a sum that is handed over is not negative")
        return amount_fen

    def set_amount(self, amount_fen: int) -> None:
        """Write a sum into the box."""
        self.value = format_yuan(amount_fen)


class DateInput(LineInput):
    """A day, typed 2025-03-17, 2025.3.17, 2025/3/17 or 20250317."""

    @property
    def day(self) -> date | None:
        """The day; None when the box is empty. Raises ValueError for anything else."""
        text = self.value.strip()
        return read_day(text) if text else None

    def set_day(self, day: date | None) -> None:
        """Write a day into the box."""
        self.value = "" if day is None else day.isoformat()


def read_day(text: str) -> date:
    """Read a day as people type it. Raises ValueError."""
    if len(text) == 8 and text.isascii() and text.isdigit():
        return parse_date(f"{text[:4]}-{text[4:6]}-{text[6:]}")
    parts = text.replace("年", "-").replace("月", "-").removesuffix("日")
    parts = parts.replace(".", "-").replace("/", "-")
    pieces = parts.split("-")
    if len(pieces) != 3:
        raise ValueError(f"not a day: {text!r}")
    year, month, day = pieces
    return parse_date(f"{year}-{month:0>2}-{day:0>2}")
