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

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from townshipdesk.domain.idnumber import DocumentKind
from townshipdesk.domain.names import name_key
from townshipdesk.i18n import N_
from townshipdesk.services.imports.changes import Change, change_of
from townshipdesk.services.imports.model import (
    FieldChange,
    Headings,
    ImportOptions,
    Preview,
    RowChange,
    RowRefused,
    SamePerson,
)
from townshipdesk.services.imports.newcomers import Households, Newcomers
from townshipdesk.services.imports.places import CONFLICT, OTHER_GROUP, Villages
from townshipdesk.services.name_readings import readings_of
from townshipdesk.sheets.roster import RosterBatch, RosterRow
from townshipdesk.store import import_rows, people_rows, stage_rows
from townshipdesk.store.driver import Connection
from townshipdesk.store.import_rows import KNOWN_FIELDS, Known
from townshipdesk.store.stage_rows import RosterStage, StagedResident

PRELOAD_BELOW: Final = 250_000
"""Offices up to this size are read whole, while the file is read; larger ones by the file."""

_NAME, _SEX, _BORN = range(3)
_STAND_INS: Final = frozenset("?？□�*＊■")

UNKNOWN_VILLAGE: Final = N_(
    "The office has no village “{village}”. Import the list of villages first."
)
VILLAGE_DIFFERS: Final = N_("The village's name and code name two different villages.")
GROUP_DIFFERS: Final = N_("The group beside the village and the column of groups name two groups.")
GROUP_ELSEWHERE: Final = N_("The cell may name a place in another village than the file is of.")
NO_VILLAGE: Final = N_("The row names no village.")
NO_BIRTH: Final = N_("A newborn without an ID number needs a birth date.")
OTHER_NAME: Final = N_("The office knows this number under another name.")
HAS_DIED: Final = N_("The office has recorded this person as deceased.")
HAS_LEFT: Final = N_("The office has recorded this person as moved away.")
TWICE: Final = N_("Another row of the file is the same person, under another number.")


@dataclass(slots=True)
class ResidentPlan:
    """What the commit of a roster writes: new people wait in `stage`, None where there are none."""

    households: Households
    newcomers: Newcomers
    stage: RosterStage | None = None
    added: int = 0
    changed: list[Change] = field(default_factory=list)

    @property
    def new(self) -> list[StagedResident]:
        """Give the new people; for a few, not for a roster of a town."""
        if self.stage is None:
            return []
        first = self.stage.bases.resident + 1
        return self.stage.some(range(first, first + self.added))


class KnownPeople:
    """The residents a roster is compared with: all of them, or those the file asks about.

    Of those who are as the file says only a mark is held; records are read where they differ.
    """

    def __init__(self, conn: Connection) -> None:
        self._conn = conn
        self.numbers: dict[str, int] = {}
        self.marks: dict[int, int] = {}
        self.whole = import_rows.resident_count(conn) <= PRELOAD_BELOW
        if self.whole:
            self.numbers = import_rows.every_number(conn)
            self.marks = import_rows.every_mark(conn)

    def ask(self, numbers: Sequence[str], kinds: Sequence[str]) -> list[int | None]:
        """Give who has or had each number, None where nobody does."""
        if not self.whole:
            self.numbers = import_rows.holders(self._conn, numbers)
        holders = [*map(self.numbers.get, numbers)]
        if DocumentKind.HK_MO_TRAVEL not in kinds:
            return holders
        for place, (number, kind) in enumerate(zip(numbers, kinds, strict=True)):
            if holders[place] is None and kind == DocumentKind.HK_MO_TRAVEL:
                start = people_rows.residents_by_number_start(self._conn, number[:9], 1)
                holders[place] = start[0] if start else None
        return holders

    def differing(
        self, holders: Sequence[int | None], wanted: Sequence[tuple[Any, ...]]
    ) -> dict[int, Known]:
        """Give the records of those who are not, field by field, as the file says."""
        found = [
            known
            for known, fields in zip(holders, wanted, strict=True)
            if known is not None and self.marks.get(known) != import_rows.mark_of(fields)
        ]
        return {known.id: known for known in import_rows.known_by_ids(self._conn, found)}


