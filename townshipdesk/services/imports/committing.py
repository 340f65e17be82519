"""Writing an import: the file's row, its changes, one audit row; all of it or nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final

from townshipdesk.domain.dates import format_moment
from townshipdesk.domain.errors import RuleError
from townshipdesk.i18n import N_
from townshipdesk.services.imports import contributions, identities, resident_writes, villages
from townshipdesk.services.imports.model import (
    Cancelled,
    ImportKind,
    Preview,
    Report,
    Stage,
    check_not,
)
from townshipdesk.services.office import Office
from townshipdesk.services.staff import Actor
from townshipdesk.services.work import Work, work
from townshipdesk.sheets.given import file_name
from townshipdesk.store import import_rows
from townshipdesk.store.uids import new_uid

_WORTH_ANALYSING: Final = 500

_RESTS_ON: Final[Mapping[ImportKind, tuple[str, ...]]] = {
    ImportKind.VILLAGES: ("import.",),
    ImportKind.RESIDENTS: ("resident.", "document.", "import."),
    ImportKind.IDENTITIES: ("resident.", "document.", "identity.", "fact.", "import."),
    ImportKind.CONTRIBUTIONS: (),  # each payment decides anew
}
"""Beginnings of the actions that make a preview stale."""


def record(office: Office, actor: Actor, shown: Preview, report: Report | None) -> None:
    """Write villages, identities or contributions. Raises RuleError `stale`."""
    with work(office, actor) as w:
        _check_fresh(w, shown)
        added = _added_villages(w, shown)
        file_id, uid = _record_file(w, shown, w.moment, added, **_facts_before(shown))
        if shown.kind is ImportKind.VILLAGES:
            villages.write(w, shown, file_id)
        elif shown.kind is ImportKind.IDENTITIES:
            identities.write(w, shown, file_id)
        else:
            contributions.write(w, office, shown, file_id, report)
        _note_file(w, shown, uid)


def record_roster(
    office: Office,
    actor: Actor,
    shown: Preview,
    report: Report | None,
    cancelled: Cancelled | None,
) -> None:
    """Write a roster: staged first, so that payments at other desks wait for one step only.

    Raises RuleError `stale`, CancelledError: also while it is being written, and nothing is.
    """
    rows = shown.added + shown.updated

    def step(done: int, every: int) -> None:
        check_not(cancelled)
        if report is not None:
            report(Stage("writing", rows * done // every, rows))

    if report is not None:
        report(Stage("preparing", 0, 0))
    at = format_moment(office.now())
    with resident_writes.ready(office.database, shown.plan, at, cancelled) as roster:
        step(0, 1)
        with work(office, actor) as w:
            _check_fresh(w, shown, roster.is_out_of_date(w))
            first = roster.stage.bases.resident + 1
            added = {"residents": [first, first + roster.added - 1]} if roster.added else {}
            file_id, uid = _record_file(w, shown, at, added)
            resident_writes.write(w, roster, file_id, step)
            _note_file(w, shown, uid)
    if roster.added > _WORTH_ANALYSING:
        with office.database.transaction() as conn:
            import_rows.analyse(conn)


def _check_fresh(w: Work, shown: Preview, is_out_of_date: bool = False) -> None:
    if is_out_of_date or import_rows.actions_since(w.conn, shown.basis, _RESTS_ON[shown.kind]):
        raise RuleError(
            N_("The office has changed since this preview. Nothing was written; look again."),
            code="stale",
        )


def _added_villages(w: Work, shown: Preview) -> dict[str, object]:
    if shown.kind is not ImportKind.VILLAGES or not shown.added:
        return {}
    first = import_rows.highest(w.conn, "village") + 1
    return {"villages": [first, first + shown.added - 1]}


def _facts_before(shown: Preview) -> dict[str, object]:
    """Give who was recorded as able to work or not before the list said otherwise."""
    if shown.kind is not ImportKind.IDENTITIES:
        return {}
    facts = [(resident_id, before) for resident_id, _said, before in shown.plan.incapacity]
    return {"incapacity": facts} if facts else {}


def _record_file(
    w: Work, shown: Preview, at: str, added: Mapping[str, object], **more: object
) -> tuple[int, str]:
    """Write the row of the file that is being imported; give its number and uid.

    `at` is the moment its rows carry. `added` says which rows it adds, for taking the import back:
    first and last number by table; `more` is what else taking it back needs.
    """
    summary = shown.summary(dry_run=False)
    uid = new_uid()
    file_id = import_rows.insert_file(
        w.conn,
        {
            "uid": uid,
            "kind": str(shown.kind),
            "file_name": file_name(shown.path),
            "sha256": shown.sha256,
            "department": shown.options.department.strip(),
            "imported_at": at,
            "imported_by": w.actor.staff_id,
            "rows": summary.rows,
            **summary.counts,
            "detail": json.dumps({"ended": summary.ended, "added": dict(added), **more}),
        },
    )
    return file_id, uid


def _note_file(w: Work, shown: Preview, uid: str) -> None:
    """Write the one audit row of an import, last: its seal is the digest of what was written."""
    summary = shown.summary(dry_run=False)
    ended = {"ended": summary.ended} if summary.ended else {}
    told = {"file": shown.sha256, "rows": summary.rows, **summary.counts, **ended}
    w.note(f"import.{shown.kind}", uid, told)
