"""The seal between the ledger and the audit chain: one digest for the rows of one operation.

The audit row of a payment, a reversal or a paid refund carries `{"operation": key, "digest": …}`.
The chain then covers the ledger too: who changes an amount behind the program's back would have to
forge the chain from there on, and the head of the chain stands on paper on every day sheet.

Call `digest` after every row of the operation has been written, the operation itself included, and
before the audit row. `verify` recomputes it years later, so what it reads must be final by then:
the end of an enrolment belongs to the operation that ended it, not to the one that began it.
"""

from __future__ import annotations

import functools
import hashlib
import json
from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from townshipdesk.store.driver import Connection

# The columns are named one by one: a column that a later migration adds must not change the
# digests of the past. A new form of digest gets a prefix of its own, these stay as they are.
# Every query gives the operation's key first. It stands here for one operation, which a payment
# waits for; for many at once `_for_many` lets it take their keys as one JSON list.
_OPERATIONS: Final = """
SELECT key, kind, desk, staff_id, done_at, result FROM operation WHERE key = ?"""

_ENTRIES: Final = """
SELECT operation_key, kind, id, uid, enrolment_id, resident_id, village_id, year, day, paid_at,
    entered_at, channel, voucher, staff_id, individual_fen, subsidy_fen, reverses_id, refund_id, why
FROM entry WHERE operation_key = ? ORDER BY id"""

_PARTS: Final = """
SELECT n.operation_key, p.entry_id, p.source, p.identity, p.amount_fen
FROM entry AS n JOIN entry_part AS p ON p.entry_id = n.id WHERE n.operation_key = ?
ORDER BY p.entry_id, p.source, p.identity"""

_ENROLMENTS: Final = """
SELECT n.operation_key, e.id, e.uid, e.resident_id, e.year, e.village_id, e.household_id,
    e.policy_hash, e.ruling_id, e.paid_at, e.day, e.facts, e.quote, e.standard_fen,
    e.coverage_from, e.coverage_to, e.waiting_from, e.waiting_to
FROM entry AS n JOIN enrolment AS e ON e.id = n.enrolment_id WHERE n.operation_key = ?
ORDER BY n.id"""

_RECEIPTS: Final = """
SELECT operation_key, id, uid, series, number, issued_at, day, staff_id, replaces_id, amount_fen,
    content
FROM receipt WHERE operation_key = ? ORDER BY id"""

_LINES: Final = """
SELECT r.operation_key, l.receipt_id, l.entry_id
FROM receipt AS r JOIN receipt_line AS l ON l.receipt_id = r.id WHERE r.operation_key = ?
ORDER BY l.receipt_id, l.entry_id"""

# What only reversals and refunds bring about.
_ENDINGS: Final = """
SELECT n.operation_key, e.id, e.ended_at, e.ended_day, e.ended_by
FROM entry AS n JOIN enrolment AS e ON e.id = n.enrolment_id
LEFT JOIN entry AS o ON o.id = n.reverses_id
LEFT JOIN refund AS r ON r.id = n.refund_id
WHERE n.operation_key = ? AND (o.kind = 'contribution' OR r.ends_enrolment = 1)
ORDER BY n.id"""

_VOIDS: Final = """
SELECT n.operation_key, v.receipt_id, v.voided_at, v.voided_by, v.day, v.why
FROM entry AS n JOIN receipt_line AS l ON l.entry_id = n.reverses_id
JOIN receipt_void AS v ON v.receipt_id = l.receipt_id
WHERE n.operation_key = ? ORDER BY v.receipt_id"""

_REFUNDS: Final = """
SELECT n.operation_key, r.id, r.uid, r.number, r.enrolment_id, r.entry_id, r.ground, r.proof,
    r.payee, r.payee_relation, r.bank, r.account, r.answer, r.individual_fen, r.subsidy_fen,
    r.ends_enrolment, r.state, r.requested_at, r.requested_by, r.decided_at, r.decided_by,
    r.settled_at, r.settled_by, r.why, r.document_number
FROM entry AS n JOIN refund AS r ON r.id = n.refund_id
WHERE n.operation_key = ? ORDER BY r.id"""

_ALWAYS: Final = (_ENTRIES, _PARTS, _ENROLMENTS, _RECEIPTS, _LINES)
_WHEN_TAKEN_BACK: Final = (_ENDINGS, _VOIDS, _REFUNDS)
_TAKEN_BACK: Final = frozenset({"reversal", "refund"})


def digest(conn: Connection, operation_key: str) -> str:
    """Give the SHA-256 (64 hexadecimal digits) over every row one operation wrote in the ledger.

    Raises LookupError when the operation has not been written: a service called this too early.
    """
    found = digests(conn, [operation_key]).get(operation_key)
    if found is None:
        raise LookupError("the operation must be written before its digest is taken")
    return found


def digests(conn: Connection, operation_keys: Sequence[str]) -> dict[str, str]:
    """Give the digests of several operations at once; those that do not exist are left out."""
    operations = _rows(conn, _OPERATIONS, operation_keys)
    groups = [_rows(conn, query, operation_keys) for query in _ALWAYS]
    taken_back = [
        key for key, rows in groups[0].items() if any(kind in _TAKEN_BACK for kind, *_rest in rows)
    ]
    more = [_rows(conn, query, taken_back) for query in _WHEN_TAKEN_BACK]
    return {
        key: _seal([own, *(g[key] for g in groups), *(m[key] for m in more if key in taken_back)])
        for key, own in operations.items()
    }


def _rows(
    conn: Connection, query: str, keys: Sequence[str]
) -> defaultdict[str, list[list[object]]]:
    found: defaultdict[str, list[list[object]]] = defaultdict(list)
    if len(keys) == 1:
        for key, *row in conn.execute(query, keys):
            found[key].append(row)
    elif keys:
        for key, *row in conn.execute(_for_many(query), (json.dumps(keys),)):
            found[key].append(row)
    return found


@functools.cache
def _for_many(query: str) -> str:
    return query.replace("= ?", "IN (SELECT value FROM json_each(?))")


def _seal(rows: list[list[list[object]]]) -> str:
    text = json.dumps(rows, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
