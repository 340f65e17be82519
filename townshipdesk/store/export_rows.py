"""SQL behind the sheets that go out. Everything is read in one snapshot by the caller."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from townshipdesk.store.driver import Connection, Row

_DOCUMENT = "(SELECT number FROM document WHERE resident_id = r.id AND is_current = 1)"
_PERSON = (
    "JOIN resident AS o ON o.id = {of} JOIN resident AS r ON r.id = coalesce(o.merged_into, o.id)"
)
"""Who somebody is now: a record that became one with another goes under the one that stayed."""
_PAYER: Final = _PERSON.format(of="n.resident_id")
_OF_ENTRY: Final = _PERSON.format(of="e.resident_id")


def villages(conn: Connection, code: str | None = None) -> list[Row]:
    """Give the villages, or one of them, by code."""
    rows: list[Row] = conn.execute(
        "SELECT * FROM village WHERE ?1 IS NULL OR code = ?1 ORDER BY code", (code,)
    ).fetchall()
    return rows


_HERE: Final = "(:village IS NULL OR village_id = (SELECT id FROM village WHERE code = :village))"
_EXPECTED: Final = {
    "ledger": f"SELECT count(*) FROM enrolment WHERE year = :year AND ended_at IS NULL AND {_HERE}",
    "roster": f"SELECT count(*) FROM resident WHERE status = 'living' AND {_HERE}",
    "unpaid": f"SELECT count(*) FROM resident AS r WHERE status = 'living' AND {_HERE} AND NOT"
    " EXISTS (SELECT 1 FROM enrolment WHERE resident_id = r.id AND year = :year"
    " AND ended_at IS NULL)",
    "audit": "SELECT max(id) FROM audit",
}


def expected(conn: Connection, sheet: str, year: int, village_code: str | None) -> int:
    """Give how many rows a long sheet will have, about; 0 for sheets that are written at once."""
    sql = _EXPECTED.get(sheet)
    if sql is None:
        return 0
    row = conn.execute(sql, {"year": year, "village": village_code}).fetchone()
    return int(row[0] or 0)


def ledger(conn: Connection, year: int, village_id: int) -> Iterator[Row]:
    """Give the payments that stand in a village, household by household."""
    yield from conn.execute(
        "SELECT coalesce(h.number, '') AS household, r.name, r.relation, r.group_name,"
        f" {_DOCUMENT} AS number, e.id, e.individual_fen, e.subsidy_fen, e.channel, e.voucher,"
        " e.paid_at, n.standard_fen, s.shown_name,"
        " (SELECT o.name FROM resident AS o WHERE o.household_id = r.household_id"
        "   AND o.relation = '户主' LIMIT 1) AS head,"
        " (SELECT group_concat(identity, ',') FROM entry_part WHERE entry_id = e.id"
        "   AND source <> 'individual') AS identities,"
        " (SELECT group_concat(source, ',') FROM entry_part WHERE entry_id = e.id"
        "   AND source <> 'individual') AS sources,"
        " (SELECT p.series || printf('%06d', p.number) FROM receipt_line AS l"
        "   JOIN receipt AS p ON p.id = l.receipt_id WHERE l.entry_id = e.id AND p.id NOT IN"
        "   (SELECT receipt_id FROM receipt_void)) AS receipt"
        " FROM enrolment AS n JOIN entry AS e ON e.enrolment_id = n.id"
        "  AND e.kind = 'contribution'"
        f" {_PAYER} JOIN staff AS s ON s.id = e.staff_id"
        " LEFT JOIN household AS h ON h.id = r.household_id"
        " WHERE n.year = ? AND n.village_id = ? AND n.ended_at IS NULL"
        " ORDER BY r.group_name, household, r.id",
        (year, village_id),
    )


def groups(conn: Connection, year: int, village_id: int) -> list[Row]:
    """Give a village's groups: households, residents, enrolled, money, receipts.

    Whoever paid here counts here: also somebody who has died since, in the own group, or who has
    moved away, in a group of those (its name is NULL).
    """
    rows: list[Row] = conn.execute(
        "SELECT group_name, count(DISTINCT household_id) AS households,"
        " sum(living) AS residents, count(receipt) AS enrolled,"
        " sum(individual_fen) AS individual_fen, sum(subsidy_fen) AS subsidy_fen,"
        " min(nullif(receipt, '')) AS first_receipt, max(nullif(receipt, '')) AS last_receipt,"
        " sum(village_fen) AS village_fen FROM ("
        "SELECT group_name, household_id, 1 AS living, NULL AS receipt, 0 AS individual_fen,"
        " 0 AS subsidy_fen, 0 AS village_fen FROM resident"
        " WHERE village_id = ?2 AND status = 'living' "
        "UNION ALL SELECT iif(r.village_id = n.village_id, r.group_name, NULL), NULL, 0,"
        " coalesce(p.series || printf('%06d', p.number), ''), e.individual_fen, e.subsidy_fen,"
        " iif(e.channel = 'village', e.individual_fen, 0)"
        " FROM enrolment AS n JOIN entry AS e ON e.enrolment_id = n.id AND e.kind = 'contribution'"
        f" {_PAYER} LEFT JOIN receipt AS p ON p.id = (SELECT max(receipt_id) FROM receipt_line"
        "  WHERE entry_id = e.id)"
        " WHERE n.year = ?1 AND n.village_id = ?2 AND n.ended_at IS NULL) GROUP BY group_name",
        (year, village_id),
    ).fetchall()
    return rows


def void_receipts(conn: Connection, year: int, village_id: int) -> dict[str | None, int]:
    """Give how many receipts of a village's people were voided, by group as `groups` has them."""
    return dict(
        conn.execute(
            "SELECT iif(r.village_id = e.village_id, r.group_name, NULL) AS group_name,"
            " count(DISTINCT v.receipt_id) FROM receipt_void AS v"
            " JOIN receipt_line AS l ON l.receipt_id = v.receipt_id"
            f" JOIN entry AS e ON e.id = l.entry_id {_OF_ENTRY}"
            " WHERE e.year = ? AND e.village_id = ? GROUP BY 1",
            (year, village_id),
        ).fetchall()
    )


