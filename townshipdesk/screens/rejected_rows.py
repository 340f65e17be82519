"""Rows that were not taken, written to a workbook that goes back to who sent the file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from townshipdesk.domain.names import display_text
from townshipdesk.i18n import N_, _
from townshipdesk.screens.save_as import SaveAsBox
from townshipdesk.screens.sheet_words import REJECTED
from townshipdesk.services import file_history
from townshipdesk.sheets.rejects import write_rejects

if TYPE_CHECKING:
    from textual.screen import Screen

    from townshipdesk.screens.session import Session
    from townshipdesk.services.office import Office
    from townshipdesk.sheets.result import Rejection, SheetMapping


async def send_back(
    screen: Screen[Any],
    session: Session,
    source: Path,
    rejections: Sequence[Rejection],
    mappings: Sequence[SheetMapping],
) -> None:
    """Ask where the workbook goes, write it, and keep that it went out. To be awaited in a worker.

    It holds numbers in full: like every sheet that leaves the office it stands in the history.
    """
    who = session.who

    def send(office: Office, path: Path) -> None:
        rows = write_rejects(path, source, rejections, mappings)
        file_history.record_written(office, who, REJECTED, path, rows)

    async def write(path: Path) -> Path:
        await session.apart(lambda office: send(office, path))
        return path

    suggested = source.with_name(_("{name}-rejected", name=source.stem) + ".xlsx")
    box = SaveAsBox(lambda: _("Rejected rows to a workbook"), suggested, write)
    path = await screen.app.push_screen_wait(box)
    if path is not None:
        screen.app.notify(_(N_("Written: {path}"), path=display_text(str(path))), markup=False)
