"""Reading the sheets offices exchange: a file in, typed rows and reasons out, no database.

Each function reads one kind of sheet in a process of its own (`sheets.child`), which the desk
survives whatever the file does to it. `mapping` is a remembered reading of the columns, heading ->
field, "" for one to leave out; `progress` is told how far it is; `cancelled` is asked whether to
stop. All raise BadFileError where the file as a whole cannot be read, and ReadingStopped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any, Final, TypeVar, cast

from townshipdesk.domain.errors import BadFileError
from townshipdesk.sheets.calls import CallRow
from townshipdesk.sheets.given import check_same, given, sha256_of
from townshipdesk.sheets.identities import IdentityRow
from townshipdesk.sheets.ledger import LedgerRow
from townshipdesk.sheets.process import ask, look_at
from townshipdesk.sheets.result import (
    MappedColumn,
    PrintedTotal,
    Progress,
    Rejection,
    SheetKind,
    SheetMapping,
    SheetResult,
    SheetWarning,
)
from townshipdesk.sheets.roster import RosterBatch, RosterRow
from townshipdesk.sheets.taxlist import TaxRow
from townshipdesk.sheets.villages import VillageRow

Row = TypeVar("Row")
MOST_REJECTED: Final = 50_000
"""Nobody goes through more; a file made to harm would fill the desk's memory with reasons."""
Mapped = Mapping[str, str] | None
OnProgress = Callable[[Progress], None] | None
Cancelled = Callable[[], bool] | None


def read_villages(
    path: Path, *, today: date, mapping: Mapped = None, progress: OnProgress = None,
    cancelled: Cancelled = None,
) -> SheetResult[VillageRow]:  # fmt: skip
    """Read a list of villages and targets (村(社区)名单及任务分解表)."""
    return _read(SheetKind.VILLAGES, VillageRow._make, path, today, mapping, progress, cancelled)


def read_roster(
    path: Path, *, today: date, mapping: Mapped = None, progress: OnProgress = None,
    cancelled: Cancelled = None, batch: Callable[[RosterBatch], None] | None = None,
) -> SheetResult[RosterRow]:  # fmt: skip
    """Read a roster of residents (参保登记花名册).

    `batch` is handed each few thousand rows as they arrive, while the rest is still being read, so
    that comparing them costs no time of its own. The result then holds no rows: nothing stands in
    memory twice.
    """
    return _read(
        SheetKind.RESIDENTS,
        RosterRow._make,
        path,
        today,
        mapping,
        progress,
        cancelled,
        None if batch is None else lambda columns: batch(RosterBatch(columns)),
    )


def read_identities(
    path: Path, *, today: date, mapping: Mapped = None, progress: OnProgress = None,
    cancelled: Cancelled = None,
) -> SheetResult[IdentityRow]:  # fmt: skip
    """Read a department's list of people with an identity (资助参保人员清册)."""
    return _read(SheetKind.IDENTITIES, IdentityRow._make, path, today, mapping, progress, cancelled)


def read_ledger(
    path: Path, *, today: date, mapping: Mapped = None, progress: OnProgress = None,
    cancelled: Cancelled = None,
) -> SheetResult[LedgerRow]:  # fmt: skip
    """Read a village's ledger of what it collected (筹资台账)."""
    return _read(
        SheetKind.CONTRIBUTIONS, LedgerRow._make, path, today, mapping, progress, cancelled
    )


def read_tax_list(
    path: Path, *, today: date, mapping: Mapped = None, progress: OnProgress = None,
    cancelled: Cancelled = None,
) -> SheetResult[TaxRow]:  # fmt: skip
    """Read the tax bureau's list of what it collected (实征清册)."""
    return _read(SheetKind.TAX_LIST, TaxRow._make, path, today, mapping, progress, cancelled)


def read_calls(
    path: Path, *, today: date, mapping: Mapped = None, progress: OnProgress = None,
    cancelled: Cancelled = None,
) -> SheetResult[CallRow]:  # fmt: skip
    """Read a call list that came back with its results (未参保人员名单)."""
    return _read(SheetKind.CALLS, CallRow._make, path, today, mapping, progress, cancelled)


def sniff_kind(path: Path, *, cancelled: Cancelled = None) -> SheetKind | None:
    """Tell which kind of sheet a file holds; None where no table of a known kind is in it."""
    request = {"kind": "sniff", "path": str(given(path).path)}
    with closing(ask(request, cancelled)) as messages:
        found = [str(message[1]) for message in messages if message[0] == "kind"]
    return SheetKind(found[0]) if found and found[0] else None


def _read(
    kind: SheetKind,
    make: Callable[[Iterable[Any]], Row],
    path: Path,
    today: date,
    mapping: Mapped,
    progress: OnProgress,
    cancelled: Cancelled,
    taker: Callable[[Sequence[Sequence[object]]], None] | None = None,
) -> SheetResult[Row]:
    """Read a file. `taker` is handed the rows on their side; without one, the result holds them."""
    file = look_at(path)
    request = {
        "kind": kind.value,
        "path": str(file.path),
        "today": today.isoformat(),
        "mapping": dict(mapping) if mapping else None,
    }
    result: SheetResult[Row] = SheetResult(kind, path, sha256_of(file.path))
    with closing(ask(request, cancelled)) as messages:
        for what, *parts in messages:
            if what == "rows":
                columns = cast("list[Sequence[object]]", parts[0])
                if taker is None:
                    result.rows.extend(map(make, zip(*columns, strict=True)))
                else:
                    result.handed_on += len(columns[0])
                    taker(columns)
            elif what == "progress" and progress is not None:
                progress(Progress(*cast("tuple[str, int, int]", parts)))
            else:
                _take(result, str(what), cast("list[Any]", parts))
    check_same(file)
    return result


def _take(result: SheetResult[Row], what: str, parts: list[Any]) -> None:
    """Keep what a message other than rows tells."""
    if what == "rejected":
        result.rejections.extend(map(Rejection._make, parts[0]))
        if len(result.rejections) > MOST_REJECTED:
            first = result.rejections[0]
            raise BadFileError(
                "More than {count} rows cannot be taken, the first is row {row}: {reason} This "
                "cannot be the right file.",
                count=MOST_REJECTED,
                row=first.row,
                reason=first.text,
            )
    elif what == "mapping":
        sheet, first, last = parts[0]
        columns = tuple(map(MappedColumn._make, parts[1]))
        result.mappings.append(SheetMapping(sheet, first, last, columns))
    elif what == "notes":
        result.warnings.extend(map(SheetWarning._make, parts[0]))
        result.totals.extend(map(PrintedTotal._make, parts[1]))
