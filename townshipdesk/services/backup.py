"""Backups: consistent copies made while desks work, each opened and checked before it counts."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from townshipdesk.domain.dates import SHANGHAI, format_moment
from townshipdesk.domain.errors import OfficeFileError
from townshipdesk.services.office import Office, open_copy
from townshipdesk.services.verify import verify
from townshipdesk.store import audit, copying, keys, office_rows

if TYPE_CHECKING:
    from townshipdesk.services.problems import Problem
    from townshipdesk.services.staff import Actor

FOLDER_SETTING: Final = "desk.backup-folder"
"""Where this office keeps its automatic backups: a USB stick, another disk, a share."""

KEEP_LAST: Final = 10
KEEP_DAYS: Final = 30
KEEP_MONTHS: Final = 24
_SUFFIX: Final = ".tdbackup"
_STAMP: Final = "%Y%m%d-%H%M%S"


@dataclass(frozen=True, slots=True)
class Backup:
    """A copy that was opened and found in order. `made_at` is the machine's moment."""

    path: Path
    office_uid: str
    office_name: str
    kind: str
    made_at: datetime
    chain_length: int
    chain_head: str
    size: int

    def to_json(self) -> dict[str, object]:
        """Give the copy as `townshipdesk backup` prints it."""
        return {
            "file": str(self.path),
            "office": self.office_name,
            "kind": self.kind,
            "made_at": format_moment(self.made_at),
            "chain": {"length": self.chain_length, "head": self.chain_head},
            "bytes": self.size,
            "verified": True,
        }


def backup(office: Office, path: Path, pages: Callable[[int, int], None] | None = None) -> Backup:
    """Write a consistent copy of an office at work, and open and check it before it counts.

    An older copy of the same office at `path` is replaced; anything else there is left alone. An
    encrypted office's copy is encrypted too, and its key file goes with it. Raises OfficeFileError.
    """
    if path.exists() and path.samefile(office.database.path):
        raise OfficeFileError("A backup cannot take the place of the office itself.", code="itself")
    with copying.staged(office.database.path) as fresh:
        copying.copy_database(office.database, office.key, fresh, pages)
        if keys.key_file(office.database.path).exists():
            key_file = keys.key_file(office.database.path)
            keys.key_file(fresh).write_bytes(key_file.read_bytes())
        copy = open_copy(fresh, office.key)
        try:
            _check_in_order(verify(copy, quick=True))
            head = audit.head(copy.conn)
            if path.exists():
                _check_replaceable(path, copy)
            copying.make_single(copy.database)
        finally:
            copy.close()
        copying.copy_file(fresh, path)
    return Backup(
        path=path,
        office_uid=office.uid,
        office_name=office.name,
        kind=office.kind,
        made_at=datetime.now(SHANGHAI).replace(microsecond=0),
        chain_length=head.length,
        chain_head=head.hash,
        size=path.stat().st_size,
    )


def backup_folder(office: Office) -> Path | None:
    """Give the folder of the automatic backups, None while none is chosen."""
    chosen = office_rows.current_settings(office.conn, office.year).get(FOLDER_SETTING)
    return Path(chosen) if chosen else None


def choose_backup_folder(office: Office, actor: Actor, folder: Path | None) -> None:
    """Choose where automatic backups go; None stops them. A supervisor only.

    Raises OfficeFileError for a folder that is not there, NotPermittedError.
    """
    from townshipdesk.services.settings import keep_own

    if folder is not None and not folder.is_dir():
        raise OfficeFileError("There is no folder {name}.", code="no-folder", name=str(folder))
    keep_own(office, actor, FOLDER_SETTING, "" if folder is None else str(folder.absolute()))


