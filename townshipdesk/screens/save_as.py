"""Where to write a workbook: a path that is filled in and can be changed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

from textual.content import Content

from townshipdesk.domain.errors import UsageError
from townshipdesk.domain.names import display_text
from townshipdesk.i18n import N_, _
from townshipdesk.screens.file_choice import path_from
from townshipdesk.widgets.cells import styled
from townshipdesk.widgets.form import Field, FormBox

Write = Callable[[Path], Awaitable[Path]]


class SaveAsBox(FormBox[Path]):
    """Asks for the path and writes there; an existing file is named before it is replaced."""

    WIDTH: ClassVar[int] = 90

    def __init__(self, title: Callable[[], str], path: Path, write: Write) -> None:
        self._box_title = title
        self._path = path
        self._write = write
        super().__init__()

    def box_title(self) -> str:
        """Name what is written."""
        return self._box_title()

    def fields(self) -> Sequence[Field]:
        """Folder and name."""
        return (
            Field("folder", N_("Folder"), value=str(self._path.parent), needed=True),
            Field("name", N_("File name"), value=self._path.name, needed=True),
        )

    def effect(self, width: int) -> Content:  # noqa: ARG002 - the signature is the form's
        """Say what is there already."""
        path = self._wanted()
        if not path.parent.is_dir():
            return styled(_("This folder does not exist."), "$text-warning")
        if path.exists():
            return styled(_("A file of this name is there; it will be replaced."), "$text-warning")
        return Content(display_text(str(path)))

    def _wanted(self) -> Path:
        if not self.is_mounted:
            return self._path
        name = self.text_of("name")
        if not name.lower().endswith(".xlsx"):
            name += ".xlsx"
        return path_from(self.text_of("folder")) / name

    async def save(self, values: Mapping[str, Any]) -> Path | None:  # noqa: ARG002 - read as shown
        """Write it. Raises DeskError."""
        path = self._wanted()
        if not path.parent.is_dir():
            raise UsageError(N_("Make that folder first, or name one that is there."))
        return await self._write(path)
