"""One village opened up: groups, households, and who is not enrolled yet (the call list).

It shows the people who live in the village now, wherever they were enrolled. The totals count an
enrolment where the person lived when paying, so the two may differ by those who moved.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING

from townshipdesk.domain.errors import NotFoundError
from townshipdesk.domain.groups import group_order
from townshipdesk.domain.idnumber import mask_number
from townshipdesk.store import village_state_rows

if TYPE_CHECKING:
    from townshipdesk.services.office import Office
    from townshipdesk.store.driver import Row


@dataclass(frozen=True, slots=True)
class GroupTotals:
    """A group of a village: how many households and living residents, how many enrolled."""

    name: str
    households: int
    residents: int
    enrolled: int


@dataclass(frozen=True, slots=True)
class HouseholdTotals:
    """A household: its head, its living members, how many of them are enrolled."""

    number: str
    group_name: str
    head: str
    head_id: int
    members: int
    enrolled: int

    @property
    def complete(self) -> bool:
        """Tell whether everybody of the household is enrolled."""
        return self.enrolled == self.members


@dataclass(frozen=True, slots=True)
class UnpaidPerson:
    """Somebody to call. The document number is masked; the phone is in full, for who may see it.

    `last_year` tells whether they were enrolled for the year before.
    """

    resident_id: int
    name: str
    masked_number: str
    born: date | None
    sex: str
    group_name: str
    household_number: str
    relation: str
    phone: str
    last_year: bool
    identities: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class VillageDetail:
    """A village with its groups, households and unpaid persons, in the order of the register."""

    code: str
    name: str
    groups: tuple[GroupTotals, ...]
    households: tuple[HouseholdTotals, ...]
    unpaid: tuple[UnpaidPerson, ...]


def village_detail(office: Office, code: str) -> VillageDetail:
    """Open a village by its code. Raises NotFoundError."""
    with office.database.snapshot() as conn:
        village = village_state_rows.village(conn, code)
        if village is None:
            raise NotFoundError("There is no village with the code {village}.", village=code[:40])
        residents = sorted(
            village_state_rows.residents(conn, village["id"], office.year),
            key=lambda row: group_order(row["group_name"]),
        )
        held = village_state_rows.identities(conn, village["id"], office.today().isoformat())
    return VillageDetail(
        code=village["code"],
        name=village["name"],
        groups=tuple(_groups(residents)),
        households=tuple(_households(residents)),
        unpaid=tuple(
            _unpaid(row, tuple(held.get(row["id"], ()))) for row in residents if not row["enrolled"]
        ),
    )


def _groups(residents: Iterable[Row]) -> Iterable[GroupTotals]:
    for name, of_group in groupby(residents, key=lambda row: row["group_name"]):
        rows = list(of_group)
        yield GroupTotals(
            name=name,
            households=len({row["household_id"] for row in rows} - {None}),
            residents=len(rows),
            enrolled=sum(row["enrolled"] for row in rows),
        )


def _households(residents: Iterable[Row]) -> Iterable[HouseholdTotals]:
    housed = (row for row in residents if row["household_id"] is not None)
    together: dict[int, list[Row]] = {}
    for row in housed:
        together.setdefault(row["household_id"], []).append(row)
    for rows in together.values():
        yield HouseholdTotals(
            number=rows[0]["household_number"],
            group_name=rows[0]["group_name"],
            head=rows[0]["name"],
            head_id=rows[0]["id"],
            members=len(rows),
            enrolled=sum(row["enrolled"] for row in rows),
        )


def _unpaid(row: Row, identities: tuple[str, ...]) -> UnpaidPerson:
    return UnpaidPerson(
        resident_id=row["id"],
        name=row["name"],
        masked_number=mask_number(row["document_number"] or ""),
        born=None if row["born"] is None else date.fromisoformat(row["born"]),
        sex=row["sex"],
        group_name=row["group_name"],
        household_number=row["household_number"] or "",
        relation=row["relation"],
        phone=row["phone"],
        last_year=bool(row["enrolled_before"]),
        identities=identities,
    )
