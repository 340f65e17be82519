"""Choosing a file: type or paste its path, or go through folders; what kind it is, if one knows."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Final
from urllib.parse import unquote, urlparse

from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.getters import query_one
from textual.timer import Timer
from textual.widgets import Input

from townshipdesk.actions import Place, bindings
from townshipdesk.domain.dates import SHANGHAI
from townshipdesk.domain.errors import DeskError
from townshipdesk.domain.names import display_text
from townshipdesk.i18n import N_, _
from townshipdesk.screens.sheet_words import KINDS
from townshipdesk.services.imports import columns as known_columns
from townshipdesk.services.last_folders import last_folder, remember_folder
from townshipdesk.sheets.reader import sniff_kind
from townshipdesk.sheets.result import SheetKind
from townshipdesk.widgets.box import Box
from townshipdesk.widgets.choice import Choice
from townshipdesk.widgets.inputs import LineInput
from townshipdesk.widgets.line_list import Column, LineList

if TYPE_CHECKING:
    from collections.abc import Sequence

    from townshipdesk.screens.session import Session

SUFFIXES: Final = (".xlsx", ".xls", ".csv", ".xlsm", ".xlsb", ".ods", ".et")
BROUGHT: Final = "in"
"""Under this name the last folder files came from is remembered."""
KILOBYTE: Final = 1024
TYPING: Final = 0.3
"""So many seconds after the last key into the list the caret stands in the line of the path."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """A file and what kind it is."""

    path: Path
    kind: SheetKind


@dataclass(frozen=True, slots=True)
class FolderLine:
    """A line of the list: a folder to go into, or a file."""

    path: Path
    name: str
    is_folder: bool
    size: int
    changed: int


class ChooseFileBox(Box[Chosen]):
    """Asks for a file. `kinds` are the kinds it may be; a single one is not asked about."""

    PLACE: ClassVar[Place] = Place.CHOOSE_FILE
    WIDTH: ClassVar[int] = 100
    AUTO_FOCUS = "#file-list"
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings(Place.CHOOSE_FILE, "screen"),
        Binding("down", "screen.to_list", show=False),
    ]

    path_input = query_one("#file-path", LineInput)
    files = query_one("#file-list", LineList)

    def __init__(
        self,
        session: Session,
        title: Callable[[], str],
        kinds: Sequence[SheetKind] = tuple(SheetKind),
        *,
        folder: Path | None = None,
    ) -> None:
        super().__init__()
        self._session = session
        self._box_title = title
        self._kinds = tuple(kinds)
        self._folder = folder or last_folder(BROUGHT)
        self._asked: Path | None = None  # the file whose kind somebody was asked for
        self._typing: Timer | None = None
        self._left = False

    def box_title(self) -> str:
        """Name what the file is for."""
        return self._box_title()

    def compose_box(self) -> ComposeResult:
        """Set the line for the path, the kinds, and the folder."""
        yield LineInput(
            hint=lambda: _("Type or paste a path, or choose below"), max_length=4000, id="file-path"
        )
        if len(self._kinds) > 1:
            yield Choice((None, *self._kinds), _kind_label, id="file-kind")
        yield LineList(_columns(), key=lambda row: row.path, id="file-list")

    def on_mount(self) -> None:
        """Show the folder."""
        super().on_mount()
        self._show(self._folder)

    def on_unmount(self) -> None:
        """Let the looking into a file stop where somebody has gone back."""
        self._left = True

    def _show(self, folder: Path) -> None:
        self._asked = None
        try:
            lines = folder_lines(folder)
        except OSError:
            self.complain(N_("This folder cannot be read."))
            return
        self.complain()
        self._folder = folder
        self.query_one(".box").border_subtitle = display_text(str(folder))
        self.files.set_rows(lines)
        self.files.focus()

    # ------------------------------------------------------------------------------- what it does

    def action_folder_up(self) -> None:
        """Go to the folder around this one."""
        self._show(self._folder.parent)

    def action_to_list(self) -> None:
        """Go from the path down to the list."""
        self.files.focus()

    def action_choose(self) -> None:
        """Open what is typed or was asked about, or what is under the cursor."""
        if self._asked is not None and self.focused is not self.files:
            self._take(self._asked)
        elif self.focused is not self.files and self.path_input.value.strip():
            self._typed()
        else:
            self.files.action_choose()

    def on_key(self, event: events.Key) -> None:
        """Type into the line of the path from the list too; nothing typed fast is lost.

        The caret follows once the hand rests: keys on their way to the list still come here.
        """
        of_choice = isinstance(self.focused, Choice)
        if event.is_printable and event.character is not None and not of_choice:
            event.stop()
            self.path_input.insert_text_at_cursor(event.character)
            if self._typing is not None:
                self._typing.stop()
            self._typing = self.set_timer(TYPING, self._rest)

    def _rest(self) -> None:
        if self._typing is not None:
            self._typing.stop()
            self._typing = None
            self.path_input.focus()

    def on_paste(self, event: events.Paste) -> None:
        """Paste into the line of the path, wherever the caret is."""
        event.stop()
        lines = [line.strip() for line in event.text.splitlines() if line.strip()]
        if lines:
            self._insert(lines[0])

    def _insert(self, text: str) -> None:
        self.path_input.focus()
        self.path_input.insert_text_at_cursor(text)

    @on(Input.Changed)
    def _asks_no_more(self) -> None:
        self._asked = None

    @on(Input.Submitted)
    def _typed(self) -> None:
        text = self.path_input.value
        if not text.strip():
            self.files.focus()
            return
        path = self._folder / path_from(text)
        if path.is_dir():
            self.path_input.value = ""
            self._show(path)
        elif path.is_file():
            self._take(path)
        else:
            self.complain(N_("There is no file {name}."), name=display_text(path.name))

    @on(LineList.Chosen)
    def _chosen(self, event: LineList.Chosen) -> None:
        if self._typing is not None:  # Enter behind a path that was typed fast
            self._rest()
            self._typed()
            return
        line: FolderLine = event.row
        if line.is_folder:
            self._show(line.path)
        else:
            self._take(line.path)

    @work(exclusive=True, exit_on_error=False)
    async def _take(self, path: Path) -> None:
        """Answer with the file and its kind; where nobody said one, the file is asked."""
        kind = self._said_kind()
        if kind is None:
            self.complain(N_("Finding out what {name} is …"), name=display_text(path.name))
            try:
                sniffing = asyncio.to_thread(sniff_kind, path, cancelled=lambda: self._left)
                kind = await self._session.begin(sniffing)
                if kind is None:
                    kind = await self._session.apart(lambda o: known_columns.kind_of(o, path))
            except DeskError as error:
                self.complain(error.message, **error.values)
                return
        if kind is None:
            self.complain(
                N_("{name} does not tell what it is: choose its kind with ← →, then Enter."),
                name=display_text(path.name),
            )
            self._asked = path
            self.query_one("#file-kind", Choice).focus()
            return
        if ".." in path.parts:
            path = path.resolve()  # else folders are remembered by the way somebody came
        remember_folder(BROUGHT, path.parent)
        self.dismiss(Chosen(path, kind))

    def _said_kind(self) -> SheetKind | None:
        if len(self._kinds) == 1:
            return self._kinds[0]
        chosen: SheetKind | None = self.query_one("#file-kind", Choice).value
        return chosen


def path_from(text: str) -> Path:
    """Read a path as people type or paste it: in quotes, with ~, or as a file:// address."""
    cleaned = text.strip().strip("\"'“”‘’").strip()
    if cleaned.startswith("file://"):
        cleaned = unquote(urlparse(cleaned).path)
        if os.name == "nt":
            cleaned = cleaned.lstrip("/")
    return Path(cleaned).expanduser()


