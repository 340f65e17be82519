"""SQL of one village opened up: its living residents and what state they are in."""

from __future__ import annotations

from townshipdesk.store.driver import Connection, Row

_ENROLLED = (
    "EXISTS (SELECT 1 FROM enrolment AS e WHERE e.resident_id = r.id AND e.year = {year}"
    " AND e.ended_at IS NULL)"
    " OR EXISTS (SELECT 1 FROM resident AS o CROSS JOIN enrolment AS e ON e.resident_id = o.id"
    " WHERE o.merged_into = r.id AND e.year = {year} AND e.ended_at IS NULL)"
)


def village(conn: Connection, code: str) -> Row | None:
    """Give a village by its code."""
    row: Row | None = conn.execute("SELECT * FROM village WHERE code = ?", (code,)).fetchone()
    return row


def residents(conn: Connection, village_id: int, year: int) -> list[Row]:
    """Give the living residents of a village by group and household, the head first.

    `enrolled` is a live enrolment for the year, `enrolled_before` one for the year before; both
    also count under a record that was merged into the person's.
    """
    rows: list[Row] = conn.execute(
        "SELECT r.id, r.name, r.born, r.sex, r.group_name, r.relation, r.phone, r.household_id,"
        " h.number AS household_number, d.number AS document_number,"
        f" ({_ENROLLED.format(year='?2')}) AS enrolled,"
        f" ({_ENROLLED.format(year='?3')} OR EXISTS (SELECT 1 FROM earlier_enrolment AS p"
        " WHERE p.resident_id = r.id AND p.year = ?3)) AS enrolled_before"
        " FROM resident AS r LEFT JOIN household AS h ON h.id = r.household_id"
        " LEFT JOIN document AS d ON d.resident_id = r.id AND d.is_current = 1"
        " WHERE r.village_id = ?1 AND r.status = 'living'"
        " ORDER BY r.group_name, h.number, r.household_id, r.relation <> '户主', r.born, r.id",
        (village_id, year, year - 1),
    ).fetchall()
    return rows


def identities(conn: Connection, village_id: int, day: str) -> dict[int, list[str]]:
    """Give the identities in force on a day of a village's living residents."""
    found: dict[int, list[str]] = {}
    for resident_id, code in conn.execute(
        "SELECT i.resident_id, i.code FROM resident AS r JOIN identity AS i ON i.resident_id = r.id"
        " WHERE r.village_id = ?1 AND r.status = 'living' AND i.from_on <= ?2"
        " AND (i.ended_on IS NULL OR i.ended_on > ?2) ORDER BY i.resident_id, i.id",
        (village_id, day),
    ):
        found.setdefault(resident_id, []).append(code)
    return found
