"""SQL that finds people and reads one person's card. Every statement is served by an index."""

from __future__ import annotations

import json
from collections.abc import Sequence

from townshipdesk.domain.names import MIDDLE_DOT
from townshipdesk.store.driver import Connection, Row

AFTER_ANY = "\U0010ffff"
"""Stands behind every character: a prefix is the range from itself to itself and this.

`LIKE 'x%'` reads the whole table, since LIKE ignores case and the indexes do not."""

SAME_PERSON = "SELECT ?1 UNION ALL SELECT id FROM resident WHERE merged_into = ?1"
"""The records of one person: the one in use (parameter 1) and those merged into it."""


def anybody(conn: Connection) -> bool:
    """Say whether there is any resident."""
    return conn.execute("SELECT 1 FROM resident LIMIT 1").fetchone() is not None


def resident_by_number(conn: Connection, number: str) -> int | None:
    """Give the resident a document number belongs to, a past document's too."""
    row = conn.execute("SELECT resident_id FROM document WHERE number = ?", (number,)).fetchone()
    return None if row is None else int(row[0])


def residents_by_number_start(conn: Connection, start: str, limit: int) -> list[int]:
    """Give residents whose document number begins so, in the order of the numbers."""
    return _ids(
        conn.execute(
            "SELECT resident_id FROM document WHERE number >= ? AND number < ?"
            " ORDER BY number LIMIT ?",
            (start, start + AFTER_ANY, limit),
        )
    )


def residents_by_tail(conn: Connection, tail: str, limit: int) -> list[int]:
    """Give residents whose document number ends so; `tail` has at least four characters."""
    return _ids(
        conn.execute(
            "SELECT resident_id FROM document WHERE substr(number, -4) = ?1"
            " AND substr(number, -length(?2)) = ?2 ORDER BY is_current DESC, number LIMIT ?3",
            (tail[-4:], tail, limit),
        )
    )


def residents_by_name(conn: Connection, name_key: str, limit: int) -> list[int]:
    """Give residents whose name begins so; those with exactly this name come first."""
    return _ids(
        conn.execute(
            "SELECT id FROM resident WHERE name_key >= ? AND name_key < ?"
            " ORDER BY name_key, id LIMIT ?",
            (name_key, name_key + AFTER_ANY, limit),
        )
    )


def residents_by_name_part(conn: Connection, name_key: str, limit: int) -> list[int]:
    """Give residents with this anywhere in their name. Reads the whole index: a last resort.

    Middle dots do not count: few people type them.
    """
    return _ids(
        conn.execute(
            "SELECT id FROM resident"
            " WHERE instr(replace(name_key, ?1, ''), replace(?2, ?1, '')) > 0"
            " ORDER BY name_key, id LIMIT ?3",
            (MIDDLE_DOT, name_key, limit),
        )
    )


def highest_resident(conn: Connection) -> int:
    """Give the highest row number of a resident: about how many there are, at no cost."""
    return int(conn.execute("SELECT coalesce(max(id), 0) FROM resident").fetchone()[0])


def namesakes(conn: Connection, name_key: str, born: str, limit: int) -> list[int]:
    """Give residents with exactly this name and birth date."""
    return _ids(
        conn.execute(
            "SELECT id FROM resident WHERE name_key = ? AND born = ? ORDER BY id LIMIT ?",
            (name_key, born, limit),
        )
    )


def residents_by_reading(conn: Connection, reading: str, limit: int) -> list[int]:
    """Give residents whose name reads so in pinyin or begins so; the shortest reading first."""
    return _ids(
        conn.execute(
            "SELECT id FROM (SELECT n.reading, r.id FROM name_reading AS n"
            " CROSS JOIN resident AS r ON r.name_key = n.name_key AND r.merged_into IS NULL"
            " WHERE n.reading >= ?1 AND n.reading < ?2"
            " ORDER BY n.reading, n.name_key, r.id LIMIT ?3 * 4)"
            " GROUP BY id ORDER BY min(reading), id LIMIT ?3",
            (reading, reading + AFTER_ANY, limit),
        )
    )