def folder_lines(folder: Path) -> list[FolderLine]:
    """Give a folder's folders by name, then its sheets, newest first. Raises OSError."""
    folders: list[FolderLine] = []
    files: list[FolderLine] = []
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith((".", "~$")):
                continue
            line = _line(entry)
            if line is None:
                continue
            if line.is_folder:
                folders.append(line)
            elif line.path.suffix.lower() in SUFFIXES:
                files.append(line)
    folders.sort(key=lambda line: line.name.casefold())
    files.sort(key=lambda line: -line.changed)
    up = [FolderLine(folder.parent, "..", True, 0, 0)] if folder.parent != folder else []
    return [*up, *files, *folders]


def _line(entry: os.DirEntry[str]) -> FolderLine | None:
    """Give the line of an entry; None for one that went away or cannot be looked at."""
    try:
        found = entry.stat()
        return FolderLine(
            Path(entry.path), entry.name, entry.is_dir(), found.st_size, int(found.st_mtime)
        )
    except OSError:
        return None


def _kind_label(kind: SheetKind | None) -> str:
    return _("the file tells") if kind is None else _(KINDS[kind])


def _columns() -> list[Column[FolderLine]]:
    return [
        Column(
            lambda: _("File"),
            30,
            lambda line: display_text(line.name) + ("/" if line.is_folder else ""),
            share=1,
            tone=lambda line: "quiet" if line.is_folder else "strong",
        ),
        Column(lambda: _("Size"), 9, _size, right=True),
        Column(lambda: _("Changed"), 16, _changed, tone="quiet"),
    ]


def _size(line: FolderLine) -> str:
    if line.is_folder:
        return ""
    return f"{-(-line.size // KILOBYTE):,} KB"


def _changed(line: FolderLine) -> str:
    if not line.changed:
        return ""
    return f"{datetime.fromtimestamp(line.changed, SHANGHAI):%Y-%m-%d %H:%M}"
