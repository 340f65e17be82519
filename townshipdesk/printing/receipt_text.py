"""A receipt as plain text for a dot-matrix printer with a three-part form (三联单).

The form is a third of a sheet: 22 lines of 80 columns, at six lines and ten characters an inch.
The text carries no control codes but the form feed between sheets; the printer's own settings hold
the length of the form.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from townshipdesk.domain.idnumber import mask_number
from townshipdesk.domain.money import capitals, format_yuan_grouped
from townshipdesk.i18n import DEFAULT_LANGUAGE, N_
from townshipdesk.printing.columns import Align, between, pad, printable, width, wrapped
from townshipdesk.printing.model import PrintedLine, PrintedReceipt
from townshipdesk.printing.words import (
    Say,
    code_name,
    moment_text,
    reprint_text,
    span_text,
    speaker,
    subsidy_text,
)

COLUMNS: Final = 78
"""Two of the form's 80 columns stay free, so that a shifted form loses nothing."""

LINES: Final = 22

_MANY: Final = (99, 99)  # the page count that takes the most room

_RULE: Final = "-" * COLUMNS
_TABLE: Final[tuple[tuple[int, str, Align], ...]] = (
    (16, N_("Name"), "left"),
    (20, N_("Number"), "left"),
    (18, N_("Village"), "left"),
    (11, N_("Standard"), "right"),
    (13, N_("Own share"), "right"),
)


def receipt_text(
    receipt: PrintedReceipt,
    nth: int = 1,
    *,
    language: str = DEFAULT_LANGUAGE,
    lines: int = LINES,
) -> str:
    """Give a receipt as text, sheets of `lines` lines parted by form feeds.

    `nth` counts its printings from 1; later ones say which reprint. Every line is at most 78
    columns wide, and the whole can be encoded in GB18030.
    """
    _ = speaker(language)
    blocks = [_person(_, line) for line in receipt.lines]
    room = lines - len(_head(_, receipt, nth, _MANY)) - len(_foot(_, receipt, True))
    sheets = _sheets(blocks, room)
    pages: list[str] = []
    for index, body in enumerate(sheets):
        head = _head(_, receipt, nth, (index + 1, len(sheets)))
        foot = _foot(_, receipt, index == len(sheets) - 1)
        filling = [""] * (lines - len(head) - len(body) - len(foot))
        pages.append("\n".join([*head, *body, *filling, *foot]) + "\n")
    return "\f".join(pages)


def _sheets(blocks: Sequence[Sequence[str]], room: int) -> list[list[str]]:
    sheets: list[list[str]] = [[]]
    for block in (part for whole in blocks for part in _chunks(whole, room)):
        if sheets[-1] and len(sheets[-1]) + len(block) > room:
            sheets.append([])
        sheets[-1] += block
    return sheets


def _chunks(block: Sequence[str], room: int) -> list[Sequence[str]]:
    """Cut what is longer than a whole sheet; everybody else stays together."""
    return [block[start : start + room] for start in range(0, len(block), room)]


def _head(_: Say, receipt: PrintedReceipt, nth: int, of: tuple[int, int]) -> list[str]:
    marks = [_("TRAINING: not a valid receipt")] if receipt.training else []
    if receipt.void_why is not None:
        marks.append(_("VOID"))
    reprint = reprint_text(_, nth)
    if reprint:
        marks.append(reprint)
    office = printable(receipt.office_name)
    title = _("Receipt for the individual contribution to residents' basic medical insurance")
    number = _("No. {number}", number=receipt.number)
    if of[1] > 1:
        number += "  " + _("Page {page} of {pages}", page=of[0], pages=of[1])
    facts = [
        _("Coverage year: {year}", year=receipt.year),
        _("Date: {moment}", moment=moment_text(receipt.issued_at)),
        _("Channel: {channel}", channel=code_name(_, "channel", receipt.channel)),
    ]
    return [
        *(_centred(line) for line in wrapped(office, COLUMNS)),
        _centred(title),
        *([_centred(f"*** {' / '.join(marks)} ***")] if marks else []),
        *_left_and_right("  ".join(facts), number),
        *_second_line(_, receipt),
        _RULE,
        "".join(pad(_(heading), columns, align) for columns, heading, align in _TABLE),
    ]