def residents_by_phone(conn: Connection, phone: str, limit: int) -> list[int]:
    """Give residents with this telephone number."""
    return _ids(
        conn.execute(
            "SELECT id FROM resident WHERE phone = ?1 AND phone <> '' ORDER BY id LIMIT ?2",
            (phone, limit),
        )
    )


def residents_by_household(conn: Connection, number: str, limit: int) -> list[int]:
    """Give the members of the households with this number, one after another, the head first."""
    return _ids(
        conn.execute(
            "SELECT r.id FROM household AS h JOIN resident AS r ON r.household_id = h.id"
            " WHERE h.number = ? ORDER BY h.id, r.relation <> '户主', r.born, r.id LIMIT ?",
            (number, limit),
        )
    )


def matches(conn: Connection, ids: Sequence[int], year: int, day: str) -> list[Row]:
    """Give what a list of found people shows, in the order of `ids`.

    `identities` are the codes in force on `day`, joined by commas; `enrolled` is a live enrolment
    for `year`.
    """
    rows: list[Row] = conn.execute(
        "SELECT r.id, r.uid, d.number, d.kind AS document_kind, r.name, r.sex, r.born,"
        " v.code AS village_code, v.name AS village_name, r.group_name,"
        " h.number AS household_number, r.relation, r.phone, r.status,"
        " EXISTS (SELECT 1 FROM enrolment AS e WHERE e.resident_id = r.id AND e.year = ?2"
        "  AND e.ended_at IS NULL) AS enrolled,"
        " (SELECT group_concat(i.code) FROM identity AS i WHERE i.resident_id = r.id"
        "  AND i.from_on <= ?3 AND coalesce(i.listed_on, i.from_on) <= ?3"
        "  AND (i.ended_on IS NULL OR i.ended_on > ?3)) AS identities"
        " FROM json_each(?1) AS wanted"
        " JOIN resident AS r ON r.id = wanted.value AND r.merged_into IS NULL"
        " JOIN village AS v ON v.id = r.village_id"
        " LEFT JOIN household AS h ON h.id = r.household_id"
        " LEFT JOIN document AS d ON d.resident_id = r.id AND d.is_current = 1"
        " ORDER BY wanted.key",
        (json.dumps(list(ids)), year, day),
    ).fetchall()
    return rows


def person(conn: Connection, resident_id: int) -> Row | None:
    """Give one resident with the village, the household and the document in use."""
    row: Row | None = conn.execute(
        "SELECT r.*, d.number, d.kind AS document_kind, v.code AS village_code,"
        " v.name AS village_name, h.number AS household_number, h.uid AS household_uid"
        " FROM resident AS r JOIN village AS v ON v.id = r.village_id"
        " LEFT JOIN household AS h ON h.id = r.household_id"
        " LEFT JOIN document AS d ON d.resident_id = r.id AND d.is_current = 1 WHERE r.id = ?",
        (resident_id,),
    ).fetchone()
    return row


def documents(conn: Connection, resident_id: int) -> list[Row]:
    """Give a person's documents, the one in use first."""
    rows: list[Row] = conn.execute(
        "SELECT kind, number, is_current, added_at FROM document WHERE resident_id = ?"
        " ORDER BY is_current DESC, id DESC",
        (resident_id,),
    ).fetchall()
    return rows


def members(conn: Connection, household_id: int, year: int) -> list[Row]:
    """Give a household's people, the head first, with the moment this year's cover was paid."""
    rows: list[Row] = conn.execute(
        "SELECT r.id, r.uid, r.name, r.relation, r.born, r.sex, r.status, e.paid_at, d.number"
        " FROM resident AS r"
        " LEFT JOIN enrolment AS e ON e.resident_id = r.id AND e.year = ?2 AND e.ended_at IS NULL"
        " LEFT JOIN document AS d ON d.resident_id = r.id AND d.is_current = 1"
        " WHERE r.household_id = ?1 ORDER BY r.relation <> '户主', r.born, r.id",
        (household_id, year),
    ).fetchall()
    return rows