class Comparison:
    """One roster compared with one office, batch by batch as it is read."""

    def __init__(self, conn: Connection, options: ImportOptions) -> None:
        self._conn = conn
        self._known = KnownPeople(conn)
        self._villages = Villages(conn)
        self._default = self._villages.required(options.village) if options.village else 0
        self._seen: set[int] = set()
        self._refused: list[tuple[RosterRow, RowRefused]] = []
        self._changes: list[RowChange] = []
        self._unchanged = 0
        self._bases = stage_rows.bases(conn)
        households = Households(conn, self._bases.household)
        self.plan = ResidentPlan(households, Newcomers(self._bases))
        # Reading one name loads the tables of pinyin, now that the file is not there yet anyway.
        readings_of("王")

    def take(self, batch: RosterBatch) -> None:
        """Compare some more rows."""
        batch, villages = self._at_home(batch)
        column = batch.columns
        holders = self._known.ask(column["number"], column["kind"])
        if not any(holders) and _all_can_be_new(column, villages):
            self._stage([*column.values()], villages)
            return
        wanted = self._wanted(column, villages)
        records = self._known.differing(holders, wanted)
        new: list[tuple[RosterRow, int]] = []
        for row, village, known, fields in zip(
            batch.rows(), villages, holders, wanted, strict=True
        ):
            try:
                if isinstance(village, str):
                    raise _village_refused(row, village)
                if known is None:
                    new.append((row, self._village_of_new(row, village)))
                elif known in self._seen:
                    raise RowRefused("number", row.number, "duplicate-in-file", TWICE)
                else:
                    if known not in records:
                        self._unchanged += 1
                    else:
                        self._take_known(row, records[known], fields)
                    self._seen.add(known)
            except RowRefused as refused:
                self._refused.append((row, refused))
        if new:
            rows, homes = zip(*new, strict=True)
            self._stage([*zip(*rows, strict=True)], homes)

    def _at_home(self, batch: RosterBatch) -> tuple[RosterBatch, list[int | str]]:
        """Give the villages of some rows; the rows with their groups alone where a cell had both.

        A village is a reason where it cannot be told.
        """
        column = batch.columns
        villages = [*map(self._villages.find, column["village"], column["village_code"])]
        told = {*map(type, villages)} == {int} and all(villages)
        if told and not self._villages.told_by(column["group"]):
            return batch, villages
        defaults = {
            sheet: self._default or self._village_of_sheet(sheet) for sheet in {*column["sheet"]}
        }
        homes = [
            self._villages.home(name, code, group, defaults[sheet])
            for name, code, group, sheet in zip(
                column["village"], column["village_code"], column["group"], column["sheet"],
                strict=True,
            )
        ]  # fmt: skip
        apart = {**column, "group": [group for _village, group in homes]}
        return RosterBatch([*apart.values()]), [village for village, _group in homes]

    def _wanted(
        self, column: Mapping[str, Sequence[Any]], villages: Sequence[int | str]
    ) -> list[tuple[Any, ...]]:
        """Give what the rows say of each person, in the order of `KNOWN_FIELDS`."""
        worked_out = {
            "village_id": villages,
            "household": [*map(self.plan.households.number, column["household"])],
            "group_name": column["group"],
        }
        said = {**column, **worked_out}
        return [*zip(*(said[name] for name in KNOWN_FIELDS), strict=True)]

    def fill(self, preview: Preview) -> None:
        """Put what was found into the preview, when every row was compared."""
        headings = Headings(preview.mappings)
        preview.added = self.plan.added
        preview.updated = len(self.plan.changed)
        preview.unchanged = self._unchanged
        preview.changes = self._changes
        preview.rejections += [headings.reject(row, refused) for row, refused in self._refused]
        preview.same_persons = self._same_persons()
        preview.plan = self.plan

    def _village_of_new(self, row: RosterRow, village: int) -> int:
        """Give the village a new person lives in: the row's, else the one said or on the sheet."""
        village = village or self._default or self._village_of_sheet(row.sheet)
        if not village:
            raise RowRefused("village", "", "missing", NO_VILLAGE)
        if row.kind == DocumentKind.BIRTH_CERTIFICATE and not row.born:
            raise RowRefused("born", "", "missing", NO_BIRTH)
        return village

    def _village_of_sheet(self, sheet: str) -> int:
        """Give the village of this office that a sheet is named after, 0 for any other name."""
        found = self._villages.find(sheet)
        return found if isinstance(found, int) else 0

    def _stage(self, columns: Sequence[Sequence[Any]], villages: Sequence[Any]) -> None:
        if self.plan.stage is None:
            self.plan.stage = stage_rows.RosterStage(self._bases)
        self.plan.newcomers.put(columns, villages, self.plan.stage, self.plan.households)
        self.plan.added += len(villages)

    def _take_known(self, row: RosterRow, known: Known, wanted: tuple[Any, ...]) -> None:
        check_living(known, row.number)
        if wanted == known.fields:
            self._unchanged += 1
        else:
            self._take_changes(row, known, wanted)

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
        self.plan.changed.append(change_of(known, fields, self.plan.households))
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
        stage = self.plan.stage
        if stage is None:
            return []
        known = self.plan.newcomers.namesakes(import_rows.every_name(self._conn))
        here = {one.id: one for one in import_rows.known_by_ids(self._conn, [*known.values()])}
        in_file: dict[tuple[str, str | None], StagedResident] = {}
        found: list[SamePerson] = []
        for row in stage.some(self.plan.newcomers.doubtful):
            key = row.name_key, row.born
            namesake = here.get(known.get(key, 0))
            before = in_file.setdefault(key, row)
            if namesake is not None:
                found.append(_same(row, namesake.id, namesake.number, namesake.kind))
            elif before is not row:
                found.append(_same(row, 0, before.number, before.kind))
        return found


