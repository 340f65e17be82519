"""Writing the made-up people into an empty training office."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from random import Random
from typing import TYPE_CHECKING, Any, Final

from townshipdesk.domain.dates import SHANGHAI, format_moment
from townshipdesk.domain.names import name_key
from townshipdesk.services.name_readings import of_all
from townshipdesk.services.work import Work, work
from townshipdesk.store import demo_rows
from townshipdesk.store.uids import new_uid

if TYPE_CHECKING:
    from townshipdesk.policy import Policy
    from townshipdesk.services.demo.lives import Identity, Lives
    from townshipdesk.services.demo.population import Population
    from townshipdesk.services.office import Office
    from townshipdesk.services.staff import Actor

_AT_SCHOOL: Final = range(6, 16)
_REGISTERED_AFTER: Final = timedelta(days=10)


def settle(office: Office, actor: Actor, dice: Random, everybody: Population, lives: Lives) -> None:
    """Write villages, households, people and their pasts in one piece of work."""
    with work(office, actor) as w:
        _villages(w, dice, everybody, office.policy)
        _people(w, everybody)
        _identities(w, lives)
        fill = demo_rows.fill
        fill(
            w.conn,
            "employee_insurance",
            (
                (
                    new_uid(),
                    item.person,
                    item.from_on.isoformat(),
                    _iso(item.to_on),
                    "县职工医保",
                    w.moment,
                    actor.staff_id,
                )
                for item in lives.employees
            ),
        )
        fill(
            w.conn,
            "resident_fact",
            (
                (person, "work_incapacity", "yes", w.moment, actor.staff_id)
                for person in lives.unable_to_work
            ),
        )
        fill(
            w.conn,
            "earlier_enrolment",
            ((person, year, paid_on.isoformat()) for person, year, paid_on in lives.earlier),
        )
        counts = {"residents": len(everybody.people()), "households": len(everybody.households)}
        w.note("training.filled", "office", counts)


def _villages(w: Work, dice: Random, everybody: Population, policy: Policy) -> None:
    heads = [0] * len(everybody.villages)
    for household in everybody.households:
        heads[household.village] += len(household.members)
    rate = _rate(policy)
    rows = []
    for number, village in enumerate(everybody.villages):
        base = heads[number] + dice.randint(-heads[number] // 40, heads[number] // 20)
        target = -(-base * rate.numerator // rate.denominator)
        rows.append(
            (
                number + 1,
                new_uid(),
                village.code,
                village.name,
                len(village.groups),
                base,
                target,
                w.moment,
            )
        )
    demo_rows.fill(w.conn, "village", rows)


def _rate(policy: Policy) -> Fraction:
    """Give the share of the registered population that the policy wants enrolled."""
    return next((t.rate for t in policy.targets if t.rate is not None), Fraction(1))


def _people(w: Work, everybody: Population) -> None:
    fill = demo_rows.fill
    fill(
        w.conn,
        "household",
        (
            (
                h.id,
                new_uid(),
                h.number,
                h.village + 1,
                h.group,
                f"{everybody.villages[h.village].short}{h.group}",
                w.moment,
            )
            for h in everybody.households
        ),
    )
    fill(w.conn, "resident", _resident_rows(w, everybody))
    people = everybody.people()
    fill(w.conn, "document", ((p.id, p.document_kind, p.number, w.moment) for p in people))
    fill(w.conn, "name_reading", of_all(p.name for p in people))


def _resident_rows(w: Work, everybody: Population) -> Iterator[tuple[Any, ...]]:
    for household in everybody.households:
        short = everybody.villages[household.village].short
        for p in household.members:
            pupil = w.day.year - p.born.year in _AT_SCHOOL
            registered_at = max(w.moment, _morning(p.born + _REGISTERED_AFTER))
            yield (
                p.id,
                new_uid(),
                p.name,
                name_key(p.name),
                p.sex,
                p.born.isoformat(),
                household.village + 1,
                household.group,
                household.id,
                p.relation,
                p.phone,
                f"{short}{household.group}{household.id % 90 + 1}号",
                p.ethnicity,
                household.payer_group,
                "中小学生" if pupil else "城乡居民",
                registered_at,
                registered_at,
            )


def _identities(w: Work, lives: Lives) -> None:
    lists = sorted({item.department for item in lives.identities if item.department})
    counts = {name: sum(item.department == name for item in lives.identities) for name in lists}
    demo_rows.fill(
        w.conn,
        "import_file",
        (
            (
                number,
                new_uid(),
                f"资助参保人员清册（{name}）.xlsx",
                hashlib.sha256(f"{name} {counts[name]}".encode()).hexdigest(),
                name,
                w.moment,
                w.actor.staff_id,
                counts[name],
                counts[name],
            )
            for number, name in enumerate(lists, 1)
        ),
    )
    demo_rows.fill(w.conn, "identity", (_identity_row(w, lists, item) for item in lives.identities))


def _identity_row(w: Work, lists: list[str], item: Identity) -> tuple[Any, ...]:
    from_list = item.department in lists and item.from_on <= w.day
    ended = item.ended_on is not None
    return (
        new_uid(),
        item.person,
        item.code,
        item.from_on.isoformat(),
        _iso(item.ended_on),
        item.disability_kind,
        item.disability_grade,
        item.department or "村委会",
        item.from_on.isoformat(),
        lists.index(item.department) + 1 if from_list else None,
        max(w.moment, _morning(item.from_on)),
        w.actor.staff_id,
        _morning(item.ended_on) if item.ended_on is not None else None,
        w.actor.staff_id if ended else None,
        "不再符合条件" if ended else "",
    )


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _morning(day: date) -> str:
    return format_moment(datetime.combine(day, time(10), SHANGHAI))
