"""Every file that came in or went out: its hash, who, when, and what came of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from townshipdesk.domain.dates import parse_moment
from townshipdesk.services.work import work
from townshipdesk.sheets.given import file_name, sha256_of
from townshipdesk.store import file_rows

if TYPE_CHECKING:
    from townshipdesk.services.office import Office
    from townshipdesk.services.staff import Actor
    from townshipdesk.store.driver import Row

SHOWN: Final = 500


@dataclass(frozen=True, slots=True)
class FileRecord:
    """A file of the history. `way` is in or out; `kind` a kind of sheet, or a sheet's name.

    `about` is its department, village or span; `counts` what came of it, by the words of the
    command-line contract. `undone_at` is set for an import that was taken back.
    """

    uid: str
    way: str
    kind: str
    name: str
    sha256: str
    about: str
    at: datetime
    staff: str
    rows: int
    counts: Mapping[str, int]
    undone_at: datetime | None
    undone_by: str
    undone_why: str


def history(office: Office, limit: int = SHOWN) -> list[FileRecord]:
    """Give every file in and out, newest first."""
    return [_from_row(row) for row in file_rows.files(office.conn, limit)]


def record_written(office: Office, actor: Actor, sheet: str, path: Path, rows: int) -> None:
    """Keep that a sheet went out, an auditor's too: personal data leaves the office with it."""
    digest = sha256_of(path)
    with work(office, actor, auditor=True) as w:
        detail = {"sheet": sheet, "file": file_name(path), "sha256": digest, "rows": rows}
        w.note("sheet.written", digest, detail)


def departments(office: Office) -> list[str]:
    """Give the departments whose lists have come in, the last one first."""
    return file_rows.departments(office.conn)


def _from_row(row: Row) -> FileRecord:
    counts = json.loads(row["counts"] or "{}")
    return FileRecord(
        uid=row["uid"],
        way=row["way"],
        kind=row["kind"],
        name=row["file_name"],
        sha256=row["sha256"],
        about=row["about"],
        at=parse_moment(row["at"]),
        staff=row["shown_name"] or "",
        rows=row["rows"],
        counts={key: value for key, value in counts.items() if isinstance(value, int)},
        undone_at=parse_moment(row["undone_at"]) if row["undone_at"] else None,
        undone_by=row["undone_by"] or "",
        undone_why=row["why"] or "",
    )
