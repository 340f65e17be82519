"""SQL of refunds. The steps a refund may take are enforced by triggers, not here."""

from __future__ import annotations

from dataclasses import dataclass

from townshipdesk.store.driver import Connection, Row
from townshipdesk.store.people_rows import SAME_PERSON

_REFUND = (
    "SELECT f.*, e.uid AS entry_uid, e.paid_at AS entry_paid_at, e.year, e.resident_id,"
    " e.village_id, e.channel AS entry_channel,"
    " q.shown_name AS requested_name, d.shown_name AS decided_name, s.shown_name AS settled_name"
    " FROM refund AS f JOIN entry AS e ON e.id = f.entry_id"
    " JOIN staff AS q ON q.id = f.requested_by LEFT JOIN staff AS d ON d.id = f.decided_by"
    " LEFT JOIN staff AS s ON s.id = f.settled_by"
)


@dataclass(frozen=True, slots=True)
class NewRefund:
    """What a request is written from; amounts are fen."""

    uid: str
    number: str
    enrolment_id: int
    entry_id: int
    ground: str
    proof: str
    payee: str
    payee_relation: str
    bank: str
    account: str
    answer: str
    individual_fen: int
    subsidy_fen: int
    ends_enrolment: bool
    requested_at: str
    requested_by: int


def insert(conn: Connection, new: NewRefund) -> int:
    """Write a request and give the row's number."""
    cursor = conn.execute(
        "INSERT INTO refund (uid, number, enrolment_id, entry_id, ground, proof, payee,"
        " payee_relation, bank, account, answer, individual_fen, subsidy_fen, ends_enrolment,"
        " state, requested_at, requested_by)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'requested', ?, ?)",
        (
            new.uid,
            new.number,
            new.enrolment_id,
            new.entry_id,
            new.ground,
            new.proof,
            new.payee,
            new.payee_relation,
            new.bank,
            new.account,
            new.answer,
            new.individual_fen,
            new.subsidy_fen,
            int(new.ends_enrolment),
            new.requested_at,
            new.requested_by,
        ),
    )
    return int(cursor.lastrowid or 0)


def next_number(conn: Connection) -> int:
    """Give the number the next refund has; only inside the transaction that uses it."""
    row = conn.execute("SELECT coalesce(max(id), 0) + 1 FROM refund").fetchone()
    return int(row[0])


def by_number(conn: Connection, number: str) -> Row | None:
    """Give a refund by its number, with its payment and the names of staff."""
    row: Row | None = conn.execute(f"{_REFUND} WHERE f.number = ?", (number,)).fetchone()
    return row


def live_refund_of(conn: Connection, entry_id: int) -> Row | None:
    """Give the refund of a payment that was neither rejected nor withdrawn."""
    row: Row | None = conn.execute(
        f"{_REFUND} WHERE f.entry_id = ? AND f.state IN ('requested', 'approved', 'paid')",
        (entry_id,),
    ).fetchone()
    return row


def under_way(conn: Connection, enrolment_uid: str) -> Row | None:
    """Give the refund that waits for its next step, of the payments of an enrolment."""
    row: Row | None = conn.execute(
        "SELECT f.number, f.state, coalesce(f.decided_at, f.requested_at) AS since"
        " FROM enrolment AS e JOIN refund AS f ON f.enrolment_id = e.id"
        " WHERE e.uid = ? AND f.state IN ('requested', 'approved') ORDER BY f.id DESC",
        (enrolment_uid,),
    ).fetchone()
    return row


def of_resident(conn: Connection, resident_id: int) -> list[Row]:
    """Give all refunds of a resident, newest first."""
    rows: list[Row] = conn.execute(
        f"{_REFUND} WHERE e.resident_id IN ({SAME_PERSON}) ORDER BY f.id DESC", (resident_id,)
    ).fetchall()
    return rows


def in_states(conn: Connection, states: tuple[str, ...]) -> list[Row]:
    """Give the refunds in some states, those that have waited longest first."""
    marks = ", ".join("?" for _state in states)
    rows: list[Row] = conn.execute(
        f"{_REFUND} WHERE f.state IN ({marks}) ORDER BY f.requested_at, f.id", states
    ).fetchall()
    return rows


def listed(conn: Connection, states: tuple[str, ...], limit: int, *, newest: bool) -> list[Row]:
    """Give refunds in some states with whom they are about, by the moment of the last step.

    Those that have waited longest come first, or with `newest` last. `waits_since` is that moment.
    """
    order = "DESC" if newest else "ASC"
    marks = ", ".join("?" for _state in states)
    rows: list[Row] = conn.execute(
        "SELECT x.*, r.name AS person_name, r.uid AS person_uid, v.name AS village_name,"
        " coalesce((SELECT number FROM document WHERE resident_id = r.id AND is_current = 1), '')"
        " AS person_number,"
        " coalesce(x.settled_at, x.decided_at, x.requested_at) AS waits_since"
        f" FROM ({_REFUND} WHERE f.state IN ({marks})) AS x"
        " JOIN resident AS r ON r.id = x.resident_id JOIN village AS v ON v.id = r.village_id"
        f" ORDER BY waits_since {order}, x.id {order} LIMIT ?",
        (*states, limit),
    ).fetchall()
    return rows


def decide(
    conn: Connection,
    refund_id: int,
    state: str,
    at: str,
    staff_id: int,
    why: str,
    document_number: str,
) -> None:
    """Approve or reject a request."""
    conn.execute(
        "UPDATE refund SET state = ?, decided_at = ?, decided_by = ?, why = ?,"
        " document_number = ? WHERE id = ?",
        (state, at, staff_id, why, document_number, refund_id),
    )


def settle(conn: Connection, refund_id: int, state: str, at: str, staff_id: int, why: str) -> None:
    """Pay out or withdraw a refund."""
    conn.execute(
        "UPDATE refund SET state = ?, settled_at = ?, settled_by = ?,"
        " why = CASE WHEN ? = '' THEN why ELSE ? END WHERE id = ?",
        (state, at, staff_id, why, why, refund_id),
    )
