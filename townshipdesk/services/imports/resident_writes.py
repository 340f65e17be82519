"""Writing a roster: everything is worked out and staged first, then taken over at one go."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from townshipdesk.domain.names import name_key
from townshipdesk.services.imports.model import Cancelled, check_not
from townshipdesk.services.imports.residents import ChangedPerson, NewPerson, ResidentPlan
from townshipdesk.services.register_values import household_number, readings_of
from townshipdesk.services.work import Work
from townshipdesk.store import import_rows, stage_rows
from townshipdesk.store.driver import Connection
from townshipdesk.store.import_rows import KNOWN_FIELDS
from townshipdesk.store.uids import new_uids

_BATCH: Final = 4_000


@dataclass(slots=True)
class StagedRoster:
    """A roster that waits in temporary tables.

    Its row numbers follow those the office has, `highest` by table; `changed` are columns of
    residents that are here already and `before` what those held, as JSON.
    """

    highest: dict[str, int]
    added: int
    changed: list[tuple[Any, ...]] = field(default_factory=list)
    before: list[tuple[int, str]] = field(default_factory=list)
    gone_readings: list[tuple[str, int]] = field(default_factory=list)
    new_readings: list[tuple[str, int]] = field(default_factory=list)


class _Households:
    """Household numbers to row numbers; those that are not there yet are made."""

    def __init__(self, conn: Connection, highest: int) -> None:
        self._known = import_rows.households(conn)
        self._numbers: dict[str, str] = {}
        self._next = highest
        self.made: list[tuple[int, str, int, str]] = []

    def find(self, text: str, village_id: int, group_name: str) -> int | None:
        """Give the row number of a household in a village; None for no number."""
        if not text:
            return None
        number = self._numbers.get(text)
        if number is None:
            number = self._numbers[text] = household_number(text)
        found = self._known.get((number, village_id))
        if found is None:
            self._next += 1
            found = self._known[number, village_id] = self._next
            self.made.append((found, number, village_id, group_name))
        return found


def stage(conn: Connection, plan: ResidentPlan, cancelled: Cancelled | None) -> StagedRoster:
    """Put everything a roster writes into temporary tables, which locks nobody out.

    Uses the plan up: a file is looked at again after an import that was stopped or refused.
    """
    highest = {table: import_rows.highest(conn, table) for table in ("resident", "household")}
    staged = StagedRoster(highest, len(plan.new))
    households = _Households(conn, highest["household"])
    for change in plan.changed:
        _stage_change(change, staged, households)
    stage_rows.begin(conn)
    resident_id = highest["resident"] + 1
    while plan.new:  # what is staged is let go, so that nothing stands in memory twice
        check_not(cancelled)
        new = plan.new[:_BATCH]
        del plan.new[:_BATCH]
        residents = _resident_rows(new, resident_id, households)
        stage_rows.residents(conn, residents, _reading_rows(new, resident_id))
        resident_id += len(new)
    uids = new_uids(len(households.made))
    stage_rows.households(
        conn, [(row[0], uid, *row[1:]) for row, uid in zip(households.made, uids, strict=True)]
    )
    stage_rows.readings(conn, staged.new_readings)
    return staged


def write(w: Work, staged: StagedRoster, file_id: int) -> None:
    """Take over what was staged, in the transaction of the import."""
    for table, highest in staged.highest.items():
        if import_rows.highest(w.conn, table) != highest:
            raise AssertionError(f"rows of {table} came between the check and the writing")
    stage_rows.take_over(w.conn, w.moment)
    stage_rows.change_residents(w.conn, staged.changed, w.moment)
    import_rows.delete_readings(w.conn, staged.gone_readings)
    import_rows.insert_changes(w.conn, file_id, "resident", staged.before)


def _resident_rows(
    new: list[NewPerson], resident_id: int, households: _Households
) -> Iterator[tuple[Any, ...]]:
    for number, (one, uid) in enumerate(zip(new, new_uids(len(new)), strict=True), resident_id):
        row = one.row
        yield (
            number, uid, row.name, one.name_key, row.sex or "unknown", row.born or None,
            one.village_id, row.group, households.find(row.household, one.village_id, row.group),
            row.relation, row.phone, row.address, row.ethnicity, row.hukou_kind,
            row.registered or "here", row.category, row.kind, row.number,
        )  # fmt: skip


def _reading_rows(new: list[NewPerson], resident_id: int) -> Iterator[tuple[str, int]]:
    for number, one in enumerate(new, resident_id):
        for reading in one.readings:
            yield reading, number


def _stage_change(change: ChangedPerson, staged: StagedRoster, households: _Households) -> None:
    known, values = change.known, dict(zip(KNOWN_FIELDS, change.fields, strict=True))
    household_id = known.household_id
    if values["household"]:
        household_id = households.find(
            values["household"], values["village_id"], values["group_name"]
        )
    old_name, name = known.fields[0], values["name"]
    staged.changed.append(
        (
            name, name_key(name), values["sex"], values["born"] or None, values["village_id"],
            values["group_name"], household_id, values["relation"], values["phone"],
            values["address"], values["ethnicity"], values["hukou_kind"], values["registered"],
            values["category"], known.id,
        )
    )  # fmt: skip
    before = {
        field_name: old
        for field_name, old in zip(KNOWN_FIELDS, known.fields, strict=True)
        if old != values[field_name]
    }
    if household_id != known.household_id:
        before["household_id"] = known.household_id
    staged.before.append((known.id, json.dumps(before, ensure_ascii=False, sort_keys=True)))
    if name != old_name:
        old, new = set(readings_of(old_name)), set(readings_of(name))
        staged.gone_readings += [(reading, known.id) for reading in sorted(old - new)]
        staged.new_readings += [(reading, known.id) for reading in sorted(new - old)]
