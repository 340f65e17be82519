"""A department's list of people with an identity (资助参保人员清册).

A word that is unknown or could mean several identities rejects the row (`unknown-identity`): a
guess would change what somebody pays. Where the list has no such column, its title may name the one
identity all have. 重度 without a grade is not enough, since grades 1 and 2 are kept apart.

Whoever the list says has left needs the day of it. Taken without, they would be given anew what has
just been taken from them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from operator import itemgetter
from typing import ClassVar, Final, NamedTuple

from townshipdesk.domain.idnumber import DocumentNumber
from townshipdesk.i18n import N_
from townshipdesk.sheets import words
from townshipdesk.sheets.cells import Cell, optional_text
from townshipdesk.sheets.parser import RowProblem, Table
from townshipdesk.sheets.person import PersonParser
from townshipdesk.sheets.result import SheetWarning

UNKNOWN: Final = N_(
    "“{word}” names no identity, or several with different subsidies: write which one."
)
NO_IDENTITY: Final = N_("The row names no identity.")
NO_GRADE: Final = N_("The disability has no grade from 1 to 4.")
WRONG_KIND: Final = N_("“{word}” is no kind of disability.")
TWO_GRADES: Final = N_("The disability grade differs between the columns or from the certificate.")
HAS_LEFT: Final = N_("The list says that this person has left; the row does not say since when.")
UNTIL_BEFORE: Final = N_("The identity would end before it began.")

_CLASS: Final = re.compile(r"[A-DＡ-Ｄa-d一二三四甲乙丙]类")
"""A class of an identity that the heading names: A类 under 低保类别."""
_NO_END: Final = frozenset({"长期", "长期有效", "永久", "至今", "目前", "在保", "在册"})
"""What stands in place of the day of an end that has not come."""
_LEFT: Final = re.compile(
    r"(?<![未没无不])(?:退出|减少|减员|核减|取消|停发|停保|停止|注销|清退|终止|迁出|调出|死亡|已故)"
    r"|不再享受"
)
_LIST_OF_THE_LEFT: Final = re.compile(r"退出|减少|减员|核减|取消|停发|停保|停止享受|注销|清退")
_NO_SUCH_LIST: Final = re.compile(r"新增|增减|变动|变更|调整|纳入|不含|除外|[:：。，、；]")


class IdentityRow(NamedTuple):
    """One person of a department's list. Texts are "" where the list tells nothing.

    `identities` are codes of the contract, in the order named. `since` and `until` are ISO days.
    """

    sheet: str
    row: int
    name: str
    kind: str
    number: str
    identities: tuple[str, ...]
    since: str
    until: str
    disability_kind: str
    disability_grade: int | None
    work_incapacity: bool | None
    village: str
    group: str
    address: str
    phone: str


class IdentitiesParser(PersonParser):
    """Reads lists of people with an identity."""

    fields: ClassVar[tuple[str, ...]] = (
        "name", "number", "kind", "certificate", "identity", "since", "until", "disability_kind",
        "disability_grade", "work_incapacity", "village", "group", "address", "phone", "change",
    )  # fmt: skip
    essential: ClassVar[tuple[str, ...]] = ("name", "number", "certificate")
    repeated: ClassVar[tuple[str, ...]] = (
        *PersonParser.repeated, "identity", "since", "until", "name", "number",
    )  # fmt: skip

    def __init__(self, today: date) -> None:
        super().__init__(today)
        self._words: dict[str, words.IdentityWords | None] = {}
        self._of_title: words.IdentityWords | None = None

    def begin(self, table: Table) -> None:
        """Take up the next table; without a column of identities its title may name one."""
        super().begin(table)
        self._words = {}
        titles = (*table.titles, table.sheet)
        self._all_left = any(
            _LIST_OF_THE_LEFT.search(title) and not _NO_SUCH_LIST.search(title) for title in titles
        )
        self._of_title = None
        self._take_flags(table)
        if not self.has("identity"):
            for title in titles:
                self._of_title = self._of_title or words.identity_in_title(title)
            if self._of_title is not None and self._title_is_asked:
                self._of_title = None
            elif self._of_title is None and self.has("disability_grade") and not self._flags:
                self._of_title = words.identities("残疾人")
            if self._of_title is not None:
                values = {
                    "column": "救助身份",
                    "sheet": table.sheet,
                    "value": "、".join(map(words.identity_word, self._of_title.codes)),
                }
                self.warnings.append(SheetWarning("from-title", table.sheet, (), values))

    def _take_flags(self, table: Table) -> None:
        """Note the columns that each ask for one identity: 是否低保, 是否特困."""
        columns = [c for c in table.heading.columns if c.field == "identity"]
        found = [(c, flag) for c in columns if (flag := words.flag_of(c.heading)) is not None]
        if len(found) < len(columns):
            found = []
        self._flags = [flag for _column, flag in found]
        if not found:
            return
        for place, (column, _flag) in enumerate(found):
            self._places[f"flag{place}"] = column.place
            self._headings[f"flag{place}"] = column.heading
        del self._places["identity"], self._headings["identity"]
        names = [*self.fields, *(f"flag{place}" for place in range(len(found)))]
        self._pick = itemgetter(*(self._places.get(name, self._width) for name in names))

    @property
    def _title_is_asked(self) -> bool:
        """Tell whether a column asks for the identity the title names: not everybody has it."""
        return self._of_title is not None and any(
            flag.codes == self._of_title.codes for flag in self._flags
        )

    def _take_merges(self) -> None:
        """Hand a number down only together with its name: one person, an identity in each row."""
        super()._take_merges()
        name, number = self._places.get("name"), self._places.get("number")
        for begins in self._begins.values():
            for one, other in ((number, name), (name, number)):
                begins[:] = [b for b in begins if b[0] != one or (other, b[1]) in begins]

    def parse(self, row: int, cells: tuple[Cell, ...]) -> tuple[object, ...]:
        """Read one person. Raises RowProblem."""
        (
            name, number_cell, kind, certificate, identity, since, until, disability_kind, grade,
            incapacity, village, group, address, phone, change, *flags,
        ) = cells  # fmt: skip
        by_certificate = optional_text(number_cell) == "" and certificate != ""
        try:
            told_by = certificate if by_certificate else number_cell
            person, number = self.person(row, name, told_by, kind)
        except RowProblem as problem:
            if by_certificate and problem.field == "number":
                problem.field = "certificate"
            raise
        told = self._flagged(flags) if flags else self._identities(identity)
        kind_code, grade_number = self._disability(told, number, disability_kind, grade)
        first = self.required_day(row, "since", self._without_from(since))
        last = "" if self.text[until] in _NO_END else self.required_day(row, "until", until)
        if not last and (self._all_left or self._says_left(self.text[change])):
            raise RowProblem("until", "missing", HAS_LEFT)
        if first and last and last < first:
            raise RowProblem("until", "conflict", UNTIL_BEFORE)
        self.once((number.key, told.codes), row)
        return (
            person, number.kind.value, number.number, told.codes, first, last, kind_code,
            grade_number, words.yes_no(optional_text(incapacity)), self.text[village] or
            self.village, self.text[group], self.text[address], self.phone(row, phone),
        )  # fmt: skip

    @staticmethod
    def _without_from(cell: Cell) -> Cell:
        """Give 2024年11月1日 for 2024年11月1日起."""
        return cell.strip().removesuffix("起") if isinstance(cell, str) else cell

    def _says_left(self, said: str) -> bool:
        if self.heading("change").startswith("是否"):
            return words.yes_no(said) is True
        return _LEFT.search(said) is not None

    def _identities(self, cell: Cell) -> words.IdentityWords:
        text = self.text[cell]
        if not text:
            if self._of_title is None:
                raise RowProblem("identity", "missing", NO_IDENTITY)
            return self._of_title
        if text not in self._words:
            self._words[text] = words.identities(text) or self._classed(text)
        found = self._words[text]
        if found is None or not found.codes:
            raise RowProblem("identity", "unknown-identity", UNKNOWN, word=text)
        return found

    def _flagged(self, cells: Sequence[Cell]) -> words.IdentityWords:
        """Give the identities whose columns say yes, after the one the title names."""
        found = [self._of_title] if self._of_title is not None else []
        for place, (cell, flag) in enumerate(zip(cells, self._flags, strict=True)):
            text = self.text[cell]
            said = words.flagged(text, flag)
            if said is None:
                raise RowProblem(f"flag{place}", "unknown-identity", UNKNOWN, word=text)
            if said is not False:
                found.append(flag if said is True else said)
        if not found:
            raise RowProblem("identity", "missing", NO_IDENTITY)
        codes = tuple(dict.fromkeys(code for one in found for code in one.codes))
        grades = [one.disability_grade for one in found if one.disability_grade is not None]
        kinds = [one.disability_kind for one in found if one.disability_kind]
        return words.IdentityWords(
            codes, "".join(kinds[:1]), next(iter(grades), None), any(one.severe for one in found)
        )

    def _classed(self, text: str) -> words.IdentityWords | None:
        """Give the identity of a class (A类) where heading or title names the one it belongs to."""
        if not _CLASS.fullmatch(text):
            return None
        said = (self.heading("identity"), *self.table.titles, self.table.sheet)
        return next((one for one in map(words.identity_in_title, said) if one is not None), None)

    def _disability(
        self, told: words.IdentityWords, number: DocumentNumber, kind: Cell, grade: Cell
    ) -> tuple[str, int | None]:
        """Give kind and grade of a disability; they must agree wherever they are told."""
        kind_text, grade_text = self.text[kind], self.text[grade]
        mark = number.disability
        kinds = [told.disability_kind, mark.kind if mark else ""]
        if not grade_text.isascii():  # 肢体二级 in one column
            kinds.append(words.disability_kind(grade_text))
        kinds.append(words.disability_kind(kind_text))
        if kind_text and not kinds[-1]:
            raise RowProblem("disability_kind", "unknown-identity", WRONG_KIND, word=kind_text)
        grades = {told.disability_grade, mark.grade if mark else None}
        grades.add(words.disability_grade(grade_text) or words.disability_grade(kind_text))
        grades.discard(None)
        if len(grades) > 1 or (told.severe and grades - {1, 2}):
            raise RowProblem("disability_grade", "conflict", TWO_GRADES)
        if "disability" in told.codes and not grades:
            raise RowProblem("disability_grade", "missing", NO_GRADE)
        return next((k for k in kinds if k), ""), grades.pop() if grades else None
