"""SQL behind the facts a policy asks about: everything is read as of one day."""

from __future__ import annotations

from townshipdesk.store.driver import Connection, Row
from townshipdesk.store.people_rows import SAME_PERSON


def resident(conn: Connection, resident_id: int) -> Row | None:
    """Give the row of a resident with the code of the village."""
    row: Row | None = conn.execute(
        "SELECT r.*, v.code AS village_code, v.name AS village_name FROM resident AS r"
        " JOIN village AS v ON v.id = r.village_id WHERE r.id = ?",
        (resident_id,),
    ).fetchone()
    return row


def recorded(conn: Connection, resident_id: int) -> dict[str, str]:
    """Give the facts that were recorded for a resident, keys as in the contract."""
    return dict(
        conn.execute(
            "SELECT key, value FROM resident_fact WHERE resident_id = ?", (resident_id,)
        ).fetchall()
    )


def identities_on(conn: Connection, resident_id: int, day: str) -> list[Row]:
    """Give the identities held on a day, in the order in which they began."""
    rows: list[Row] = conn.execute(
        "SELECT code, disability_kind, disability_grade, from_on, listed_on, department"
        " FROM identity WHERE resident_id = ?1 AND from_on <= ?2"
        " AND coalesce(listed_on, from_on) <= ?2"  # counts from the day a list brought it
        " AND (ended_on IS NULL OR ended_on > ?2) ORDER BY from_on, id",
        (resident_id, day),
    ).fetchall()
    return rows


def employee_insurance(conn: Connection, resident_id: int, day: str) -> tuple[bool, str | None]:
    """Tell whether somebody is under employee insurance on a day, and when it last ended.

    The last day of a period is insured.
    """
    row = conn.execute(
        "SELECT coalesce(max(to_on IS NULL OR to_on >= ?2), 0),"
        " max(CASE WHEN to_on < ?2 THEN to_on END) FROM employee_insurance"
        " WHERE resident_id = ?1 AND from_on <= ?2",
        (resident_id, day),
    ).fetchone()
    return bool(row[0]), row[1]


def is_enrolled(conn: Connection, resident_id: int, year: int) -> bool:
    """Tell whether an enrolment is in force for a year."""
    return (
        conn.execute(
            "SELECT 1 FROM enrolment WHERE resident_id = ?1 AND year = ?2 AND ended_at IS NULL"
            " UNION ALL SELECT 1 FROM resident AS o CROSS JOIN enrolment AS e"
            " ON e.resident_id = o.id AND e.year = ?2 AND e.ended_at IS NULL"
            " WHERE o.merged_into = ?1 LIMIT 1",
            (resident_id, year),
        ).fetchone()
        is not None
    )


def years_enrolled(conn: Connection, resident_id: int, before: int) -> set[int]:
    """Give the years before `before` in which somebody is known to have been enrolled."""
    return {
        row[0]
        for row in conn.execute(
            f"SELECT year FROM earlier_enrolment WHERE resident_id IN ({SAME_PERSON}) AND year < ?2"
            f" UNION SELECT year FROM enrolment WHERE resident_id IN ({SAME_PERSON}) AND year < ?2"
            " AND ended_at IS NULL",
            (resident_id, before),
        )
    }


def household_members(conn: Connection, household_id: int) -> list[int]:
    """Give the living members of a household."""
    return [
        row[0]
        for row in conn.execute(
            "SELECT id FROM resident WHERE household_id = ? AND status = 'living' ORDER BY id",
            (household_id,),
        )
    ]


def members_left_out(conn: Connection, household_id: int, year: int, day: str, paying: str) -> int:
    """Count insurable members who are neither enrolled, insured as employees, nor paying now.

    `paying` is a JSON list of resident numbers.
    """
    row = conn.execute(
        "SELECT count(*) FROM resident AS r WHERE r.household_id = ?1 AND r.status = 'living'"
        " AND r.id NOT IN (SELECT value FROM json_each(?4))"
        " AND NOT EXISTS (SELECT 1 FROM enrolment AS e WHERE e.resident_id = r.id"
        "   AND e.year = ?2 AND e.ended_at IS NULL)"
        " AND NOT EXISTS (SELECT 1 FROM employee_insurance AS i WHERE i.resident_id = r.id"
        "   AND i.from_on <= ?3 AND (i.to_on IS NULL OR i.to_on >= ?3))",
        (household_id, year, day, paying),
    ).fetchone()
    return int(row[0])


def last_ruling(conn: Connection, resident_id: int, year: int) -> Row | None:
    """Give the newest ruling for a person and year that no enrolment has used yet."""
    row: Row | None = conn.execute(
        "SELECT * FROM ruling AS r WHERE resident_id = ? AND year = ? AND NOT EXISTS"
        " (SELECT 1 FROM enrolment WHERE ruling_id = r.id) ORDER BY id DESC LIMIT 1",
        (resident_id, year),
    ).fetchone()
    return row


def insert_ruling(
    conn: Connection,
    *,
    uid: str,
    resident_id: int,
    year: int,
    ruled_at: str,
    day: str,
    ruled_by: int,
    why: str,
    document_number: str,
    referred: str,
    granted: str,
) -> int:
    """Record what a supervisor decided and give the row's number."""
    cursor = conn.execute(
        "INSERT INTO ruling (uid, resident_id, year, ruled_at, day, ruled_by, why,"
        " document_number, referred, granted) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            uid,
            resident_id,
            year,
            ruled_at,
            day,
            ruled_by,
            why,
            document_number,
            referred,
            granted,
        ),
    )
    return int(cursor.lastrowid or 0)
