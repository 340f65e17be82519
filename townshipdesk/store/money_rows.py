"""SQL of the ledger: operations, enrolments, entries and their parts, receipts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from townshipdesk.store.driver import Connection, Row
from townshipdesk.store.people_rows import SAME_PERSON


@dataclass(frozen=True, slots=True)
class NewEnrolment:
    """What an enrolment is written from; moments and days are ISO text, amounts fen."""

    uid: str
    resident_id: int
    year: int
    village_id: int
    household_id: int | None
    policy_hash: str
    ruling_id: int | None
    paid_at: str
    day: str
    facts: str
    quote: str
    standard_fen: int
    coverage: tuple[str, str] | None
    waiting: tuple[str, str] | None


@dataclass(frozen=True, slots=True)
class NewEntry:
    """What a ledger entry is written from; amounts are fen, negative when money goes back."""

    uid: str
    kind: str
    enrolment_id: int
    resident_id: int
    village_id: int
    year: int
    day: str
    paid_at: str
    entered_at: str
    channel: str
    voucher: str
    staff_id: int
    operation_key: str
    parts: tuple[tuple[str, str, int], ...]  # source, identity, amount_fen
    reverses_id: int | None = None
    refund_id: int | None = None
    why: str = ""

    @property
    def individual_fen(self) -> int:
        """What the person paid."""
        return sum(amount for source, _identity, amount in self.parts if source == "individual")

    @property
    def subsidy_fen(self) -> int:
        """What all other sources paid."""
        return sum(amount for source, _identity, amount in self.parts if source != "individual")


def operation(conn: Connection, key: str) -> Row | None:
    """Give an operation that was done under a key."""
    row: Row | None = conn.execute("SELECT * FROM operation WHERE key = ?", (key,)).fetchone()
    return row


def insert_operation(
    conn: Connection, key: str, kind: str, desk: str, staff_id: int, done_at: str, result: str
) -> None:
    """Record that an operation is done; its key can never be used again."""
    conn.execute(
        "INSERT INTO operation (key, kind, desk, staff_id, done_at, result)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (key, kind, desk, staff_id, done_at, result),
    )


def unseen_operations(conn: Connection, desk: str) -> list[Row]:
    """Give the operations at a desk's counter whose outcome it has never shown, oldest first.

    What was taken over by the list (tax:, collection:, import:) hands nobody a receipt.
    """
    rows: list[Row] = conn.execute(
        "SELECT * FROM operation WHERE desk = ? AND key NOT GLOB 'tax:*'"
        " AND key NOT GLOB 'collection:*' AND key NOT GLOB 'import:*' AND NOT EXISTS"
        " (SELECT 1 FROM operation_seen WHERE operation_key = key) ORDER BY done_at, key",
        (desk,),
    ).fetchall()
    return rows


def mark_seen(conn: Connection, keys: Iterable[str], seen_at: str) -> None:
    """Record that a desk has shown the outcome of operations."""
    conn.executemany(
        "INSERT INTO operation_seen (operation_key, seen_at) VALUES (?, ?)"
        " ON CONFLICT (operation_key) DO NOTHING",
        [(key, seen_at) for key in keys],
    )


def insert_enrolment(conn: Connection, new: NewEnrolment) -> int:
    """Write an enrolment and give the row's number."""
    coverage = new.coverage or (None, None)
    waiting = new.waiting or (None, None)
    cursor = conn.execute(
        "INSERT INTO enrolment (uid, resident_id, year, village_id, household_id, policy_hash,"
        " ruling_id, paid_at, day, facts, quote, standard_fen, coverage_from, coverage_to,"
        " waiting_from, waiting_to) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            new.uid,
            new.resident_id,
            new.year,
            new.village_id,
            new.household_id,
            new.policy_hash,
            new.ruling_id,
            new.paid_at,
            new.day,
            new.facts,
            new.quote,
            new.standard_fen,
            *coverage,
            *waiting,
        ),
    )
    return int(cursor.lastrowid or 0)


def end_enrolment(
    conn: Connection, enrolment_id: int, ended_at: str, day: str, ended_by: str
) -> None:
    """End a live enrolment, once."""
    conn.execute(
        "UPDATE enrolment SET ended_at = ?, ended_day = ?, ended_by = ? WHERE id = ?",
        (ended_at, day, ended_by, enrolment_id),
    )


def live_enrolment(conn: Connection, resident_id: int, year: int) -> Row | None:
    """Give the enrolment that is in force for a person and year."""
    row: Row | None = conn.execute(
        "SELECT * FROM enrolment WHERE resident_id = ? AND year = ? AND ended_at IS NULL",
        (resident_id, year),
    ).fetchone()
    return row


