"""Receipts on paper and in files. Runs in other threads: fonts and printers take their time."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from townshipdesk.i18n import _

if TYPE_CHECKING:
    from townshipdesk.services.office import Office
    from townshipdesk.services.receipts import Receipt
    from townshipdesk.services.staff import Actor

FOLDER: Final = "receipts"
SUFFIXES: Final = {"pdf": ".pdf", "text": ".txt"}


def print_receipt(office: Office, who: Actor, receipt: Receipt) -> str:
    """Send a receipt to the printer and say what became of it.

    The print is recorded first, so that it counts whatever the printer does. A printer that fails
    leaves the PDF in the office's folder.
    """
    from townshipdesk.printing.printer import PrinterError, send_to_printer
    from townshipdesk.services import receipts

    nth = receipts.record_print(office, who, receipt.uid, "printer")
    contents = _contents(receipt, "pdf", nth)
    try:
        send_to_printer(contents, title=receipt.number)
    except PrinterError as error:
        why = _(error.message, **error.values)
        path = _saved(office, receipt, "pdf", contents)
        return _("{why} The receipt is saved: {path}", why=why, path=str(path))
    return _("Receipt {number} is at the printer.", number=receipt.number)


def save_receipt(office: Office, who: Actor, receipt: Receipt, form: str) -> Path:
    """Save a receipt as "pdf" or "text" beside the office file. Raises OSError."""
    from townshipdesk.services import receipts

    nth = receipts.record_print(office, who, receipt.uid, form)
    return _saved(office, receipt, form, _contents(receipt, form, nth))


def _contents(receipt: Receipt, form: str, nth: int) -> bytes:
    from townshipdesk.services.printouts import receipt_on_paper

    printed = receipt_on_paper(receipt)
    if form == "pdf":
        from townshipdesk.printing.receipt_pdf import receipt_pdf

        return receipt_pdf(printed, nth)
    from townshipdesk.printing.receipt_text import receipt_text

    return receipt_text(printed, nth).encode("gb18030")


def _saved(office: Office, receipt: Receipt, form: str, contents: bytes) -> Path:
    folder = office.database.path.parent / FOLDER
    folder.mkdir(exist_ok=True)
    path = folder / f"{receipt.number}{SUFFIXES[form]}"
    path.write_bytes(contents)
    return path
