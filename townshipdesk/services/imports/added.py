"""Who an import would add, for looking at before it is written: a page at a time, never the whole.

The new people of a roster wait in a database of their own beside the office (`store.stage_rows`)
until the roster is written or given up; here they are read from it as somebody pages through them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple, overload

from townshipdesk.services.imports.model import ImportKind, Preview
from townshipdesk.services.office import Office
from townshipdesk.store import import_rows, people_rows
from townshipdesk.store.stage_rows import RosterStage

PAGE: Final = 128
_VILLAGE: Final = 3
"""Place of the village among the fields of a known person."""


class Added(NamedTuple):
    """Somebody, or a village, that an import adds. `row` is the row of the file, 0 where unknown.

    `number` is a document's number, or a village's code; `group` a person's group; `receipt` is of
    a ledger's payment; `target` a village's.
    """

    sheet: str
    row: int
    name: str
    number: str
    village: str = ""
    group: str = ""
    receipt: str = ""
    target: int | None = None


class Pages(Sequence[Added]):
    """Rows of which only the pages last looked at are held."""

    def __init__(self, count: int, read: Callable[[int, int], Sequence[Added]]) -> None:
        """`read` gives the rows from a place, at most so many."""
        self._count = count
        self._read = read
        self._held: dict[int, Sequence[Added]] = {}

    def __len__(self) -> int:
        """Give how many there are."""
        return self._count

    @overload
    def __getitem__(self, place: int) -> Added: ...

    @overload
    def __getitem__(self, place: slice) -> list[Added]: ...

    def __getitem__(self, place: int | slice) -> Added | list[Added]:
        """Give one of them, or some."""
        if isinstance(place, slice):
            return [self[one] for one in range(*place.indices(self._count))]
        if place < 0:
            place += self._count
        if not 0 <= place < self._count:
            raise IndexError(place)
        number, offset = divmod(place, PAGE)
        page = self._held.get(number)
        if page is None:
            if len(self._held) > 1:
                del self._held[next(iter(self._held))]
            page = self._held[number] = self._read(number * PAGE, PAGE)
        return page[offset]


def added(office: Office, shown: Preview) -> Sequence[Added]:
    """Give whom a preview adds, as they were read; of lists of identities nobody (joins)."""
    if shown.plan is None or not shown.added:
        return ()
    if shown.kind is ImportKind.RESIDENTS:
        names = {row["id"]: row["name"] for row in people_rows.villages(office.conn)}
        stage: RosterStage = shown.plan.stage
        return Pages(shown.added, lambda first, most: _waiting(stage, names, first, most))
    if shown.kind is ImportKind.VILLAGES:
        return [
            Added(row.sheet, row.row, row.name, row.code, target=row.target)
            for row in shown.plan.new
        ]
    if shown.kind is ImportKind.CONTRIBUTIONS:
        return _paying(office, shown)
    return ()


def _waiting(stage: RosterStage, names: Mapping[int, str], first: int, most: int) -> list[Added]:
    start = stage.bases.resident + 1 + first
    return [
        Added(one.sheet, one.row, one.name, one.number, names[one.village_id], one.group_name)
        for one in stage.some(range(start, start + most))
    ]


def _paying(office: Office, shown: Preview) -> list[Added]:
    receipts = {
        person: order.voucher for order in shown.plan.orders for person in order.resident_ids
    }
    names = {row["id"]: row["name"] for row in people_rows.villages(office.conn)}
    known = {one.id: one for one in import_rows.known_by_ids(office.conn, [*receipts])}
    return [
        Added(
            "",
            0,
            known[person].fields[0],
            known[person].number,
            names[known[person].fields[_VILLAGE]],
            receipt=receipt,
        )
        for person, receipt in receipts.items()
    ]
