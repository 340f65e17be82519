"""Checking the audit chain, what it says about the ledger, and its anchors."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from townshipdesk.i18n import N_
from townshipdesk.services.problems import Problem
from townshipdesk.store import audit, ledger_digest
from townshipdesk.store.migrate import MIGRATED_ACTION

if TYPE_CHECKING:
    from townshipdesk.store.driver import Connection, Row

_ROW: Final = N_("audit log, row {row}")
_AT_ONCE: Final = 500
"""Operations whose digests are taken together."""


class ChainWalk:
    """One walk along the chain. `digests` is what the chain says about each operation."""

    def __init__(self) -> None:
        self.digests: dict[str, str] = {}
        self.last_seal: str | None = None

    def problems(self, conn: Connection, after: int = 0) -> Iterator[Problem]:
        """Check each row from the one after `after` against its hash and the row before it."""
        number, previous = after, audit.hash_at(conn, after)
        for row in audit.rows(conn, after):
            number += 1
            if row["id"] != number:
                yield Problem(
                    "chain-gap",
                    _ROW,
                    N_("Rows {first} to {last} are missing."),
                    {"row": row["id"], "first": number, "last": row["id"] - 1},
                )
                number = row["id"]
            elif row["previous"] != previous:
                yield Problem(
                    "chain-order",
                    _ROW,
                    N_("It does not follow the row before it: that one was changed or replaced."),
                    {"row": number},
                )
            if _computed(row) != row["hash"]:
                yield Problem(
                    "chain-row", _ROW, N_("It was changed after it was written."), {"row": number}
                )
            previous = row["hash"]
            yield from self._remember(row)

    def _remember(self, row: Row) -> Iterator[Problem]:
        if row["seal"] is not None:
            self.last_seal = row["seal"]
        if row["action"] == MIGRATED_ACTION:
            for table in _document(row["detail"]).get("unlike", ()):
                yield Problem(
                    "seal",
                    N_("table {table}"),
                    N_("It was changed with another tool before the update (log row {row})."),
                    {"table": table, "row": row["id"]},
                )
        if '"digest"' not in row["detail"]:
            return
        detail = _document(row["detail"])
        key, digest = detail.get("operation"), detail.get("digest")
        if not isinstance(key, str) or not isinstance(digest, str):
            return
        if key in self.digests:
            yield Problem(
                "operation-twice",
                _ROW,
                N_("It reports an operation that an earlier row has reported already."),
                {"row": row["id"]},
            )
        self.digests[key] = digest


def check_ledger(
    conn: Connection, digests: dict[str, str], *, all_of_it: bool
) -> Iterator[Problem]:
    """Hold the ledger's rows against the digests the chain carries.

    With `all_of_it` the chain was walked from its beginning: then the ledger must hold nothing that
    the chain does not report.
    """
    keys = list(digests)
    for start in range(0, len(keys), _AT_ONCE):
        some = keys[start : start + _AT_ONCE]
        found = ledger_digest.digests(conn, some)
        for key in some:
            if key not in found:
                yield Problem(
                    "operation-missing",
                    N_("operation {operation}"),
                    N_("The audit log reports it, and the ledger does not hold it."),
                    {"operation": key},
                )
            elif found[key] != digests[key]:
                yield _changed(conn, key)
    if all_of_it:
        yield from _unreported(conn, digests)


def check_days(conn: Connection) -> Iterator[Problem]:
    """Hold every closed day's sheet against its anchor in the chain."""
    for row in conn.execute(
        "SELECT c.day, c.sheet, c.chain_length, c.chain_head, a.hash, a.action, a.subject, a.detail"
        " FROM day_close AS c LEFT JOIN audit AS a ON a.id = c.chain_length ORDER BY c.day"
    ):
        seal = hashlib.sha256(row["sheet"].encode("utf-8", "surrogatepass")).hexdigest()
        holds = (
            row["hash"] == row["chain_head"]
            and row["action"] == "day.closed"
            and row["subject"] == row["day"]
            and _document(row["detail"]).get("sheet") == seal
        )
        if not holds:
            yield Problem(
                "day-anchor",
                N_("day {day}"),
                N_("Its sheet and the audit log no longer belong together."),
                {"day": row["day"]},
            )


def check_anchor(conn: Connection, length: int, head: str) -> Iterator[Problem]:
    """Hold the chain against an anchor from paper: its length and head on that day's sheet."""
    have = audit.head(conn).length
    if have < length:
        yield Problem(
            "chain-cut",
            _ROW,
            N_("The log ends here, and the day sheet saw {length} rows: its end was cut off."),
            {"row": have, "length": length},
        )
    elif not audit.hash_at(conn, length).startswith(head.lower()):
        yield Problem(
            "chain-forged",
            _ROW,
            N_("It is not the row that the day sheet saw: the log was written anew."),
            {"row": length},
        )


def _computed(row: Row) -> str:
    own = (row["at"], row["staff_id"], row["desk"], row["action"], row["subject"], row["detail"])
    return audit.row_hash(row["previous"], (row["id"], *own, row["seal"]))


def _document(text: str | None) -> dict[str, Any]:
    try:
        found = json.loads(text or "{}")
    except ValueError:
        return {}  # the row's hash has been reported as wrong already
    return found if isinstance(found, dict) else {}


def _changed(conn: Connection, key: str) -> Problem:
    text = N_("Its rows in the ledger were changed after it was written.")
    row = conn.execute(
        "SELECT series || printf('%06d', number) FROM receipt WHERE operation_key = ?", (key,)
    ).fetchone()
    if row is not None:
        return Problem("ledger-changed", N_("receipt {receipt}"), text, {"receipt": row[0]})
    return Problem("ledger-changed", N_("operation {operation}"), text, {"operation": key})


def _unreported(conn: Connection, digests: dict[str, str]) -> Iterator[Problem]:
    for table in ("operation", "entry", "receipt"):
        column = "key" if table == "operation" else "operation_key"
        for (key,) in conn.execute(f"SELECT DISTINCT {column} FROM {table}"):  # noqa: S608 - named above
            if key not in digests:
                yield Problem(
                    "not-in-log",
                    N_("operation {operation}"),
                    N_("It stands in the table {table}, and the audit log does not report it."),
                    {"operation": key, "table": table},
                )
    for (uid,) in conn.execute(
        "SELECT uid FROM enrolment WHERE id NOT IN (SELECT enrolment_id FROM entry)"
    ):
        yield Problem(
            "not-in-log",
            N_("enrolment {enrolment}"),
            N_("No payment belongs to it."),
            {"enrolment": uid},
        )
