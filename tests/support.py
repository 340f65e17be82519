"""What tests need to put people into an office and to work at its desk."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Final

from townshipdesk.domain.dates import format_moment, parse_moment
from townshipdesk.domain.idnumber import check_character
from townshipdesk.domain.names import name_key
from townshipdesk.services.clock import StandingClock
from townshipdesk.services.office import Office
from townshipdesk.services.staff import Actor, without_password
from townshipdesk.store.uids import new_uid

POLICY: Final = "longjie-2025"
MADE_UP_COUNTY: Final = "532399"


def made_up_number(born: date, sequence: int = 1) -> str:
    """Give a resident ID number of a county that does not exist, with a right check character."""
    first = f"{MADE_UP_COUNTY}{born:%Y%m%d}{sequence:03d}"
    return first + check_character(first)


@dataclass
class Desk:
    """A desk in a test: an open office, its staff, and a clock the test moves."""

    office: Office
    _sequence: int = field(default=0)

    @property
    def clerk(self) -> Actor:
        return without_password(self.office.conn, "clerk")

    @property
    def supervisor(self) -> Actor:
        return without_password(self.office.conn, "supervisor")

    def at(self, moment: str) -> Desk:
        """Put the office's clock elsewhere."""
        self.office.clock = StandingClock(parse_moment(moment))
        return self

    def add_village(self, code: str, name: str, base: int = 100, target: int | None = None) -> int:
        cursor = self.office.conn.execute(
            "INSERT INTO village (uid, code, name, base, target, changed_at)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (new_uid(), code, name, base, target, self._now()),
        )
        return int(cursor.lastrowid or 0)

    def add_household(self, number: str, village_id: int = 1, group: str = "一组") -> int:
        cursor = self.office.conn.execute(
            "INSERT INTO household (uid, number, village_id, group_name, changed_at)"
            " VALUES (?, ?, ?, ?, ?)",
            (new_uid(), number, village_id, group, self._now()),
        )
        return int(cursor.lastrowid or 0)

    def add_resident(
        self,
        name: str = "杨发贵",
        born: str = "1980-05-06",
        *,
        village_id: int = 1,
        household_id: int | None = None,
        number: str | None = None,
        sex: str = "male",
        **columns: object,
    ) -> int:
        """Add a resident with a current document and give the row's number."""
        self._sequence += 1
        born_on = date.fromisoformat(born)
        values: dict[str, object] = {
            "uid": new_uid(),
            "name": name,
            "name_key": name_key(name),
            "sex": sex,
            "born": born,
            "village_id": village_id,
            "group_name": "一组",
            "household_id": household_id,
            "created_at": self._now(),
            "changed_at": self._now(),
            **columns,
        }
        marks = ", ".join("?" for _value in values)
        cursor = self.office.conn.execute(
            f"INSERT INTO resident ({', '.join(values)}) VALUES ({marks})", tuple(values.values())
        )
        resident_id = int(cursor.lastrowid or 0)
        self.office.conn.execute(
            "INSERT INTO document (resident_id, kind, number, added_at) VALUES (?, ?, ?, ?)",
            (
                resident_id,
                "resident-id",
                number or made_up_number(born_on, self._sequence),
                self._now(),
            ),
        )
        return resident_id

    def add_identity(
        self, resident_id: int, code: str, from_on: str = "2024-03-01", **columns: object
    ) -> None:
        values: dict[str, object] = {
            "uid": new_uid(),
            "resident_id": resident_id,
            "code": code,
            "from_on": from_on,
            "entered_at": self._now(),
            "entered_by": self.clerk.staff_id,
            **columns,
        }
        marks = ", ".join("?" for _value in values)
        self.office.conn.execute(
            f"INSERT INTO identity ({', '.join(values)}) VALUES ({marks})", tuple(values.values())
        )

    def insure_as_employee(self, resident_id: int, from_on: str, to_on: str | None = None) -> None:
        self.office.conn.execute(
            "INSERT INTO employee_insurance (uid, resident_id, from_on, to_on, recorded_at,"
            " recorded_by) VALUES (?, ?, ?, ?, ?, ?)",
            (new_uid(), resident_id, from_on, to_on, self._now(), self.clerk.staff_id),
        )

    def count(self, table: str) -> int:
        return int(self.office.conn.execute(f"SELECT count(*) FROM {table}").fetchone()[0])

    def _now(self) -> str:
        return format_moment(self.office.now())