def enrolled_years(conn: Connection, resident_id: int, first: int, last: int) -> list[Row]:
    """Give the years with cover, and how it ended: `ended_by` is empty where it did not.

    A year reversed on the day it was paid was never covered and is left out.
    """
    rows: list[Row] = conn.execute(
        f"SELECT year, '' AS ended_by FROM earlier_enrolment WHERE resident_id IN ({SAME_PERSON})"
        " AND year BETWEEN ?2 AND ?3 UNION ALL SELECT year, coalesce(ended_by, '') FROM enrolment"
        f" WHERE resident_id IN ({SAME_PERSON}) AND year BETWEEN ?2 AND ?3"
        " AND ended_by IS NOT 'reversal'",
        (resident_id, first, last),
    ).fetchall()
    return rows


def live_enrolment(conn: Connection, resident_id: int, year: int) -> Row | None:
    """Give the enrolment in force for a year with its payment and its newest valid receipt."""
    row: Row | None = conn.execute(
        "SELECT e.uid, e.village_id, e.paid_at, e.coverage_from, e.coverage_to, e.waiting_from,"
        " e.waiting_to, e.standard_fen, e.quote, e.policy_hash, p.id AS entry_id,"
        " p.uid AS entry_uid, p.channel, p.voucher, p.individual_fen, p.day,"
        " s.shown_name AS staff_name,"
        " (SELECT t.series || '/' || t.number FROM receipt_line AS l"
        "  JOIN receipt AS t ON t.id = l.receipt_id WHERE l.entry_id = p.id"
        "  AND NOT EXISTS (SELECT 1 FROM receipt_void AS x WHERE x.receipt_id = t.id)"
        "  ORDER BY t.id DESC LIMIT 1) AS receipt"
        " FROM enrolment AS e"
        " JOIN entry AS p ON p.enrolment_id = e.id AND p.kind = 'contribution'"
        " JOIN staff AS s ON s.id = p.staff_id"
        " WHERE e.resident_id = ? AND e.year = ? AND e.ended_at IS NULL",
        (resident_id, year),
    ).fetchone()
    return row


def subsidies(conn: Connection, entry_id: int) -> list[Row]:
    """Give what each source pays of one ledger entry, the person's own part left out."""
    rows: list[Row] = conn.execute(
        "SELECT source, identity, amount_fen FROM entry_part"
        " WHERE entry_id = ? AND source <> 'individual' ORDER BY source, identity",
        (entry_id,),
    ).fetchall()
    return rows


def facts(conn: Connection, resident_id: int) -> dict[str, str]:
    """Give the facts kept for a person under the contract's keys."""
    return {
        row[0]: row[1]
        for row in conn.execute(
            "SELECT key, value FROM resident_fact WHERE resident_id = ?", (resident_id,)
        )
    }


def employee_insurance(conn: Connection, resident_id: int) -> list[Row]:
    """Give a person's spells under employee insurance, the newest first."""
    rows: list[Row] = conn.execute(
        "SELECT uid, from_on, to_on, place FROM employee_insurance WHERE resident_id = ?"
        " ORDER BY from_on DESC, id DESC",
        (resident_id,),
    ).fetchall()
    return rows


def village_by_id(conn: Connection, village_id: int) -> Row | None:
    """Give a village."""
    row: Row | None = conn.execute("SELECT * FROM village WHERE id = ?", (village_id,)).fetchone()
    return row


def villages(conn: Connection) -> list[Row]:
    """Give all villages by their codes."""
    rows: list[Row] = conn.execute("SELECT * FROM village ORDER BY code").fetchall()
    return rows


def _ids(found: object) -> list[int]:
    return [int(row[0]) for row in found]  # type: ignore[attr-defined]  # a cursor of the driver
