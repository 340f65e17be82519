"""An office that is open at a desk: its file, its clock, its policy, its settings."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from townshipdesk.domain.dates import day_of, format_moment
from townshipdesk.domain.errors import OfficeFileError, RuleError, UsageError
from townshipdesk.services import staff
from townshipdesk.services.clock import Clock, clock_for
from townshipdesk.store import audit, keys, office_rows
from townshipdesk.store.connection import (
    APPLICATION_IDS,
    Database,
    connect,
    is_encrypted,
    kind_of,
)
from townshipdesk.store.driver import Connection
from townshipdesk.store.migrate import prepare
from townshipdesk.store.uids import new_uid

if TYPE_CHECKING:
    from townshipdesk.policy import Policy, Settings

TRAINING_STAFF: Final = (
    # name, shown name, role, PIN
    ("clerk", "李春", "clerk", "1111"),
    ("supervisor", "周敏", "supervisor", "2222"),
)
TRAINING_PASSWORD: Final = "training"  # noqa: S105 - printed in the contract, training offices only


@dataclass(slots=True, repr=False, eq=False)
class Office:
    """An open office. Belongs to the thread that opened it; `again` opens it for another."""

    database: Database
    clock: Clock
    key: bytes | None
    uid: str
    name: str
    kind: str
    policy_id: str
    policy_hash: str
    year: int
    chosen_year: int | None = None
    """The year this desk works for where that is not the office's own."""
    _policy: Policy | None = None

    @property
    def conn(self) -> Connection:
        """The connection, for the store's functions."""
        return self.database.conn

    @property
    def is_training(self) -> bool:
        """Tell whether this is a training office; then every screen and receipt says so."""
        return self.kind == "training"

    @property
    def policy(self) -> Policy:
        """The policy this office has adopted, loaded when first asked for."""
        if self._policy is None:
            from townshipdesk import policy

            text = office_rows.policy_text(self.conn, self.policy_hash)
            self._policy = policy.load_text(text or "", self.policy_id)
        return self._policy

    def follow_policy(self) -> None:
        """Work by the policy that another desk may have adopted meanwhile."""
        row = None
        if self.chosen_year is not None:
            row = office_rows.policy_of_year(self.conn, self.chosen_year)
        row = row or office_rows.office(self.conn)
        if row is not None and row["policy_hash"] != self.policy_hash:
            self.policy_id, self.policy_hash = row["policy_id"], row["policy_hash"]
            self.year = row["year"]
            self._policy = None

    def own_year(self) -> int:
        """Give the year the office works for where nobody has chosen another."""
        row = office_rows.office(self.conn)
        return self.year if row is None else int(row["year"])

    def work_for(self, year: int | None) -> None:
        """Work for another year than the office's own, which None stands for, from now on.

        Holds for this desk only. Raises RuleError for a year no policy was adopted for.
        """
        if year is not None and office_rows.policy_of_year(self.conn, year) is None:
            raise RuleError(
                "The office has adopted no policy for {year}.", code="no-policy", year=year
            )
        self.chosen_year = None if year == self.own_year() else year
        self.follow_policy()

    def now(self) -> datetime:
        """Give the office's moment."""
        return self.clock.now()

    def today(self) -> date:
        """Give the office's day."""
        return day_of(self.now())

    def settings(self) -> Settings:
        """Give what the office has set where the policy leaves it open."""
        return policy_settings(office_rows.current_settings(self.conn, self.year))

    def again(self) -> Office:
        """Open the same office once more, for another thread."""
        opened = _open(self.database.path, self.key)
        opened.clock = self.clock
        opened.chosen_year = self.chosen_year
        opened.follow_policy()
        if opened.policy_hash == self.policy_hash:
            opened._policy = self._policy
        return opened

    def close(self) -> None:
        """Close the file."""
        self.database.close()


def policy_settings(pairs: Mapping[str, str]) -> Settings:
    """Give those of an office's settings that its policy asks about."""
    from townshipdesk.policy import Settings

    own = ("desk.", "collective.")
    return Settings.parse(
        f"{key}={value}" for key, value in pairs.items() if not key.startswith(own)
    )


def open_office(path: Path, passphrase: str | None = None) -> Office:
    """Open an office file, bringing it to this program's version first.

    `passphrase` opens an encrypted one; its recovery key does too. Raises OfficeFileError when it
    is not an office, is damaged, newer, needs a passphrase (code "key-needed") or another one, or
    when its header and its contents disagree on whether it is a training office.
    """
    key = None
    if path.is_file() and (keys.key_file(path).exists() or is_encrypted(path)):
        if not passphrase:
            raise OfficeFileError(
                "This office is encrypted: its passphrase is needed.", code="key-needed"
            )
        key = keys.unlock(path, passphrase)
    return _open(path, key)


