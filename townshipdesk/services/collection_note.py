"""The list that goes back to a village: who differs, was set aside or left out, and why."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from townshipdesk.domain.errors import RuleError
from townshipdesk.i18n import N_, _
from townshipdesk.services import collection_view, collections, file_history
from townshipdesk.services.exports.frame import date_line, unit_line
from townshipdesk.services.imports.residents import OTHER_NAME
from townshipdesk.sheets.spec import CellKind, Column, SheetSpec

if TYPE_CHECKING:
    from pathlib import Path

    from townshipdesk.services.collection_check import Difference
    from townshipdesk.services.office import Office
    from townshipdesk.services.staff import Actor

SHEET: Final = "ledger-note"
"""What the list is called in the history of files."""
NAME: Final = "台账核对不符清单"
LEFT_OUT: Final = N_("Not entered; the money goes back.")
_COLUMNS: Final = (
    Column("原行号", CellKind.COUNT),
    Column("户号"),
    Column("姓名"),
    Column("证件号码", CellKind.ID, width=21),
    Column("自缴金额", CellKind.MONEY, total=True),
    Column("收据号", CellKind.ID),
    Column("不符或剔除原因", width=40),
    Column("更正"),
)


def write(
    office: Office, actor: Actor, uid: str, differences: Iterable[Difference], path: Path
) -> int:
    """Write the list of a ledger as workbook, keep that it went out, and give how many it names.

    `differences` are those that were shown. Raises RuleError where there is nobody to name,
    NotFoundError, BadFileError where the place cannot be written.
    """
    from townshipdesk.sheets.writer import write_sheet

    # Whose number it is here is said on the screen alone: the paper leaves the office.
    why = {one.row_id: _(OTHER_NAME) if one.kind == "name" else one.text for one in differences}
    lines = [
        (line, line.aside or (_(LEFT_OUT) if line.left_out else why[line.row_id]))
        for line in collection_view.lines(office, uid)
        if line.aside or line.left_out or line.row_id in why
    ]
    if not lines:
        raise RuleError(N_("Nobody of this ledger differs or was set aside."), code="nothing")
    one = collections.collection(office, uid)
    spec = SheetSpec(
        name=NAME,
        title=f"{one.body}{NAME}",
        columns=_COLUMNS,
        rows=[
            (
                line.row,
                line.household,
                line.name,
                line.document_number,
                line.own_fen,
                line.receipt,
                reason,
                "",
            )
            for line, reason in lines
        ],
        unit=unit_line(office),
        dated=date_line(office.today()),
        total_label="合计",
        signatures=("经办人：", "代办员：", "日期："),
    )
    written = write_sheet(path, spec)
    file_history.record_written(office, actor, SHEET, path, written)
    return written
