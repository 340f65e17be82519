"""Preview and commit of an import: reading and comparing outside, one transaction at the end."""

from __future__ import annotations

import contextlib
import gc
import queue
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

from townshipdesk.domain.dates import parse_moment
from townshipdesk.domain.errors import RuleError, UsageError
from townshipdesk.i18n import N_
from townshipdesk.services.identities import late_lists
from townshipdesk.services.imports import (
    columns,
    contributions,
    identities,
    residents,
    villages,
)
from townshipdesk.services.imports.committing import record, record_roster
from townshipdesk.services.imports.model import (
    Cancelled,
    CancelledError,
    ImportKind,
    ImportOptions,
    Preview,
    Report,
    Stage,
    Summary,
)
from townshipdesk.services.imports.places import Villages
from townshipdesk.services.office import Office
from townshipdesk.services.staff import Actor
from townshipdesk.sheets import reader
from townshipdesk.sheets.process import ReadingStopped
from townshipdesk.sheets.result import Progress, SheetKind, SheetResult
from townshipdesk.sheets.roster import RosterBatch
from townshipdesk.store import audit, import_rows

_READERS: Final[Mapping[ImportKind, Callable[..., SheetResult[Any]]]] = {
    ImportKind.VILLAGES: reader.read_villages,
    ImportKind.RESIDENTS: reader.read_roster,
    ImportKind.IDENTITIES: reader.read_identities,
    ImportKind.CONTRIBUTIONS: reader.read_ledger,
}


def preview(
    office: Office,
    kind: ImportKind,
    path: Path,
    options: ImportOptions | None = None,
    report: Report | None = None,
    cancelled: Cancelled | None = None,
) -> Preview:
    """Read a file, compare it with the office, and say what importing it would do.

    `report` is told how far it is, also from another thread; `cancelled` is asked now and then.
    Raises BadFileError, UsageError for options that do not fit, CancelledError.
    """
    chosen = options or ImportOptions()
    _check_options(office, kind, chosen)
    looking = _Looking(office, kind, path, chosen, report, cancelled)
    with collector_resting(), office.database.snapshot():
        return looking.at_roster() if kind is ImportKind.RESIDENTS else looking.at_list()


class _Looking:
    """One file being read in a process of its own, and compared with the office meanwhile."""

    def __init__(
        self,
        office: Office,
        kind: ImportKind,
        path: Path,
        options: ImportOptions,
        report: Report | None,
        cancelled: Cancelled | None,
    ) -> None:
        self._office = office
        self._kind = kind
        self._path = path
        self._options = options
        self._report = report
        self._cancelled = cancelled
        self._given_up = threading.Event()
        self._basis = 0
        known = columns.remembered(office, SheetKind(kind.value))
        self._columns = {**known, **(options.columns or {})}

    def at_roster(self) -> Preview:
        """Compare batch by batch, as they come out of the reading process."""
        coming: queue.SimpleQueue[RosterBatch | None] = queue.SimpleQueue()
        with ThreadPoolExecutor(1) as reading:
            result = reading.submit(self._read, coming.put)
            result.add_done_callback(lambda _done: coming.put(None))
            try:
                self._basis = audit.head(self._office.conn).length
                comparison = residents.Comparison(self._office.conn, self._options)
                while (batch := coming.get()) is not None:
                    comparison.take(batch)
            finally:
                self._given_up.set()
            read = result.result()
        self._tell(read.data_rows)
        return self._shown(read, comparison.fill)

    def at_list(self) -> Preview:
        """Read it whole, then compare."""
        conn, office = self._office.conn, self._office
        self._basis = audit.head(conn).length
        read = self._read(None)

        def fill(shown: Preview) -> None:
            if self._kind is ImportKind.VILLAGES:
                villages.compare(conn, read.rows, shown)
            elif self._kind is ImportKind.IDENTITIES:
                today = office.today().isoformat()
                identities.Comparison(conn, read.rows, shown, today, office.year).run(read.rows)
                named = {code for row in read.rows for code in row.identities}
                shown.late = late_lists(office, named, office.today())
            else:
                ledger = contributions.Comparison(office, read.rows, shown)
                shown.plan = ledger.run(read.rows, self._report, self._cancelled)

        self._tell(len(read.rows))
        return self._shown(read, fill)

    def _read(self, batch: Callable[[RosterBatch], None] | None) -> SheetResult[Any]:
        more = {} if batch is None else {"batch": batch}
        try:
            return _READERS[self._kind](
                self._path,
                today=self._office.today(),
                mapping=self._columns,
                progress=self._on_progress,
                cancelled=self._is_cancelled,
                **more,
            )
        except ReadingStopped as error:
            raise CancelledError(N_("Stopped. Nothing was changed.")) from error

    def _on_progress(self, step: Progress) -> None:
        if self._report is not None:
            self._report(Stage(*step))

    def _tell(self, rows: int) -> None:
        if self._report is not None:
            self._report(Stage("comparing", rows, rows))

    def _is_cancelled(self) -> bool:
        return self._given_up.is_set() or (self._cancelled is not None and self._cancelled())

    def _shown(self, read: SheetResult[Any], fill: Callable[[Preview], None]) -> Preview:
        before = import_rows.imported_before(self._office.conn, read.sha256, str(self._kind))
        shown = Preview(
            kind=self._kind,
            path=self._path,
            sha256=read.sha256,
            options=self._options,
            basis=self._basis,
            rows=read.data_rows,
            rejections=list(read.rejections),
            warnings=read.warnings,
            mappings=read.mappings,
            imported_before=None if before is None else parse_moment(before),
        )
        fill(shown)
        order = {sheet: place for place, sheet in enumerate(read.sheets)}
        shown.rejections.sort(key=lambda one: (order.get(one.sheet, 0), one.row))
        return shown


def commit(
    office: Office,
    actor: Actor,
    shown: Preview,
    report: Report | None = None,
    cancelled: Cancelled | None = None,
) -> Summary:
    """Do what a preview showed, in one transaction; nothing where it changes nothing.

    A preview is committed once. Raises RuleError `stale` when the office has changed since,
    `list-refused` for a list that is rejected as a whole, CancelledError.
    """
    if shown.refused:
        raise RuleError(
            N_("The list is rejected as a whole because of its rejected rows."), code="list-refused"
        )
    if shown.is_used:
        raise AssertionError("a preview is committed once; look at the file again")
    if shown.changes_nothing:
        return shown.summary(dry_run=False)
    shown.is_used = True
    if shown.kind is ImportKind.RESIDENTS:
        with collector_resting():
            record_roster(office, actor, shown, report, cancelled)
    else:
        record(office, actor, shown, report)
    return shown.summary(dry_run=False)


@contextlib.contextmanager
def collector_resting() -> Iterator[None]:
    """Let the garbage collector rest while rows by the ten thousand are made.

    It would look at all of them again and again and find nothing: reading a roster of 80,000 takes
    half as long again with it. Nothing here makes cycles.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _check_options(office: Office, kind: ImportKind, options: ImportOptions) -> None:
    if kind is ImportKind.IDENTITIES:
        if options.full is None:
            raise UsageError(
                N_("Say whether the list is complete (--full) or adds to the last (--difference).")
            )
        if not options.department.strip():
            raise UsageError(N_("Say which department the list comes from (--department)."))
    if kind is ImportKind.CONTRIBUTIONS and not options.village:
        raise UsageError(N_("Say whose ledger it is (--village)."))
    if options.village:
        Villages(office.conn).required(options.village)
