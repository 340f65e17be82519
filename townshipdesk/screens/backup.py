"""Backups from the desk: where they go, one made now, opened and checked before it counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from textual.content import Content

from townshipdesk.domain.errors import UsageError
from townshipdesk.domain.names import display_text
from townshipdesk.i18n import N_, _
from townshipdesk.screens.running import RunningBox
from townshipdesk.screens.second_person import supervisor_for_step
from townshipdesk.services import backup
from townshipdesk.services.backup import Backup
from townshipdesk.services.office import Office
from townshipdesk.services.sticks import sticks
from townshipdesk.services.verify import StoppedError
from townshipdesk.widgets.cells import styled
from townshipdesk.widgets.form import Field, FormBox

if TYPE_CHECKING:
    from townshipdesk.screens.session import Session

SHOWN = 4
MEGABYTE = 1_000_000


class BackupBox(FormBox[bool]):
    """The folder of the backups; saving makes one there at once."""

    WIDTH: ClassVar[int] = 78

    def __init__(self, session: Session) -> None:
        self._session = session
        self._folder = backup.backup_folder(session.office)
        super().__init__()

    def box_title(self) -> str:
        """Name the box."""
        return _("Backup")

    def fields(self) -> Sequence[Field]:
        """The folder: a stick, another disk, a share."""
        hint = N_("a folder on a stick, another disk or a share")
        value = "" if self._folder is None else str(self._folder)
        return (Field("folder", N_("Folder"), value=value, hint=hint, suggest=sticks()),)

    def effect(self, width: int) -> Content:  # noqa: ARG002 - the signature is the form's
        """Say what is there already."""
        lines = [
            styled(
                _("Made at each close of the day and every few hours. Enter makes one now."),
                "$quiet",
            )
        ]
        folder = self._folder
        if folder is None:
            lines.append(styled(_("No folder is chosen: nothing is backed up."), "$text-warning"))
        elif not folder.is_dir():
            said = _("The folder is not there. Put the stick in, or choose another.")
            lines.append(styled(said, "$text-warning"))
        else:
            made = backup.generations(self._session.office, folder)
            newest = sorted(made, key=lambda path: made[path], reverse=True)
            lines += [
                Content(f"{made[path]:%Y-%m-%d %H:%M}  {display_text(path.name)}")
                for path in newest[:SHOWN]
            ]
            if len(newest) > SHOWN:
                lines.append(
                    styled(_("and {count} older ones", count=len(newest) - SHOWN), "$quiet")
                )
        return Content("\n").join(lines)

    async def save(self, values: Mapping[str, Any]) -> bool | None:
        """Choose the folder, as a supervisor, where it is another one; then make a backup."""
        wanted = Path(values["folder"]).expanduser() if values["folder"] else None
        if wanted != self._folder:
            by = await supervisor_for_step(self, self._session)
            if by is None:
                raise UsageError("A supervisor must do this.")
            await self._session.apart(
                lambda office: backup.choose_backup_folder(office, by, wanted)
            )
        if wanted is not None:
            await self.app.push_screen_wait(BackupNowBox(self._session))
        return True


class BackupNowBox(RunningBox[Backup]):
    """Makes a backup while the desks go on working."""

    def box_title(self) -> str:
        """Name the box."""
        return _("Backup now")

    def do(self, office: Office) -> Backup:
        """Copy, open the copy, check it."""
        made = backup.back_up_to_folder(office, self._pages)
        if made is None:
            raise UsageError("No folder is chosen: nothing is backed up.")
        return made

    def _pages(self, done: int, whole: int) -> None:
        self.report(done, whole, N_("copying") if done < whole else N_("opening and checking"))
        if self.stopped():
            raise StoppedError(N_("The backup was stopped; nothing was left behind."))

    def said(self, result: Backup) -> Content:
        """Say where it is and how long its chain is."""
        return Content("\n").join(
            [
                styled("✓ " + _("The copy was opened and is in order."), "bold $text-success"),
                Content(display_text(str(result.path))),
                styled(
                    _(
                        "{size} MB, log of {length} entries, head {head}",
                        size=-(-result.size // MEGABYTE),
                        length=result.chain_length,
                        head=result.chain_head[:16],
                    ),
                    "$quiet",
                ),
            ]
        )
