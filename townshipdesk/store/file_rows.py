"""SQL about files that came in and went out, and how their columns were read."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from townshipdesk.store.driver import Connection, Row

AUDITED: Final = ("calls.imported", "sheet.written")
"""Files that no table of their own keeps: the audit log does."""

_FILES: Final = """
SELECT f.uid, 'in' AS way, f.kind, f.file_name, f.sha256, f.department AS about,
    f.imported_at AS at, f.imported_by AS by, f.rows,
    json_object('added', f.added, 'updated', f.updated, 'unchanged', f.unchanged,
        'rejected', f.rejected, 'ended', coalesce(f.detail ->> 'ended', 0)) AS counts,
    u.undone_at, u.why, us.shown_name AS undone_by
FROM import_file AS f LEFT JOIN import_undo AS u ON u.import_file_id = f.id
    LEFT JOIN staff AS us ON us.id = u.undone_by
UNION ALL
SELECT uid, 'in', 'tax-list', file_name, sha256, coalesce(from_on || ' → ' || to_on, ''),
    compared_at, compared_by, rows, counts, NULL, NULL, NULL
FROM tax_list
UNION ALL
SELECT c.uid, 'in', 'ledger', c.file_name, c.sha256, coalesce(v.name, c.body), c.received_at,
    c.received_by, h.heads + h.aside,
    json_object(coalesce(t.step, 'received'), coalesce(t.detail ->> 'enrolled', h.heads),
        'aside', h.aside), NULL, NULL, NULL
FROM collection AS c LEFT JOIN village AS v ON v.id = c.village_id
    JOIN (SELECT r.collection_id, sum(a.row_id IS NULL) AS heads, count(a.row_id) AS aside
        FROM collection_row AS r LEFT JOIN collection_aside AS a ON a.row_id = r.id
        GROUP BY r.collection_id) AS h ON h.collection_id = c.id
    LEFT JOIN collection_step AS t ON t.collection_id = c.id AND t.step = (
        SELECT s.step FROM collection_step AS s
        WHERE s.collection_id = c.id
        ORDER BY instr('counted reviewed deposited entered withdrawn', s.step) DESC LIMIT 1)
UNION ALL
SELECT CAST(a.id AS TEXT), iif(a.action = 'sheet.written', 'out', 'in'),
    iif(a.action = 'sheet.written', a.detail ->> 'sheet', 'calls'),
    coalesce(a.detail ->> 'file', ''), coalesce(a.detail ->> 'sha256', a.subject), '', a.at,
    a.staff_id, coalesce(a.detail ->> 'rows', 0), a.detail, NULL, NULL, NULL
FROM audit AS a WHERE a.action IN ('calls.imported', 'sheet.written')
"""


def files(conn: Connection, limit: int) -> list[Row]:
    """Give every file in and out, newest first; of one moment, as the log has them."""
    noted = "SELECT min(a.id) FROM audit AS a WHERE a.subject = f.uid"
    return conn.execute(
        f"SELECT f.*, s.shown_name FROM ({_FILES}) AS f LEFT JOIN staff AS s ON s.id = f.by"
        f" ORDER BY f.at DESC, coalesce(({noted}), CAST(f.uid AS INTEGER)) DESC LIMIT ?",
        (limit,),
    ).fetchall()


def columns(conn: Connection, kind: str) -> dict[str, str]:
    """Give the confirmed columns of a kind of sheet: heading -> field, "" for one left out."""
    return dict(
        conn.execute(
            "SELECT heading, field FROM sheet_column WHERE id IN"
            " (SELECT max(id) FROM sheet_column WHERE kind = ? GROUP BY heading)",
            (kind,),
        ).fetchall()
    )


def insert_columns(
    conn: Connection, kind: str, columns: Iterable[tuple[str, str]], at: str, staff_id: int
) -> None:
    """Keep confirmed columns: heading and field."""
    conn.executemany(
        "INSERT INTO sheet_column (kind, heading, field, confirmed_at, confirmed_by)"
        " VALUES (?, ?, ?, ?, ?)",
        [(kind, heading, field, at, staff_id) for heading, field in columns],
    )


def departments(conn: Connection) -> list[str]:
    """Give the departments whose lists have come in, the last one first."""
    return [
        row[0]
        for row in conn.execute(
            "SELECT department FROM import_file WHERE department <> ''"
            " GROUP BY department ORDER BY max(id) DESC"
        )
    ]
