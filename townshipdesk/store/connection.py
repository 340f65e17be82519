"""Opening an office file: the one function that makes a connection, and what it insists on."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final, Literal

from townshipdesk.domain.errors import OfficeFileError
from townshipdesk.i18n import N_
from townshipdesk.store import audit
from townshipdesk.store.driver import OLDEST_SQLITE, Connection, Row, sqlite3
from townshipdesk.store.turn import DeskPlace, Turn

APPLICATION_IDS: Final[dict[str, int]] = {"live": 0x54444C56, "training": 0x54445452}
"""'TDLV' and 'TDTR' in the file's header: a training file can never pass for a live one."""

BUSY_TIMEOUT_MS: Final = 30_000
_HEADER: Final = b"SQLite format 3\x00"
_NETWORK_FILE_SYSTEMS: Final = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "fuse.sshfs", "davfs", "fuse.davfs2"}
)

Mode = Literal["create", "write", "read"]


class Database:
    """One connection to an office file, with its turn to write. Belongs to one thread."""

    def __init__(self, conn: Connection, path: Path) -> None:
        self.conn = conn
        self.path = path
        self._turn = Turn(path)
        self._place: DeskPlace | None = None

    @contextlib.contextmanager
    def transaction(self) -> Iterator[Connection]:
        """Write: wait for the turn, BEGIN IMMEDIATE, commit at the end, roll back on any error.

        Nothing may be printed or said to have happened before this has come back. Raises
        OfficeFileError when the disk is full, the file cannot be written or stays locked.
        """
        with self._turn.held():
            try:
                self.conn.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                raise _explained(error) from error
            try:
                yield self.conn
                audit.seal_leftover(self.conn)
                self.conn.execute("COMMIT")
            except sqlite3.OperationalError as error:
                self._roll_back()
                raise _explained(error) from error
            except BaseException:
                self._roll_back()
                raise

    @contextlib.contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """Read several things as of one moment, whatever other desks do meanwhile."""
        if self.conn.in_transaction:
            yield self.conn
            return
        self.conn.execute("BEGIN DEFERRED")
        try:
            yield self.conn
        finally:
            self._roll_back()

    def data_version(self) -> int:
        """Give a number that changes when another connection has committed."""
        return int(self.conn.execute("PRAGMA data_version").fetchone()[0])

    def desk_place(self) -> int:
        """Give the number of this desk among those at work on this machine; kept until closed."""
        if self._place is None:
            self._place = DeskPlace(self.path)
        return self._place.number

    def close(self) -> None:
        """Close the connection."""
        self.conn.close()
        self._turn.close()
        if self._place is not None:
            self._place.close()

    def _roll_back(self) -> None:
        if self.conn.in_transaction:
            self.conn.execute("ROLLBACK")


def connect(path: Path, mode: Mode = "write", key: bytes | None = None) -> Database:
    """Open an office file in the one way that is safe for money.

    `mode` is "create" for a file that must not exist yet, "write" for an office at work, "read" for
    looking only. `key` is the file key of an encrypted office (`store.keys`). Raises
    OfficeFileError for everything that is wrong with the file, naming what to do.
    """
    _check_driver()
    _check_place(path, mode)
    conn = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode={'rwc' if mode == 'create' else 'rw'}",
        uri=True,
        isolation_level=None,
        timeout=BUSY_TIMEOUT_MS / 1000,
        check_same_thread=False,
        cached_statements=256,
    )
    try:
        if key is not None:
            conn.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
        _set_up(conn, mode)
    except sqlite3.Error as error:
        conn.close()
        raise _explained(error) from error
    except BaseException:
        conn.close()
        raise
    conn.row_factory = Row
    return Database(conn, path)


def kind_of(conn: Connection) -> str | None:
    """Give "live" or "training" as the file's header says, None for another program's file."""
    number = int(conn.execute("PRAGMA application_id").fetchone()[0])
    for kind, application_id in APPLICATION_IDS.items():
        if number == application_id:
            return kind
    return None


def is_encrypted(path: Path) -> bool:
    """Tell whether a file cannot be a plain SQLite database, by its first bytes."""
    with path.open("rb") as file:
        start = file.read(len(_HEADER))
    return len(start) == len(_HEADER) and start != _HEADER


