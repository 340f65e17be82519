"""The list of villages with base and target: known by their codes, renamed and updated by it.

A printed total that the rows do not give is a warning: the rows are taken, since each stands for
itself, and the clerk sees both sums.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, Final

from townshipdesk.i18n import N_
from townshipdesk.services.imports.model import (
    FieldChange,
    Headings,
    Preview,
    RowChange,
    RowRefused,
)
from townshipdesk.services.imports.places import village_key
from townshipdesk.services.work import Work
from townshipdesk.sheets.villages import VillageRow
from townshipdesk.store import import_rows, people_rows, village_rows
from townshipdesk.store.driver import Connection, Row

OTHER_CODE: Final = N_("The office knows a village of this name under another code.")
OTHER_NAME: Final = N_("The office has given this name to a village with another code.")
NO_CODE: Final = N_("A village that is new needs its division code.")

_FIELDS: Final = ("name", "group_count", "base", "target")


@dataclass(slots=True)
class VillagePlan:
    """What the commit of a list of villages writes."""

    new: list[VillageRow] = field(default_factory=list)
    changed: list[tuple[Row, tuple[Any, ...]]] = field(default_factory=list)


def compare(conn: Connection, rows: list[VillageRow], shown: Preview) -> None:
    """Fill the preview with what the list would do."""
    known = people_rows.villages(conn)
    by_code = {row["code"]: row for row in known}
    by_name = {village_key(row["name"]): row for row in known}
    headings = Headings(shown.mappings)
    plan = shown.plan = VillagePlan()
    for row in rows:
        try:
            here = _village(row, by_code, by_name)
        except RowRefused as refused:
            shown.rejections.append(headings.reject(row, refused))
            continue
        _take(row, here, shown, plan)
    shown.added, shown.updated = len(plan.new), len(plan.changed)


def _village(row: VillageRow, by_code: dict[str, Row], by_name: dict[str, Row]) -> Row | None:
    """Give the village a row means, None for a new one. Raises RowRefused."""
    namesake = by_name.get(village_key(row.name))
    here = by_code.get(row.code) if row.code else namesake
    if here is None and namesake is not None:
        raise RowRefused("code", row.code, "conflict", OTHER_CODE)
    if here is None and not row.code:
        raise RowRefused("code", "", "missing", NO_CODE)
    if here is not None and namesake is not None and namesake["id"] != here["id"]:
        raise RowRefused("village", row.name, "conflict", OTHER_NAME)
    return here


def write(w: Work, shown: Preview, file_id: int) -> None:
    """Write what the preview showed."""
    plan: VillagePlan = shown.plan
    for row in plan.new:
        village_rows.insert(
            w.conn,
            code=row.code,
            name=row.name,
            group_count=row.groups,
            base=row.base,
            target=row.target,
            at=w.moment,
        )
    village_rows.update(w.conn, [(*new, here["id"]) for here, new in plan.changed], w.moment)
    before = [
        (here["id"], json.dumps({name: here[name] for name in _FIELDS}, ensure_ascii=False))
        for here, _new in plan.changed
    ]
    import_rows.insert_changes(w.conn, file_id, "village", before)


def _take(row: VillageRow, here: Row | None, shown: Preview, plan: VillagePlan) -> None:
    if here is None:
        plan.new.append(row)
        return
    old = tuple(here[name] for name in _FIELDS)
    said = (row.name, row.groups, row.base, row.target)
    new = tuple(o if s is None else s for o, s in zip(old, said, strict=True))
    if village_key(str(new[0])) == village_key(str(old[0])):
        new = (old[0], *new[1:])
    if new == old:
        shown.unchanged += 1
        return
    plan.changed.append((here, new))
    changes = tuple(
        FieldChange(name, "" if o is None else str(o), str(n))
        for name, o, n in zip(_FIELDS, old, new, strict=True)
        if o != n
    )
    shown.changes.append(RowChange(row.sheet, row.row, here["uid"], here["name"], changes))
