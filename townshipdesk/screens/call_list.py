"""A call list that comes back with its results."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from textual.content import Content

from townshipdesk.domain.names import display_text
from townshipdesk.i18n import N_, _
from townshipdesk.screens.import_columns import remember
from townshipdesk.screens.running import RunningBox
from townshipdesk.services import calls
from townshipdesk.services.calls import CallsRead
from townshipdesk.widgets.cells import styled

if TYPE_CHECKING:
    from townshipdesk.screens.session import Session
    from townshipdesk.services.office import Office
    from townshipdesk.sheets.calls import CallRow
    from townshipdesk.sheets.result import SheetResult

NAMED = 12


class CallListBox(RunningBox[CallsRead]):
    """Takes over what the callers wrote; rows that match nobody or several are named."""

    def __init__(self, session: Session, path: Path, read: SheetResult[CallRow]) -> None:
        super().__init__(session)
        self._path = path
        self._read = read
        self._who = session.who

    def box_title(self) -> str:
        """Name the file."""
        return _("Call list: {name}", name=display_text(self._path.name))

    def do(self, office: Office) -> CallsRead:
        """Record the results, and how the columns were read."""
        done = calls.import_calls(
            office,
            self._who,
            self._path,
            read=self._read,
            progress=lambda done, rows: self.report(done, rows, N_("writing")),
            cancelled=self.stopped,
        )
        remember(office, self._who, self._read)
        return done

    def said(self, result: CallsRead) -> Content:
        """Say what was recorded and what was not."""
        lines = [
            styled("✓ " + _("{count} results recorded", count=result.recorded), "bold"),
            Content(
                _(
                    "{rows} rows: {unchanged} known already, {empty} without a result",
                    rows=result.rows,
                    unchanged=result.unchanged,
                    empty=result.empty,
                )
            ),
        ]
        rejected = tuple((one.sheet, one.row) for one in result.rejections)
        for message, rows in (
            (N_("Nobody matches: {rows}"), result.not_found),
            (N_("Several people match: {rows}"), result.ambiguous),
            (N_("Says something else of a person than a row before: {rows}"), result.twice),
            (N_("No readable name or number: {rows}"), rejected),
            (N_("Recorded, though enrolled since: {rows}"), result.enrolled),
        ):
            if rows:
                lines.append(styled(_(message, rows=_rows(rows)), "$text-warning"))
        return Content("\n").join(lines)


def _rows(rows: Sequence[tuple[str, int]]) -> str:
    """Name rows by sheet and number: 名单 row 16, 17."""
    by_sheet: dict[str, list[str]] = {}
    for sheet, row in rows[:NAMED]:
        by_sheet.setdefault(display_text(sheet), []).append(str(row))
    named = [
        _("{sheet} row {numbers}", sheet=sheet, numbers=", ".join(numbers))
        for sheet, numbers in by_sheet.items()
    ]
    return _("; ").join(named) + (" …" if len(rows) > NAMED else "")