def open_copy(path: Path, key: bytes | None) -> Office:
    """Open a copy of an office with the file key its original has. Raises OfficeFileError."""
    return _open(path, key)


def _open(path: Path, key: bytes | None) -> Office:
    database = connect(path, "write", key)
    try:
        prepare(database)
        row = office_rows.office(database.conn)
        if row is None or row["kind"] != kind_of(database.conn):
            raise OfficeFileError(
                "The office file contradicts itself about being a training office. "
                "It may have been tampered with; it is not opened.",
                code="kind-differs",
            )
        return Office(
            database=database,
            clock=clock_for(row["kind"], row["training_clock"]),
            key=key,
            uid=row["uid"],
            name=row["name"],
            kind=row["kind"],
            policy_id=row["policy_id"],
            policy_hash=row["policy_hash"],
            year=row["year"],
        )
    except BaseException:
        database.close()
        raise


def create_office(
    path: Path,
    *,
    name: str,
    policy_id: str,
    now: datetime,
    training: bool,
    supervisor_password: str | None = None,
    key: bytes | None = None,
) -> Office:
    """Make an empty office and open it.

    A training office gets its two members of staff and a clock that stands at `now`. A live one
    gets its first supervisor, named "supervisor", with the password given. `key` encrypts it
    (`store.keys.make_keys`). Raises UsageError for an empty name or a password that is too short,
    OfficeFileError when the file is there already.
    """
    from townshipdesk import policy as policies

    policy = policies.load(policy_id)
    if not name.strip():
        raise UsageError("The office needs a name.")
    if not training:
        staff.check_new_password(supervisor_password or "")
    kind = "training" if training else "live"
    database = connect(path, "create", key)
    try:
        database.conn.execute(f"PRAGMA application_id = {APPLICATION_IDS[kind]}")
        prepare(database)
        with database.transaction() as conn:
            at = format_moment(now)
            office_rows.keep_policy_text(conn, policy.hash, policy.id, policy.year, policy.text, at)
            office_rows.insert_office(
                conn,
                uid=new_uid(),
                name=name.strip(),
                kind=kind,
                policy_id=policy.id,
                year=policy.year,
                policy_hash=policy.hash,
                training_clock=at if training else None,
                created_at=at,
            )
            office_rows.record_adoption(conn, policy.year, policy.hash, at)
            _first_staff(conn, at, supervisor_password if not training else None)
            audit.append(
                conn,
                at=at,
                staff_id=None,
                desk="",
                action="office.created",
                subject="office",
                detail={"kind": kind, "policy": policy.id, "policy_hash": policy.hash},
            )
    except BaseException:
        database.close()
        _remove_half_made(path)
        raise
    database.close()
    return _open(path, key)


def _first_staff(conn: Connection, at: str, supervisor_password: str | None) -> None:
    """Add the two of a training office, or with a password the first supervisor of a live one."""
    training = supervisor_password is None
    people = TRAINING_STAFF if training else (("supervisor", "supervisor", "supervisor", ""),)
    for name, shown_name, role, pin in people:
        staff.insert(
            conn,
            name=name,
            shown_name=shown_name,
            role=role,
            password=supervisor_password or TRAINING_PASSWORD,
            pin=pin or None,
            at=at,
            training=training,
        )


def move_training_clock(office: Office, moment: datetime) -> None:
    """Put the clock of a training office elsewhere. Raises UsageError for a live office."""
    if not office.is_training:
        raise UsageError("Only a training office has a clock that can be moved.")
    with office.database.transaction() as conn:
        at = format_moment(moment)
        office_rows.set_training_clock(conn, at)
        audit.append(
            conn, at=at, staff_id=None, desk="", action="clock.moved", subject="office", detail={}
        )
    office.clock = clock_for("training", at)


def _remove_half_made(path: Path) -> None:
    """Take away a file that did not become an office; nobody else can have it open yet."""
    for suffix in ("", "-wal", "-shm", ".turn"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def settings_json(office: Office) -> str:
    """Give the office's settings as text, for a payment to keep what it was decided on."""
    return json.dumps(office.settings().to_json(), ensure_ascii=False, sort_keys=True)
