"""Changing the staff of an office: who may work, in which role, with which password and PIN."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from townshipdesk.domain.errors import NotFoundError, NotPermittedError, RuleError, UsageError
from townshipdesk.domain.names import clean_name
from townshipdesk.services import staff
from townshipdesk.services.staff import Actor
from townshipdesk.services.work import Work, work
from townshipdesk.store import staff_rows

if TYPE_CHECKING:
    from townshipdesk.services.office import Office
    from townshipdesk.store.driver import Row

ROLES: Final = ("clerk", "supervisor", "auditor")
_NAME: Final = re.compile(r"[a-z][a-z0-9._-]{1,30}", re.ASCII)
_PIN: Final = re.compile(r"[0-9]{4,8}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Colleague:
    """A member of staff as others see one."""

    name: str
    shown_name: str
    role: str
    active: bool
    has_pin: bool


def colleagues(office: Office) -> list[Colleague]:
    """Give all staff, those at work first."""
    return [
        Colleague(
            row["name"], row["shown_name"], row["role"], bool(row["active"]), bool(row["pin_hash"])
        )
        for row in staff_rows.every(office.conn)
    ]


def add(
    office: Office, actor: Actor, *, name: str, shown_name: str, role: str, password: str
) -> Colleague:
    """Add a member of staff; a supervisor only.

    Raises UsageError for a name, role or password that cannot be, RuleError for a name in use.
    """
    if not _NAME.fullmatch(name):
        raise UsageError(
            "A name to sign in with has 2 to 31 small letters, digits, dots or dashes."
        )
    if role not in ROLES:
        raise UsageError(
            "There is no role {role}. Allowed: {allowed}.", role=role, allowed=", ".join(ROLES)
        )
    staff.check_new_password(password)
    with work(office, actor, supervisor=True) as w:
        if staff_rows.by_name(w.conn, name) is not None:
            raise RuleError("The name {name} is in use.", code="name-in-use", name=name)
        staff.insert(
            w.conn,
            name=name,
            shown_name=clean_name(shown_name) or name,
            role=role,
            password=password,
            pin=None,
            at=w.moment,
        )
        w.note("staff.added", f"staff:{name}", {"role": role})
    return Colleague(name, shown_name or name, role, active=True, has_pin=False)


def set_password(office: Office, actor: Actor, name: str, password: str) -> None:
    """Give somebody a new password: one's own, an auditor's too, or anybody's for a supervisor."""
    staff.check_new_password(password)
    _set_secret(office, actor, name, "password", password)


def set_pin(office: Office, actor: Actor, pin: str) -> None:
    """Set one's own PIN of 4 to 8 digits. It only unlocks an idle desk."""
    if not _PIN.fullmatch(pin):
        raise UsageError("A PIN has 4 to 8 digits.")
    _set_secret(office, actor, actor.name, "pin", pin)


def set_active(office: Office, actor: Actor, name: str, active: bool) -> None:
    """Let somebody work, or no more; a supervisor only, and the last supervisor stays."""
    with work(office, actor, supervisor=True) as w:
        row = _row(w, name)
        if (
            not active
            and row["role"] == "supervisor"
            and row["active"]
            and staff_rows.active_supervisors(w.conn) == 1
        ):
            raise RuleError("The last supervisor cannot be put out of work.", code="last-one")
        staff_rows.set_active(w.conn, row["id"], active)
        w.note("staff.active" if active else "staff.inactive", f"staff:{name}", {})


def _set_secret(office: Office, actor: Actor, name: str, what: str, secret: str) -> None:
    if name != actor.name and not actor.is_supervisor:
        raise NotPermittedError("A supervisor must do this.", code="supervisor-needed")
    secret_hash = staff.hash_secret(secret)  # slow on purpose: before the turn is taken
    with work(office, actor, auditor=name == actor.name) as w:
        row = _row(w, name)
        staff_rows.set_hash(w.conn, row["id"], what, secret_hash)
        w.note(f"staff.{what}", f"staff:{name}", {})


def _row(w: Work, name: str) -> Row:
    row = staff_rows.by_name(w.conn, name)
    if row is None:
        raise NotFoundError("There is no member of staff of that name.")
    return row
