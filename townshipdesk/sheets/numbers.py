"""Identity numbers in cells: which document one is of, and why a cell holds none.

Nothing is guessed: a number that lost digits, or that only looks like another document's, is
refused with the contract's reasons.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Final

from townshipdesk.domain.idnumber import (
    DocumentKind,
    DocumentNumber,
    NumberProblem,
    identify,
    normalise,
)
from townshipdesk.i18n import N_
from townshipdesk.sheets.cells import PLACEHOLDERS, WHOLE_DIGITS, Cell, half_width, text_of
from townshipdesk.sheets.parser import RowProblem

RUINED: Final = re.compile(
    r"[0-9](?:\.[0-9]+)?E\+?[0-9]{1,2}|[0-9]{16,}\.[0-9]*|[0-9]{1,3}(?:,[0-9]{3}){5,}(?:\.0*)?",
    re.ASCII,
)
"""A number that went through a spreadsheet's or a program's numerals: 5.30112E+17."""


_NOT_YET: Final = re.compile(
    r"(?:身份证|证件|户口|出生证)?(?:(?:正在|尚在|还在|在|申请)?(?:办理|补办|申办|申领|换证|办证|上户|落户)中?"
    r"|待(?:补办|补充|补录|补|办理|办|核实|核|查|上户|落户|录入|填)"
    r"|(?:暂未|暂无|尚未|还没|没有|没|未|无|缺)(?:办理|办证|办|提供|上户|落户|填写|填|录入|登记|身份证|证件|户口|号码|证|号)?"
    r"|(?:遗失|丢失|不清楚|不明))(?:身份证|证件|户口)?号?码?"
)
"""What is written where somebody has no number yet: 办理中, 待补."""


def number_of(cell: Cell, today: date, kind: DocumentKind | None = None) -> DocumentNumber:
    """Read an identity number from a cell. Raises RowProblem with the contract's reasons.

    A number cell of more than fifteen digits has lost some, whatever it now looks like. Eight bare
    digits are a Taiwan permit only where the sheet says so. Where the sheet says which document it
    is, a number that only looks like another one is that document's, mistyped.
    """
    if type(cell) is str:
        text = cell
    elif isinstance(cell, float | int) and not isinstance(cell, bool):
        if abs(cell) >= WHOLE_DIGITS:
            raise RowProblem("number", "precision-lost", RUINED_NUMBER)
        text = text_of(cell)
    else:
        text = text_of(cell)
    try:
        number = identify(text, today=today, kind=kind)
    except NumberProblem as problem:
        raise _number_problem(text, problem, kind) from None
    if number.kind is not kind and number.born is None and _is_other(number.kind, kind):
        raise RowProblem(
            "number", "length", FORMS.get(kind, WRONG_LENGTH), count=len(number.number)
        )
    if number.kind is DocumentKind.TAIWAN_TRAVEL and kind is not DocumentKind.TAIWAN_TRAVEL:
        raise RowProblem(
            "number",
            "length",
            WRONG_LENGTH,
            count=len(number.number),
        )
    return number


def _is_other(found: DocumentKind, said: DocumentKind | None) -> bool:
    """Tell whether a number without a check is not of the document that the row says it is.

    A row that says 居民身份证 may hold a permit or a birth certificate all the same: forms come
    with that word filled in. Only a passport, which has no form to know it by, is not believed.
    """
    return said in FORMS or (said is DocumentKind.RESIDENT_ID and found is DocumentKind.PASSPORT)


FORMS: Final[Mapping[DocumentKind | None, str]] = {
    DocumentKind.BIRTH_CERTIFICATE: N_("A birth certificate's number is a letter and 9 digits."),
    DocumentKind.HK_MO_TRAVEL: N_(
        "The number of this travel permit is H or M and 8 digits, or 10 with the renewals."
    ),
    DocumentKind.TAIWAN_TRAVEL: N_("The number of this travel permit is 8 digits."),
    DocumentKind.FOREIGN_RESIDENCE: N_(
        "A foreign permanent resident's number is 18 digits from 9 on, or 3 letters and 12 digits."
    ),
    DocumentKind.HK_MO_TW_RESIDENCE: N_("The number of this residence permit has 18 digits."),
}
"""What numbers of documents look like, to be said where a row names one and holds another."""

WRONG_LENGTH: Final = N_("A resident ID number has 18 characters, this one has {count}.")
RUINED_NUMBER: Final = N_(
    "The number was stored as a numeral and its last digits are lost. "
    "It must be typed anew, as text."
)
MISSING_NUMBER: Final = N_("The row has no identity number.")


def _number_problem(text: str, problem: NumberProblem, kind: DocumentKind | None) -> RowProblem:
    plain = normalise(half_width(text))
    if RUINED.fullmatch(plain) or (problem.code == "checksum" and plain.endswith("000")):
        return RowProblem("number", "precision-lost", RUINED_NUMBER)
    if problem.code == "missing" or plain in PLACEHOLDERS or _NOT_YET.fullmatch(plain):
        return RowProblem("number", "missing", MISSING_NUMBER)
    if problem.code == "length" and kind in FORMS:
        return RowProblem("number", "length", FORMS[kind])
    if problem.code in ("length", "birth-date"):
        reason = problem.code
    else:
        reason = "checksum" if int(str(problem.values.get("count", 18))) == 18 else "length"
    return RowProblem("number", reason, problem.message, **problem.values)
