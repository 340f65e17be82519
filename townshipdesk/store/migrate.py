"""Bringing an office file to the version of this program, forward only.

The numbered SQL files in `migrations/` are run by sqlite-utils, each in a transaction of its own;
`user_version` is the number of the last one, so that opening a file of today costs no look at them.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from townshipdesk.domain.errors import OfficeFileError
from townshipdesk.store import audit, seal
from townshipdesk.store.connection import Database
from townshipdesk.store.driver import Connection, sqlite3

if TYPE_CHECKING:
    from sqlite_utils import Database as SqliteUtils


MIGRATED_ACTION: Final = "office.migrated"
"""An upgrade seals the rows anew; its audit row names the tables that no longer fitted before."""


@functools.cache
def migration_files() -> tuple[Path, ...]:
    """Give the numbered SQL files in order, from the package or from the checkout."""
    package = Path(__file__).resolve().parents[1]
    for folder in (package / "_migrations", package.parent / "migrations"):
        found = tuple(sorted(folder.glob("[0-9][0-9][0-9][0-9]_*.sql")))
        if found:
            return found
    raise OfficeFileError("The program is not installed whole: its migrations are missing.")


def newest_version() -> int:
    """Give the number of the last migration this program has."""
    return int(migration_files()[-1].name[:4])


def version_of(database: Database) -> int:
    """Give the number of the last migration a file has had."""
    return int(database.conn.execute("PRAGMA user_version").fetchone()[0])


def prepare(database: Database) -> None:
    """Bring a file to this program's version and let its connection note what it changes.

    Raises OfficeFileError for a file of a newer program.
    """
    migrate(database)
    seal.arm(database.conn)


def migrate(database: Database, up_to: int | None = None) -> bool:
    """Run what a file still lacks and tell whether anything was run.

    Raises OfficeFileError for a file of a newer program: it is left as it is.
    """
    target = newest_version() if up_to is None else up_to
    found = version_of(database)
    if found > newest_version():
        raise OfficeFileError(
            "This office was last used with a newer program (version {found}, this one knows "
            "{known}). Update the program; the file was not touched.",
            code="too-new",
            found=found,
            known=newest_version(),
        )
    if found >= target:
        return False
    _apply(database, target)
    return True


def schema(conn: Connection) -> dict[str, str]:
    """Give the text of every table, index and trigger of a file, by name."""
    return {
        row[0]: row[1]
        for row in conn.execute(
            "SELECT name, sql FROM main.sqlite_master WHERE sql IS NOT NULL"
            " AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
            " AND tbl_name NOT LIKE '\\_sqlite%' ESCAPE '\\'"
        )
    }


def schema_of_version(conn: Connection) -> dict[str, str]:
    """Give what `schema` should give for a file of the version of `conn`."""
    return _schema_of(int(conn.execute("PRAGMA user_version").fetchone()[0]))


@functools.cache
def _schema_of(version: int) -> dict[str, str]:
    fresh = sqlite3.connect(":memory:", isolation_level=None)
    try:
        for path in migration_files():
            if int(path.name[:4]) <= version:
                for statement in statements(path.read_text(encoding="utf-8")):
                    fresh.execute(statement)
        return schema(fresh)
    finally:
        fresh.close()


def _apply(database: Database, target: int) -> None:
    import sqlite_utils
    from sqlite_utils.migrations import Migrations

    steps = Migrations("townshipdesk")
    for path in migration_files():
        number = int(path.name[:4])
        if number <= target:
            steps(name=path.stem)(_step(path, number))
    with database.transaction() as conn:  # one desk migrates, the others wait and find it done
        found = version_of(database)
        if found < target:
            unlike = seal.differing(conn) if found else []  # before rows look different
            steps.apply(sqlite_utils.Database(database.conn))
            audit.seal_anew(conn, MIGRATED_ACTION, {"from": found, "to": target, "unlike": unlike})


def _step(path: Path, number: int) -> Callable[[SqliteUtils], None]:
    def step(db: SqliteUtils, /) -> None:
        for statement in statements(path.read_text(encoding="utf-8")):
            db.conn.execute(statement)
        db.conn.execute(f"PRAGMA user_version = {number}")

    return step


def statements(script: str) -> Iterator[str]:
    """Split a script at the semicolons that end statements, also around triggers.

    `executescript` would commit the transaction that a migration stands in.
    """
    pending = ""
    for line in script.splitlines(keepends=True):
        pending += line
        if line.rstrip().endswith(";") and sqlite3.complete_statement(pending):
            yield pending.strip()
            pending = ""
    if pending.strip() and not all(
        line.lstrip().startswith("--") or not line.strip() for line in pending.splitlines()
    ):
        raise ValueError("a migration ends in the middle of a statement")
