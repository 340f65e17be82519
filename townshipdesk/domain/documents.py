"""What identity documents there are, and what a number of one tells or gets wrong."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final, NamedTuple

from townshipdesk.domain.errors import DeskError


class Sex(StrEnum):
    """Sex as the odd or even sequence of a number tells it."""

    MALE = "male"
    FEMALE = "female"


class DocumentKind(StrEnum):
    """Kinds of identity documents a resident may enrol with."""

    RESIDENT_ID = "resident-id"
    HK_MO_TW_RESIDENCE = "hk-mo-tw-residence"
    FOREIGN_RESIDENCE = "foreign-permanent-residence"
    HK_MO_TRAVEL = "hk-mo-travel-permit"
    TAIWAN_TRAVEL = "taiwan-travel-permit"
    BIRTH_CERTIFICATE = "birth-certificate"
    PASSPORT = "passport"
    LOCAL = "local-number"


class NumberNote(StrEnum):
    """What a clerk should know about a number that was accepted."""

    CONVERTED_15 = "converted-15"
    DISABILITY_CERTIFICATE = "disability-certificate"


DISABILITY_KINDS: Final = (
    "visual",
    "hearing",
    "speech",
    "physical",
    "intellectual",
    "mental",
    "multiple",
)
"""Kinds of disability in the order of their digits 1 to 7 (GB/T 26341)."""


@dataclass(frozen=True, slots=True)
class DisabilityMark:
    """What the end of a disability certificate's number tells: kind and grade (1 is the worst)."""

    kind: str
    grade: int


class DocumentNumber(NamedTuple):  # three times as fast to make as a frozen dataclass
    """A number that can be right, and what it tells about its holder.

    `number` is the person's number as it is stored and shown: a 15-digit number in its 18-digit
    form, a disability certificate without kind and grade. `county` is the division at the time the
    number was given, six digits (GB/T 2260), and only a hint where the person lives now.
    """

    kind: DocumentKind
    number: str
    sex: Sex | None = None
    born: date | None = None
    county: str | None = None
    note: NumberNote | None = None
    disability: DisabilityMark | None = None

    @property
    def key(self) -> str:
        """Give what makes the person unique: a travel permit without its two renewal digits."""
        if self.kind is DocumentKind.HK_MO_TRAVEL:
            return self.number[:9]
        return self.number


class NumberProblem(DeskError):
    """A number that cannot be right; `code` says why.

    Codes: `missing`, `length`, `characters`, `division`, `birth-date`, `checksum`, `disability`.
    `position` is the first wrong character, counted from 1, where one can be named; `expected` is
    the check character that would fit.
    """

    code = "length"

    def __init__(
        self,
        message: str,
        /,
        *,
        code: str,
        position: int | None = None,
        expected: str | None = None,
        **values: object,
    ) -> None:
        super().__init__(message, code=code, position=position, expected=expected, **values)
        self.position = position
        self.expected = expected
