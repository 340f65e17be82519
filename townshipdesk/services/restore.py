"""Putting a backup back: what would be lost is said first, and nothing is thrown away."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from townshipdesk.domain.dates import SHANGHAI, format_moment
from townshipdesk.domain.errors import OfficeFileError, RuleError
from townshipdesk.domain.money import format_yuan
from townshipdesk.services.office import Office, open_copy, open_office
from townshipdesk.services.verify import verify
from townshipdesk.store import audit, copying, keys
from townshipdesk.store.turn import Turn

if TYPE_CHECKING:
    from townshipdesk.store.driver import Row

RESTORED_ACTION: Final = "office.restored"
_MONEY_ACTIONS: Final = {
    "payment.taken": "payments",
    "payment.reversed": "reversals",
    "refund.paid": "refunds",
    "day.closed": "closed_days",
}


@dataclass(frozen=True, slots=True)
class Loss:
    """What was done after a backup was made and would be gone. `amount_fen`: payments, whole."""

    entries: int
    payments: int
    reversals: int
    refunds: int
    closed_days: int
    amount_fen: int
    first_at: str
    last_at: str

    def to_json(self) -> dict[str, object]:
        """Give the loss as `townshipdesk restore` prints it."""
        return {
            "log_rows": self.entries,
            "payments": self.payments,
            "amount": format_yuan(self.amount_fen),
            "reversals": self.reversals,
            "refunds": self.refunds,
            "closed_days": self.closed_days,
            "from": self.first_at or None,
            "to": self.last_at or None,
        }


NO_LOSS: Final = Loss(0, 0, 0, 0, 0, 0, "", "")


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restore did, or would do. `state` of the file that stood there: see `restore`."""

    done: bool
    state: str
    chain_length: int
    chain_head: str
    loss: Loss | None
    kept_aside: Path | None

    def to_json(self) -> dict[str, object]:
        """Give the outcome as `townshipdesk restore` prints it."""
        return {
            "restored": self.done,
            "there": self.state,
            "chain": {"length": self.chain_length, "head": self.chain_head},
            "lost": None if self.loss is None else self.loss.to_json(),
            "kept_aside": None if self.kept_aside is None else str(self.kept_aside),
        }


def restore(
    source: Path,
    target: Path,
    *,
    passphrase: str | None = None,
    dry_run: bool = False,
    give_up_newer: bool = False,
) -> Restored:
    """Put the backup `source` in the place of the office file `target`.

    What stands at `target` is kept aside under another name. Its state is "none", "older" or
    "same" (nothing is lost), "newer" (work since the backup is lost), "unreadable" (what is lost
    cannot be told). A newer office is replaced only with `give_up_newer`; another office, or one
    whose log went another way than the backup's, never. `dry_run` tells and changes nothing.

    Raises OfficeFileError when the backup is damaged or a desk has the office open, RuleError for
    a newer office.
    """
    if target.exists() and source.exists() and source.samefile(target):
        raise OfficeFileError("The backup and the office are the same file.", code="same-file")
    with copying.staged(target) as fresh:
        copy = _checked_copy(source, fresh, passphrase)
        with contextlib.closing(copy):
            head = audit.head(copy.conn)
            state, loss = _compared(copy, target, passphrase)
            planned = Restored(False, state, head.length, head.hash, loss, None)
            if dry_run:
                return planned
            if state == "newer" and not give_up_newer:
                raise RuleError(
                    "The office at {name} is newer than the backup: {payments} payments would be "
                    "lost. Look at them with --dry-run first.",
                    code="newer",
                    name=target.name,
                    payments=loss.payments if loss else 0,
                )
            _note_restore(copy, state, loss)
            head = audit.head(copy.conn)
            copying.make_single(copy.database)
        aside = _swap(fresh, target, passphrase)
    return Restored(True, state, head.length, head.hash, loss, aside)