def enrolment(conn: Connection, enrolment_id: int) -> Row:
    """Give an enrolment by its number."""
    row: Row = conn.execute("SELECT * FROM enrolment WHERE id = ?", (enrolment_id,)).fetchone()
    return row


def insert_entry(conn: Connection, new: NewEntry) -> int:
    """Write a ledger entry with its parts and give the row's number."""
    cursor = conn.execute(
        "INSERT INTO entry (uid, kind, enrolment_id, resident_id, village_id, year, day, paid_at,"
        " entered_at, channel, voucher, staff_id, individual_fen, subsidy_fen, reverses_id,"
        " refund_id, why, operation_key)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            new.uid,
            new.kind,
            new.enrolment_id,
            new.resident_id,
            new.village_id,
            new.year,
            new.day,
            new.paid_at,
            new.entered_at,
            new.channel,
            new.voucher,
            new.staff_id,
            new.individual_fen,
            new.subsidy_fen,
            new.reverses_id,
            new.refund_id,
            new.why,
            new.operation_key,
        ),
    )
    entry_id = int(cursor.lastrowid or 0)
    conn.executemany(
        "INSERT INTO entry_part (entry_id, source, identity, amount_fen) VALUES (?, ?, ?, ?)",
        [(entry_id, *part) for part in new.parts],
    )
    return entry_id


def entry_by_uid(conn: Connection, uid: str) -> Row | None:
    """Give a ledger entry by its unique id."""
    row: Row | None = conn.execute("SELECT * FROM entry WHERE uid = ?", (uid,)).fetchone()
    return row


def policy_of_enrolment(conn: Connection, enrolment_id: int) -> str:
    """Give the name of the policy an enrolment was decided on."""
    row = conn.execute(
        "SELECT t.policy_id FROM enrolment AS e JOIN policy_text AS t ON t.hash = e.policy_hash"
        " WHERE e.id = ?",
        (enrolment_id,),
    ).fetchone()
    return str(row[0])


def entry(conn: Connection, entry_id: int) -> Row:
    """Give a ledger entry by its number."""
    row: Row = conn.execute("SELECT * FROM entry WHERE id = ?", (entry_id,)).fetchone()
    return row


def parts(conn: Connection, entry_id: int) -> tuple[tuple[str, str, int], ...]:
    """Give the parts of an entry: source, identity, fen."""
    return tuple(
        (row[0], row[1], row[2])
        for row in conn.execute(
            "SELECT source, identity, amount_fen FROM entry_part WHERE entry_id = ?"
            " ORDER BY source, identity",
            (entry_id,),
        )
    )


def payments_of(conn: Connection, resident_id: int, year: int) -> list[Row]:
    """Give payments that stand (neither reversed nor refunded), newest first."""
    rows: list[Row] = conn.execute(
        "SELECT * FROM entry AS e WHERE resident_id = ? AND year = ?"
        " AND kind IN ('contribution', 'duplicate')"
        " AND NOT EXISTS (SELECT 1 FROM entry AS r WHERE r.reverses_id = e.id)"
        " AND NOT EXISTS (SELECT 1 FROM refund AS f WHERE f.entry_id = e.id AND f.state = 'paid')"
        " ORDER BY kind = 'duplicate' DESC, id DESC",
        (resident_id, year),
    ).fetchall()
    return rows


def reversal_of(conn: Connection, entry_id: int) -> Row | None:
    """Give the entry that reversed a payment."""
    row: Row | None = conn.execute(
        "SELECT * FROM entry WHERE reverses_id = ?", (entry_id,)
    ).fetchone()
    return row


def next_receipt_number(conn: Connection, series: str) -> int:
    """Give the number the next receipt must have; only inside the transaction that uses it."""
    row = conn.execute("SELECT max(number) FROM receipt WHERE series = ?", (series,)).fetchone()
    return int(row[0] or 0) + 1


def insert_receipt(
    conn: Connection,
    *,
    uid: str,
    series: str,
    number: int,
    issued_at: str,
    day: str,
    staff_id: int,
    operation_key: str,
    replaces_id: int | None,
    amount_fen: int,
    content: str,
    entry_ids: Iterable[int],
) -> int:
    """Issue a receipt over payments and give the row's number."""
    cursor = conn.execute(
        "INSERT INTO receipt (uid, series, number, issued_at, day, staff_id, operation_key,"
        " replaces_id, amount_fen, content) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            uid,
            series,
            number,
            issued_at,
            day,
            staff_id,
            operation_key,
            replaces_id,
            amount_fen,
            content,
        ),
    )
    receipt_id = int(cursor.lastrowid or 0)
    conn.executemany(
        "INSERT INTO receipt_line (receipt_id, entry_id) VALUES (?, ?)",
        [(receipt_id, entry_id) for entry_id in entry_ids],
    )
    return receipt_id


