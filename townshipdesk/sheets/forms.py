"""Blank forms for village agents: headings, lists to choose from, and numbers kept as text.

A number typed into a cell of the general kind loses its last digits; a form whose column is text
from the start sends back rosters that can be read.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from townshipdesk.sheets.spec import CellKind, Column
from townshipdesk.sheets.target import replacing

ROWS: Final = 500
"""How many lines a form has room for."""

_KINDS: Final = {CellKind.ID: "@", CellKind.DAY: "yyyy-mm-dd", CellKind.TEXT: "General"}
_WIDTH: Final = 14
_WIDE: Final = 22


def write_form(
    path: Path,
    title: str,
    columns: Sequence[Column],
    choices: Mapping[str, Sequence[str]],
) -> None:
    """Write a blank form: a title, the headings, and for some columns a list to choose from.

    Raises BadFileError where the place cannot be written.
    """
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation
    from openpyxl.worksheet.properties import PageSetupProperties

    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = title[:31]
    sheet["A1"] = title
    sheet["A1"].font = Font(bold=True, size=14)
    sheet["A1"].alignment = Alignment(horizontal="center")
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(columns))
    for place, column in enumerate(columns, 1):
        letter = get_column_letter(place)
        head = sheet.cell(row=2, column=place, value=column.heading)
        head.font = Font(bold=True)
        sheet.column_dimensions[letter].width = _WIDE if column.kind is CellKind.ID else _WIDTH
        for row in range(3, 3 + ROWS):
            sheet.cell(row=row, column=place).number_format = _KINDS.get(column.kind, "General")
        if column.heading in choices:
            listed = ",".join(choices[column.heading])
            rule = DataValidation(type="list", formula1=f'"{listed}"', allow_blank=True)
            rule.add(f"{letter}3:{letter}{2 + ROWS}")
            sheet.add_data_validation(rule)
    sheet.freeze_panes = "A3"
    sheet.print_title_rows = "1:2"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.orientation = sheet.ORIENTATION_LANDSCAPE
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_options.gridLines = True  # lines around what was filled in, not 500 empty rows
    packed = io.BytesIO()
    book.save(packed)
    with replacing(path) as place_on_disk:
        place_on_disk.write_bytes(packed.getbuffer())
