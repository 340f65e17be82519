"""Taking the audit log out as a workbook: every row that was found, its text as text."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from townshipdesk.domain.dates import format_moment
from townshipdesk.i18n import _
from townshipdesk.services import audit_search
from townshipdesk.sheets.spec import CellKind, Column, Value
from townshipdesk.sheets.writer import write_list

if TYPE_CHECKING:
    from townshipdesk.services.audit_search import AuditQuestion, AuditRow
    from townshipdesk.services.office import Office
    from townshipdesk.services.staff import Actor

FOLDER: Final = "exports"


def export(
    office: Office,
    actor: Actor,
    question: AuditQuestion,
    *,
    headings: Sequence[str],
    words: Callable[[AuditRow], tuple[str, str]],
) -> tuple[Path, int]:
    """Write all matching rows beside the office file and give the file and how many they are.

    `headings` are those of number, moment, who, desk, what, details, subject and hash; `words`
    gives what and details of a row. That somebody took rows out is recorded. Raises BadFileError
    where the place cannot be written.
    """
    rows = 0

    def cells() -> Iterator[tuple[Value, ...]]:
        nonlocal rows
        for row in audit_search.every(office, question):
            rows += 1
            what, details = words(row)
            moment = format_moment(row.at)
            yield row.number, moment, row.staff, row.desk, what, details, row.subject, row.hash

    folder = office.database.path.parent / FOLDER
    folder.mkdir(exist_ok=True)
    path = folder / f"audit-{office.now():%Y%m%d-%H%M%S}.xlsx"
    kinds = (CellKind.COUNT, *(CellKind.TEXT for _heading in headings[1:]))
    columns = [Column(heading, kind) for heading, kind in zip(headings, kinds, strict=True)]
    with office.database.snapshot():
        write_list(path, _("Audit log"), columns, cells())
    audit_search.record_export(office, actor, rows)
    return path, rows