def _checked_copy(source: Path, fresh: Path, passphrase: str | None) -> Office:
    """Copy the backup to the office's own disk and open it there, so that it stays as it is."""
    if not source.is_file():
        raise OfficeFileError("There is no backup {name}.", code="missing", name=str(source))
    copying.copy_file(source, fresh)
    opened = open_office(fresh, passphrase)
    problems = verify(opened)
    if problems:
        opened.close()
        raise OfficeFileError(
            "The backup is not in order: {where}: {what} Take an earlier one.",
            code="backup-not-in-order",
            where=problems[0].where_words(),
            what=problems[0].words(),
        )
    return opened


def _compared(copy: Office, target: Path, passphrase: str | None) -> tuple[str, Loss | None]:
    """Tell how the office that stands there compares with the backup."""
    if not target.exists():
        return "none", NO_LOSS
    try:
        there = _opened(target, copy, passphrase)
    except OfficeFileError as error:
        not_encrypted = copy.key is None and error.code == "key-needed"  # but looks so: overwritten
        if not_encrypted or error.code in ("damaged", "foreign-file", "disk", "kind-differs"):
            return "unreadable", None
        raise
    with contextlib.closing(there):
        if there.uid != copy.uid:
            raise OfficeFileError(
                "{name} is another office than the backup. It was not touched.",
                code="other-office",
                name=target.name,
            )
        ours, backups = audit.head(there.conn), audit.head(copy.conn)
        shared = min(ours.length, backups.length)
        if audit.hash_at(there.conn, shared) != audit.hash_at(copy.conn, shared):
            raise OfficeFileError(
                "The log of {name} went another way than the backup's. It was not touched.",
                code="other-way",
                name=target.name,
            )
        if ours.length > backups.length:
            return "newer", _loss(audit.rows(there.conn, backups.length))
        return ("same" if ours.length == backups.length else "older"), NO_LOSS


def _opened(target: Path, copy: Office, passphrase: str | None) -> Office:
    if copy.key is not None and not keys.key_file(target).exists():
        return open_copy(target, copy.key)
    return open_office(target, passphrase)


def _loss(rows: Iterator[Row]) -> Loss:
    counts: dict[str, int] = dict.fromkeys(_MONEY_ACTIONS.values(), 0)
    entries, amount_fen = 0, 0
    first_at = last_at = ""
    for row in rows:
        entries += 1
        first_at, last_at = first_at or row["at"], row["at"]
        counted = _MONEY_ACTIONS.get(row["action"])
        if counted is not None:
            counts[counted] += 1
        if counted == "payments":
            detail: dict[str, Any] = json.loads(row["detail"])
            amount_fen += int(detail.get("amount_fen", 0))
    return Loss(entries, **counts, amount_fen=amount_fen, first_at=first_at, last_at=last_at)


def _note_restore(copy: Office, state: str, loss: Loss | None) -> None:
    with copy.database.transaction() as conn:
        last = conn.execute("SELECT at FROM audit ORDER BY id DESC LIMIT 1").fetchone()[0]
        now = last if copy.is_training else format_moment(datetime.now(SHANGHAI))
        audit.append(
            conn,
            at=now,
            staff_id=None,
            desk="",
            action=RESTORED_ACTION,
            subject="office",
            detail={"there": state, "lost": None if loss is None else loss.to_json()},
        )


def _swap(fresh: Path, target: Path, passphrase: str | None) -> Path | None:
    """Lay the old file aside and put the new one in its place, while no desk may write."""
    aside = None
    turn = Turn(target)
    with contextlib.closing(turn), turn.held():
        if target.exists():
            _close_for_good(target, passphrase)
            aside = copying.lay_aside(target, datetime.now(SHANGHAI).strftime("%Y%m%d-%H%M%S"))
        copying.put_in_place(fresh, target)
    return aside


def _close_for_good(target: Path, passphrase: str | None) -> None:
    """Make sure no desk has the file open; a file that cannot be opened is nobody's."""
    try:
        there = open_office(target, passphrase)
    except OfficeFileError as error:
        if error.code == "locked":
            raise
        return
    with contextlib.closing(there):
        copying.make_single(there.database)


__all__ = ["NO_LOSS", "RESTORED_ACTION", "Loss", "Restored", "restore"]
