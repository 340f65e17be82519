"""An office with many people who have not paid, and one payment as a desk takes it."""

from __future__ import annotations

from pathlib import Path

from townshipdesk.domain.dates import parse_moment
from townshipdesk.domain.idnumber import check_character
from townshipdesk.services.name_readings import readings_of
from townshipdesk.services.office import Office, create_office, open_office
from townshipdesk.services.payments import Payment, PaymentOrder, pay
from townshipdesk.services.staff import Actor, without_password
from townshipdesk.services.work import work
from townshipdesk.store.uids import new_uid

POLICY = "longjie-2025"
MORNING = "2025-03-17T09:00"
_NAME = "杨发贵"


def make_ground(path: Path, people: int) -> None:
    """Make a training office with so many people, none of whom has paid; row numbers from 1."""
    office = create_office(
        path, name="演练窗口", policy_id=POLICY, now=parse_moment(MORNING), training=True
    )
    with work(office, without_password(office.conn, "clerk")) as w:
        w.conn.execute(
            "INSERT INTO village (id, uid, code, name, changed_at) VALUES (1, ?, ?, '青石村', ?)",
            (new_uid(), "532399201201", w.moment),
        )
        w.conn.executemany(
            "INSERT INTO resident (uid, name, name_key, sex, born, village_id, created_at,"
            " changed_at) VALUES (?, ?, ?, 'male', '1980-05-06', 1, ?, ?)",
            [(new_uid(), _NAME, _NAME, w.moment, w.moment) for _number in range(people)],
        )
        w.conn.executemany(
            "INSERT INTO document (resident_id, kind, number, added_at)"
            " VALUES (?, 'resident-id', ?, ?)",
            [(row, _number(row), w.moment) for row in range(1, people + 1)],
        )
        w.conn.executemany(
            "INSERT INTO name_reading (reading, name_key) VALUES (?, ?)", readings_of(_NAME)
        )
        w.note("training.filled", "office", {"residents": people})
    office.close()


def warm_up(folder: Path) -> None:
    """Let this process load everything a payment needs, so that forked desks begin at once."""
    path = folder / "warm.tdo"
    make_ground(path, 1)
    office = open_office(path)
    pay_for(office, clerk_of(office), 1)
    office.close()


def _number(row: int) -> str:
    """Give a number of a county that does not exist; every thousand of them another birthday."""
    first = f"5323991980{row // 1000 // 28 + 1:02d}{row // 1000 % 28 + 1:02d}{row % 1000:03d}"
    return first + check_character(first)


def clerk_of(office: Office, desk: str = "") -> Actor:
    """Give the training clerk, at a desk of that name."""
    actor = without_password(office.conn, "clerk")
    return Actor(actor.staff_id, actor.name, actor.shown_name, actor.role, desk)


def key_of(resident_id: int) -> str:
    """Give the operation key under which somebody's payment is asked for, however often."""
    return f"fault-{resident_id:08d}"


def pay_for(office: Office, actor: Actor, resident_id: int) -> Payment:
    """Take one payment in cash under the person's own operation key."""
    order = PaymentOrder((resident_id,), "cash", operation_key=key_of(resident_id))
    return pay(office, actor, order)
