"""What sheets of people share: name and number, sex and birth date, phones, words of a title."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from typing import Final

from townshipdesk.domain.idnumber import DocumentKind, DocumentNumber, NumberNote, Sex
from townshipdesk.domain.names import clean_name, clean_text
from townshipdesk.domain.phone import is_mobile, normalise_phone
from townshipdesk.i18n import N_
from townshipdesk.sheets import words
from townshipdesk.sheets.cells import PLACEHOLDERS, Cell, Day, day_of, optional_text, text_of
from townshipdesk.sheets.numbers import RUINED_NUMBER, number_of
from townshipdesk.sheets.parser import RowProblem, SheetParser, Table
from townshipdesk.sheets.result import SheetWarning
from townshipdesk.sheets.rowkinds import GROUP_LINE

NO_NAME: Final = N_("The row has no name.")
LONGEST_NAME: Final = 200
"""Characters; the longest names of people have half as many."""
ENDLESS_NAME: Final = N_("A name has {most} characters at most.")
NO_VILLAGE: Final = N_("The row names no village.")
NO_DAY: Final = N_("“{heading}” holds no date that can be read without guessing.")

MOST_KEPT: Final = 50_000
_SOME_RUINED: Final = 3
_OF_ALL: Final = 122
"""Right numbers that end in 000 are one in 1,221; of eleven ruined ones ten do not fit."""

_VILLAGE_LINE: Final = re.compile(
    r"(?:村[（(]社区[)）]|村[（(]居[)）]|行政村|村委会|村名|社区|村|填报单位|填表单位|单位)"
    r"(?:[（(](?:盖章|公章|签章|章)[)）])?[:：]\s*"
    r"([^\s:：,，。]{2,20})"
)
_VILLAGE_END: Final = re.compile(r".{1,15}(?:村民委员会|村委会|居民委员会|社区|居委会|村)")
_VILLAGE_TITLE: Final = re.compile(
    r"^(?:\d{4}年度?)?(?:[^年度村]{1,12}?[县市区旗])?(?:[^年度村县市区]{1,8}?(?:镇|乡|街道))?"
    r"(?!农村|[全各本](?:村|社区|居委会)|行政村|自然村|脱贫村|贫困村|乡村|村|社区)"
    r"([^\s年度省市县区镇乡村]{1,10}"
    r"(?:社区居民委员会|社区居委会|村民委员会|村委会|居民委员会|居委会|社区|村))"
    r"(?=\d{4}|[一二三四五六七八九十]{1,3}组|第?\d|年|城乡|居民|基本|医疗|医保|参保|登记|缴费|花名册|名册)"
)
"""A title that begins with the village it is of: 某某村委会2026年度参保登记花名册."""
_LIST_TITLE: Final = re.compile(r"册|名单|登记表")
_NO_VILLAGE: Final = re.compile(r"医疗|医保|保险|参保|等(?:村|社区)|、")
_TOWN: Final = re.compile(r"^.{1,12}?(?:镇|乡|街道)(?=.{1,8}(?:村委会|社区|居委会|村)$)")


class Cache(dict[Cell, str]):
    """Readings of a column with few different values: 汉族 is read once, not 80,000 times."""

    def __init__(self, read: Callable[[str], str] | None = None) -> None:
        super().__init__()
        self._read = read

    def __missing__(self, cell: Cell) -> str:
        text = optional_text(cell)
        if self._read is not None:
            text = self._read(text)
        if len(self) < MOST_KEPT:
            self[cell] = text
        return text


def village_in_titles(titles: Sequence[str], sheet: str) -> str:
    """Give the village of a unit line (村（社区）：某某村委会), a title or a sheet's name."""
    lines = [found[1] for title in titles if (found := _VILLAGE_LINE.search(title))]
    for title in titles:
        plain = "".join(title.split())
        found = _VILLAGE_TITLE.search(plain) if _LIST_TITLE.search(plain) else None
        if found is not None and not _NO_VILLAGE.search(found[1]):
            lines.append(found[1])
    for name in (*lines, clean_text(sheet)):
        if _VILLAGE_END.fullmatch(name):
            return _TOWN.sub("", name)
    return ""


