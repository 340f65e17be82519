"""A worksheet whose text cells are written in one step.

Printed rosters are nearly all text with a format. The library builds each such cell through lists
of attributes and five searches; here it is one line of text. Everything else is the library's.
"""

from __future__ import annotations

from typing import Any

from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet


class QuickPage(Worksheet):
    """A worksheet for workbooks that are written row by row (`constant_memory`)."""

    def __init__(self) -> None:
        super().__init__()
        self._letters: list[str] = []

    def _write_cell(self, row: int, col: int, cell: Any) -> None:
        """Write a cell. The name and the cell's class are those of the pinned library."""
        text = getattr(cell, "string", None)
        # The library knows how to guard what would read as its own escapes.
        if not isinstance(text, str) or cell.format is None or "_x" in text or text != text.strip():
            super()._write_cell(row, col, cell)
            return
        while col >= len(self._letters):
            self._letters.append(xl_col_to_name(len(self._letters)))
        if "&" in text or "<" in text or ">" in text:
            text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        file: Any = self.fh  # the library opens it when the first row is complete
        file.write(
            f'<c r="{self._letters[col]}{row + 1}" s="{cell.format._get_xf_index()}" '
            f't="inlineStr"><is><t>{text}</t></is></c>'
        )
