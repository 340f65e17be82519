"""The end-of-day sheet (日结单) as an A4 page and as text.

It carries the length and the head of the audit chain: kept on paper, off the machine, they prove
later that the books of the day are still those that were closed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from townshipdesk.domain.money import capitals, format_yuan_grouped
from townshipdesk.i18n import DEFAULT_LANGUAGE
from townshipdesk.printing.canvas import RED, Page, pdf_of
from townshipdesk.printing.columns import Align, pad, printable, width, wrapped
from townshipdesk.printing.model import PrintedClerkReceipts, PrintedDayRow, PrintedDaySheet
from townshipdesk.printing.table import Column, draw_table, row_height
from townshipdesk.printing.words import Say, code_name, moment_text, speaker

WIDTH: Final = 297.0
HEIGHT: Final = 210.0
COLUMNS: Final = 78

_LEFT: Final = 12.0
_RIGHT: Final = WIDTH - _LEFT
_TOP: Final = 36.0
_ROWS_ON_A_PAGE: Final = 16
_CHAIN_TOP: Final = HEIGHT - 33
_CASH_HEIGHT: Final = 29.0
_RECEIPTS_ROW: Final = 7.0
_NOTICE_HEIGHT: Final = 5.0
_CASH: Final = "cash"
_RULE: Final = "-" * COLUMNS


def day_sheet_pdf(sheet: PrintedDaySheet, *, language: str = DEFAULT_LANGUAGE) -> bytes:
    """Give the sheet of a closed day as PDF, A4 across."""
    _ = speaker(language)
    rows = [_cells(_, row) for row in sheet.rows]
    rows.append(_total(_, sheet))
    parts = [
        rows[start : start + _ROWS_ON_A_PAGE] for start in range(0, len(rows), _ROWS_ON_A_PAGE)
    ]
    pages: list[Page] = []
    for part in parts:
        page = _new_page(_, sheet)
        pages.append(page)
        bottom = draw_table(page, _LEFT, _TOP, _columns(_), part, bold_last=part is parts[-1])
    if bottom + _end_height(_, sheet) > _CHAIN_TOP:
        page, bottom = _new_page(_, sheet), _TOP
        pages.append(page)
    _end(page, _, sheet, bottom)
    if len(pages) > 1:
        for number, one in enumerate(pages, 1):
            text = _("Page {page} of {pages}", page=number, pages=len(pages))
            one.text(_RIGHT, 14, text, 9, align="right")
    return pdf_of(
        pages, title=_("Day sheet {day}", day=sheet.day.isoformat()), made_at=sheet.closed_at
    )


def _columns(_: Say) -> tuple[Column, ...]:
    return (
        Column(30, _("Clerk")),
        Column(34, _("Channel")),
        Column(20, _("Payments"), "right", 9.5),
        Column(34, _("Amount (yuan)"), "right", 9.5),
        Column(20, _("Reversals"), "right", 9.5),
        Column(33, _("Reversed (yuan)"), "right", 9.5),
        Column(20, _("Refunds"), "right", 9.5),
        Column(33, _("Refunded (yuan)"), "right", 9.5),
        Column(49, _("To be deposited in cash (yuan)"), "right", 9.5),
    )


def _cells(_: Say, row: PrintedDayRow) -> tuple[str, ...]:
    deposit = row.amount_fen - row.reversal_fen if row.channel == _CASH else None
    return (
        row.clerk,
        code_name(_, "channel", row.channel),
        str(row.count),
        format_yuan_grouped(row.amount_fen),
        str(row.reversal_count),
        format_yuan_grouped(row.reversal_fen),
        str(row.refund_count),
        format_yuan_grouped(row.refund_fen),
        "-" if deposit is None else format_yuan_grouped(deposit),
    )


def _total(_: Say, sheet: PrintedDaySheet) -> tuple[str, ...]:
    return (
        _("Total"),
        "",
        str(sum(row.count for row in sheet.rows)),
        format_yuan_grouped(sum(row.amount_fen for row in sheet.rows)),
        str(sum(row.reversal_count for row in sheet.rows)),
        format_yuan_grouped(sum(row.reversal_fen for row in sheet.rows)),
        str(sum(row.refund_count for row in sheet.rows)),
        format_yuan_grouped(sum(row.refund_fen for row in sheet.rows)),
        format_yuan_grouped(sheet.expected_cash_fen),
    )


def _new_page(_: Say, sheet: PrintedDaySheet) -> Page:
    page = Page(WIDTH, HEIGHT)
    if sheet.training:
        page.stamp(_("TRAINING"), 150)
    page.cell(_LEFT + 60, 8, WIDTH - 2 * _LEFT - 120, 7, sheet.office_name, 12, align="centre")
    page.cell(
        _LEFT + 60,
        15,
        WIDTH - 2 * _LEFT - 120,
        10,
        _("End-of-day sheet"),
        18,
        bold=True,
        align="centre",
    )
    if sheet.training:
        page.frame(_("TRAINING: not a valid sheet"), _LEFT + 26, 9, 10)
    page.text(_LEFT, 32, _("Day: {day}", day=sheet.day.isoformat()), 11)
    page.text(_LEFT + 62, 32, _("Coverage year: {year}", year=sheet.year), 11)
    closed = _("Closed: {moment}", moment=moment_text(sheet.closed_at))
    page.text(_RIGHT, 32, closed, 11, align="right")
    return page


def _end(page: Page, _: Say, sheet: PrintedDaySheet, y: float) -> None:
    y = _cash(page, _, sheet, y + 5)
    y = _receipts(page, _, sheet, y + 4)
    for notice in sheet.notices:
        page.cell(_LEFT - 0.8, y, _RIGHT - _LEFT, _NOTICE_HEIGHT, "※ " + notice, 8.5)
        y += _NOTICE_HEIGHT
    _chain(page, _, sheet)
    page.text(_LEFT, HEIGHT - 14, _("Clerk: {name}", name=sheet.closed_by), 10.5)
    page.text(_LEFT + 90, HEIGHT - 14, _("Reviewer: {name}", name=""), 10.5)
    page.text(_LEFT + 180, HEIGHT - 14, _("Office (seal):"), 10.5)


def _end_height(_: Say, sheet: PrintedDaySheet) -> float:
    """Give the room that cash, receipts and notices take below the table."""
    columns = _receipt_columns(_)
    rows = sum(row_height(columns, row, _RECEIPTS_ROW) for row in _receipt_rows(sheet))
    return _CASH_HEIGHT + 13 + rows + _NOTICE_HEIGHT * len(sheet.notices)


def _cash(page: Page, _: Say, sheet: PrintedDaySheet, y: float) -> float:
    columns = (
        Column(50, _("Cash expected (yuan)"), "centre", 12, bold=True),
        Column(50, _("Cash counted (yuan)"), "centre", 12, bold=True),
        Column(45, _("Difference (yuan)"), "centre", 12, bold=True),
        Column(128, _("Reason for the difference"), "left", 10),
    )
    row = (
        format_yuan_grouped(sheet.expected_cash_fen),
        format_yuan_grouped(sheet.counted_cash_fen),
        format_yuan_grouped(sheet.difference_fen),
        sheet.why or "-",
    )
    bottom = draw_table(page, _LEFT, y, columns, [row], height=10)
    counted = _("Counted, in capitals: {capitals}", capitals=capitals(sheet.counted_cash_fen))
    page.text(_LEFT, bottom + 5, counted, 10)
    return bottom + 6


def _receipts(page: Page, _: Say, sheet: PrintedDaySheet, y: float) -> float:
    if not sheet.receipts:
        page.text(_LEFT, y + 4, _("No receipts were issued."), 10)
        return y + 6
    rows = _receipt_rows(sheet)
    return draw_table(page, _LEFT, y, _receipt_columns(_), rows, height=_RECEIPTS_ROW) + 1


def _receipt_columns(_: Say) -> tuple[Column, ...]:
    return (
        Column(30, _("Clerk")),
        Column(183, _("Receipts from - to"), "left", 9),
        Column(30, _("Issued"), "right", 9.5),
        Column(30, _("Void"), "right", 9.5),
    )


def _receipt_rows(sheet: PrintedDaySheet) -> list[tuple[str, ...]]:
    return [(one.clerk, runs_text(one), str(one.count), str(one.void)) for one in sheet.receipts]


def _chain(page: Page, _: Say, sheet: PrintedDaySheet) -> None:
    y = _CHAIN_TOP
    page.box(_LEFT, y, _RIGHT - _LEFT, 12, 0.3)
    page.text(
        _LEFT + 3,
        y + 5,
        _(
            "Audit chain: {length} rows. Keep this sheet: it proves the books of the day.",
            length=sheet.chain_length,
        ),
        9,
    )
    page.text(_LEFT + 3, y + 10, grouped(sheet.chain_head), 10, bold=True, colour=RED)


def runs_text(receipts: PrintedClerkReceipts) -> str:
    """Give the runs of a clerk's receipts: 000001-000004, 000006."""
    return ", ".join(first if first == last else f"{first}-{last}" for first, last in receipts.runs)


