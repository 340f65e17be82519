"""The roster: who is new, who changed and how, who cannot be taken.

- A person is known by the number, whichever of their papers it is on.
- A blank cell or a missing column never erases what the office knows.
- Another name beside a known number is a `conflict`: it is more often the wrong number than a new
  name, and a new name is corrected at the desk. A character the file could not hold is no conflict.
- Somebody recorded as deceased or moved away is a `conflict` too: the desk decides.
- The category of people (人员类别) is kept as a word. It grants no identity: those come from the
  departments' lists alone.
- People the roster does not name are left alone: villages send theirs one by one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from townshipdesk.domain.idnumber import DocumentKind
from townshipdesk.domain.names import name_key
from townshipdesk.i18n import N_
from townshipdesk.services.imports.model import (
    FieldChange,
    Headings,
    ImportOptions,
    Preview,
    RowChange,
    RowRefused,
    SamePerson,
)
from townshipdesk.services.imports.places import CONFLICT, Villages
from townshipdesk.services.register_values import household_number, readings_of
from townshipdesk.sheets.roster import RosterRow
from townshipdesk.store import import_rows, people_rows
from townshipdesk.store.driver import Connection
from townshipdesk.store.import_rows import KNOWN_FIELDS, Known

PRELOAD_BELOW: Final = 250_000
"""Offices up to this size are read whole, while the file is read; larger ones by the file."""

_NAME, _SEX, _BORN, _VILLAGE, _GROUP, _HOUSEHOLD = range(6)
_STAND_INS: Final = frozenset("?？□�*＊■")

UNKNOWN_VILLAGE: Final = N_(
    "The office has no village “{village}”. Import the list of villages first."
)
VILLAGE_DIFFERS: Final = N_("The village's name and code name two different villages.")
NO_VILLAGE: Final = N_("The row names no village.")
NO_BIRTH: Final = N_("A newborn without an ID number needs a birth date.")
OTHER_NAME: Final = N_("The office knows this number under another name.")
HAS_DIED: Final = N_("The office has recorded this person as deceased.")
HAS_LEFT: Final = N_("The office has recorded this person as moved away.")
TWICE: Final = N_("Another row of the file is the same person, under another number.")


@dataclass(slots=True)
class NewPerson:
    """A row that becomes a resident."""

    row: RosterRow
    village_id: int
    name_key: str
    readings: tuple[str, ...]


@dataclass(slots=True)
class ChangedPerson:
    """A resident whose fields become `fields` (as `KNOWN_FIELDS`)."""

    known: Known
    fields: list[Any]


@dataclass(slots=True)
class ResidentPlan:
    """What the commit of a roster writes."""

    new: list[NewPerson] = field(default_factory=list)
    changed: list[ChangedPerson] = field(default_factory=list)


class KnownPeople:
    """The residents a roster is compared with: all of them, or those the file asks about."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn
        self.numbers: dict[str, int] = {}
        self.records: dict[int, Known] = {}
        self.whole = import_rows.resident_count(conn) <= PRELOAD_BELOW
        self._namesakes: dict[tuple[str, str], Known] | None = None
        if self.whole:
            self.numbers = import_rows.every_number(conn)
            self.records = {known.id: known for known in import_rows.every_known(conn)}

    def ask(self, rows: Sequence[RosterRow]) -> None:
        """Read what a file asks about, where the office is too large to be read whole."""
        if not self.whole:
            numbers = [row.number for row in rows]
            self.numbers.update(import_rows.holders(self._conn, numbers))
            found = import_rows.known_by_numbers(self._conn, numbers)
            self.records.update((known.id, known) for known in found)

    def holder(self, row: RosterRow) -> Known | None:
        """Give the resident who has or had the row's number."""
        found = self.numbers.get(row.number)
        if found is None and row.kind == DocumentKind.HK_MO_TRAVEL:
            start = people_rows.residents_by_number_start(self._conn, row.number[:9], 1)
            found = start[0] if start else None
        if found is None:
            return None
        if found not in self.records:
            [self.records[found]] = import_rows.known_by_numbers(self._conn, [row.number])
        return self.records[found]

    def namesakes(self, new: Iterable[NewPerson]) -> dict[tuple[str, str], Known]:
        """Give the known residents by name and birth date who may be among new people."""
        if self._namesakes is None:
            known = (
                self.records.values()
                if self.whole
                else import_rows.known_by_names(self._conn, [one.name_key for one in new])
            )
            self._namesakes = {(one.name_key, one.fields[_BORN]): one for one in known}
        return self._namesakes


