"""What the desk knows of a person, as plain values: a match of a list, a card and its parts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from townshipdesk.domain.dates import DateSpan


@dataclass(frozen=True, slots=True)
class Match:
    """One person of a list of found people. `enrolled` is a live enrolment for the office's year.

    `identities` count today. Numbers are in full: what a screen shows of them is its own affair.
    """

    resident_id: int
    uid: str
    number: str
    document_kind: str
    name: str
    sex: str
    born: date | None
    village_code: str
    village_name: str
    group_name: str
    household_number: str
    relation: str
    phone: str
    identities: tuple[str, ...]
    status: str
    enrolled: bool

    def to_json(self) -> dict[str, object]:
        """Give the person as the contract's `find` does."""
        return {
            "id": self.number,
            "kind": self.document_kind,
            "name": self.name,
            "sex": self.sex,
            "born": None if self.born is None else self.born.isoformat(),
            "village": self.village_code,
            "group": self.group_name,
            "household": self.household_number,
            "identities": list(self.identities),
            "status": self.status,
            "enrolled": self.enrolled,
        }


@dataclass(frozen=True, slots=True)
class Person:
    """A resident as the record has them. `status_on` is the day of death or of moving away."""

    resident_id: int
    uid: str
    number: str
    document_kind: str
    name: str
    sex: str
    born: date | None
    phone: str
    address: str
    ethnicity: str
    hukou_kind: str
    village_id: int
    village_code: str
    village_name: str
    group_name: str
    household_id: int | None
    household_number: str
    relation: str
    registered: str
    payer_group: str
    category: str
    status: str
    status_on: date | None
    facts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class HeldIdentity:
    """An identity a person holds or held; `ended_on` is the first day it no longer counts.

    It counts from the later of `from_on` and `listed_on`, the day a list or the desk brought it.
    `in_force` says whether it counts today. `late`: held when this year was paid, but its list
    came after the payment.
    """

    uid: str
    code: str
    from_on: date
    listed_on: date | None
    ended_on: date | None
    department: str
    file_name: str
    disability_kind: str | None
    disability_grade: int | None
    entered_by: str
    ended_by: str
    end_reason: str
    note: str
    in_force: bool
    late: bool


@dataclass(frozen=True, slots=True)
class Member:
    """One person of the household; `enrolment` is the day this year was paid, if it was."""

    resident_id: int
    name: str
    relation: str
    born: date | None
    sex: str
    status: str
    enrolment: date | None
    number: str


@dataclass(frozen=True, slots=True)
class YearState:
    """A year of the strip: `enrolled`, `ended` (by a refund), `missed`, `unborn`, `gone`, `open`.

    `gone` are the years after the one in which the person died or moved away.
    """

    year: int
    state: str


@dataclass(frozen=True, slots=True)
class SubsidyPart:
    """What one source pays for a person because of an identity."""

    source: str
    identity: str
    amount_fen: int


@dataclass(frozen=True, slots=True)
class LiveEnrolment:
    """This year's cover. `quote` is the contract's JSON of the decision it was paid on."""

    uid: str
    paid_at: datetime
    day: date
    coverage: DateSpan | None
    waiting: DateSpan | None
    standard_fen: int
    individual_fen: int
    subsidies: tuple[SubsidyPart, ...]
    channel: str
    voucher: str
    staff_name: str
    entry_uid: str
    receipt_number: str
    quote: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class InsuranceSpell:
    """Time under employee insurance; `to_on` is its last day, None while it lasts."""

    uid: str
    from_on: date
    to_on: date | None
    place: str


@dataclass(frozen=True, slots=True)
class Document:
    """A paper a person is known by."""

    kind: str
    number: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Card:
    """Everything the desk shows of one resident, as of one moment."""

    person: Person
    documents: tuple[Document, ...]
    identities: tuple[HeldIdentity, ...]
    members: tuple[Member, ...]
    years: tuple[YearState, ...]
    enrolment: LiveEnrolment | None
    employee_insurance: tuple[InsuranceSpell, ...]

    @property
    def identity_codes(self) -> tuple[str, ...]:
        """Give the codes of the identities that count today."""
        return tuple(held.code for held in self.identities if held.in_force)

    @property
    def missed_years(self) -> tuple[int, ...]:
        """Give the years of the strip without cover although the person lived here."""
        return tuple(year.year for year in self.years if year.state in ("missed", "ended"))
