"""Calls to people who have not enrolled (未参保人员回访): why not, and what they said."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

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
from townshipdesk.store import fact_rows
from townshipdesk.store.uids import new_uid

if TYPE_CHECKING:
    from townshipdesk.services.office import Office
    from townshipdesk.services.staff import Actor
    from townshipdesk.sheets.calls import CallRow
    from townshipdesk.sheets.result import Rejection, SheetResult
    from townshipdesk.store.driver import Connection

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

RowPlace = tuple[str, int]
"""A sheet's name and a row's number in it."""


@dataclass(frozen=True, slots=True)
class Call:
    """What a call gave: a reason's code ("" where none was told) and the words of the caller."""

    reason: str
    result: str
    called_at: datetime
    staff: str


@dataclass(frozen=True, slots=True)
class CallsRead:
    """A call list that came back: rows recorded, unchanged, empty, and those nobody matches.

    `twice` are rows that say something else of a person than a row before them; `rejections` those
    without a readable name or number. `enrolled` are rows taken of people who have paid since.
    """

    rows: int
    recorded: int
    unchanged: int
    empty: int
    not_found: tuple[RowPlace, ...]
    ambiguous: tuple[RowPlace, ...]
    twice: tuple[RowPlace, ...] = ()
    enrolled: tuple[RowPlace, ...] = ()
    rejections: tuple[Rejection, ...] = ()


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

    Numbers are masked there: a row is matched by its whole number where it has one, else by masked
    number and name, and by village, phone, group and household head where several match. A row
    that matches nobody or several is listed, never guessed; so is one that contradicts a row
    before it. `read` is what was read of the file already, its columns confirmed by a person. A
    reason in words of the caller's own is kept as `other` with those words. Raises BadFileError,
    and CancelledError when it was stopped: then nothing was recorded.
    """
    from townshipdesk.sheets.reader import read_calls

    if read is None:
        known = columns.remembered(office, SheetKind.CALLS)
        read = read_calls(path, today=office.today(), mapping=known, cancelled=cancelled)
    with work(office, actor) as w:
        taking = _Taking(w, office)
        for done, row in enumerate(read.rows):
            if done % REPORT_EVERY == 0:
                check_not(cancelled)
                if progress is not None:
                    progress(done, len(read.rows))
            taking.take(row)
        counts = {"rows": read.data_rows, "recorded": taking.recorded}
        w.note("calls.imported", read.sha256, {"file": file_name(path), **counts})
    return CallsRead(
        read.data_rows,
        taking.recorded,
        taking.unchanged,
        taking.empty,
        tuple(taking.not_found),
        tuple(taking.ambiguous),
        tuple(taking.twice),
        tuple(taking.enrolled),
        tuple(read.rejections),
    )


class _Taking:
    """One list being taken over, row by row."""

    def __init__(self, w: Work, office: Office) -> None:
        self._w, self._office = w, office
        self._people = _People(w.conn)
        self._said: dict[int, tuple[str, str]] = {}
        self.recorded = self.unchanged = self.empty = 0
        self.not_found: list[RowPlace] = []
        self.ambiguous: list[RowPlace] = []
        self.twice: list[RowPlace] = []
        self.enrolled: list[RowPlace] = []

    def take(self, row: CallRow) -> None:
        """Record what a row says, or keep where it stands."""
        told, place = _told(row), (row.sheet, row.row)
        if not any(told):
            self.empty += 1
            return
        found = self._people.matching(row)
        if len(found) != 1:
            (self.ambiguous if found else self.not_found).append(place)
            return
        (person,) = found
        if self._said.setdefault(person, told) != told:
            self.twice.append(place)
            return
        before = last_call(self._office, person)
        if before is not None and (before.reason, before.result) == told:
            self.unchanged += 1
            return
        _write(self._w, self._office.year, person, *told)
        self.recorded += 1
        if fact_rows.is_enrolled(self._w.conn, person, self._office.year):
            self.enrolled.append(place)


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


class _Candidate(NamedTuple):
    """A person one of whose numbers a row may mean."""

    id: int
    number: str
    name_key: str
    village: str
    phone: str
    group: str
    household_id: int | None


class _People:
    """Who a row may mean: people by their numbers as masked, former numbers among them.

    A list that went out with a birth certificate's number comes back when the ID number is known.
    """

    def __init__(self, conn: Connection) -> None:
        self._conn = conn
        self._by_mask: dict[tuple[str, str], list[_Candidate]] = {}
        for row in conn.execute(
            "SELECT r.id, d.number, r.name_key, v.name, r.phone, r.group_name, r.household_id"
            " FROM resident AS r JOIN village AS v ON v.id = r.village_id"
            " JOIN document AS d ON d.resident_id = r.id WHERE r.merged_into IS NULL"
        ):
            one = _Candidate(*row)
            self._by_mask.setdefault((mask_number(one.number), one.name_key), []).append(one)

    def matching(self, row: CallRow) -> set[int]:
        """Give the people a row may mean: one, nobody, or several who cannot be told apart."""
        found = self._by_mask.get((row.masked, name_key(row.name)), [])
        if row.number:
            return {one.id for one in found if one.number == row.number}
        for said, of in (
            (row.village, lambda one: one.village),
            (row.phone, lambda one: one.phone),
            (row.group, lambda one: one.group),
            (row.head, self._head),
        ):
            if said and len({one.id for one in found}) > 1:
                found = [one for one in found if of(one) == said] or found
        return {one.id for one in found}

    def _head(self, one: _Candidate) -> str:
        row = self._conn.execute(
            "SELECT name FROM resident WHERE household_id = ? AND relation = '户主' LIMIT 1",
            (one.household_id,),
        ).fetchone()
        return str(row[0]) if row else ""