class Comparison:
    """One roster compared with one office, batch by batch as it is read."""

    def __init__(self, conn: Connection, options: ImportOptions) -> None:
        self._known = KnownPeople(conn)
        self._villages = Villages(conn)
        self._default = self._villages.required(options.village) if options.village else 0
        self._households: dict[str, str] = {"": ""}
        self._seen: set[int] = set()
        # Reading one name loads the tables of pinyin, now that the file is not there yet anyway.
        self._readings: dict[str, tuple[str, ...]] = {"王": readings_of("王")}
        self._refused: list[tuple[RosterRow, RowRefused]] = []
        self._changes: list[RowChange] = []
        self._unchanged = 0
        self.plan = ResidentPlan()

    def take(self, rows: Sequence[RosterRow]) -> None:
        """Compare some more rows."""
        self._known.ask(rows)
        for row in rows:
            try:
                self._compare(row)
            except RowRefused as refused:
                self._refused.append((row, refused))

    def fill(self, preview: Preview) -> None:
        """Put what was found into the preview, when every row was compared."""
        headings = Headings(preview.mappings)
        preview.added = len(self.plan.new)
        preview.updated = len(self.plan.changed)
        preview.unchanged = self._unchanged
        preview.changes = self._changes
        preview.rejections += [headings.reject(row, refused) for row, refused in self._refused]
        preview.same_persons = self._same_persons()
        preview.plan = self.plan

    def _compare(self, row: RosterRow) -> None:
        village = self._villages.find(row.village, row.village_code)
        if isinstance(village, str):
            raise _village_refused(row, village)
        known = self._known.holder(row)
        if known is None:
            self._take_new(row, village or self._default)
            return
        if known.id in self._seen:
            raise RowRefused("number", row.number, "duplicate-in-file", TWICE)
        check_living(known, row.number)
        wanted = (
            row.name, row.sex, row.born, village, row.group, self._household(row.household),
            row.relation, row.ethnicity, row.hukou_kind, row.registered, row.address, row.phone,
            row.category,
        )  # fmt: skip
        if wanted == known.fields:
            self._unchanged += 1
        else:
            self._take_changes(row, known, wanted)
        self._seen.add(known.id)

    def _take_new(self, row: RosterRow, village_id: int) -> None:
        if not village_id:
            raise RowRefused("village", "", "missing", NO_VILLAGE)
        if row.kind == DocumentKind.BIRTH_CERTIFICATE and not row.born:
            raise RowRefused("born", "", "missing", NO_BIRTH)
        readings = self._readings.get(row.name)
        if readings is None:
            readings = self._readings[row.name] = readings_of(row.name)
        self.plan.new.append(NewPerson(row, village_id, name_key(row.name), readings))

    def _take_changes(self, row: RosterRow, known: Known, wanted: tuple[Any, ...]) -> None:
        fields = list(known.fields)
        for place, value in enumerate(wanted):
            if value and value != fields[place]:
                fields[place] = value
        name = same_name(known.fields[_NAME], row.name)
        if name is None:
            raise RowRefused("name", row.name, CONFLICT, OTHER_NAME)
        fields[_NAME] = name
        if row.number != known.number:  # the paper in use tells sex and birth date better
            fields[_SEX], fields[_BORN] = known.fields[_SEX], known.fields[_BORN]
        if tuple(fields) == known.fields:
            self._unchanged += 1
            return
        self.plan.changed.append(ChangedPerson(known, fields))
        self._changes.append(
            RowChange(row.sheet, row.row, known.uid, known.fields[_NAME], self._told(known, fields))
        )

    def _told(self, known: Known, fields: list[Any]) -> tuple[FieldChange, ...]:
        changes = []
        for name, old, new in zip(KNOWN_FIELDS, known.fields, fields, strict=True):
            if old == new:
                continue
            if name == "village_id":
                names = self._villages.names
                changes.append(FieldChange("village", names[old], names[new]))
            else:
                changes.append(FieldChange(name, old, new))
        return tuple(changes)

    def _same_persons(self) -> list[SamePerson]:
        """Give new people who may be here already: same name and birth date, another number."""
        if not self.plan.new:
            return []
        known = self._known.namesakes(self.plan.new)
        in_file: dict[tuple[str, str], RosterRow] = {}
        found: list[SamePerson] = []
        for one in self.plan.new:
            row, key = one.row, (one.name_key, one.row.born)
            here = known.get(key) if row.born else None
            if here is not None:
                found.append(_same(row, here.id, here.number, here.kind))
            elif row.born:
                before = in_file.setdefault(key, row)
                if before is not row:
                    found.append(_same(row, 0, before.number, before.kind))
        return found

    def _household(self, text: str) -> str:
        found = self._households.get(text)
        if found is None:
            found = self._households[text] = household_number(text)
        return found


def check_living(known: Known, number: str) -> None:
    """Raise RowRefused for somebody the office has recorded as dead or gone."""
    if known.status != "living":
        message = HAS_DIED if known.status == "deceased" else HAS_LEFT
        raise RowRefused("number", number, CONFLICT, message)


def _village_refused(row: RosterRow, why: str) -> RowRefused:
    if why == CONFLICT:
        return RowRefused("village_code", row.village_code, CONFLICT, VILLAGE_DIFFERS)
    named = row.village or row.village_code
    field_name = "village" if row.village else "village_code"
    return RowRefused(field_name, named, why, UNKNOWN_VILLAGE, village=named)


def same_name(known: str, given: str) -> str | None:
    """Give the better of two spellings of one name, None where they are two names.

    A sheet may hold ? or □ for a character it could not; the spelling with fewer of those is kept.
    """
    if name_key(known) == name_key(given):
        return known
    if len(known) != len(given):
        return None
    for one, other in zip(known, given, strict=True):
        if one != other and one not in _STAND_INS and other not in _STAND_INS:
            return None
    return min(known, given, key=lambda name: sum(c in _STAND_INS for c in name))


def _same(row: RosterRow, resident_id: int, number: str, known_kind: str) -> SamePerson:
    kinds = {known_kind, row.kind}
    certificate = DocumentKind.BIRTH_CERTIFICATE in kinds and len(kinds) > 1
    why = "birth-certificate" if certificate else "same-name-and-birth"
    return SamePerson(row.sheet, row.row, row.name, row.number, resident_id, number, why)
