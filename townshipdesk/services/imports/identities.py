"""A department's list of people with an identity, complete or as additions.

- An identity counts from today, the day its list came, or from a later day the list names. What
  was paid before stays as it is; the preview counts the people for whom that is so.
- A complete list (--full) is a department's whole word: whoever it has named before and names no
  more ends today. So one bad row rejects it all: a person left out by mistake would look like
  somebody taken off.
- Whoever a complete list names with another identity than before is changed: the one ends, the
  other begins. In a list of additions the first stays.
- A list of additions (--difference) ends only what its rows end (取消时间).
- Another grade or kind of disability ends the identity and begins a new one, so that both stay on
  record.
- A complete list takes over people another department has entered with the same identity: the
  department that names them last is the one whose next list can end it.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from townshipdesk.domain.dates import day_of
from townshipdesk.domain.errors import BadFileError
from townshipdesk.domain.names import clean_text
from townshipdesk.i18n import N_
from townshipdesk.services.identities import DISABILITY
from townshipdesk.services.imports.model import (
    FieldChange,
    Headings,
    Leaver,
    Preview,
    RowChange,
    RowRefused,
)
from townshipdesk.services.imports.residents import OTHER_NAME, check_living, same_name
from townshipdesk.services.work import Work
from townshipdesk.sheets.identities import IdentityRow
from townshipdesk.store import identity_rows, import_rows, register_rows
from townshipdesk.store.driver import Connection, Row
from townshipdesk.store.import_rows import Known

NOT_HERE: Final = N_("Nobody in this office has this number. Register the person first.")
NOBODY: Final = N_(
    "This full list names nobody; every identity the department has given would end. Where they "
    "all have left, import them as additions with the day each has left."
)


class Entering(NamedTuple):
    """An identity that begins; `until` is the first day it no longer counts, "" for open."""

    resident_id: int
    code: str
    since: str
    until: str
    kind: str | None
    grade: int | None


class Ending(NamedTuple):
    """An identity that ends."""

    identity_id: int
    ended_on: str
    reason: str


@dataclass(slots=True)
class IdentityPlan:
    """What the commit of a list writes.

    `unnamed`: identities of which a full list names nobody, with how many people lose each.
    """

    endings: list[Ending] = field(default_factory=list)
    entering: list[Entering] = field(default_factory=list)
    taken_over: list[tuple[int, str]] = field(default_factory=list)
    incapacity: list[tuple[int, str, str]] = field(default_factory=list)
    unnamed: dict[str, int] = field(default_factory=dict)


class Comparison:
    """One list compared with one office."""

    def __init__(self, conn: Connection, rows: list[IdentityRow], shown: Preview, today: str,
                 year: int) -> None:  # fmt: skip
        self._conn = conn
        self._shown = shown
        self._today = today
        self._headings = Headings(shown.mappings)
        self._department = clean_text(shown.options.department)
        numbers = [row.number for row in rows]
        self._holders = import_rows.holders(conn, numbers)
        self._people = {one.id: one for one in import_rows.known_by_numbers(conn, numbers)}
        ids = list(self._people)
        self._held: dict[tuple[int, str], Row] = {
            (row["resident_id"], row["code"]): row
            for row in identity_rows.open_of_people(conn, ids, today)
        }
        self._incapacity = identity_rows.incapacity_among(conn, ids)
        self._enrolled = identity_rows.enrolled_among(conn, ids, year)
        self._year = year
        self._named: set[tuple[int, str]] = set()
        self._plan = shown.plan = IdentityPlan()

    def run(self, rows: list[IdentityRow]) -> None:
        """Fill the preview with what the list would do. Raises BadFileError."""
        for row in rows:
            try:
                self._compare(row)
            except RowRefused as refused:
                self._shown.rejections.append(self._headings.reject(row, refused))
        if self._shown.options.full:
            if not rows and not self._shown.rejections:  # a form that nobody has filled in yet
                raise BadFileError(NOBODY)
            self._shown.refused = bool(self._shown.rejections)
            self._find_leavers()

    def _compare(self, row: IdentityRow) -> None:
        holder = self._holders.get(row.number)
        if holder is None:
            raise RowRefused("number", row.number, "not-found", NOT_HERE)
        person = self._people[holder]
        if same_name(person.fields[0], row.name) is None:
            raise RowRefused("name", row.name, "conflict", OTHER_NAME)
        check_living(person, row.number)
        changes: list[FieldChange] = []
        for code in row.identities:
            if (person.id, code) not in self._named:
                self._named.add((person.id, code))
                changes += self._compare_one(row, person, code)
        changes += self._compare_incapacity(row, person)
        if not changes:
            self._shown.unchanged += 1
            return
        if all(change.field == "identity" and not change.old for change in changes):
            self._shown.added += 1
        else:
            self._shown.updated += 1
        has_paid = person.id in self._enrolled
        self._shown.paid += has_paid
        self._shown.changes.append(
            RowChange(row.sheet, row.row, person.uid, person.fields[0], tuple(changes), has_paid)
        )

    def _compare_one(self, row: IdentityRow, person: Known, code: str) -> list[FieldChange]:
        held = self._held.get((person.id, code))
        if held is None:
            over = bool(row.until) and row.until <= self._today
            return [] if over else [self._enter(row, person, code, row.since or self._today)]
        if held["ended_on"] is not None:  # its end is set already, and stays
            over = bool(row.until) and row.until <= held["ended_on"]
            return [] if over else [self._enter(row, person, code, held["ended_on"])]
        if row.until:
            ended_on = max(row.until, held["from_on"])
            self._plan.endings.append(Ending(held["id"], ended_on, "list"))
            return [FieldChange("identity", code, ended_on)]
        if code == DISABILITY and (change := self._compare_disability(row, person, held)):
            return [change]
        if self._shown.options.full and held["department"] != self._department:
            self._plan.taken_over.append((held["id"], held["department"]))
            return [FieldChange("department", held["department"], self._department)]
        return []

    def _compare_disability(self, row: IdentityRow, person: Known, held: Row) -> FieldChange | None:
        old = held["disability_kind"], held["disability_grade"]
        new = row.disability_kind or old[0], row.disability_grade or old[1]
        if new == old:
            return None
        ended_on = max(self._today, held["from_on"])
        self._plan.endings.append(Ending(held["id"], ended_on, "grade"))
        self._enter(row, person, DISABILITY, ended_on, *new)
        told = [" ".join(str(part) for part in parts if part) for parts in (old, new)]
        return FieldChange("disability", *told)

    def _enter(
        self,
        row: IdentityRow,
        person: Known,
        code: str,
        since: str,
        kind: str | None = None,
        grade: int | None = None,
    ) -> FieldChange:
        disabled = code == DISABILITY
        self._plan.entering.append(
            Entering(
                person.id,
                code,
                since,
                row.until,
                (kind or row.disability_kind or None) if disabled else None,
                (grade or row.disability_grade) if disabled else None,
            )
        )
        return FieldChange("identity", "", code)

    def _compare_incapacity(self, row: IdentityRow, person: Known) -> list[FieldChange]:
        if row.work_incapacity is None:
            return []
        said = "yes" if row.work_incapacity else "no"
        known = self._incapacity.get(person.id, "")
        if said == known or (said == "no" and not known):
            return []
        self._plan.incapacity.append((person.id, said, known))
        self._incapacity[person.id] = said
        return [FieldChange("work_incapacity", known, said)]

    def _find_leavers(self) -> None:
        gone = [
            row
            for row in identity_rows.open_of_department(self._conn, self._department)
            if (row["resident_id"], row["code"]) not in self._named
        ]
        ids = [row["resident_id"] for row in gone]
        enrolled = identity_rows.enrolled_among(self._conn, ids, self._year)
        named = {code for _person, code in self._named}
        self._plan.unnamed = dict(Counter(r["code"] for r in gone if r["code"] not in named))
        for row in gone:
            has_paid = row["resident_id"] in enrolled
            self._shown.paid += has_paid
            self._shown.leavers.append(
                Leaver(row["resident_id"], row["resident_uid"], row["name"], row["code"], has_paid)
            )
            ended_on = max(self._today, row["from_on"])
            self._plan.endings.append(Ending(row["id"], ended_on, "off-list"))
        self._tell_changes({row["resident_uid"]: row["code"] for row in gone})

    def _tell_changes(self, lost: dict[str, str]) -> None:
        """Count who loses one identity of the department and gains another as changed, not new."""
        shown = self._shown
        for place, change in enumerate(shown.changes):
            joins = [f for f in change.fields if f.field == "identity" and not f.old]
            if not joins or change.uid not in lost:
                continue
            if len(joins) == len(change.fields):
                shown.added -= 1
                shown.updated += 1
            told = joins[0]._replace(old=lost.pop(change.uid))
            fields = tuple(told if f is joins[0] else f for f in change.fields)
            shown.changes[place] = change._replace(fields=fields)


def write(w: Work, shown: Preview, file_id: int) -> None:
    """Write what the preview showed."""
    plan: IdentityPlan = shown.plan
    department = clean_text(shown.options.department)
    for ending in plan.endings:
        identity_rows.end(
            w.conn,
            ending.identity_id,
            ended_on=ending.ended_on,
            at=w.moment,
            staff_id=w.actor.staff_id,
            reason=ending.reason,
        )
    for identity_id, before in plan.taken_over:
        identity_rows.set_department(w.conn, identity_id, department)
        was = json.dumps({"department": before}, ensure_ascii=False)
        import_rows.insert_changes(w.conn, file_id, "identity", [(identity_id, was)])
    identity_rows.insert_many(
        w.conn,
        [
            (
                one.resident_id, one.code, one.since, one.kind, one.grade, one.until or None,
                w.moment if one.until else None, w.actor.staff_id if one.until else None,
            )
            for one in plan.entering
        ],
        department=department,
        listed_on=day_of(w.at).isoformat(),
        import_file_id=file_id,
        at=w.moment,
        staff_id=w.actor.staff_id,
    )  # fmt: skip
    for resident_id, said, _before in plan.incapacity:
        register_rows.set_fact(
            w.conn, resident_id, "work_incapacity", said, w.moment, w.actor.staff_id
        )
    import_rows.insert_changes(
        w.conn, file_id, "identity", [(one.identity_id, "{}") for one in plan.endings]
    )
