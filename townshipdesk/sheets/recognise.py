"""Finding the heading of a table among titles and unit lines, and what each column is.

A heading has one row, or two where groups stand over columns (户主信息 over 姓名 and 身份证号).
Every heading is either known, known after taking a harmless word away, or left unrecognised:
nothing is taken for something because it looks alike.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from townshipdesk.sheets.cells import Cell, text_of
from townshipdesk.sheets.headings import (
    HARMLESS_ENDS,
    HARMLESS_STARTS,
    KINDS,
    TITLES,
    KindOfSheet,
    heading_key,
    heading_keys,
)
from townshipdesk.sheets.result import MappedColumn, SheetKind
from townshipdesk.sheets.words import flag_of, identity_in_title, is_question

SEARCHED_ROWS: Final = 40
"""A heading stands within the first rows of a sheet; further down it is searched no more."""

MOST_COLUMNS: Final = 300

Merge = tuple[tuple[int, int], tuple[int, int]]
"""A merged range: first and last (row, column), counted from 0."""

_OTHER_PEOPLE: Final = (
    "户主",
    "监护人",
    "代办",
    "联系人",
    "收款人",
    "领款人",
    "填报",
    "经办",
    "配偶",
    "父亲",
    "母亲",
    "父母",
    "家长",
)
_WHOLE_NUMBER: Final = re.compile(r"'?(?:[0-9]{12}|[0-9]{15}|[0-9]{17}[0-9Xx])", re.ASCII)
_YEAR: Final = re.compile(r"^20[0-9]{2}年?(?:度|末|底|年度)?", re.ASCII)
_GROUP_ENDS: Final = ("基本信息", "基本情况", "信息", "情况", "资料", "明细")


class Heading(NamedTuple):
    """A heading that was found: its rows, counted from 0, and the columns under it."""

    first: int
    last: int
    columns: tuple[MappedColumn, ...]
    score: int

    @property
    def rank(self) -> tuple[int, int]:
        """Give what decides between two readings: more columns told, then fewer rows needed."""
        return self.score, self.first - self.last

    @property
    def places(self) -> dict[str, int]:
        """Give field -> column, for the columns that were recognised."""
        return {column.field: column.place for column in self.columns if column.field}


@dataclass(frozen=True, slots=True)
class _Matcher:
    kind: KindOfSheet
    given: Mapping[str, str]

    def match(self, text: str) -> tuple[str, str]:
        """Give field and how for one heading; ("", "") where it is not recognised."""
        keys = heading_keys(text)
        for key in keys:
            if key in self.given:
                return self.given[key], "given"
        for key in keys:
            if key in self.kind.table:
                return self.kind.table[key], "exact"
        for key in keys:
            for shorter in _without_harmless(key):
                if shorter in self.kind.table:
                    return self.kind.table[shorter], "likely"
        return "", ""

    def match_column(self, top: str, bottom: str) -> tuple[str, str, str]:
        """Give field, how and the printed heading of a column under one or two rows."""
        if not (top and bottom) or top == bottom:
            return (*self.match(top or bottom), top or bottom)
        group = top
        for end in _GROUP_ENDS:
            group = group.removesuffix(end)
        together = bottom if bottom.startswith(group) else group + bottom
        field, how = self.match(together)
        if field and how != "likely":
            return field, how, together
        if top.startswith(_OTHER_PEOPLE):
            return "", "", together
        return (*self.match(bottom), bottom)


def _without_harmless(key: str) -> Iterator[str]:
    key = _YEAR.sub("", key)
    starts = [key, *(key.removeprefix(word) for word in HARMLESS_STARTS if key.startswith(word))]
    for start in starts:
        yield start
        yield from (start.removesuffix(word) for word in HARMLESS_ENDS if start.endswith(word))


def recognise(
    rows: Sequence[Sequence[Cell]],
    merges: Sequence[Merge],
    kind: SheetKind,
    given: Mapping[str, str] | None = None,
) -> Heading | None:
    """Find the heading of a kind of sheet among its first rows; None where there is none.

    `given` is a remembered mapping, heading -> field ("" leaves a column out); it overrides what
    the headings alone say.
    """
    found = _best(rows, merges, kind, given)
    if found is None or kind is not SheetKind.IDENTITIES or "identity" in found.places:
        return found
    titled = any(identity_in_title(title) for title in title_lines(rows, found))
    return found._replace(columns=_with_flags(found.columns, given or {}, titled=titled))


def _with_flags(
    columns: tuple[MappedColumn, ...], given: Mapping[str, str], *, titled: bool
) -> tuple[MappedColumn, ...]:
    """Take columns that each ask for one identity (是否低保, 特困) for columns of identities.

    Only where every question is understood: who is 是 under one that is not would be left out.
    Under a title that gives everybody one identity, a column must say that it asks.
    """
    left_out = {heading_key(heading) for heading, field in given.items() if not field}
    unread = [c for c in columns if c.heading and not c.field]
    unread = [c for c in unread if heading_key(c.heading) not in left_out]
    flags = {
        c.place
        for c in unread
        if flag_of(c.heading) is not None and (is_question(c.heading) or not titled)
    }
    if any(is_question(c.heading) and c.place not in flags for c in unread):
        return columns
    return tuple(
        c._replace(field="identity", how="exact") if c.place in flags else c for c in columns
    )


def _best(
    rows: Sequence[Sequence[Cell]],
    merges: Sequence[Merge],
    kind: SheetKind,
    given: Mapping[str, str] | None = None,
) -> Heading | None:
    sheet = KINDS[kind]
    remembered = {heading_key(h): f for h, f in (given or {}).items() if not f or f in sheet.fields}
    matcher = _Matcher(sheet, remembered)
    lines = _lines(rows[:SEARCHED_ROWS], merges)
    groups = _groups(merges)
    best: Heading | None = None
    for first, (line, _own) in enumerate(lines):
        spans = [("",) * len(line)]
        if first + 1 < len(lines):
            spans.append(lines[first + 1][1])
        upper: Heading | None = None
        for extra, below in enumerate(spans):
            if extra and not any(below):
                continue
            last = first + extra
            found = _heading(first, last, line, below, matcher)
            if last + 1 < len(lines) and _is_lower(lines[last + 1][1], groups.get(last, {})):
                upper = None if extra else found
                continue  # the heading goes on below
            if extra and upper is not None:
                found = _joined(upper, found)
            if not _is_complete(found, sheet) or (best is not None and found.rank <= best.rank):
                continue
            if best is not None and _has_people(rows[best.last + 1 : first], best):
                return best  # a second table below the first, whatever more it tells
            best = found
    return best


def _groups(merges: Sequence[Merge]) -> dict[int, dict[int, int]]:
    """Give column -> first column of what is merged over several columns of one row, by the row."""
    groups: dict[int, dict[int, int]] = {}
    for (top, left), (bottom, right) in merges:
        if top == bottom and left < right < MOST_COLUMNS:
            groups.setdefault(top, {}).update(dict.fromkeys(range(left, right + 1), left))
    return groups


def _is_lower(line: Sequence[str], groups: Mapping[int, int]) -> bool:
    """Tell whether words stand under groups alone: the lower row of a heading, and no data.

    One of them must stand beside another's first column: data under cells that are only merged to
    look wide are merged as they are.
    """
    places = {place for place, text in enumerate(line) if text}
    if not places <= groups.keys() or any(c.isdigit() for c in "".join(line)):
        return False
    return any(groups[place] != place for place in places)


def _joined(upper: Heading, both: Heading) -> Heading:
    """Give a heading of two rows, with what the upper one tells alone where both tell nothing."""
    told = {c.place: c for c in upper.columns if c.field and c.field not in both.places}
    columns = tuple(
        c if c.field or flag_of(c.heading) is not None else told.get(c.place, c)
        for c in both.columns
    )
    return both._replace(columns=columns, score=max(upper.score, both.score))


def _has_people(rows: Sequence[Sequence[Cell]], heading: Heading) -> bool:
    """Tell whether whole numbers stand under a heading: rows that no title has."""
    place = heading.places.get("number", heading.places.get("code"))
    if place is None:
        return False
    return any(
        _WHOLE_NUMBER.fullmatch("".join(text_of(row[place]).split())) is not None
        for row in rows
        if place < len(row) and row[place] != ""
    )


def _lines(
    rows: Sequence[Sequence[Cell]], merges: Sequence[Merge]
) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Give each row twice: as the upper line of a heading, groups spread out, and as it stands."""
    spread: dict[tuple[int, int], int] = {}
    for (top, left), (bottom, right) in merges:
        if top == bottom and top < len(rows) and right - left < MOST_COLUMNS:
            spread.update({(top, column): left for column in range(left, right + 1)})
    lines = []
    for number, row in enumerate(rows):
        own = tuple(text_of(cell) if cell != "" else "" for cell in row[:MOST_COLUMNS])
        upper = list(own)
        for place, text in enumerate(own):
            source = spread.get((number, place))
            if not text and source is not None and source < len(own):
                upper[place] = own[source]
        lines.append((tuple(upper), own))
    return lines


