"""Where nobody recognises a heading: somebody points at its row and says what the columns hold."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Final

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.getters import query_one

from townshipdesk.actions import Place, bindings
from townshipdesk.domain.errors import DeskError
from townshipdesk.domain.idnumber import mask_number
from townshipdesk.domain.names import display_text
from townshipdesk.i18n import N_, _
from townshipdesk.screens.import_lists import Line, letter, plain_column
from townshipdesk.screens.import_options import ColumnBox
from townshipdesk.screens.sheet_words import KINDS, field_name
from townshipdesk.sheets.first_rows import FirstRows, first_rows
from townshipdesk.sheets.headings import KINDS as FIELDS
from townshipdesk.sheets.headings import heading_key
from townshipdesk.sheets.result import SheetKind
from townshipdesk.widgets.box import Box
from townshipdesk.widgets.keys import KeyLine
from townshipdesk.widgets.line_list import LineList
from townshipdesk.widgets.live_list import LiveList
from townshipdesk.widgets.words import Words

if TYPE_CHECKING:
    from townshipdesk.screens.session import Session

JOINT: Final = " │ "
_NUMBER: Final = re.compile(r"[0-9]{14,17}[0-9Xx]", re.ASCII)
SAMPLE_ROWS: Final = 3
"""So many rows under a heading are looked at for an example of what a column holds."""


class HeadingBox(Box[dict[str, str]]):
    """Shows the first rows; Enter takes one for the heading, then says what its columns hold.

    Answers with heading -> field, for the columns somebody named.
    """

    PLACE: ClassVar[Place] = Place.HEADING
    WIDTH: ClassVar[int] = 100
    AUTO_FOCUS = "#heading-list"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Place.HEADING, "screen")]

    rows = query_one("#heading-list", LiveList)

    def __init__(self, session: Session, path: Path, kind: SheetKind) -> None:
        super().__init__()
        self._session = session
        self._path = path
        self._kind = kind
        self._sheets: list[FirstRows] = []
        self._heading: tuple[int, int] | None = None  # sheet and row, counted from 0
        self._fields: dict[str, str] = {}

    def box_title(self) -> str:
        """Name the file and what it shall be."""
        return f"{display_text(self._path.name)}  {_(KINDS[self._kind])}"

    def compose_box(self) -> ComposeResult:
        """Set what to do and the list."""
        yield Words(self._advice, id="heading-advice")
        yield LiveList[Line]((), key=lambda line: line.key, id="heading-list")

    def on_mount(self) -> None:
        """Begin to read."""
        super().on_mount()
        self._read()

    @work(exit_on_error=False)
    async def _read(self) -> None:
        try:
            self._sheets = await self._session.begin(asyncio.to_thread(first_rows, self._path))
        except DeskError as error:
            self.complain(error.message, **error.values)
        self._show()

    # -------------------------------------------------------------------------------- what it says

    def _advice(self, _width: int) -> Content:
        if self._heading is None:
            return Content(_("Enter takes the row under the cursor for the heading."))
        return Content(_("Enter says what a column holds; F3 reads the file so."))

    def _show(self) -> None:
        if self._heading is None:
            titles: tuple[tuple[str, int, int], ...] = (
                (N_("Row"), 10, 0),
                (N_("What stands there"), 60, 1),
            )
            lines = self._row_lines()
        else:
            titles = (
                (N_("Column"), 6, 0),
                (N_("Heading"), 20, 2),
                (N_("Example"), 20, 2),
                (N_("Taken for"), 16, 1),
            )
            lines = self._column_lines(*self._heading)
        self.rows.set_columns([plain_column(n, *title) for n, title in enumerate(titles)])
        self.rows.set_rows(lines, keep=True)
        self.rows.focus()
        self.query_one("#heading-advice", Words).relabel()
        self.query_one(KeyLine).refresh()

    def relabel(self) -> None:
        """Say the list again in the language in force."""
        super().relabel()
        self._show()

    def _row_lines(self) -> list[Line]:
        several = len(self._sheets) > 1
        return [
            Line(
                (place, number),
                (
                    f"{display_text(sheet.sheet)} {number + 1}" if several else str(number + 1),
                    _shown(JOINT.join(cell for cell in row if cell)),
                ),
            )
            for place, sheet in enumerate(self._sheets)
            for number, row in enumerate(sheet.rows)
            if any(row)
        ]

    def _headings(self, place: int, number: int) -> list[str]:
        """Give the heading over each column; one that is blank there stands in the row above."""
        rows = self._sheets[place].rows
        above = rows[number - 1] if number else []
        row = rows[number] + [""] * (len(above) - len(rows[number]))
        return [text or (above[at] if at < len(above) else "") for at, text in enumerate(row)]

    def _column_lines(self, place: int, number: int) -> list[Line]:
        below = self._sheets[place].rows[number + 1 : number + 1 + SAMPLE_ROWS]
        lines = []
        for at, heading in enumerate(self._headings(place, number)):
            example = next((row[at] for row in below if at < len(row) and row[at]), "")
            field = self._fields.get(heading, "")
            if heading:
                cells = (
                    letter(at),
                    display_text(heading),
                    _shown(example),
                    field_name(field) if field else "—",
                )
                lines.append(Line((at, heading), cells, "good" if field else "quiet"))
        return lines

    # -------------------------------------------------------------------------------- what it does

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Go on only when a heading was pointed at and one of its columns named."""
        if action == "accept_heading":
            return True if self._heading is not None and any(self._fields.values()) else None
        return super().check_action(action, parameters)

    def action_back(self) -> None:
        """Point at another row, or go back."""
        if self._heading is None:
            self.dismiss(None)
        else:
            self._heading = None
            self._show()

    def action_accept_heading(self) -> None:
        """Go on with the columns that were named."""
        self.dismiss({heading: field for heading, field in self._fields.items() if field})

    def action_point(self) -> None:
        """Take the row for the heading, or say what the column holds."""
        self.rows.action_choose()

    @on(LineList.Chosen, "#heading-list")
    @work(exit_on_error=False)
    async def _chosen(self, event: LineList.Chosen) -> None:
        key = event.row.key
        if self._heading is None:
            self._heading = (int(key[0]), int(key[1]))
            table = FIELDS[self._kind].table
            self._fields = {
                heading: table.get(heading_key(heading), "")
                for heading in self._headings(*self._heading)
                if heading
            }
            self._show()
            self.rows.cursor = 0
            return
        heading = str(key[1])
        box = ColumnBox(self._kind, heading, self._fields.get(heading, ""))
        field = await self.app.push_screen_wait(box)
        if field is not None:
            self._fields[heading] = field
            self._show()


def _shown(text: str) -> str:
    """Give a cell for the eye: numbers of people are masked here as on every screen."""
    return _NUMBER.sub(lambda found: mask_number(found[0]), display_text(text))