def _all_can_be_new(column: Mapping[str, Sequence[Any]], villages: Sequence[int | str]) -> bool:
    """Tell whether every row of a batch names a village, and no newborn lacks a birth date."""
    return (
        set(map(type, villages)) == {int}
        and all(villages)
        and DocumentKind.BIRTH_CERTIFICATE not in column["kind"]
    )


def check_living(known: Known, number: str) -> None:
    """Raise RowRefused for somebody the office has recorded as dead or gone."""
    if known.status != "living":
        message = HAS_DIED if known.status == "deceased" else HAS_LEFT
        raise RowRefused("number", number, CONFLICT, message)


def _village_refused(row: RosterRow, why: str) -> RowRefused:
    if why == OTHER_GROUP:
        return RowRefused("group", row.group, CONFLICT, GROUP_DIFFERS)
    if why == CONFLICT and not row.village_code:
        return RowRefused("group", row.group, CONFLICT, GROUP_ELSEWHERE)
    if why == CONFLICT:
        return RowRefused("village_code", row.village_code, CONFLICT, VILLAGE_DIFFERS)
    named = row.village or row.village_code
    field_name = "village" if row.village else "village_code"
    field_name = "group" if row.village and row.village == row.group else field_name
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


def _same(row: StagedResident, resident_id: int, number: str, known_kind: str) -> SamePerson:
    kinds = {known_kind, row.kind}
    certificate = DocumentKind.BIRTH_CERTIFICATE in kinds and len(kinds) > 1
    why = "birth-certificate" if certificate else "same-name-and-birth"
    return SamePerson(row.sheet, row.row, row.name, row.number, resident_id, number, why)
