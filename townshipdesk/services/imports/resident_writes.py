"""Writing a roster: everything is worked out beforehand, then taken over at one go."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from townshipdesk.services import name_readings
from townshipdesk.services.imports.changes import Change
from townshipdesk.services.imports.model import Cancelled, check_not
from townshipdesk.services.imports.newcomers import Newcomers
from townshipdesk.services.imports.residents import ResidentPlan
from townshipdesk.services.work import Work
from townshipdesk.store import import_rows, register_rows, seal, stage_rows
from townshipdesk.store.bulk import writing_at_once
from townshipdesk.store.connection import Database
from townshipdesk.store.refusals import refusal
from townshipdesk.store.stage_rows import RosterStage
from townshipdesk.store.uids import new_uids


@dataclass(slots=True)
class ReadyRoster:
    """A roster as it will be written at the moment `at`.

    `changed` are new values of residents who are here already, by the columns that change, each
    with the row's number behind it; `before` is what those held, as JSON; `villages` are those
    somebody moves to.
    `row_texts` say how the new rows of a table are written out for the seal, `refusal` which new
    residents the office's table would refuse; `referred` are villages and households, by table,
    that must be there. `gone_names` and `new_names` are those that people give up and get.
    """

    at: str
    added: int
    newcomers: Newcomers
    stage: RosterStage
    row_texts: dict[str, str] = field(default_factory=dict)
    refusal: str = ""
    referred: dict[str, set[int]] = field(default_factory=dict)
    villages: set[int] = field(default_factory=set)
    changed: dict[tuple[str, ...], list[tuple[Any, ...]]] = field(default_factory=dict)
    before: list[tuple[int, str]] = field(default_factory=list)
    gone_names: list[str] = field(default_factory=list)
    new_names: list[str] = field(default_factory=list)

    def names(self) -> set[str]:
        """Give the names that somebody will bear who did not before."""
        return {*self.newcomers.names, *self.new_names}

    def is_out_of_date(self, w: Work) -> bool:
        """Tell whether rows came to the office whose numbers were meant for rows of the file."""
        return stage_rows.bases(w.conn) != self.stage.bases


@contextlib.contextmanager
def ready(
    database: Database, plan: ResidentPlan, at: str, cancelled: Cancelled | None
) -> Iterator[ReadyRoster]:
    """Work out everything a roster writes, and have the office's connection ready to take it.

    Uses the plan up: a file is looked at again after an import that was stopped or refused.
    """
    conn = database.conn
    stage = plan.stage or RosterStage(stage_rows.bases(conn))
    roster = ReadyRoster(at, plan.added, plan.newcomers, stage)
    try:
        check_not(cancelled)
        for change in plan.changed:
            _stage_change(change, roster)
        made = plan.households.made
        uids = new_uids(len(made))
        stage.households((row[0], uid, *row[1:]) for row, uid in zip(made, uids, strict=True))
        roster.referred = _referred(plan, roster)
        check_not(cancelled)
        roster.row_texts = stage.row_texts(conn)
        roster.refusal = refusal(conn, "resident")
        with writing_at_once(database, stage, roster.row_texts):
            yield roster
    finally:
        stage.close()


def write(w: Work, roster: ReadyRoster, file_id: int, step: Callable[[int, int], None]) -> None:
    """Write what is ready, in the transaction of the import.

    `step` is told how much of it is done, out of how much; what it raises ends the work.

    The seal's sums of the new rows and what names are found by are worked out in a thread of their
    own while SQLite writes the rows. It begins here and no earlier, and with the sums: names keep
    Python to themselves, and what is said before the long statements would wait for them, all
    other desks with it.
    """
    stage = roster.stage
    done, every = itertools.count(1), stage_rows.steps(stage)
    with ThreadPoolExecutor(1) as apart:
        sums = apart.submit(stage.sums, roster.row_texts, roster.refusal, roster.at)
        readings = apart.submit(name_readings.of_all, roster.names())
        stage_rows.take_over(
            w.conn, stage, roster.at, roster.referred, lambda: step(next(done), every)
        )
        register_rows.keep_readings(w.conn, readings.result())
        for name, span in stage.spans().items():
            seal.hand_over(w.conn, name, span, *sums.result()[name])
    stage_rows.change_residents(w.conn, roster.changed, roster.at)
    name_readings.forget(w.conn, roster.gone_names)
    import_rows.insert_changes(w.conn, file_id, "resident", roster.before)


def _referred(plan: ResidentPlan, roster: ReadyRoster) -> dict[str, set[int]]:
    """Give the villages and households of the office that rows to be written belong to."""
    return {
        "village": plan.newcomers.villages | roster.villages,
        "household": plan.households.referred(),
    }


def _stage_change(change: Change, roster: ReadyRoster) -> None:
    columns = dict(zip(change.columns, change.values, strict=True))
    if "village_id" in columns:
        roster.villages.add(columns["village_id"])
    if "name" in columns:
        roster.gone_names.append(change.old_name)
        roster.new_names.append(columns["name"])
    roster.changed.setdefault(change.columns, []).append((*change.values, change.id))
    roster.before.append((change.id, change.before))
