"""Preview and commit of an import: reading and comparing outside, one transaction at the end."""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

from townshipdesk.domain.dates import parse_moment
from townshipdesk.domain.errors import RuleError, UsageError
from townshipdesk.i18n import N_
from townshipdesk.services.imports import contributions, identities, residents, villages
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
from townshipdesk.sheets.result import Progress, SheetResult
from townshipdesk.store import audit, import_rows
from townshipdesk.store.driver import Connection

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
    with (
        collector_resting(),
        ThreadPoolExecutor(1) as reading,
        office.database.snapshot() as conn,
    ):
        # The file is read in a process of its own; what it will be compared with, meanwhile here.
        coming = reading.submit(_read, office, kind, path, chosen, report, cancelled)
        basis = audit.head(conn).length
        known = residents.KnownPeople(conn) if kind is ImportKind.RESIDENTS else None
        read = coming.result()
        shown = _begin(conn, kind, path, chosen, basis, read)
        if known is not None:
            known.ask(read.rows)
            comparison = residents.Comparison(known, Villages(conn), shown)
            shown.plan = comparison.run(read.rows, report, cancelled)
        elif kind is ImportKind.VILLAGES:
            villages.compare(conn, read.rows, shown)
        elif kind is ImportKind.IDENTITIES:
            today = office.today().isoformat()
            identities.Comparison(conn, read.rows, shown, today, office.year).run(read.rows)
        else:
            ledger = contributions.Comparison(office, read.rows, shown)
            shown.plan = ledger.run(read.rows, report, cancelled)
    shown.rejections.sort(key=_place_in(read))
    return shown


def commit(
    office: Office,
    actor: Actor,
    shown: Preview,
    report: Report | None = None,
    cancelled: Cancelled | None = None,
) -> Summary:
    """Do what a preview showed, in one transaction; nothing where it changes nothing.

    Raises RuleError `stale` when the office has changed since, `list-refused` for a list that is
    rejected as a whole, CancelledError.
    """
    if shown.refused:
        raise RuleError(
            N_("The list is rejected as a whole because of its rejected rows."), code="list-refused"
        )
    if shown.changes_nothing:
        return shown.summary(dry_run=False)
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


def _read(
    office: Office,
    kind: ImportKind,
    path: Path,
    options: ImportOptions,
    report: Report | None,
    cancelled: Cancelled | None,
) -> SheetResult[Any]:
    def progress(step: Progress) -> None:
        if report is not None:
            report(Stage(*step))

    try:
        return _READERS[kind](
            path,
            today=office.today(),
            mapping=options.columns,
            progress=progress,
            cancelled=cancelled,
        )
    except ReadingStopped as error:
        raise CancelledError(N_("Stopped. Nothing was changed.")) from error


def _begin(
    conn: Connection,
    kind: ImportKind,
    path: Path,
    options: ImportOptions,
    basis: int,
    read: SheetResult[Any],
) -> Preview:
    before = import_rows.imported_before(conn, read.sha256, str(kind))
    return Preview(
        kind=kind,
        path=path,
        sha256=read.sha256,
        options=options,
        basis=basis,
        rows=read.data_rows,
        rejections=list(read.rejections),
        warnings=read.warnings,
        mappings=read.mappings,
        imported_before=None if before is None else parse_moment(before),
    )


def _place_in(read: SheetResult[Any]) -> Callable[[Any], tuple[int, int]]:
    """Give the order of rejections: as the rows stand in the file."""
    order = {sheet: place for place, sheet in enumerate(read.sheets)}
    return lambda rejection: (order.get(rejection.sheet, 0), rejection.row)
