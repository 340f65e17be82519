"""One piece of work: a transaction in which somebody changes the office, with its audit row."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final

from townshipdesk.domain.dates import day_of, format_moment, parse_moment
from townshipdesk.domain.errors import NotPermittedError, RuleError
from townshipdesk.services.office import Office
from townshipdesk.services.staff import Actor
from townshipdesk.store import audit, day_rows, staff_rows
from townshipdesk.store.driver import Connection

BACKWARD_ALLOWED: Final = timedelta(minutes=2)
FORWARD_ALLOWED: Final = timedelta(days=31)


@dataclass(slots=True)
class Work:
    """What a service has in hand while it changes the office."""

    conn: Connection
    actor: Actor
    at: datetime
    moment: str = field(init=False)
    """The moment as the file keeps it."""
    _audited: int = field(default=0)

    def __post_init__(self) -> None:
        """Write the moment out once: every row of the work carries it."""
        self.moment = format_moment(self.at)

    @property
    def day(self) -> date:
        """The Shanghai day of the work."""
        return day_of(self.at)

    def note(self, action: str, subject: str, detail: Mapping[str, object] | None = None) -> None:
        """Write a row of the audit log. `subject` is a uid, never a name or a number."""
        audit.append(
            self.conn,
            at=self.moment,
            staff_id=self.actor.staff_id,
            desk=self.actor.desk,
            action=action,
            subject=subject,
            detail=detail or {},
        )
        self._audited += 1

    def leave_unchanged(self) -> None:
        """Say that there was nothing to do after all, so that no audit row is missed."""
        self._audited += 1

    def open_day(self) -> str:
        """Open today's business day if it is not, and give it as text.

        Raises RuleError when it is closed already: money can only be moved tomorrow.
        """
        day = self.day.isoformat()
        if day_rows.is_closed(self.conn, day):
            raise RuleError(
                "The day {day} is closed. Money can be taken again on the next day.",
                code="day-closed",
                day=day,
            )
        day_rows.open_day(self.conn, day, self.moment, self.actor.staff_id)
        return day


@contextlib.contextmanager
def work(
    office: Office, actor: Actor, *, supervisor: bool = False, auditor: bool = False
) -> Iterator[Work]:
    """Begin a piece of work; it is committed at the end, or not done at all.

    Raises NotPermittedError for an auditor (but with auditor=True, for the little an auditor
    does), for anybody but a supervisor with supervisor=True, and for somebody who was put out of
    work meanwhile; RuleError when the machine's clock has jumped (live offices).
    """
    if not actor.may_change and not auditor:
        raise NotPermittedError("An auditor reads everything and changes nothing.")
    if supervisor and not actor.is_supervisor:
        raise NotPermittedError("A supervisor must do this.", code="supervisor-needed")
    with office.database.transaction() as conn:
        office.follow_policy()
        if not staff_rows.is_active(conn, actor.staff_id):
            raise NotPermittedError("You work here no more: ask a supervisor.", code="inactive")
        at = office.now()
        if not office.is_training:
            check_clock(conn, at)
        started = Work(conn, actor, at)
        yield started
        if not started._audited:
            raise AssertionError("a piece of work must leave a row in the audit log")


def check_year(office: Office, shown: int | None) -> None:
    """Raise RuleError when the office does not work for the year a clerk was shown; None: any year.

    Stands in the transaction: a supervisor may let the office go on to the next year at any moment.
    """
    if shown not in (None, office.year):
        raise RuleError(
            "This desk now works for {now} and not for {shown}. Nothing was changed; look again.",
            code="year-changed",
            now=office.year,
            shown=shown,
        )


def check_clock(conn: Connection, at: datetime) -> None:
    """Raise RuleError when the clock went back by minutes or ahead by a month since the last work.

    A supervisor who has looked at the clock confirms it (`services.settings.confirm_clock`).
    """
    row = conn.execute("SELECT at FROM audit ORDER BY id DESC LIMIT 1").fetchone()
    if row is None:
        return
    last = parse_moment(row[0])
    if at < last - BACKWARD_ALLOWED:
        raise RuleError(
            "The machine's clock has gone back: it says {now}, the last work was at {last}. "
            "Set it right, or let a supervisor confirm it.",
            code="clock-back",
            now=format_moment(at),
            last=row[0],
        )
    if at > last + FORWARD_ALLOWED:
        raise RuleError(
            "The machine's clock is far ahead: it says {now}, the last work was at {last}. "
            "Set it right, or let a supervisor confirm it.",
            code="clock-ahead",
            now=format_moment(at),
            last=row[0],
        )
