"""The end of a day: its story, the blind count of the cash, the closing, the sheet.

A day is closed once and for ever; the database then refuses every entry into it. The order is
fixed: the cash is counted first, and only then is the difference known; a difference needs a
reason. A day without payments may be closed too: it is opened and closed at once.

The anchor: closing writes one row of the audit log, `day.closed`, with the day as its subject and
the SHA-256 of the kept sheet in its detail. The length and head of the chain are taken after that
row, and stand in `day_close` and on the printed sheet. So the row of that number must be the
closing of that day, its hash must be the head, and its detail must fit the kept sheet; a chain that
was cut or rewritten no longer holds the head that is on paper.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from townshipdesk.domain.dates import parse_date
from townshipdesk.domain.errors import NotFoundError, RuleError, UsageError
from townshipdesk.domain.money import format_yuan
from townshipdesk.services import day_sheets, receipts
from townshipdesk.services.day_sheets import ClerkReceipts, DayPart, DaySheet, DayStory
from townshipdesk.services.oddities import Oddity, oddities
from townshipdesk.services.work import Work, work
from townshipdesk.store import audit, day_rows

if TYPE_CHECKING:
    from townshipdesk.services.office import Office
    from townshipdesk.services.staff import Actor
    from townshipdesk.store.driver import Connection, Row

__all__ = [
    "CLOSED_ACTION",
    "COUNTED_ACTION",
    "CashCount",
    "ClerkReceipts",
    "DayPart",
    "DaySheet",
    "DayStory",
    "Oddity",
    "close_day",
    "closed_days",
    "count_cash",
    "day_sheet",
    "day_story",
    "sheet_seal",
    "unclosed_days",
]

CLOSED_ACTION: Final = "day.closed"
COUNTED_ACTION: Final = "day.counted"


@dataclass(frozen=True, slots=True)
class CashCount:
    """What was counted against what was expected, in fen."""

    expected_fen: int
    counted_fen: int

    @property
    def difference_fen(self) -> int:
        """How much more was counted than expected; negative when cash is missing."""
        return self.counted_fen - self.expected_fen


def day_story(office: Office, day: date) -> DayStory:
    """Give what a day held, also of a day that is closed or was never opened."""
    with office.database.snapshot() as conn:
        return _story(conn, day)


def unclosed_days(office: Office) -> tuple[date, ...]:
    """Give the days before today that were opened and never closed, oldest first."""
    return _unclosed_before(office.conn, office.today())


def closed_days(office: Office, limit: int = 60) -> tuple[date, ...]:
    """Give the last closed days, newest first."""
    return tuple(parse_date(day) for day in day_rows.closed_days(office.conn, limit))


def count_cash(office: Office, actor: Actor, day: date, counted_fen: int) -> CashCount:
    """Enter a count of the day's cash and get to know what was expected.

    Every count is a row of the audit log, so that a count that was changed after the difference was
    seen can be seen too. Raises RuleError for a day that is closed or has not come.
    """
    _check_amount(counted_fen)
    with work(office, actor) as w:
        _check_day(w, day)
        count = CashCount(_story(w.conn, day).expected_cash_fen, counted_fen)
        w.note(
            COUNTED_ACTION,
            day.isoformat(),
            {"counted_fen": counted_fen, "expected_fen": count.expected_fen},
        )
    return count


def close_day(
    office: Office,
    actor: Actor,
    day: date,
    counted_fen: int,
    why: str = "",
    *,
    seen_expected_fen: int | None = None,
) -> DaySheet:
    """Close a day for ever and give its sheet. `counted_fen` is the cash that was counted.

    `seen_expected_fen` is what a screen has shown as expected. Raises RuleError for a day that is
    closed or has not come, with the code "difference-needs-reason" when the cash differs from what
    is expected and `why` is empty, and with "expected-changed" when another desk has taken or given
    back cash since it was shown.
    """
    _check_amount(counted_fen)
    reason = why.strip()
    with work(office, actor) as w:
        _check_day(w, day)
        day_rows.open_day(w.conn, day.isoformat(), w.moment, actor.staff_id)
        story = _story(w.conn, day)
        if seen_expected_fen not in (None, story.expected_cash_fen):
            raise RuleError(
                "Another desk has taken cash meanwhile. Count again.", code="expected-changed"
            )
        difference_fen = counted_fen - story.expected_cash_fen
        if difference_fen and not reason:
            raise RuleError(
                "The cash differs by {difference} yuan from what is expected. Count again, or "
                "close with a reason.",
                code="difference-needs-reason",
                difference=format_yuan(difference_fen),
            )
        text = day_sheets.frozen(
            story,
            office_name=office.name,
            training=office.is_training,
            year=office.year,
            counted_fen=counted_fen,
            why=reason,
            closed_at=w.at,
            closed_by=actor.shown_name,
        )
        head = _anchored(w, story, counted_fen, text)
        day_rows.insert_close(
            w.conn,
            day=day.isoformat(),
            closed_at=w.moment,
            closed_by=actor.staff_id,
            expected_cash_fen=story.expected_cash_fen,
            counted_cash_fen=counted_fen,
            why=reason,
            sheet=text,
            chain_length=head.length,
            chain_head=head.hash,
        )
    return day_sheets.thawed(text, head.length, head.hash)


def day_sheet(office: Office, day: date) -> DaySheet:
    """Give the sheet of a closed day as it was kept. Raises NotFoundError."""
    row = day_rows.close(office.conn, day.isoformat())
    if row is None:
        raise NotFoundError("The day {day} is not closed.", day=day.isoformat())
    return day_sheets.thawed(row["sheet"], row["chain_length"], row["chain_head"])


def sheet_seal(text: str) -> str:
    """Give the SHA-256 of a kept sheet, as the closing's audit row carries it under "sheet"."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def _anchored(w: Work, story: DayStory, counted_fen: int, text: str) -> audit.ChainHead:
    """Write the closing's audit row and give the chain with it as the last row."""
    w.note(
        CLOSED_ACTION,
        story.day.isoformat(),
        {
            "sheet": sheet_seal(text),
            "expected_fen": story.expected_cash_fen,
            "counted_fen": counted_fen,
        },
    )
    return audit.head(w.conn)