def grouped(head: str) -> str:
    """Give a chain's head in groups of eight, as people compare it."""
    return " ".join(head[start : start + 8] for start in range(0, len(head), 8))


def day_sheet_text(sheet: PrintedDaySheet, *, language: str = DEFAULT_LANGUAGE) -> str:
    """Give the sheet as text, at most 78 columns wide and safe in GB18030."""
    _ = speaker(language)
    lines = [
        *_centred([printable(sheet.office_name), _("End-of-day sheet")]),
        *(_centred([f"*** {_('TRAINING: not a valid sheet')} ***"]) if sheet.training else []),
        *wrapped(
            "  ".join(
                (
                    _("Day: {day}", day=sheet.day.isoformat()),
                    _("Coverage year: {year}", year=sheet.year),
                    _("Closed: {moment}", moment=moment_text(sheet.closed_at)),
                )
            ),
            COLUMNS,
        ),
        _RULE,
        *_text_table(_, sheet),
        _RULE,
        *_text_cash(_, sheet),
        *_text_receipts(_, sheet),
        *(line for notice in sheet.notices for line in wrapped("* " + printable(notice), COLUMNS)),
        _RULE,
        *wrapped(
            _(
                "Audit chain: {length} rows. Keep this sheet: it proves the books of the day.",
                length=sheet.chain_length,
            ),
            COLUMNS,
        ),
        *wrapped(grouped(sheet.chain_head), COLUMNS),
        pad(_("Clerk: {name}", name=printable(sheet.closed_by)), 30)
        + pad(_("Reviewer: {name}", name=""), 24)
        + _("Office (seal):"),
    ]
    return "\n".join(lines) + "\n"


