"""Reading the audit log: who did what and when; finding a person's or a receipt's rows in it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

from townshipdesk.domain.dates import ONE_DAY, format_moment, parse_moment
from townshipdesk.store import audit, audit_rows, money_rows

if TYPE_CHECKING:
    from townshipdesk.services.office import Office
    from townshipdesk.services.staff import Actor

PAGE: Final = 200
_EXPORT_PAGE: Final = 5_000
_SHORTEST_DOCUMENT: Final = 8
"""A shorter text of figures is the number of a receipt, not of a person's document."""


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
    """What to look for; what is left empty is not asked for. Both days are included.

    `action` is the beginning of an action, `actions` are whole ones. `text` stands in the subject
    or the detail; the number of a receipt or of somebody's document finds what was done with it.
    """

    from_day: date | None = None
    to_day: date | None = None
    staff: str = ""
    action: str = ""
    actions: tuple[str, ...] | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Subject:
    """What a row of the log is about: a kind, and how people name it. `name` only of a person."""

    kind: str
    number: str
    name: str = ""


def count(office: Office) -> int:
    """Give how many rows the log has."""
    return audit.head(office.conn).length


def actions(office: Office) -> list[str]:
    """Give every action the log has."""
    return audit_rows.actions(office.conn)


def search(
    office: Office, question: AuditQuestion, *, limit: int = PAGE, before: int | None = None
) -> list[AuditRow]:
    """Give matching rows, newest first, those with a smaller number than `before`."""
    return _search(office, question, _texts(office, question.text), limit, before)


def every(office: Office, question: AuditQuestion) -> Iterator[AuditRow]:
    """Give all matching rows, newest first, however many there are."""
    texts = _texts(office, question.text)
    before: int | None = None
    while rows := _search(office, question, texts, _EXPORT_PAGE, before):
        yield from rows
        before = rows[-1].number


def _search(
    office: Office,
    question: AuditQuestion,
    texts: tuple[str, ...],
    limit: int,
    before: int | None,
) -> list[AuditRow]:
    rows = audit_rows.search(
        office.conn,
        before=before,
        from_at=question.from_day.isoformat() if question.from_day else None,
        until_at=(question.to_day + ONE_DAY).isoformat() if question.to_day else None,
        staff=question.staff,
        actions=question.actions,
        prefix=question.action,
        texts=texts,
        limit=limit,
    )
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


def _texts(office: Office, text: str) -> tuple[str, ...]:
    """Give what to look for: the text, or the uids of the receipt or person it is the number of."""
    from townshipdesk.services import people

    wanted = text.strip()
    if not wanted:
        return ()
    if wanted.isascii() and wanted.isdigit() and len(wanted) < _SHORTEST_DOCUMENT:
        receipt = money_rows.receipt_by_number(office.conn, "", int(wanted))
        if receipt is not None:
            return tuple(audit_rows.uids_of_receipt(office.conn, receipt["id"]))
    elif len(wanted) >= _SHORTEST_DOCUMENT:
        resident_id = people.by_number(office, wanted)
        if resident_id is not None:
            return tuple(audit_rows.uids_of_resident(office.conn, resident_id))
    return (wanted,)


def subject_of(office: Office, uid: str) -> Subject | None:
    """Say what a uid of the log names; None for what is no receipt, refund or person."""
    from townshipdesk.services.receipts import number_text

    receipt = audit_rows.receipt_of(office.conn, uid)
    if receipt is not None:
        return Subject("receipt", number_text(receipt))
    refund = audit_rows.refund_of(office.conn, uid)
    if refund is not None:
        return Subject("refund", refund)
    person = audit_rows.person_of(office.conn, uid)
    if person is not None:
        return Subject("resident", person["number"], person["name"])
    return None


def record_export(office: Office, actor: Actor, rows: int) -> None:
    """Record that somebody took rows of the log out of the office; an auditor is recorded too."""
    with office.database.transaction() as conn:
        audit.append(
            conn,
            at=format_moment(office.now()),
            staff_id=actor.staff_id,
            desk=actor.desk,
            action="log.exported",
            subject="office",
            detail={"rows": rows},
        )
