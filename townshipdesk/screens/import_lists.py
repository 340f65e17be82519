"""The lists of an import's preview: columns, changes, rejected rows, possible same persons."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol, overload

from townshipdesk.domain.idnumber import mask_number
from townshipdesk.domain.names import display_text
from townshipdesk.i18n import N_, _
from townshipdesk.screens.naming import short_identity
from townshipdesk.screens.sheet_words import field_name, known_text, value_text
from townshipdesk.sheets.headings import KINDS
from townshipdesk.sheets.result import SheetKind
from townshipdesk.widgets.line_list import Column

if TYPE_CHECKING:
    from townshipdesk.services.imports import FieldChange, Preview
    from townshipdesk.services.imports.added import Added
    from townshipdesk.sheets.result import Rejection, SheetMapping

HOW: Final[Mapping[str, str]] = {
    "exact": N_("recognised"),
    "likely": N_("please check"),
    "given": N_("confirmed"),
    "": N_("not read"),
}
SAME_WHY: Final[Mapping[str, str]] = {
    "birth-certificate": N_("birth certificate and ID number"),
    "same-name-and-birth": N_("same name and birth date"),
}
SHORTEST_MASKED: Final = 8


class FileRead(Protocol):
    """What was read of a file: a preview, or the result of the reading alone."""

    @property
    def mappings(self) -> Sequence[SheetMapping]:
        """How each sheet's columns were read."""
        ...

    @property
    def rejections(self) -> Sequence[Rejection]:
        """Rows that cannot be taken."""
        ...


Columns = tuple[tuple[str, int, int], ...]
"""Title, width and share of each column of a list."""


class Line(NamedTuple):
    """A line of one of the lists: where it stands in the file, what it says, how it looks."""

    key: tuple[object, ...]
    cells: tuple[str, ...]
    tone: str = ""


@dataclass(frozen=True, slots=True)
class PreviewList:
    """One list of a preview: its name, its columns (title, width, share), its lines."""

    name: str
    label: str
    columns: Columns
    lines: Callable[[Any], Sequence[Line]]

    def as_columns(self) -> list[Column[Line]]:
        """Give the columns for a list on the screen."""
        return [
            plain_column(place, title, width, share)
            for place, (title, width, share) in enumerate(self.columns)
        ]


def plain_column(place: int, title: str, width: int, share: int) -> Column[Line]:
    """Give a column that shows one cell of a line."""
    return Column(
        lambda: _(title),
        width,
        lambda line: line.cells[place],
        share=share,
        tone=lambda line: line.tone if place == len(line.cells) - 1 else "",
    )


def column_lines(preview: FileRead) -> list[Line]:
    """Give each column of each sheet with what it was taken for."""
    several = len(preview.mappings) > 1
    found = []
    for mapping in preview.mappings:
        for column in mapping.columns:
            if not column.heading:
                continue
            place = letter(column.place)
            where = f"{display_text(mapping.sheet)} {place}" if several else place
            cells = (
                where,
                display_text(column.heading),
                field_name(column.field) if column.field else "—",
                _(HOW[column.how if column.field or column.how == "given" else ""]),
            )
            tone = "warning" if column.how == "likely" else "quiet" if not column.field else "good"
            found.append(Line((mapping.sheet, column.place, column.heading), cells, tone))
    return found


def letter(place: int) -> str:
    """Give a column's letters as spreadsheets do: 0 -> A, 26 -> AA."""
    text = ""
    number = place + 1
    while number:
        number, rest = divmod(number - 1, 26)
        text = chr(ord("A") + rest) + text
    return text


def change_lines(preview: Preview) -> list[Line]:
    """Give each changed field: row, who, which field, from what to what."""
    paid = _("paid")
    return [
        Line(
            (change.sheet, change.row, number),
            (
                str(change.row),
                display_text(change.name),
                field_name(field.field),
                f"{known_text(field.field, field.old)} → "
                + (value_text(field.field, field.new) or "—")
                + (f"  ({paid})" if change.has_paid else ""),
            ),
        )
        for change in preview.changes
        for number, field in enumerate(change.fields)
        if not _joins(preview, field)
    ]