def _second_line(_: Say, receipt: PrintedReceipt) -> list[str]:
    facts: list[str] = []
    if receipt.paper:
        facts.append(_("Paper receipt: {number}", number=printable(receipt.paper)))
    if receipt.voucher:
        facts.append(_("Voucher: {voucher}", voucher=printable(receipt.voucher)))
    if receipt.replaces is not None:
        facts.append(_("Replaces receipt {number}", number=receipt.replaces))
    return wrapped("  ".join(facts), COLUMNS) if facts else []


def _person(_: Say, line: PrintedLine) -> list[str]:
    values = (
        printable(line.name),
        mask_number(printable(line.number)),
        printable(line.village),
        format_yuan_grouped(line.standard_fen),
        format_yuan_grouped(line.individual_fen),
    )
    return [
        *_row(values),
        *_indented(
            "; ".join(subsidy_text(_, subsidy) for subsidy in line.subsidies)
            and _(
                "Subsidies: {subsidies}",
                subsidies="; ".join(subsidy_text(_, subsidy) for subsidy in line.subsidies),
            )
        ),
        *_indented(
            _(
                "Waiting: {waiting}  Benefits: {coverage}",
                waiting=span_text(_, line.waiting),
                coverage=span_text(_, line.coverage),
            )
        ),
        *_indented(printable(line.ruling)),
    ]


def _row(values: Sequence[str]) -> list[str]:
    """Give a table row; a text that is wider than its column goes on in the lines below."""
    cells = [
        wrapped(value, columns - (align == "left"))
        for value, (columns, _heading, align) in zip(values, _TABLE, strict=True)
    ]
    height = max(len(cell) for cell in cells)
    return [
        "".join(
            pad(cell[row] if row < len(cell) else "", columns, align)
            for cell, (columns, _heading, align) in zip(cells, _TABLE, strict=True)
        ).rstrip()
        for row in range(height)
    ]


def _foot(_: Say, receipt: PrintedReceipt, is_last: bool) -> list[str]:
    if is_last:
        total = _left_and_right(
            _("Total in capitals: {capitals}", capitals=capitals(receipt.amount_fen)),
            _("In figures: ￥{amount}", amount=format_yuan_grouped(receipt.amount_fen)),
        )
    else:
        total = [_("Continued on the next page")]
    signatures = (
        (20, _("Clerk: {name}", name=printable(receipt.clerk))),
        (20, _("Reviewer: {name}", name=printable(receipt.reviewer))),
        (22, _("Payer's signature:")),
        (0, _("Receiving office (seal):")),
    )
    void = (
        wrapped(_("Void: {why}. All copies are kept.", why=printable(receipt.void_why)), COLUMNS)
        if receipt.void_why is not None
        else []
    )
    return [
        _RULE,
        *total,
        *void,
        *_spread(signatures),
        *_left_and_right(
            _("This receipt holds the insurance contribution alone and nothing else."),
            _basis(_, receipt) if is_last else "",
        ),
    ]


def _basis(_: Say, receipt: PrintedReceipt) -> str:
    """Say in short why: the clauses the prices and dates on this receipt rest on."""
    clauses = dict.fromkeys(clause for line in receipt.lines for clause in line.clauses)
    return _("By: {clauses}", clauses=printable(" ".join(clauses))) if clauses else ""


def _left_and_right(left: str, right: str) -> list[str]:
    """Put two texts on one line, or on two where they do not fit side by side."""
    if width(left) + 1 + width(right) <= COLUMNS:
        return [between(left, right, COLUMNS)]
    return [*wrapped(left, COLUMNS), *(pad(x, COLUMNS, "right") for x in wrapped(right, COLUMNS))]


def _spread(texts: Sequence[tuple[int, str]]) -> list[str]:
    """Put texts at fixed places on one line; on a line each where one is too long for that."""
    if any(columns and width(text) > columns for columns, text in texts) or (
        sum(columns or width(text) for columns, text in texts) > COLUMNS
    ):
        return [line for _columns, text in texts for line in wrapped(text, COLUMNS)]
    return ["".join(pad(text, columns or width(text)) for columns, text in texts)]


def _centred(text: str) -> str:
    return pad(wrapped(text, COLUMNS)[0], COLUMNS, "centre").rstrip()


def _indented(text: str) -> list[str]:
    return [f"  {line}" for line in wrapped(text, COLUMNS - 2)] if text else []
