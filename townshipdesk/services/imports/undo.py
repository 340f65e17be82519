"""Taking an import back while nothing has been built on it.

- A roster: who it added goes away again as if the file had never come, and changed records get
  their values of before; only the totals of the time in between still count them. Not once one of
  them has paid, holds an identity, was called, or was changed at a desk.
- A list of identities: what it began ends on its first day, so it was never in force; what it ended
  begins again on that day. Nothing is deleted: identities are evidence. Not once one of them has
  paid since, or was changed.
- A list of villages: like a roster. Payments of a ledger are taken back one by one, with receipts.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from townshipdesk.domain.errors import NotFoundError, RuleError, UsageError
from townshipdesk.domain.names import name_key
from townshipdesk.i18n import N_
from townshipdesk.services import name_readings
from townshipdesk.services.work import Work, work
from townshipdesk.store import identity_rows, register_rows, undo_rows
from townshipdesk.store.uids import new_uid

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from townshipdesk.services.office import Office
    from townshipdesk.services.staff import Actor
    from townshipdesk.store.driver import Connection, Row

BUILT_ON: Final = N_(
    "Something has been built on this import since: somebody paid, got an identity, was called or "
    "was changed. It can no longer be taken back whole; mend those concerned at the desk."
)
NOT_THIS: Final = N_("Payments of a ledger are taken back one by one, with their receipts.")
DONE: Final = N_("This import has been taken back already.")
_NULLED: Final = ("born",)


def at_stake(office: Office, uid: str) -> dict[str, int]:
    """Give what taking an import back would undo: counts by the words of the import.

    Raises NotFoundError, and RuleError (`built-on`) when something rests on it.
    """
    with office.database.snapshot() as conn:
        found = _file(conn, uid)
        _check(conn, found)
    detail = json.loads(found["detail"])
    return {"added": found["added"], "updated": found["updated"], "ended": detail.get("ended", 0)}


def take_back(office: Office, actor: Actor, uid: str, why: str) -> None:
    """Take an import back, all of it, in one transaction.

    Raises UsageError without a reason, NotFoundError, RuleError (`built-on`, `taken-back`).
    """
    if not why.strip():
        raise UsageError(N_("Taking an import back needs a reason."))
    with work(office, actor) as w:
        found = _file(w.conn, uid)
        _check(w.conn, found)
        undo_rows.insert(
            w.conn,
            found["id"],
            _span(found),
            at=w.moment,
            staff_id=actor.staff_id,
            why=why.strip(),
        )
        if found["kind"] == "residents":
            _residents(w, found)
        elif found["kind"] == "villages":
            _villages(w, found)
        else:
            _identities(w, found)
        w.note("import.taken-back", uid, {"file": found["sha256"], "why": why.strip()})


def _file(conn: Connection, uid: str) -> Row:
    found = undo_rows.file(conn, uid)
    if found is None:
        raise NotFoundError(N_("There is no such import."))
    return found


def _span(found: Row) -> tuple[int, int] | None:
    added = json.loads(found["detail"]).get("added", {}).get(found["kind"])
    return (added[0], added[1]) if added else None


def _check(conn: Connection, found: Row) -> None:
    if found["kind"] == "contributions":
        raise RuleError(NOT_THIS, code="ledger")
    if found["undone_at"] is not None:
        raise RuleError(DONE, code="taken-back")
    checks = {
        "residents": _residents_built_on,
        "villages": _villages_built_on,
        "identities": _identities_built_on,
    }
    if checks[found["kind"]](conn, found):
        raise RuleError(BUILT_ON, code="built-on")


def _residents_built_on(conn: Connection, found: Row) -> bool:
    span, at, uid = _span(found), found["imported_at"], found["uid"]
    if span is not None:
        added = range(span[0], span[1] + 1)
        if undo_rows.rests_on_residents(conn, span, at) or _since(conn, found, added):
            return True
    ids = [row_id for row_id, _before in undo_rows.changes(conn, found["id"], "resident")]
    return (
        undo_rows.changed_since(conn, "resident", ids, at)
        or undo_rows.paid_since(conn, ids, at, uid)
        or _since(conn, found, ids)
    )


def _since(conn: Connection, found: Row, ids: Collection[int]) -> bool:
    """Tell whether residents were changed since, under a clock that stands too (training)."""
    return undo_rows.noted_since(conn, ids, found["uid"]) or undo_rows.imported_since(
        conn, "resident", ids, found["id"]
    )


def _villages_built_on(conn: Connection, found: Row) -> bool:
    span = _span(found)
    if found["added"] and (span is None or undo_rows.village_is_used(conn, span)):
        return True
    ids = [row_id for row_id, _before in undo_rows.changes(conn, found["id"], "village")]
    return undo_rows.changed_since(conn, "village", ids, found["imported_at"])


def _identities_built_on(conn: Connection, found: Row) -> bool:
    at = found["imported_at"]
    added = undo_rows.identities_added(conn, found["id"])
    changed = [
        (undo_rows.identity(conn, row_id), before)
        for row_id, before in undo_rows.changes(conn, found["id"], "identity")
    ]
    people = {row["resident_id"] for row in added} | {row["resident_id"] for row, _b in changed}
    if undo_rows.paid_since(conn, people, at, found["uid"]):
        return True
    own = {row["id"] for row in added}
    if any(row["ended_on"] is not None and row["ended_at"] != at for row in added):
        return True
    last = max(own, default=0)
    for row, before in changed:
        if before:  # only its department changed
            if row["ended_on"] is not None:
                return True
        elif undo_rows.later_identity(conn, row["resident_id"], row["code"], max(last, row["id"])):
            return True
    return False


def _residents(w: Work, found: Row) -> None:
    span = _span(found)
    gone: list[str] = []
    back: list[str] = []
    for row_id, before in undo_rows.changes(w.conn, found["id"], "resident"):
        values = _columns(before)
        if "name" in values:
            gone += undo_rows.names(w.conn, (row_id, row_id))
            back.append(values["name"])
        undo_rows.restore(w.conn, "resident", row_id, values, w.moment)
    if span is not None:
        gone += undo_rows.names(w.conn, span)
        undo_rows.keep_living(w.conn, found["id"], span)
        undo_rows.delete_residents(w.conn, span)
    name_readings.forget(w.conn, gone)
    name_readings.keep(w.conn, back)
    undo_rows.delete_households(w.conn, found["imported_at"])


def _columns(before: Mapping[str, Any]) -> dict[str, Any]:
    """Give the columns of a resident that a change replaced, as the table keeps them."""
    values = {key: value for key, value in before.items() if key != "household"}
    if "name" in values:
        values["name_key"] = name_key(values["name"])
    for key in _NULLED:
        if key in values:
            values[key] = values[key] or None
    return values


def _villages(w: Work, found: Row) -> None:
    for row_id, before in undo_rows.changes(w.conn, found["id"], "village"):
        undo_rows.restore(w.conn, "village", row_id, before, w.moment)
    span = _span(found)
    if span is not None:
        undo_rows.delete_villages(w.conn, span)


def _identities(w: Work, found: Row) -> None:
    for row in undo_rows.identities_added(w.conn, found["id"]):
        if row["ended_on"] is None:
            identity_rows.end(
                w.conn,
                row["id"],
                ended_on=row["from_on"],
                at=w.moment,
                staff_id=w.actor.staff_id,
                reason="taken-back",
            )
    for row_id, before in undo_rows.changes(w.conn, found["id"], "identity"):
        if before:
            identity_rows.set_department(w.conn, row_id, before["department"])
        else:
            ended = undo_rows.identity(w.conn, row_id)
            undo_rows.go_on(w.conn, ended, new_uid(), w.moment, w.actor.staff_id)
    for resident_id, said in json.loads(found["detail"]).get("incapacity", []):
        register_rows.set_fact(
            w.conn, resident_id, "work_incapacity", said or None, w.moment, w.actor.staff_id
        )