def back_up_to_folder(
    office: Office, pages: Callable[[int, int], None] | None = None
) -> Backup | None:
    """Make an automatic backup, and take away those that are no longer needed.

    `pages` is told how many pages are copied of how many; what it raises stops the backup.
    Gives None while no folder is chosen. Raises OfficeFileError when the folder is not there (the
    stick was taken out) or the copy cannot be written.
    """
    folder = backup_folder(office)
    if folder is None:
        return None
    if not folder.is_dir():
        raise OfficeFileError(
            "The folder of the backups, {name}, is not there. Put the stick in, or choose another.",
            code="no-folder",
            name=str(folder),
        )
    stamp = datetime.now(SHANGHAI).strftime(_STAMP)
    made = backup(office, folder / f"{_stem(office)}-{stamp}{_SUFFIX}", pages)
    for old in no_longer_needed(generations(office, folder), made.made_at):
        copying.remove(old)
    return made


def is_due(office: Office, every: timedelta = timedelta(hours=4)) -> bool:
    """Tell whether the last automatic backup is older than `every`, or there is none."""
    folder = backup_folder(office)
    if folder is None:
        return False
    made = generations(office, folder) if folder.is_dir() else {}
    newest = max(made.values(), default=None)
    return newest is None or datetime.now(SHANGHAI) - newest >= every


def back_up_when_due(office: Office) -> Backup | None:
    """Make the automatic backup if its time has come; None when there is nothing to do.

    Raises DeskError where the folder chosen cannot be written, such as a stick that is not in.
    """
    return back_up_to_folder(office) if is_due(office) else None


def generations(office: Office, folder: Path) -> dict[Path, datetime]:
    """Give the automatic backups of this office in a folder, with when they were made."""
    form = re.compile(re.escape(_stem(office)) + r"-([0-9]{8}-[0-9]{6})" + re.escape(_SUFFIX))
    found: dict[Path, datetime] = {}
    for path in folder.iterdir():
        match = form.fullmatch(path.name)
        if match:
            found[path] = datetime.strptime(match[1], _STAMP).replace(tzinfo=SHANGHAI)
    return found


def no_longer_needed(made: dict[Path, datetime], now: datetime) -> list[Path]:
    """Give the backups that may go: of each day and month the last one stays for a while.

    Kept are the last ten, the last of each of 30 days, and the last of each of 24 months.
    """
    newest_first = sorted(made, key=lambda path: made[path], reverse=True)
    keep = set(newest_first[:KEEP_LAST])
    days: set[str] = set()
    months: set[str] = set()
    for path in newest_first:
        day, month = made[path].strftime("%Y%m%d"), made[path].strftime("%Y%m")
        if day not in days and now - made[path] <= timedelta(days=KEEP_DAYS):
            keep.add(path)
        if month not in months and len(months) < KEEP_MONTHS:
            keep.add(path)
        days.add(day)
        months.add(month)
    return [path for path in newest_first if path not in keep]


def _stem(office: Office) -> str:
    """Name the backups after the office's own id: two offices may share a stick."""
    return f"{office.database.path.stem}-{office.uid[-6:]}"


def _check_in_order(problems: list[Problem]) -> None:
    if problems:
        raise OfficeFileError(
            "The copy was opened and is not in order: {where}: {what} "
            "Check the office itself with “townshipdesk verify”.",
            code="copy-not-in-order",
            where=problems[0].where_words(),
            what=problems[0].words(),
        )


def _check_replaceable(path: Path, copy: Office) -> None:
    """Leave alone whatever is not an older state of this very office."""
    try:
        with copying.staged(copy.database.path) as there:
            copying.copy_file(path, there)
            older = open_copy(there, copy.key)
            length, head = audit.head(older.conn)
            uid = older.uid
            older.close()
    except OfficeFileError as error:
        raise _not_replaced(path) from error
    if uid != copy.uid or audit.hash_at(copy.conn, length) != head:
        raise _not_replaced(path)


def _not_replaced(path: Path) -> OfficeFileError:
    return OfficeFileError(
        "{name} is there already and is not an older copy of this office. It was not touched.",
        code="exists",
        name=path.name,
    )