def _set_up(conn: Connection, mode: Mode) -> None:
    conn.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    conn.execute("PRAGMA trusted_schema = OFF")
    if mode != "create" and kind_of(conn) is None:
        raise OfficeFileError(
            "This file is not an office of Township Desk. Nothing was changed in it.",
            code="foreign-file",
        )
    journal = conn.execute("PRAGMA journal_mode = WAL").fetchone()[0]
    if journal != "wal":
        raise OfficeFileError(
            "The folder of the office cannot hold a write-ahead log; use a local disk.",
            code="no-wal",
        )
    conn.execute("PRAGMA synchronous = FULL")
    conn.execute("PRAGMA foreign_keys = ON")
    conn.execute("PRAGMA recursive_triggers = ON")
    conn.execute("PRAGMA cache_size = -65536")
    conn.execute("PRAGMA temp_store = MEMORY")
    if mode == "read":
        conn.execute("PRAGMA query_only = ON")


def _check_driver() -> None:
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        raise OfficeFileError(
            "The database library is too old ({found}); {needed} or later is needed.",
            code="old-library",
            found=sqlite3.sqlite_version,
            needed=".".join(str(part) for part in OLDEST_SQLITE),
        )


def _check_place(path: Path, mode: Mode) -> None:
    folder = path.absolute().parent
    if mode == "create":
        if path.exists():
            raise OfficeFileError(
                "There is already a file {name}. Choose another name; it was not touched.",
                code="exists",
                name=path.name,
            )
        folder.mkdir(parents=True, exist_ok=True)
    elif not path.exists():
        raise OfficeFileError(
            "There is no office file {name}. Make one with “townshipdesk init”.",
            code="missing",
            name=str(path),
        )
    elif path.is_dir():
        raise OfficeFileError("{name} is a folder, not an office file.", name=path.name)
    if _is_on_network(folder):
        raise OfficeFileError(
            "The office file lies on a network share. Several machines would damage it: "
            "put it on this machine's own disk.",
            code="network",
        )
    writable = os.access(folder, os.W_OK) and (mode == "create" or os.access(path, os.W_OK))
    if not writable:
        raise OfficeFileError(
            "The folder of the office cannot be written to. "
            "Ask for the right to write in {folder}.",
            code="read-only",
            folder=str(folder),
        )


def _is_on_network(folder: Path) -> bool:
    if sys.platform == "win32":
        import ctypes

        drive_remote = 4
        text = str(folder)
        if text.startswith("\\\\"):
            return True
        return bool(ctypes.windll.kernel32.GetDriveTypeW(folder.anchor) == drive_remote)
    mounts = Path("/proc/mounts")
    if not mounts.exists():
        return False
    best, kind = "", ""
    for line in mounts.read_text(encoding="utf-8", errors="replace").splitlines():
        fields = line.split(" ")
        if len(fields) < 3:
            continue
        point = fields[1].replace("\\040", " ")
        inside = str(folder) == point or str(folder).startswith(point.rstrip("/") + "/")
        if inside and len(point) >= len(best):
            best, kind = point, fields[2]
    return kind in _NETWORK_FILE_SYSTEMS


def explained(error: BaseException) -> BaseException:
    """Give an error of the driver about the file as one a person can act on; others as they are."""
    return _explained(error) if isinstance(error, sqlite3.Error) else error


def _explained(error: Exception) -> Exception:
    """Turn a driver's error about the file into one a person can act on; leave the others."""
    text = str(error).lower()
    for part, message, code in (
        (
            "full",
            N_("The disk is full. Nothing was changed; make room and try again."),
            "disk-full",
        ),
        ("locked", N_("Another desk holds the office file for too long. Try again."), "locked"),
        ("readonly", N_("The office file can only be read, not written to."), "read-only"),
        (
            "not a database",
            N_("This file is not an office of Township Desk, or it is encrypted."),
            "foreign-file",
        ),
        (
            "malformed",
            N_("The office file is damaged. Do not go on working in it: restore the last backup."),
            "damaged",
        ),
        ("disk i/o", N_("The disk does not answer. Nothing was changed."), "disk"),
        ("unable to open", N_("The office file cannot be opened."), "cannot-open"),
    ):
        if part in text:
            return OfficeFileError(message, code=code)
    return error