class PersonParser(SheetParser):
    """A parser of rows that each name a person."""

    def __init__(self, today: date) -> None:
        super().__init__(today)
        self.text = Cache()
        self.relation = Cache(words.relation)
        self.sexes = Cache(words.sex)
        self._kinds: dict[Cell, DocumentKind | None] = {"": None}
        self._days: dict[Cell, str] = {"": ""}
        self.village = self.group = ""

    def begin(self, table: Table) -> None:
        """Take up the next table; without a column of villages its title may name the village."""
        super().begin(table)
        self._ruined = 0
        self.village = self.group = ""
        if self._village_is_titled:
            self._live_in(village_in_titles(table.titles, table.sheet))

    def hear(self, words: Sequence[str]) -> None:
        """Take village and group of lines between the rows: 单位：某某村委会; 三组, all alone."""
        if self._village_is_titled:
            before = self.village
            self._live_in(village_in_titles(words, ""))
            self.group = self.group if self.village == before else ""
        if len(words) == 1 and not self.has("group") and (found := GROUP_LINE.fullmatch(words[0])):
            self.group = found[1]

    @property
    def _village_is_titled(self) -> bool:
        return not self.has("village") and not self.has("village_code")

    def _live_in(self, village: str) -> None:
        if village and village != self.village:
            self.village = village
            values = {"column": "村(社区)", "sheet": self.table.sheet, "value": village}
            self.warnings.append(SheetWarning("from-title", self.table.sheet, (), values))

    def end(self) -> None:
        """Finish the table; numbers ending in 000 are suspicious only where there are many.

        One right number in 1,221 ends so, and one ruined number in eleven fits its check all the
        same. Where a table's ruined numbers make the second likelier, none of them is believed.
        """
        ruined = self._ruined >= _SOME_RUINED
        if ruined and self._ruined * _OF_ALL > self.taken + self.refused:
            self.settle(RowProblem("number", "precision-lost", RUINED_NUMBER))
            self.forget("ends-in-zeros")
        self.settle(None)
        many = max(3, self.taken // 100)
        if self.noted("ends-in-zeros") < many:
            self.forget("ends-in-zeros")
        super().end()

    def person(self, row: int, name: Cell, number: Cell, kind: Cell) -> tuple[str, DocumentNumber]:
        """Read name and number. Raises RowProblem."""
        if kind not in self._kinds:
            self._kinds[kind] = words.document_kind(text_of(kind))
        try:
            found = number_of(number, self.today, self._kinds[kind])
        except RowProblem as problem:
            if problem.reason == "precision-lost" and text_of(number).endswith("000"):
                self._ruined += 1
            raise
        cleaned = clean_name(text_of(name))
        if cleaned in PLACEHOLDERS:
            raise RowProblem("name", "missing", NO_NAME)
        if len(cleaned) > LONGEST_NAME:
            raise RowProblem("name", "length", ENDLESS_NAME, most=LONGEST_NAME)
        if found.note is NumberNote.CONVERTED_15:
            self.note("converted-15", row)
        elif found.born is not None and found.number.endswith("000"):
            self.note("ends-in-zeros", row)
            self.doubtful = True
        return cleaned, found

    def sex_and_birth(
        self, row: int, number: DocumentNumber, typed_sex: Cell, typed_born: Cell
    ) -> tuple[str, str]:
        """Give sex and ISO birth date: the number's, or the typed ones where it tells none.

        Raises RowProblem `birth-date` where only the typed one could tell and cannot be read.
        """
        sex = self.sexes[typed_sex]
        if number.born is None or number.sex is None:
            return self._typed(row, sex, typed_born)
        told = number.born.isoformat()
        said = "male" if number.sex is Sex.MALE else "female"
        if self.sexes[typed_sex] not in ("", said) or (
            typed_born not in ("", told) and not told.startswith(self.day(typed_born))
        ):
            self.note("typed-differs", row)
        return said, told

    def _typed(self, row: int, sex: str, typed_born: Cell) -> tuple[str, str]:
        if optional_text(typed_born) == "":
            return sex, ""
        day = day_of(typed_born)
        if day is None or day.iso > self.today.isoformat():
            raise RowProblem("born", "birth-date", NO_DAY, heading=self.heading("born"))
        if not day.exact:
            self.note("month-only", row)
        return sex, day.iso

    def day(self, cell: Cell) -> str:
        """Give a typed day for comparing: ISO, only its month where no day stands, "" unread."""
        found = self._days.get(cell)
        if found is None:
            day = day_of(cell)
            found = "" if day is None else day.iso if day.exact else day.iso[:7]
            if len(self._days) < MOST_KEPT:
                self._days[cell] = found
        return found

    def required_day(self, row: int, field_name: str, cell: Cell) -> str:
        """Give the ISO day of a cell, "" for an empty one. Raises RowProblem for an unread one."""
        day = self.readable_day(row, field_name, cell)
        return day.iso if day else ""

    def readable_day(self, row: int, field_name: str, cell: Cell) -> Day | None:
        """Give the day of a cell, None for an empty one. Raises RowProblem for an unread one."""
        if optional_text(cell) == "":
            return None
        day = day_of(cell)
        if day is None:
            raise RowProblem(field_name, "missing", NO_DAY, heading=self.heading(field_name))
        if not day.exact:
            self.note("month-only", row)
        return day

    def phone(self, row: int, cell: Cell) -> str:
        """Give a phone number in its plain form; one that cannot be right stays as written."""
        if type(cell) is str and is_mobile(cell):
            return cell
        text = optional_text(cell)
        if text == "":
            return text
        found = normalise_phone(text.removesuffix(".0"))
        if found is None:
            self.note("phone-doubtful", row)
            return text
        return found
