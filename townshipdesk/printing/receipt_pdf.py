"""A receipt as an A5 page (more pages for a large household)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from townshipdesk.domain.idnumber import mask_number
from townshipdesk.domain.money import capitals, format_yuan_grouped
from townshipdesk.i18n import DEFAULT_LANGUAGE
from townshipdesk.printing import fonts
from townshipdesk.printing.canvas import GREY, RED, Page, pdf_of, width_mm
from townshipdesk.printing.model import PrintedLine, PrintedReceipt
from townshipdesk.printing.table import Column, draw_table, row_height
from townshipdesk.printing.words import (
    Say,
    code_name,
    document_name,
    moment_text,
    reprint_text,
    span_text,
    speaker,
    subsidy_text,
)

WIDTH: Final = 210.0
HEIGHT: Final = 148.0
_FEWEST_ROWS: Final = 4

_LEFT: Final = 10.0
_RIGHT: Final = WIDTH - _LEFT
_TABLE_TOP: Final = 38.0
_HEAD_HEIGHT: Final = 8.0
_ROW_HEIGHT: Final = 9.5
_SUM_HEIGHT: Final = 9.0
_FOOT: Final = 121.0
_ROOM: Final = _FOOT - 3 - _SUM_HEIGHT - _HEAD_HEIGHT - _TABLE_TOP


def _columns(_: Say) -> tuple[Column, ...]:
    return (
        Column(25, _("Name"), points=10),
        Column(34, _("Document and number")),
        Column(25, _("Village (community)")),
        Column(17, _("Standard (yuan)"), "right"),
        Column(33, _("Subsidy and source (yuan)")),
        Column(18, _("Own contribution (yuan)"), "right", points=10, bold=True),
        Column(19, _("Waiting period"), points=7.5),
        Column(19, _("Benefit period"), points=7.5),
    )


def receipt_pdf(
    receipt: PrintedReceipt, nth: int = 1, *, language: str = DEFAULT_LANGUAGE
) -> bytes:
    """Give a receipt as PDF. `nth` counts its printings from 1; later ones say which reprint."""
    return receipts_pdf([(receipt, nth)], language=language)


def receipts_pdf(
    receipts: Sequence[tuple[PrintedReceipt, int]], *, language: str = DEFAULT_LANGUAGE
) -> bytes:
    """Give several receipts, each with the count of its printing, as one PDF.

    Raises ValueError when there is none.
    """
    if not receipts:
        raise ValueError("there is no receipt to print")
    _ = speaker(language)
    pages: list[Page] = []
    for receipt, nth in receipts:
        pages += _pages(_, receipt, nth)
    return pdf_of(
        pages,
        title=_("Receipt {number}", number=receipts[0][0].number),
        made_at=receipts[0][0].issued_at,
    )


def _pages(_: Say, receipt: PrintedReceipt, nth: int) -> list[Page]:
    parts = _parts(_, receipt.lines)
    pages: list[Page] = []
    for index, rows in enumerate(parts):
        page = Page(WIDTH, HEIGHT)
        if receipt.training:
            page.stamp(_("TRAINING"), 110)
        _head(page, _, receipt, nth, (index + 1, len(parts)))
        bottom = _table(page, _, rows)
        _sum(page, _, receipt, bottom, index == len(parts) - 1)
        _foot(page, _, receipt)
        if receipt.void_why is not None:
            page.stamp(_("VOID"), 120, opacity=0.4)
        pages.append(page)
    return pages


def _parts(_: Say, lines: Iterable[PrintedLine]) -> list[list[tuple[str, ...]]]:
    """Give the rows of each page: as many as it has room for, and one page at least."""
    columns = _columns(_)
    parts: list[list[tuple[str, ...]]] = [[]]
    taken = 0.0
    for line in lines:
        row = _row(_, line)
        height = row_height(columns, row, _ROW_HEIGHT)
        if parts[-1] and taken + height > _ROOM + 0.01:
            parts.append([])
            taken = 0.0
        parts[-1].append(row)
        taken += height
    return parts


def _head(page: Page, _: Say, receipt: PrintedReceipt, nth: int, of: tuple[int, int]) -> None:
    page.cell(_LEFT + 35, 6, WIDTH - 2 * _LEFT - 70, 7, receipt.office_name, 12, align="centre")
    page.cell(
        _LEFT + 20,
        13,
        WIDTH - 2 * _LEFT - 40,
        9,
        _("Receipt for the individual contribution to residents' basic medical insurance"),
        16,
        bold=True,
        align="centre",
    )
    page.text(
        _RIGHT,
        12,
        _("No. {number}", number=receipt.number),
        13,
        bold=True,
        align="right",
        colour=RED,
    )
    if receipt.paper:
        paper = _("Paper receipt: {number}", number=receipt.paper)
        page.text(_RIGHT, 17.5, paper, 8, align="right")
    reprint = reprint_text(_, nth)
    if reprint:
        page.frame(reprint, _RIGHT - 14, 22.5, 10)
    if receipt.training:
        page.frame(_("TRAINING: not a valid receipt"), _LEFT + 22, 6.5, 9)
    if receipt.replaces is not None:
        page.text(_LEFT, 26.5, _("Replaces receipt {number}", number=receipt.replaces), 8)
    facts = [
        _("Coverage year: {year}", year=receipt.year),
        _("Date: {moment}", moment=moment_text(receipt.issued_at)),
        _("Channel: {channel}", channel=code_name(_, "channel", receipt.channel)),
    ]
    if receipt.voucher:
        facts.append(_("Voucher: {voucher}", voucher=receipt.voucher))
    x = _LEFT
    for fact in facts:
        page.text(x, 35, fact, 9.5)
        x += width_mm(fact, 9.5) + 7
    if of[1] > 1:
        text = _("Page {page} of {pages}", page=of[0], pages=of[1])
        page.text(_RIGHT, 35, text, 9, align="right")


def _table(page: Page, _: Say, rows: Sequence[tuple[str, ...]]) -> float:
    columns = _columns(_)
    empty = ("",) * (len(columns) - 1)
    blanks = [("", *empty) for _row in range(len(rows), _FEWEST_ROWS)]
    if blanks:
        blanks[0] = (_("(blank below)"), *empty)
    return draw_table(page, _LEFT, _TABLE_TOP, columns, [*rows, *blanks], height=_ROW_HEIGHT)


def _row(_: Say, line: PrintedLine) -> tuple[str, ...]:
    document = document_name(_, line.document_kind)
    return (
        line.name,
        f"{document} {mask_number(line.number)}",
        line.village,
        format_yuan_grouped(line.standard_fen),
        "; ".join(subsidy_text(_, subsidy) for subsidy in line.subsidies) or "-",
        format_yuan_grouped(line.individual_fen),
        span_text(_, line.waiting),
        span_text(_, line.coverage),
    )


def _sum(page: Page, _: Say, receipt: PrintedReceipt, y: float, is_last: bool) -> None:
    page.box(_LEFT, y, _RIGHT - _LEFT, _SUM_HEIGHT, 0.4)
    if not is_last:
        page.cell(_LEFT, y, _RIGHT - _LEFT, _SUM_HEIGHT, _("Continued on the next page"), 9.5)
        return
    page.cell(
        _LEFT,
        y,
        120,
        _SUM_HEIGHT,
        _("Total in capitals: {capitals}", capitals=capitals(receipt.amount_fen)),
        11,
        bold=True,
    )
    page.cell(
        _LEFT + 120,
        y,
        _RIGHT - _LEFT - 120,
        _SUM_HEIGHT,
        _("In figures: ￥{amount}", amount=format_yuan_grouped(receipt.amount_fen)),
        11,
        bold=True,
        align="right",
    )


def _foot(page: Page, _: Say, receipt: PrintedReceipt) -> None:
    page.text(_LEFT, _FOOT + 4, _("Clerk: {name}", name=receipt.clerk), 9.5)
    page.text(_LEFT + 48, _FOOT + 4, _("Reviewer: {name}", name=receipt.reviewer), 9.5)
    page.text(_LEFT + 96, _FOOT + 4, _("Payer's signature:"), 9.5)
    page.text(_LEFT + 145, _FOOT + 4, _("Receiving office (seal):"), 9.5)
    clauses = "; ".join(dict.fromkeys(clause for line in receipt.lines for clause in line.clauses))
    basis = _("Basis: {policy}", policy=f"{receipt.policy_id} {clauses}".strip())
    page.cell(_LEFT - 0.8, _FOOT + 8, _RIGHT - _LEFT, 5, basis, 7.5, colour=GREY)
    page.cell(
        _LEFT - 0.8,
        _FOOT + 12.5,
        _RIGHT - _LEFT,
        5,
        _remarks(_, receipt.lines),
        7.5,
        colour=GREY,
    )
    if receipt.void_why is not None:
        why = _("Void: {why}. All copies are kept.", why=receipt.void_why)
        page.cell(_LEFT - 0.8, _FOOT + 17.5, _RIGHT - _LEFT, 5, why, 9, bold=True, colour=RED)


def _remarks(_: Say, lines: Sequence[PrintedLine]) -> str:
    remarks = [line.ruling for line in lines if line.ruling]
    remarks += [_("This receipt holds the insurance contribution alone and nothing else.")]
    absent = fonts.missing("".join(line.name + line.village for line in lines))
    if absent:
        codes = ", ".join(f"U+{ord(character):04X}" for character in absent)
        remarks.append(
            _("No font has the characters set as 〓 ({codes}): write them by hand.", codes=codes)
        )
    return " ".join(remarks)
