"""Reading the audit log: who did what and when. Nothing here changes anything."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from townshipdesk.domain.dates import parse_moment
from townshipdesk.store import audit

if TYPE_CHECKING:
    from townshipdesk.services.office import Office


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One row of the log; `subject` and `detail` name rows by uid, never people."""

    number: int
    at: datetime
    staff: str
    desk: str
    action: str
    subject: str
    detail: Mapping[str, Any]
    hash: str


@dataclass(frozen=True, slots=True)
class AuditQuestion:
    """What to look for; what is left empty is not asked for. Both days are included."""

    from_day: date | None = None
    to_day: date | None = None
    staff: str = ""
    action: str = ""
    text: str = ""


def count(office: Office) -> int:
    """Give how many rows the log has."""
    return audit.head(office.conn).length


def search(
    office: Office, question: AuditQuestion, *, limit: int = 200, before: int | None = None
) -> list[AuditRow]:
    """Give matching rows, newest first, those with a smaller number than `before`."""
    rows = office.conn.execute(
        "SELECT a.*, coalesce(s.shown_name, '') AS shown_name, coalesce(s.name, '') AS name"
        " FROM audit AS a LEFT JOIN staff AS s ON s.id = a.staff_id"
        " WHERE (?1 IS NULL OR a.id < ?1) AND (?2 IS NULL OR a.at >= ?2)"
        " AND (?3 IS NULL OR a.at < ?3) AND (?4 = '' OR s.name = ?4 OR s.shown_name = ?4)"
        " AND (?5 = '' OR substr(a.action, 1, length(?5)) = ?5)"
        " AND (?6 = '' OR instr(a.subject, ?6) > 0 OR instr(a.detail, ?6) > 0)"
        " ORDER BY a.id DESC LIMIT ?7",
        (
            before,
            question.from_day.isoformat() if question.from_day else None,
            (question.to_day + timedelta(days=1)).isoformat() if question.to_day else None,
            question.staff,
            question.action,
            question.text,
            limit,
        ),
    ).fetchall()
    return [
        AuditRow(
            number=row["id"],
            at=parse_moment(row["at"]),
            staff=row["shown_name"],
            desk=row["desk"],
            action=row["action"],
            subject=row["subject"],
            detail=json.loads(row["detail"]),
            hash=row["hash"],
        )
        for row in rows
    ]
