"""Numbers of identity documents: which document, whether the number can be right, what it tells.

The 18-digit numbers follow GB 11643-1999: six digits of a division, the birth date, a sequence
whose last digit is odd for men, and a check character by MOD 11-2 (ISO 7064). Residence permits of
Hong Kong, Macao and Taiwan people and, since December 2023, of foreign permanent residents are
built the same way. Messages name the character that is wrong and never repeat the number.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from itertools import product
from typing import Final, NoReturn

from townshipdesk.domain.documents import (
    DISABILITY_KINDS,
    DisabilityMark,
    DocumentKind,
    DocumentNumber,
    NumberNote,
    NumberProblem,
    Sex,
)

__all__ = [
    "DISABILITY_KINDS",
    "LONG_AGO",
    "OLDEST_YEARS",
    "PROVINCES",
    "DisabilityMark",
    "DocumentKind",
    "DocumentNumber",
    "NumberNote",
    "NumberProblem",
    "Sex",
    "check_character",
    "identify",
    "local_number",
    "mask_number",
    "normalise",
    "upgrade_15",
]


OLDEST_YEARS: Final = 130
"""Nobody is older: a birth date further back is a typing mistake."""

PROVINCES: Final = frozenset(
    str(code)
    for region in ((11, 15), (21, 23), (31, 37), (41, 46), (50, 54), (61, 65), (71, 71), (81, 83))
    for code in range(region[0], region[1] + 1)
)
_APOSTROPHES: Final = "'`´‘’＇′"
_PLAIN: Final = re.compile(r"[0-9A-Z]*", re.ASCII)
_FIFTEEN: Final = re.compile(r"[0-9]{15}", re.ASCII)
_EIGHTEEN: Final = re.compile(r"[0-9]{17}[0-9X]", re.ASCII)
_PERMITS_HK_MO_TW: Final = frozenset({"810000", "820000", "830000"})

_OTHER_FORMS: Final = (
    (re.compile(r"[HM][0-9]{8}(?:[0-9]{2})?", re.ASCII), DocumentKind.HK_MO_TRAVEL),
    (re.compile(r"[A-Z]{3}[0-9]{12}", re.ASCII), DocumentKind.FOREIGN_RESIDENCE),
    (re.compile(r"[A-Z][0-9]{9}", re.ASCII), DocumentKind.BIRTH_CERTIFICATE),
    (re.compile(r"LS[0-9]{10}", re.ASCII), DocumentKind.LOCAL),
    (re.compile(r"[0-9]{8}", re.ASCII), DocumentKind.TAIWAN_TRAVEL),
    (re.compile(r"(?=.{7,9}$)[A-Z]{1,2}[0-9]{6,8}", re.ASCII), DocumentKind.PASSPORT),
)
_ANY_PASSPORT: Final = re.compile(r"[0-9A-Z]{5,12}", re.ASCII)


def normalise(text: str) -> str:
    """Give a typed or scanned number in its plain form.

    Full-width characters become half-width and letters upper case; spaces, apostrophes and
    invisible characters go. Nothing else is touched: what is still wrong then is for `identify`
    to say.
    """
    if _PLAIN.fullmatch(text):
        return text
    kept: list[str] = []
    for character in text:
        code = ord(character)
        if 0xFF01 <= code <= 0xFF5E:
            character = chr(code - 0xFEE0)  # noqa: PLW2901 - the same character, half-width
        if "a" <= character <= "z":
            kept.append(character.upper())
        elif character not in _APOSTROPHES and unicodedata.category(character)[0] not in "ZC":
            kept.append(character)
    return "".join(kept)


# Weights are powers of two; three digits together are looked up, and 8, 9, 6, 4, 10 are the powers
# of eight modulo 11 that put the groups of three in their places. A right number leaves 1. Only
# ASCII digits are keys, and X only where a number may end with it.
_TRIPLES: Final = {
    "".join(digits): (int(digits[0]) * 4 + int(digits[1]) * 2 + int(digits[2])) % 11
    for digits in product("0123456789", repeat=3)
}
_LAST_TRIPLES: Final = _TRIPLES | {
    f"{tens:02d}X": (tens // 10 * 4 + tens % 10 * 2 + 10) % 11 for tens in range(100)
}


def _remainder(
    number: str, of: dict[str, int] = _TRIPLES, last: dict[str, int] = _LAST_TRIPLES
) -> int:
    """Give the weighted sum of an 18-character number modulo 11; 1 when the check fits.

    Raises KeyError for anything but 17 digits and a check character.
    """
    return (
        of[number[:3]] * 10
        + of[number[3:6]] * 4
        + of[number[6:9]] * 6
        + of[number[9:12]] * 9
        + of[number[12:15]] * 8
        + last[number[15:]]
    ) % 11


def check_character(first17: str) -> str:
    """Give the check character for 17 digits, "0" to "9" or "X" (ISO 7064, MOD 11-2)."""
    return "0123456789X"[(1 - _remainder(first17 + "0")) % 11]


class _Days(dict[str, date]):
    """Days by their eight digits; what is no day raises KeyError."""

    def __missing__(self, digits: str) -> date:
        try:
            found = date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
        except ValueError:
            raise KeyError(digits) from None
        if len(self) < 80_000 and digits.isascii():
            self[digits] = found
        return found


_days: Final = _Days()
LONG_AGO: Final = date(1900, 1, 1)


def _birth_day(digits: str, first: int) -> date:
    """Read yyyymmdd. `first` is the position of its first character in the number, from 1."""
    try:
        return _days[digits]
    except KeyError:
        pass
    if not 1 <= int(digits[4:6]) <= 12:
        raise NumberProblem(
            "Characters {first} and {last} are the month of birth and must be 01 to 12.",
            code="birth-date",
            position=first + 4,
            first=first + 4,
            last=first + 5,
        )
    raise NumberProblem(
        "Characters {first} and {last} are the day of birth: that month has no such day.",
        code="birth-date",
        position=first + 6,
        first=first + 6,
        last=first + 7,
    )


def _check_age(born: date, today: date, first: int) -> None:
    if born > today:
        raise NumberProblem(
            "Characters {first} to {last} give a birth date in the future.",
            code="birth-date",
            position=first,
            first=first,
            last=first + 7,
        )
    if today.year - born.year > OLDEST_YEARS:
        raise NumberProblem(
            "Characters {first} to {last} give a birth date more than {years} years back.",
            code="birth-date",
            position=first,
            first=first,
            last=first + 7,
            years=OLDEST_YEARS,
        )


def _check_province(number: str) -> None:
    if number[:2] not in PROVINCES:
        raise NumberProblem("Characters 1 and 2 name no province.", code="division", position=1)


def _eighteen(number: str, today: date) -> DocumentNumber:
    """Judge 17 digits and a check character, the birth date before the check."""
    if number[0] != "9":
        _check_province(number)
    _check_age(_birth_day(number[6:14], 7), today, 7)
    if _remainder(number) != 1:
        _wrong_check()
    return _told(number, _birth_day(number[6:14], 7))


def _told(number: str, born: date) -> DocumentNumber:
    sex = Sex.MALE if number[16] in "13579" else Sex.FEMALE
    county = number[:6]
    if number[0] == "9":
        return DocumentNumber(DocumentKind.FOREIGN_RESIDENCE, number, sex, born)
    if county in _PERMITS_HK_MO_TW:
        return DocumentNumber(DocumentKind.HK_MO_TW_RESIDENCE, number, sex, born)
    return DocumentNumber(DocumentKind.RESIDENT_ID, number, sex, born, county)


def _wrong_check() -> NoReturn:
    # What the last character would be is not said: it is one digit of eighteen that is wrong, and
    # whoever makes the last one fit has made up somebody's number.
    raise NumberProblem(
        "The number does not fit its check: one digit was mistyped or two were swapped, not always"
        " the last. Compare every digit with the document.",
        code="checksum",
        position=18,
    )


def upgrade_15(number: str) -> str:
    """Give the 18-digit form of a 15-digit number: the century 19 and the check character added.

    Raises ValueError for anything but 15 digits; says nothing about whether the number is right.
    """
    if not _FIFTEEN.fullmatch(number):
        raise ValueError("a number of the first generation has 15 digits")
    first17 = number[:6] + "19" + number[6:]
    return first17 + check_character(first17)


def _fifteen(number: str, today: date) -> DocumentNumber:
    _check_province(number)
    born = _birth_day("19" + number[6:12], 5)  # positions as printed: the century is not there
    _check_age(born, today, 5)
    sex = Sex.MALE if number[14] in "13579" else Sex.FEMALE
    return DocumentNumber(
        DocumentKind.RESIDENT_ID,
        upgrade_15(number),
        sex,
        born,
        number[:6],
        NumberNote.CONVERTED_15,
    )


def _disability_certificate(number: str, today: date) -> DocumentNumber:
    person = _eighteen(number[:18], today)
    kind, grade = int(number[18]), int(number[19])
    if not 1 <= kind <= len(DISABILITY_KINDS):
        raise NumberProblem(
            "Character 19 is the kind of disability and must be 1 to 7.",
            code="disability",
            position=19,
        )
    if not 1 <= grade <= 4:
        raise NumberProblem(
            "Character 20 is the grade of disability and must be 1 to 4.",
            code="disability",
            position=20,
        )
    return DocumentNumber(
        person.kind,
        person.number,
        person.sex,
        person.born,
        person.county,
        NumberNote.DISABILITY_CERTIFICATE,
        DisabilityMark(DISABILITY_KINDS[kind - 1], grade),
    )


_DISABILITY: Final = re.compile(r"[0-9]{17}[0-9X][0-9]{2}(?:B[0-9])?", re.ASCII)
"""A disability certificate; one issued again carries B and a digit."""


def identify(text: str, *, today: date, kind: DocumentKind | None = None) -> DocumentNumber:
    """Tell which document a number is of, and what it tells about its holder.

    `kind` is what a sheet or a clerk says the document is: it widens what is taken for a passport,
    which has no common form, and changes nothing else; an 18-digit number is always judged as one.
    `today` is the day births are compared with. Raises NumberProblem.
    """
    # Nearly every number is right and plain; an import checks 80,000. All others are explained.
    try:
        born = _days[text[6:14]]
        if (
            _remainder(text) == 1
            and LONG_AGO < born <= today
            and (text[:2] in PROVINCES or text[0] == "9")
        ):
            return _told(text, born)
    except KeyError:
        pass
    number = normalise(text)
    if _EIGHTEEN.fullmatch(number):
        return _eighteen(number, today)
    if kind is DocumentKind.PASSPORT and _ANY_PASSPORT.fullmatch(number):
        return DocumentNumber(DocumentKind.PASSPORT, number)
    return _other_number(number, today)


def _other_number(number: str, today: date) -> DocumentNumber:
    if _FIFTEEN.fullmatch(number):
        return _fifteen(number, today)
    if _DISABILITY.fullmatch(number):
        return _disability_certificate(number, today)
    for form, found in _OTHER_FORMS:
        if form.fullmatch(number):
            return DocumentNumber(found, number)
    raise _ill_formed(number)


def _ill_formed(number: str) -> NumberProblem:
    """Say what is wrong with a number that has the form of no document."""
    if not number:
        return NumberProblem("There is no number.", code="missing")
    foreign = [i for i, c in enumerate(number) if not (c.isascii() and c.isalnum())]
    if not foreign and len(number) == 18:
        foreign = [i for i, c in enumerate(number[:17]) if not c.isdigit()] or [17]
    if foreign:
        return NumberProblem(
            "Character {position} of {count} is “{found}”, which cannot stand there.",
            code="characters",
            position=foreign[0] + 1,
            count=len(number),
            found=number[foreign[0]],
        )
    return NumberProblem(
        "A resident ID number has 18 characters, this one has {count}.",
        code="length",
        position=min(len(number), 18) + (len(number) < 18),
        count=len(number),
    )


def local_number(year: int, serial: int) -> str:
    """Give the number an office issues to somebody without papers: LS, the year, six digits."""
    if not 2000 <= year <= 2999 or not 1 <= serial <= 999_999:
        raise ValueError("a local number needs a year of four digits and a serial of 1 to 999999")
    return f"LS{year:04d}{serial:06d}"


def mask_number(number: str) -> str:
    """Give a number for a screen: first 6 and last 4 stay, of a short one fewer, at most half."""
    if len(number) >= 15:
        return number[:6] + "*" * (len(number) - 10) + number[-4:]
    shown = len(number) // 4
    return number[:shown] + "*" * (len(number) - 2 * shown) + number[len(number) - shown :]
