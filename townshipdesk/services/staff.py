"""Staff: who works at the desk, in which role, with which password and PIN."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from townshipdesk.domain.dates import format_moment, parse_moment
from townshipdesk.domain.errors import NotPermittedError, UsageError
from townshipdesk.store import staff_rows
from townshipdesk.store.connection import Database
from townshipdesk.store.driver import Connection
from townshipdesk.store.uids import chance, new_uid

SHORTEST_PASSWORD: Final = 8
LONGEST_PIN: Final = 8
FREE_TRIES: Final = 3
LONGEST_DELAY_SECONDS: Final = 300


@dataclass(frozen=True, slots=True)
class Actor:
    """A member of staff at a desk: the one who does something."""

    staff_id: int
    name: str
    shown_name: str
    role: str
    desk: str = ""

    @property
    def may_change(self) -> bool:
        """An auditor reads everything and changes nothing."""
        return self.role in ("clerk", "supervisor")

    @property
    def is_supervisor(self) -> bool:
        """Tell whether this is a supervisor."""
        return self.role == "supervisor"


def check_new_password(password: str) -> None:
    """Raise UsageError for a password that is too short."""
    if len(password) < SHORTEST_PASSWORD:
        raise UsageError(
            "A password needs at least {count} characters.",
            code="password-short",
            count=SHORTEST_PASSWORD,
        )


def insert(
    conn: Connection,
    *,
    name: str,
    shown_name: str,
    role: str,
    password: str,
    pin: str | None,
    at: str,
    training: bool = False,
) -> int:
    """Add a member of staff and give the row's number. Stands in the caller's transaction.

    A training office's secrets are printed in its handbook: hashing them slowly guards nothing.
    """
    check_new_password(password)
    return staff_rows.insert(
        conn,
        uid=new_uid(),
        name=name,
        shown_name=shown_name,
        role=role,
        password_hash=hash_secret(password, quick=training),
        pin_hash=None if pin is None else hash_secret(pin, quick=training),
        created_at=at,
    )


def sign_in(
    database: Database, name: str, secret: str, now: datetime, *, what: str = "password"
) -> Actor:
    """Give the actor for a name and a password, or a PIN with what="pin" to unlock.

    Wrong tries are counted in the office file, so that all desks share the delay: after three, each
    further one doubles the wait, up to five minutes. Raises NotPermittedError.
    """
    wait = _seconds_to_wait(database.conn, name, what, now)
    if wait > 0:
        raise NotPermittedError(
            "Too many wrong tries. Wait {seconds} seconds.", code="wait", seconds=wait
        )
    row = staff_rows.by_name(database.conn, name)
    stored = None if row is None else row[f"{what}_hash"]
    right = _verify(stored, secret) and row is not None and bool(row["active"])
    with database.transaction() as conn:
        staff_rows.insert_try(conn, name, what, format_moment(now), right)
    if not right or row is None:
        raise NotPermittedError("Name or password is wrong.", code="wrong-password")
    return Actor(row["id"], row["name"], row["shown_name"], row["role"])


def unlock(database: Database, name: str, secret: str, now: datetime) -> Actor:
    """Give the actor for a PIN or a password, whichever of them was typed at a locked desk.

    Eight digits may be either: they are tried as both. Raises NotPermittedError.
    """
    digits = secret.isascii() and secret.isdigit()
    if digits and len(secret) <= LONGEST_PIN:
        try:
            return sign_in(database, name, secret, now, what="pin")
        except NotPermittedError:
            if len(secret) < SHORTEST_PASSWORD:
                raise
    return sign_in(database, name, secret, now)


def without_password(conn: Connection, name: str) -> Actor:
    """Give an actor of a training office, which asks for no password. Raises NotPermittedError."""
    row = staff_rows.by_name(conn, name)
    if row is None or not row["active"]:
        raise NotPermittedError("There is no member of staff of that name.", code="no-staff")
    return Actor(row["id"], row["name"], row["shown_name"], row["role"])


def _seconds_to_wait(conn: Connection, name: str, what: str, now: datetime) -> int:
    wrong, last = staff_rows.wrong_tries(conn, name, what)
    if wrong < FREE_TRIES or last is None:
        return 0
    delay = min(LONGEST_DELAY_SECONDS, 2 ** (wrong - FREE_TRIES + 1))
    until = parse_moment(last) + timedelta(seconds=delay)
    return max(0, round((until - now).total_seconds()))


def hash_secret(secret: str, *, quick: bool = False) -> str:
    """Give the argon2id hash of a password or PIN; takes some 60 ms on purpose, unless `quick`."""
    from argon2 import PasswordHasher

    hasher = PasswordHasher(1, 8, 1) if quick else PasswordHasher()
    return hasher.hash(unicodedata.normalize("NFC", secret), salt=chance(16))


def _verify(stored: str | None, secret: str) -> bool:
    from argon2 import PasswordHasher
    from argon2.exceptions import InvalidHashError, VerificationError

    hasher = PasswordHasher()
    if stored is None:
        hasher.hash(secret)  # a name that does not exist takes as long as a wrong password
        return False
    try:
        return hasher.verify(stored, unicodedata.normalize("NFC", secret))
    except (VerificationError, InvalidHashError):
        return False