def _check_amount(counted_fen: int) -> None:
    if counted_fen < 0:
        raise UsageError("Counted cash cannot be less than nothing.")


def _check_day(w: Work, day: date) -> None:
    if day > w.day:
        raise RuleError("The day {day} has not come yet.", code="day-ahead", day=day.isoformat())
    if day_rows.is_closed(w.conn, day.isoformat()):
        raise RuleError("The day {day} is closed already.", code="day-closed", day=day.isoformat())


def _unclosed_before(conn: Connection, day: date) -> tuple[date, ...]:
    return tuple(parse_date(text) for text in day_rows.open_before(conn, day.isoformat()))


def _story(conn: Connection, day: date) -> DayStory:
    rows = day_rows.by_clerk(conn, day.isoformat())
    issued = day_rows.receipts(conn, day.isoformat())
    return DayStory(
        day=day,
        parts=_parts(rows),
        receipts=_receipts(issued),
        first_receipt=receipts.number_text(issued[0]) if issued else None,
        last_receipt=receipts.number_text(issued[-1]) if issued else None,
        void_receipts=sum(row["void"] for row in issued),
        oddities=oddities(conn, day, rows, issued),
        unclosed_before=_unclosed_before(conn, day),
    )


def _parts(rows: Iterable[Row]) -> tuple[DayPart, ...]:
    together: dict[tuple[int, str, str], dict[str, tuple[int, int]]] = {}
    for row in rows:
        key = (row["staff_id"], row["clerk"], row["channel"])
        kind = "taken" if row["kind"] in ("contribution", "duplicate") else row["kind"]
        of_key = together.setdefault(key, {})
        count, fen = of_key.get(kind, (0, 0))
        of_key[kind] = (count + row["count"], fen + abs(row["individual_fen"]))
    nothing = (0, 0)
    return tuple(
        DayPart(
            clerk,
            channel,
            *sums.get("taken", nothing),
            *sums.get("reversal", nothing),
            *sums.get("refund", nothing),
        )
        for (_staff, clerk, channel), sums in together.items()
    )


def _receipts(issued: Sequence[Row]) -> tuple[ClerkReceipts, ...]:
    by_clerk: dict[int, list[Row]] = {}
    for row in issued:
        by_clerk.setdefault(row["staff_id"], []).append(row)
    return tuple(
        ClerkReceipts(
            clerk=rows[0]["clerk"],
            runs=_runs(rows),
            count=len(rows),
            void=sum(row["void"] for row in rows),
        )
        for _staff, rows in sorted(by_clerk.items())
    )


def _runs(rows: Sequence[Row]) -> tuple[tuple[str, str], ...]:
    """Give the runs of numbers without a hole: two desks at once take turns with the numbers."""
    runs: list[list[Row]] = []
    for row in rows:
        follows = (
            runs
            and runs[-1][-1]["series"] == row["series"]
            and runs[-1][-1]["number"] + 1 == row["number"]
        )
        if follows:
            runs[-1].append(row)
        else:
            runs.append([row])
    return tuple((receipts.number_text(run[0]), receipts.number_text(run[-1])) for run in runs)