def receipt_of_entry(conn: Connection, entry_id: int) -> Row | None:
    """Give the receipt that holds for a payment: the one that is not void, else the last."""
    row: Row | None = conn.execute(
        "SELECT r.* FROM receipt_line AS l JOIN receipt AS r ON r.id = l.receipt_id"
        " LEFT JOIN receipt_void AS v ON v.receipt_id = r.id WHERE l.entry_id = ?"
        " ORDER BY v.receipt_id IS NULL DESC, r.id DESC LIMIT 1",
        (entry_id,),
    ).fetchone()
    return row


def receipt_written_for(conn: Connection, entry_id: int) -> Row | None:
    """Give the receipt that was issued when a payment was taken, void or not."""
    row: Row | None = conn.execute(
        "SELECT r.* FROM receipt_line AS l JOIN receipt AS r ON r.id = l.receipt_id"
        " WHERE l.entry_id = ? ORDER BY r.id LIMIT 1",
        (entry_id,),
    ).fetchone()
    return row


def receipt_by_uid(conn: Connection, uid: str) -> Row | None:
    """Give a receipt by its unique id."""
    row: Row | None = conn.execute("SELECT * FROM receipt WHERE uid = ?", (uid,)).fetchone()
    return row


def receipt_by_number(conn: Connection, series: str, number: int) -> Row | None:
    """Give a receipt by its number."""
    row: Row | None = conn.execute(
        "SELECT * FROM receipt WHERE series = ? AND number = ?", (series, number)
    ).fetchone()
    return row


def receipt_entries(conn: Connection, receipt_id: int) -> list[Row]:
    """Give the payments a receipt was issued over, in the order they were taken."""
    rows: list[Row] = conn.execute(
        "SELECT e.* FROM receipt_line AS l JOIN entry AS e ON e.id = l.entry_id"
        " WHERE l.receipt_id = ? ORDER BY e.id",
        (receipt_id,),
    ).fetchall()
    return rows


def receipts_of(conn: Connection, resident_id: int) -> list[Row]:
    """Give every receipt on which a person stands, newest first, under an earlier record too."""
    rows: list[Row] = conn.execute(
        "SELECT DISTINCT r.* FROM entry AS e JOIN receipt_line AS l ON l.entry_id = e.id"
        f" JOIN receipt AS r ON r.id = l.receipt_id WHERE e.resident_id IN ({SAME_PERSON})"
        " ORDER BY r.id DESC",
        (resident_id,),
    ).fetchall()
    return rows


def receipts_of_day(conn: Connection, day: str) -> list[Row]:
    """Give the receipts issued on a day, newest first."""
    rows: list[Row] = conn.execute(
        "SELECT * FROM receipt WHERE day = ? ORDER BY id DESC", (day,)
    ).fetchall()
    return rows


def day_with_receipts(conn: Connection, day: str, *, later: bool) -> str | None:
    """Give the next day before (or after) another one on which receipts were issued."""
    query = (
        "SELECT min(day) FROM receipt WHERE day > ?"
        if later
        else "SELECT max(day) FROM receipt WHERE day < ?"
    )
    row = conn.execute(query, (day,)).fetchone()
    return None if row[0] is None else str(row[0])


def void_receipt(
    conn: Connection, receipt_id: int, at: str, staff_id: int, day: str, why: str
) -> None:
    """Mark a receipt as void; its number and all its copies stay."""
    conn.execute(
        "INSERT INTO receipt_void (receipt_id, voided_at, voided_by, day, why)"
        " VALUES (?, ?, ?, ?, ?)",
        (receipt_id, at, staff_id, day, why),
    )


def receipt_void(conn: Connection, receipt_id: int) -> Row | None:
    """Give the voiding of a receipt."""
    row: Row | None = conn.execute(
        "SELECT * FROM receipt_void WHERE receipt_id = ?", (receipt_id,)
    ).fetchone()
    return row


def printings(conn: Connection, receipt_id: int) -> int:
    """Give how many times a receipt has been printed."""
    row = conn.execute(
        "SELECT count(*) FROM receipt_print WHERE receipt_id = ?", (receipt_id,)
    ).fetchone()
    return int(row[0])


def insert_printing(
    conn: Connection, receipt_id: int, nth: int, at: str, staff_id: int, form: str
) -> None:
    """Record that a receipt was printed for the nth time."""
    conn.execute(
        "INSERT INTO receipt_print (receipt_id, nth, printed_at, printed_by, form)"
        " VALUES (?, ?, ?, ?, ?)",
        (receipt_id, nth, at, staff_id, form),
    )