_TEXT_TABLE: Final[tuple[tuple[int, Align], ...]] = (
    (12, "left"),
    (16, "left"),
    (6, "right"),
    (14, "right"),
    (5, "right"),
    (11, "right"),
    (5, "right"),
    (9, "right"),
)


def _text_table(_: Say, sheet: PrintedDaySheet) -> list[str]:
    heads = (
        _("Clerk"),
        _("Channel"),
        _("No."),
        _("Amount"),
        _("Rev."),
        _("Reversed"),
        _("Ref."),
        _("Refunded"),
    )
    rows = [_cells(_, row)[:-1] for row in sheet.rows]
    rows.append(_total(_, sheet)[:-1])
    return [line for row in (heads, *rows) for line in _text_row(row)]


def _text_row(values: Sequence[str]) -> list[str]:
    cells = [
        wrapped(printable(value), columns - (align == "left"))
        for value, (columns, align) in zip(values, _TEXT_TABLE, strict=True)
    ]
    return [
        "".join(
            pad(cell[number] if number < len(cell) else "", columns, align)
            for cell, (columns, align) in zip(cells, _TEXT_TABLE, strict=True)
        ).rstrip()
        for number in range(max(len(cell) for cell in cells))
    ]


def _text_cash(_: Say, sheet: PrintedDaySheet) -> list[str]:
    facts = (
        (_("Cash expected (yuan)"), format_yuan_grouped(sheet.expected_cash_fen)),
        (_("Cash counted (yuan)"), format_yuan_grouped(sheet.counted_cash_fen)),
        (_("Difference (yuan)"), format_yuan_grouped(sheet.difference_fen)),
    )
    label = max(width(name) for name, _amount in facts)
    lines = [f"{pad(name, label)}  {pad(amount, 16, 'right')}" for name, amount in facts]
    if sheet.why:
        why = _("Reason for the difference") + ": " + printable(sheet.why)
        lines += wrapped(why, COLUMNS)
    return lines


def _text_receipts(_: Say, sheet: PrintedDaySheet) -> list[str]:
    if not sheet.receipts:
        return [_("No receipts were issued.")]
    return [
        line
        for one in sheet.receipts
        for line in wrapped(
            _(
                "Receipts of {clerk}: {runs} (issued {count}, void {void})",
                clerk=printable(one.clerk),
                runs=runs_text(one),
                count=one.count,
                void=one.void,
            ),
            COLUMNS,
        )
    ]


def _centred(texts: Iterable[str]) -> list[str]:
    return [
        pad(line, COLUMNS, "centre").rstrip() for text in texts for line in wrapped(text, COLUMNS)
    ]
