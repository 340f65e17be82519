"""Calls to people who have not enrolled (未参保人员回访): why not, and what they said."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from townshipdesk.domain.dates import parse_moment
from townshipdesk.domain.errors import UsageError
from townshipdesk.domain.idnumber import mask_number
from townshipdesk.domain.names import name_key
from townshipdesk.i18n import N_
from townshipdesk.services.imports import columns
from townshipdesk.services.imports.model import check_not
from townshipdesk.services.work import Work, work
from townshipdesk.sheets.given import file_name
from townshipdesk.sheets.result import SheetKind
from townshipdesk.store.uids import new_uid

if TYPE_CHECKING:
    from townshipdesk.services.office import Office
    from townshipdesk.services.staff import Actor
    from townshipdesk.sheets.calls import CallRow
    from townshipdesk.sheets.result import SheetResult

REASONS: Final = (
    "death",
    "prison",
    "military",
    "employee-insurance",
    "elsewhere",
    "lost",
    "refused",
    "moved-out",
    "other",
)
REPORT_EVERY: Final = 100


@dataclass(frozen=True, slots=True)
class Call:
    """What a call gave: a reason's code ("" where none was told) and the words of the caller."""

    reason: str
    result: str
    called_at: datetime
    staff: str


@dataclass(frozen=True, slots=True)
class CallsRead:
    """A call list that came back: rows recorded, unchanged, empty, and those nobody matches."""

    rows: int
    recorded: int
    unchanged: int
    empty: int
    not_found: tuple[tuple[str, int], ...]
    ambiguous: tuple[tuple[str, int], ...]


def record(office: Office, actor: Actor, resident_id: int, reason: str, result: str) -> None:
    """Record a call. Raises UsageError for an unknown reason or when nothing was said."""
    _check(reason, result)
    with work(office, actor) as w:
        _write(w, office.year, resident_id, reason, result)


def last_call(office: Office, resident_id: int) -> Call | None:
    """Give the last call to a resident about this year."""
    row = office.conn.execute(
        "SELECT c.*, s.shown_name FROM call_result AS c JOIN staff AS s ON s.id = c.recorded_by"
        " WHERE resident_id = ? AND year = ? ORDER BY c.id DESC LIMIT 1",
        (resident_id, office.year),
    ).fetchone()
    if row is None:
        return None
    return Call(row["reason"], row["result"], parse_moment(row["called_at"]), row["shown_name"])


def calls_to_village(office: Office, village_code: str) -> dict[int, Call]:
    """Give the last call about this year to each resident of a village who was called."""
    rows = office.conn.execute(
        "SELECT c.*, s.shown_name FROM resident AS r JOIN village AS v ON v.id = r.village_id"
        " JOIN call_result AS c ON c.resident_id = r.id JOIN staff AS s ON s.id = c.recorded_by"
        " WHERE v.code = ? AND c.year = ? ORDER BY c.id",
        (village_code, office.year),
    )
    return {
        row["resident_id"]: Call(
            row["reason"], row["result"], parse_moment(row["called_at"]), row["shown_name"]
        )
        for row in rows
    }


def import_calls(
    office: Office,
    actor: Actor,
    path: Path,
    *,
    read: SheetResult[CallRow] | None = None,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> CallsRead:
    """Read a call list that came back with its results; the same file twice changes nothing.

    Numbers are masked there: a row is matched by masked number and name, and by village and phone
    where several match. A row that matches nobody or several is listed, never guessed. `read` is
    what was read of the file already, its columns confirmed by a person. A reason in words of the
    caller's own is kept as `other` with those words. Raises BadFileError, and CancelledError when
    it was stopped: then nothing was recorded.
    """
    from townshipdesk.sheets.reader import read_calls

    if read is None:
        known = columns.remembered(office, SheetKind.CALLS)
        read = read_calls(path, today=office.today(), mapping=known, cancelled=cancelled)
    recorded = unchanged = empty = 0
    not_found: list[tuple[str, int]] = []
    ambiguous: list[tuple[str, int]] = []
    with work(office, actor) as w:
        people = _by_mask(w)
        for done, row in enumerate(read.rows):
            if done % REPORT_EVERY == 0:
                check_not(cancelled)
                if progress is not None:
                    progress(done, len(read.rows))
            reason, result = _told(row)
            if not reason and not result:
                empty += 1
                continue
            found = _matching(people, row)
            if len(found) != 1:
                (ambiguous if found else not_found).append((row.sheet, row.row))
                continue
            before = last_call(office, found[0])
            if before is not None and (before.reason, before.result) == (reason, result):
                unchanged += 1
                continue
            _write(w, office.year, found[0], reason, result)
            recorded += 1
        detail = {"file": file_name(path), "rows": read.data_rows, "recorded": recorded}
        w.note("calls.imported", read.sha256, detail)
    return CallsRead(read.data_rows, recorded, unchanged, empty, tuple(not_found), tuple(ambiguous))


def _told(row: CallRow) -> tuple[str, str]:
    """Give a row's reason and words; a reason no code stands for is told in words."""
    if row.reason or not row.reason_text:
        return row.reason, row.result
    return "other", "；".join(text for text in (row.reason_text, row.result) if text)


def _check(reason: str, result: str) -> None:
    if reason and reason not in REASONS:
        raise UsageError(
            N_("There is no reason {reason}. Allowed: {allowed}."),
            reason=reason[:40],
            allowed=", ".join(REASONS),
        )
    if not reason and not result.strip():
        raise UsageError(N_("A call needs a reason or what was said."))


def _write(w: Work, year: int, resident_id: int, reason: str, result: str) -> None:
    uid = new_uid()
    w.conn.execute(
        "INSERT INTO call_result (uid, resident_id, year, reason, result, called_at, recorded_by)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (uid, resident_id, year, reason, result.strip(), w.moment, w.actor.staff_id),
    )
    w.note("call.recorded", uid, {"reason": reason})


def _by_mask(w: Work) -> dict[tuple[str, str], list[tuple[int, str, str]]]:
    found: dict[tuple[str, str], list[tuple[int, str, str]]] = {}
    for row in w.conn.execute(
        "SELECT r.id, r.name_key, r.phone, v.name AS village, d.number FROM resident AS r"
        " JOIN village AS v ON v.id = r.village_id"
        " JOIN document AS d ON d.resident_id = r.id AND d.is_current = 1"
        " WHERE r.merged_into IS NULL"
    ):
        key = (mask_number(row["number"]), row["name_key"])
        found.setdefault(key, []).append((row["id"], row["village"], row["phone"]))
    return found


def _matching(people: dict[tuple[str, str], list[tuple[int, str, str]]], row: CallRow) -> list[int]:
    found = people.get((row.masked, name_key(row.name)), [])
    if len(found) > 1 and row.village:
        found = [item for item in found if item[1] == row.village] or found
    if len(found) > 1 and row.phone:
        found = [item for item in found if item[2] == row.phone] or found
    return [item[0] for item in found]