def join_lines(preview: Preview) -> list[Line]:
    """Give everybody whose identity begins with a department's list."""
    return [
        Line(
            (change.sheet, change.row, number),
            (
                str(change.row),
                display_text(change.name),
                short_identity(field.new),
                _("paid; nothing changes this year") if change.has_paid else "",
            ),
            "warning",
        )
        for change in preview.changes
        for number, field in enumerate(change.fields)
        if _joins(preview, field)
    ]


def _joins(preview: Preview, field: FieldChange) -> bool:
    is_list = preview.kind.value == SheetKind.IDENTITIES.value
    return is_list and field.field == "identity" and not field.old


def rejected_lines(preview: FileRead) -> list[Line]:
    """Give each rejected row with its reason."""
    several = len({one.sheet for one in preview.rejections}) > 1
    headings = {
        (mapping.sheet, column.heading): column.field
        for mapping in preview.mappings
        for column in mapping.columns
    }
    return [
        Line(
            (one.sheet, one.row),
            (
                f"{display_text(one.sheet)} {one.row}" if several else str(one.row),
                display_text(one.name),
                display_text(one.column),
                _rejected_value(one, headings.get((one.sheet, one.column), "")),
                one.text,
            ),
            "warning",
        )
        for one in preview.rejections
    ]


def same_lines(preview: Preview) -> list[Line]:
    """Give each row that may be somebody who is here already."""
    return [
        Line(
            (one.sheet, one.row),
            (
                str(one.row),
                display_text(one.name),
                mask_number(one.number),
                mask_number(one.known_number),
                _(SAME_WHY[one.why]),
            ),
            "warning",
        )
        for one in preview.same_persons
    ]


def leaver_lines(preview: Preview) -> list[Line]:
    """Give everybody whose identity ends because the full list no longer names them."""
    return [
        Line(
            (one.uid, one.code),
            (
                display_text(one.name),
                short_identity(one.code),
                _("paid; nothing changes this year") if one.has_paid else "",
            ),
        )
        for one in preview.leavers
    ]


class AddedLines(Sequence[Line]):
    """Lines of whom an import adds, made as they come on the screen."""

    def __init__(self, people: Sequence[Added], say: Callable[[Added], tuple[str, ...]]) -> None:
        self._people = people
        self._say = say

    def __len__(self) -> int:
        """Give how many there are."""
        return len(self._people)

    @overload
    def __getitem__(self, place: int) -> Line: ...

    @overload
    def __getitem__(self, place: slice) -> list[Line]: ...

    def __getitem__(self, place: int | slice) -> Line | list[Line]:
        """Give one line, or some."""
        if isinstance(place, slice):
            return [self[one] for one in range(*place.indices(len(self)))]
        one = self._people[place]
        return Line((one.sheet, one.row, one.number), self._say(one))


def _new_resident(one: Added) -> tuple[str, ...]:
    return (
        str(one.row),
        display_text(one.name),
        mask_number(one.number),
        display_text(one.village),
        display_text(one.group),
    )


def _new_village(one: Added) -> tuple[str, ...]:
    target = "" if one.target is None else f"{one.target:,}"
    return str(one.row), display_text(one.name), display_text(one.number), target


def _new_payer(one: Added) -> tuple[str, ...]:
    return (
        display_text(one.name),
        mask_number(one.number),
        display_text(one.village),
        display_text(one.receipt),
    )


ADDED: Final[Mapping[str, tuple[Columns, Callable[[Added], tuple[str, ...]]]]] = {
    SheetKind.RESIDENTS: (
        (
            (N_("Row"), 6, 0),
            (N_("Name"), 12, 1),
            (N_("Number"), 18, 0),
            (N_("Village"), 16, 1),
            (N_("Group"), 8, 1),
        ),
        _new_resident,
    ),
    SheetKind.VILLAGES: (
        (
            (N_("Row"), 6, 0),
            (N_("Village"), 20, 1),
            (N_("Division code"), 14, 1),
            (N_("Target"), 8, 1),
        ),
        _new_village,
    ),
    SheetKind.CONTRIBUTIONS: (
        (
            (N_("Name"), 12, 1),
            (N_("Number"), 18, 0),
            (N_("Village"), 16, 1),
            (N_("Receipt"), 14, 1),
        ),
        _new_payer,
    ),
}
"""How those are shown whom each kind of file adds: its columns, and the cells of one line."""