def _heading(
    first: int, last: int, line: Sequence[str], below: Sequence[str], matcher: _Matcher
) -> Heading:
    columns: list[MappedColumn] = []
    group = ""
    for place, text in enumerate(line):
        under = below[place] if place < len(below) else ""
        # Without merged cells a group is printed over its first column only.
        group = text or (group if under else "")
        field, how, printed = matcher.match_column(group if under else text, under)
        columns.append(MappedColumn(place, printed, field, how))
    return Heading(first, last, *_settled(columns, matcher.kind))


def _settled(
    columns: list[MappedColumn], kind: KindOfSheet
) -> tuple[tuple[MappedColumn, ...], int]:
    """Let one column only have a field, the surest one, and count how well the heading fits."""
    order = {"given": 0, "exact": 1, "likely": 2}

    def doubt(column: MappedColumn) -> tuple[int, int]:
        return order[column.how], kind.rank(column.heading)

    best: dict[str, MappedColumn] = {}
    for column in columns:
        rival = best.get(column.field)
        if column.field and (rival is None or doubt(column) < doubt(rival)):
            best[column.field] = column
    _pair(columns, best)
    settled = tuple(
        c if best.get(c.field) is c or not c.field else c._replace(field="", how="")
        for c in columns
    )
    score = sum({"given": 4, "exact": 4, "likely": 3}[column.how] for column in best.values())
    return settled, score