def heads_by_identity(conn: Connection, year: int, moment: str) -> list[Row]:
    """Give, by village and subsidised identity ('' for none), those enrolled at a moment."""
    rows: list[Row] = conn.execute(
        "SELECT n.village_id, coalesce((SELECT p.identity FROM entry AS e"
        "   JOIN entry_part AS p ON p.entry_id = e.id AND p.source NOT IN ('individual',"
        "   'collective') WHERE e.enrolment_id = n.id AND e.kind = 'contribution' LIMIT 1), '')"
        "  AS identity, count(*) AS heads FROM enrolment AS n WHERE n.year = ?1"
        " AND EXISTS (SELECT 1 FROM entry AS e WHERE e.enrolment_id = n.id AND e.entered_at <= ?2)"
        " AND (n.ended_at IS NULL OR n.ended_at > ?2) GROUP BY 1, 2",
        (year, moment),
    ).fetchall()
    return rows


def heads_on(conn: Connection, year: int, day: str) -> dict[int, int]:
    """Give the net heads of each village up to the end of a day."""
    return dict(
        conn.execute(
            "SELECT village_id, sum(enrolled - ended) FROM tally_head"
            " WHERE year = ? AND day <= ? GROUP BY village_id",
            (year, day),
        ).fetchall()
    )


def money_on(conn: Connection, year: int, day: str) -> dict[int, int]:
    """Give what people paid in each village up to the end of a day, less reversals, in fen."""
    return dict(
        conn.execute(
            "SELECT village_id, sum(amount_fen) FROM tally_money WHERE year = ?"
            " AND source = 'individual' AND kind <> 'refund' AND day <= ? GROUP BY village_id",
            (year, day),
        ).fetchall()
    )


