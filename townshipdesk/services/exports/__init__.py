"""Sheets that go out, as offices print them.

The sheets are documents of the field: their headings are the printed Chinese ones whatever the
language of the screen, so that the county and the bureau can read them, and this program too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final

from townshipdesk.domain.errors import NotFoundError, UsageError
from townshipdesk.i18n import N_
from townshipdesk.services.exports import lists, office_sheets, people_sheets, summaries
from townshipdesk.services.exports.frame import Options
from townshipdesk.services.exports.watching import Watch
from townshipdesk.store import export_rows

if TYPE_CHECKING:
    from townshipdesk.services.office import Office
    from townshipdesk.sheets.spec import SheetSpec

Maker = Callable[["Office", Options], "list[SheetSpec]"]

SHEETS: Final[Mapping[str, tuple[str, Maker]]] = {
    "ledger": (N_("Collection ledger, a sheet a village"), people_sheets.ledger),
    "village-summary": (N_("Summary of each village by group"), summaries.village_summary),
    "town-summary": (N_("Summary of the township"), summaries.town_summary),
    "daily": (N_("Sheet of a closed day"), office_sheets.daily),
    "weekly": (N_("Progress of the week"), summaries.weekly),
    "unpaid": (N_("Call list of people not enrolled"), people_sheets.unpaid),
    "subsidy-claim": (N_("Claim of subsidies, a sheet a source"), people_sheets.subsidy_claim),
    "refunds": (N_("List of refunds"), people_sheets.refunds),
    "audit": (N_("Audit log"), office_sheets.audit),
    "books": (N_("Receipt books issued and written off"), office_sheets.books),
    "roster": (N_("Roster of residents"), lists.roster),
}

BLANK_ROSTER: Final = "roster-form"
"""A blank roster for village agents, whose number column is text from the start."""


@dataclass(frozen=True, slots=True)
class Exported:
    """A workbook that was written: how many rows of data it has."""

    sheet: str
    path: Path
    rows: int


def export(
    office: Office,
    sheet: str,
    path: Path,
    *,
    village: str | None = None,
    day: date | None = None,
    claim: str | None = None,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Exported:
    """Write a sheet as a workbook; everything on it is of one moment.

    `village` (a code) limits it to one; `day` is the sheet's day, today when not given; `claim` is
    the number of a claim. `progress` is told rows done and expected (0: not known). Raises
    UsageError for an unknown sheet, NotFoundError for an unknown village or a day that was not
    closed, BadFileError where the file cannot be written, CancelledError: then no file is there.
    """
    from townshipdesk.sheets.writer import write_list, write_sheet

    if sheet not in SHEETS and sheet != BLANK_ROSTER:
        raise UsageError(
            N_("There is no sheet {sheet}. Allowed: {allowed}."),
            sheet=sheet[:40],
            allowed=", ".join((*SHEETS, BLANK_ROSTER)),
        )
    if path.suffix.lower() != ".xlsx":
        raise UsageError(N_("A workbook's name ends in .xlsx."))
    if sheet == BLANK_ROSTER:
        lists.roster_form(path)
        return Exported(sheet, path, 0)
    options = Options(day or office.today(), village, claim)
    with office.database.snapshot():
        _check_village(office, village)
        expected = export_rows.expected(office.conn, sheet, office.year, village)
        watch = Watch(expected, progress, cancelled)
        watch.look()
        specs = [watch.over(spec) for spec in SHEETS[sheet][1](office, options)]
        if sheet in lists.PLAIN:
            (spec,) = specs
            rows = [tuple(row) for row in spec.rows]
            watch.look()
            if not rows:  # the fast writer takes its headings from the first row
                return Exported(sheet, path, write_sheet(path, spec))
            write_list(path, spec.name, spec.columns, rows)
            return Exported(sheet, path, len(rows))
        return Exported(sheet, path, write_sheet(path, *specs))


def _check_village(office: Office, code: str | None) -> None:
    if code is None:
        return
    known = office.conn.execute("SELECT 1 FROM village WHERE code = ?", (code,)).fetchone()
    if known is None:
        raise NotFoundError(N_("There is no village {code}."), code=code[:20])