def _pair(columns: Sequence[MappedColumn], best: dict[str, MappedColumn]) -> None:
    """Let the number be that of the person whose name is read, not of another named before.

    户主姓名 身份证号 成员姓名 身份证号: by headings alone, members would get their head's.
    """
    if "name" not in best or "number" not in best or best["number"].how == "given":
        return
    person = best["name"].place
    whose: dict[int, int] = {}  # the column of a number -> that of the last name before it
    last = -1
    for column in columns:
        if column.field == "number":
            whose[column.place] = last
        elif column.field in ("name", "head") or column.heading.endswith("姓名"):
            last = column.place
    read = best["number"]
    if whose[read.place] == person:
        return
    fitting = [c for c in columns if c.field == "number" and whose[c.place] == person]
    if whose[read.place] == -1:  # a number may stand before its name; printed twice, it is not it
        fitting = [c for c in fitting if heading_key(c.heading) == heading_key(read.heading)]
    if fitting:
        best["number"] = fitting[0]


def _is_complete(heading: Heading, sheet: KindOfSheet) -> bool:
    fields = heading.places
    return any(all(field in fields for field in needed) for needed in sheet.required)


def likeliest(
    rows: Sequence[Sequence[Cell]], merges: Sequence[Merge], name: str
) -> tuple[SheetKind, int] | None:
    """Give the kind of sheet a table looks like, and how strongly; None where it is none.

    `name` is the name of the sheet or file. Columns that only one kind has weigh most, then the
    words of the title.
    """
    best: tuple[SheetKind, int] | None = None
    for kind, sheet in KINDS.items():
        heading = _best(rows, merges, kind)
        if heading is None:
            continue
        title = name + "".join(title_lines(rows, heading))
        score = heading.score + 6 * len(sheet.telling & heading.places.keys())
        score += 10 * any(word in title for word in TITLES[kind])
        if best is None or score > best[1]:
            best = kind, score
    return best


def title_lines(rows: Sequence[Sequence[Cell]], heading: Heading) -> list[str]:
    """Give the texts over a heading: titles, unit and date lines."""
    return [text_of(cell) for row in rows[: heading.first] for cell in row if cell != ""]