def unpaid(conn: Connection, year: int, village_id: int) -> Iterator[Row]:
    """Give the living residents of a village who are not enrolled, with their last call."""
    yield from conn.execute(
        "SELECT r.group_name, r.name, r.phone, r.id,"
        f" {_DOCUMENT} AS number,"
        " (SELECT o.name FROM resident AS o WHERE o.household_id = r.household_id"
        "   AND o.relation = '户主' LIMIT 1) AS head,"
        " EXISTS (SELECT 1 FROM earlier_enrolment WHERE resident_id = r.id AND year = ?1 - 1)"
        "  OR EXISTS (SELECT 1 FROM enrolment WHERE resident_id = r.id AND year = ?1 - 1"
        "   AND ended_at IS NULL) AS last_year,"
        " c.reason, c.result FROM resident AS r"
        " LEFT JOIN call_result AS c ON c.id = (SELECT max(id) FROM call_result"
        "   WHERE resident_id = r.id AND year = ?1)"
        " WHERE r.village_id = ?2 AND r.status = 'living' AND NOT EXISTS"
        "  (SELECT 1 FROM enrolment WHERE year = ?1 AND ended_at IS NULL AND resident_id IN"
        "   (SELECT r.id UNION ALL SELECT id FROM resident WHERE merged_into = r.id))"
        " ORDER BY r.group_name, r.household_id, r.id",
        (year, village_id),
    )


def subsidised(conn: Connection, year: int, source: str) -> Iterator[Row]:
    """Give everybody a source subsidises whose enrolment is in force, once each."""
    yield from conn.execute(
        f"SELECT v.name AS village, r.name, {_DOCUMENT} AS number, p.identity,"
        " n.standard_fen, sum(p.amount_fen) AS amount_fen, e.individual_fen, e.paid_at"
        " FROM entry_part AS p JOIN entry AS e ON e.id = p.entry_id AND e.kind = 'contribution'"
        " JOIN enrolment AS n ON n.id = e.enrolment_id AND n.ended_at IS NULL"
        f" {_OF_ENTRY} JOIN village AS v ON v.id = e.village_id"
        " WHERE e.year = ? AND p.source = ? GROUP BY e.id, p.identity"
        " ORDER BY v.code, r.group_name, r.household_id, r.id",
        (year, source),
    )


def sources(conn: Connection, year: int) -> list[str]:
    """Give the sources that subsidise somebody this year."""
    return [
        row[0]
        for row in conn.execute(
            "SELECT DISTINCT source FROM tally_money WHERE year = ? AND source <> 'individual'"
            " ORDER BY source",
            (year,),
        )
    ]


def refunds(conn: Connection, year: int) -> Iterator[Row]:
    """Give the refunds of what was paid for a year, oldest first."""
    yield from conn.execute(
        f"SELECT f.*, r.name, {_DOCUMENT} AS document, v.name AS village, e.individual_fen AS"
        " paid_fen, e.paid_at, q.shown_name AS requester, d.shown_name AS decider"
        " FROM refund AS f JOIN entry AS e ON e.id = f.entry_id"
        f" {_OF_ENTRY} JOIN village AS v ON v.id = e.village_id"
        " JOIN staff AS q ON q.id = f.requested_by LEFT JOIN staff AS d ON d.id = f.decided_by"
        " WHERE e.year = ? ORDER BY f.id",
        (year,),
    )


def audit(conn: Connection) -> Iterator[Row]:
    """Give the audit log, oldest first, with names of staff."""
    yield from conn.execute(
        "SELECT a.id, a.at, coalesce(s.shown_name, '') AS staff, a.desk, a.action, a.subject,"
        " a.detail, a.hash FROM audit AS a LEFT JOIN staff AS s ON s.id = a.staff_id ORDER BY a.id"
    )


def roster(conn: Connection) -> Iterator[Row]:
    """Give everybody living, village by village and household by household."""
    yield from conn.execute(
        "SELECT coalesce(h.number, '') AS household, r.*, v.name AS village,"
        " d.kind AS document_kind, d.number,"
        " (SELECT o.name FROM resident AS o WHERE o.household_id = r.household_id"
        "   AND o.relation = '户主' LIMIT 1) AS head"
        " FROM resident AS r JOIN village AS v ON v.id = r.village_id"
        " LEFT JOIN household AS h ON h.id = r.household_id"
        " LEFT JOIN document AS d ON d.resident_id = r.id AND d.is_current = 1"
        " WHERE r.status = 'living' ORDER BY v.code, r.group_name, household, r.id"
    )
