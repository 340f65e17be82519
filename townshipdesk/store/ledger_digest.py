"""The seal between the ledger and the audit chain: one digest for the rows of one operation.

The audit row of a payment, a reversal or a paid refund carries `{"operation": key, "digest": …}`.
The chain then covers the ledger too: who changes an amount behind the program's back would have to
forge the chain from there on, and the head of the chain stands on paper on every day sheet.

Call `digest` after every row of the operation has been written, the operation itself included, and
before the audit row. `verify` recomputes it years later, so what it reads must be final by then:
the end of an enrolment belongs to the operation that ended it, not to the one that began it.
"""

from __future__ import annotations

import hashlib
import json
from typing import Final

from townshipdesk.store.driver import Connection

# The columns are named one by one: a column that a later migration adds must not change the
# digests of the past. A new form of digest gets a prefix of its own, these stay as they are.
_OPERATION: Final = """
SELECT key, kind, desk, staff_id, done_at, result FROM operation WHERE key = ?"""

_ENTRIES: Final = """
SELECT id, uid, kind, enrolment_id, resident_id, village_id, year, day, paid_at, entered_at,
    channel, voucher, staff_id, individual_fen, subsidy_fen, reverses_id, refund_id, why,
    operation_key
FROM entry WHERE operation_key = ? ORDER BY id"""

_PARTS: Final = """
SELECT entry_id, source, identity, amount_fen FROM entry_part
WHERE entry_id IN (SELECT id FROM entry WHERE operation_key = ?)
ORDER BY entry_id, source, identity"""

_ENROLMENTS: Final = """
SELECT id, uid, resident_id, year, village_id, household_id, policy_hash, ruling_id, paid_at, day,
    facts, quote, standard_fen, coverage_from, coverage_to, waiting_from, waiting_to
FROM enrolment WHERE id IN (SELECT enrolment_id FROM entry WHERE operation_key = ?) ORDER BY id"""

_RECEIPTS: Final = """
SELECT id, uid, series, number, issued_at, day, staff_id, operation_key, replaces_id, amount_fen,
    content
FROM receipt WHERE operation_key = ? ORDER BY id"""

_LINES: Final = """
SELECT receipt_id, entry_id FROM receipt_line
WHERE receipt_id IN (SELECT id FROM receipt WHERE operation_key = ?)
ORDER BY receipt_id, entry_id"""

# What only reversals and refunds bring about.
_ENDINGS: Final = """
SELECT e.id, e.ended_at, e.ended_day, e.ended_by
FROM entry AS n JOIN enrolment AS e ON e.id = n.enrolment_id
LEFT JOIN entry AS o ON o.id = n.reverses_id
LEFT JOIN refund AS r ON r.id = n.refund_id
WHERE n.operation_key = ? AND (o.kind = 'contribution' OR r.ends_enrolment = 1)
ORDER BY n.id"""

_VOIDS: Final = """
SELECT v.receipt_id, v.voided_at, v.voided_by, v.day, v.why FROM receipt_void AS v
WHERE v.receipt_id IN (
    SELECT l.receipt_id FROM entry AS n JOIN receipt_line AS l ON l.entry_id = n.reverses_id
    WHERE n.operation_key = ?)
ORDER BY v.receipt_id"""

_REFUNDS: Final = """
SELECT r.id, r.uid, r.number, r.enrolment_id, r.entry_id, r.ground, r.proof, r.payee,
    r.payee_relation, r.bank, r.account, r.answer, r.individual_fen, r.subsidy_fen,
    r.ends_enrolment, r.state, r.requested_at, r.requested_by, r.decided_at, r.decided_by,
    r.settled_at, r.settled_by, r.why, r.document_number
FROM entry AS n JOIN refund AS r ON r.id = n.refund_id
WHERE n.operation_key = ? ORDER BY r.id"""

_ALWAYS: Final = (_ENTRIES, _PARTS, _ENROLMENTS, _RECEIPTS, _LINES)
_WHEN_TAKEN_BACK: Final = (_ENDINGS, _VOIDS, _REFUNDS)


def digest(conn: Connection, operation_key: str) -> str:
    """Give the SHA-256 (64 hexadecimal digits) over every row one operation wrote in the ledger.

    Raises LookupError when the operation has not been written: a service called this too early.
    """
    operation = conn.execute(_OPERATION, (operation_key,)).fetchone()
    if operation is None:
        raise LookupError("the operation must be written before its digest is taken")
    groups = [_rows(conn, query, operation_key) for query in _ALWAYS]
    if any(kind in ("reversal", "refund") for _id, _uid, kind, *_others in groups[0]):
        groups += [_rows(conn, query, operation_key) for query in _WHEN_TAKEN_BACK]
    text = json.dumps([list(operation), *groups], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _rows(conn: Connection, query: str, operation_key: str) -> list[list[object]]:
    return [list(row) for row in conn.execute(query, (operation_key,))]