def added_list(kind: SheetKind, people: Sequence[Added]) -> PreviewList:
    """Give the list of whom a file adds; no more of them is held than what is looked at."""
    columns, say = ADDED[kind]
    lines = AddedLines(people, say)
    return PreviewList("added", N_("New"), columns, lambda _preview: lines)


LISTS: Final = (
    PreviewList(
        "columns",
        N_("Columns"),
        (
            (N_("Column"), 6, 0),
            (N_("Heading"), 20, 2),
            (N_("Taken for"), 20, 2),
            (N_("How"), 12, 0),
        ),
        column_lines,
    ),
    PreviewList(
        "changes",
        N_("Changes"),
        (
            (N_("Row"), 6, 0),
            (N_("Name"), 10, 1),
            (N_("Field"), 12, 0),
            (N_("From → to"), 30, 4),
        ),
        change_lines,
    ),
    PreviewList(
        "joins",
        N_("Joining"),
        (
            (N_("Row"), 6, 0),
            (N_("Name"), 10, 1),
            (N_("Identity"), 22, 1),
            (N_("This year"), 30, 2),
        ),
        join_lines,
    ),
    PreviewList(
        "rejected",
        N_("Rejected"),
        (
            (N_("Row"), 6, 0),
            (N_("Name"), 8, 1),
            (N_("Column"), 12, 0),
            (N_("In the cell"), 18, 0),
            (N_("Reason"), 26, 4),
        ),
        rejected_lines,
    ),
    PreviewList(
        "same",
        N_("Same person?"),
        (
            (N_("Row"), 6, 0),
            (N_("Name"), 10, 1),
            (N_("Number in file"), 18, 0),
            (N_("Number here"), 18, 0),
            (N_("Why"), 18, 2),
        ),
        same_lines,
    ),
    PreviewList(
        "leavers",
        N_("Leaving"),
        (
            (N_("Name"), 10, 1),
            (N_("Identity"), 22, 1),
            (N_("This year"), 30, 2),
        ),
        leaver_lines,
    ),
)


def lists_of(preview: Preview, new: PreviewList | None = None) -> list[PreviewList]:
    """Give the lists a preview has something in, what matters most first; the columns always.

    `new` is the list of whom it adds.
    """
    order = ["rejected", "same", "leavers", "joins", "changes", "added", "columns"]
    if preview.refused:  # as a whole: nobody joins, leaves or changes
        order, new = ["rejected", "columns"], None
    if any(not mapping.confident for mapping in preview.mappings):
        order.insert(0, order.pop())
    by_name = {one.name: one for one in LISTS}
    if new is None:
        order = [name for name in order if name != "added"]
    else:
        by_name["added"] = new
    return [by_name[name] for name in order if name == "columns" or count_of(preview, name)]


def count_of(preview: Preview, name: str) -> int:
    """Give how many things a list names."""
    return {
        "added": preview.added,
        "columns": sum(1 for m in preview.mappings for c in m.columns if c.field),
        "joins": _count(preview, joins=True),
        "changes": _count(preview, joins=False),
        "rejected": len(preview.rejections),
        "same": len(preview.same_persons),
        "leavers": len(preview.leavers),
    }[name]


def _count(preview: Preview, *, joins: bool) -> int:
    """Count people: those who join a list, or those of whom something changes."""
    return sum(any(_joins(preview, f) is joins for f in one.fields) for one in preview.changes)


def fields_for(kind: SheetKind) -> list[str]:
    """Give the fields a column of this kind of sheet may hold; "" for leaving it out first.

    Then come those the sheet cannot be without, the others as the vocabulary has them.
    """
    needed = {field for fields in KINDS[kind].required for field in fields}
    order = list(_order(kind))
    found = sorted(KINDS[kind].fields, key=lambda field: (field not in needed, order.index(field)))
    return ["", *found]


def _order(kind: SheetKind) -> dict[str, None]:
    return dict.fromkeys(KINDS[kind].table.values())


def _rejected_value(one: Rejection, field: str) -> str:
    value = display_text(one.value)
    if one.reason == "precision-lost":
        return value  # its last digits are gone: nobody can be told by it
    numbers = ("number", "certificate", "head_number")
    return mask_number(value) if field in numbers and len(value) >= SHORTEST_MASKED else value
