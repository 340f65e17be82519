"""The refund application (退费申请表) as an A4 page and as text.

It goes to the payee, the reviewer and the paying bank, so the document and account numbers stand on
it in full.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from townshipdesk.domain.money import capitals, format_yuan_grouped
from townshipdesk.i18n import DEFAULT_LANGUAGE
from townshipdesk.printing.canvas import GREY, Page, pdf_of
from townshipdesk.printing.columns import pad, printable, width, wrapped
from townshipdesk.printing.model import PrintedRefund
from townshipdesk.printing.words import (
    Say,
    code_name,
    document_name,
    moment_text,
    speaker,
    state_name,
    subsidy_text,
)

WIDTH: Final = 210.0
HEIGHT: Final = 297.0
COLUMNS: Final = 78

_LEFT: Final = 18.0
_FULL: Final = WIDTH - 2 * _LEFT
_LABEL: Final = 34.0
_ROW: Final = 11.0
_HIGH_ROW: Final = 24.0

Field = tuple[str, str]


def refund_form_pdf(refund: PrintedRefund, *, language: str = DEFAULT_LANGUAGE) -> bytes:
    """Give a refund application as PDF, to be signed."""
    _ = speaker(language)
    page = Page(WIDTH, HEIGHT)
    if refund.training:
        page.stamp(_("TRAINING"), 150)
        page.frame(_("TRAINING: not a valid form"), _LEFT + 24, 10, 10)
    page.cell(_LEFT, 18, _FULL, 8, refund.office_name, 12, align="centre")
    page.cell(_LEFT, 26, _FULL, 11, _title(_), 18, bold=True, align="centre")
    page.text(_LEFT, 44, _("No. {number}", number=refund.number), 11, bold=True)
    year = _("Coverage year: {year}", year=refund.year)
    page.text(WIDTH / 2, 44, year, 11, align="centre")
    state = _("State: {state}", state=state_name(_, refund.state))
    page.text(WIDTH - _LEFT, 44, state, 11, align="right")
    y = 48.0
    for pair in _pairs(_, refund):
        y = _row(page, y, pair, _ROW)
    for field in _long(_, refund):
        y = _row(page, y, (field,), _ROW)
    for field in _signatures(_, refund):
        y = _row(page, y, (field,), _HIGH_ROW)
    page.cell(_LEFT - 0.8, y + 3, _FULL, 10, _papers(_), 8.5, colour=GREY)
    return pdf_of(
        [page], title=_("Refund {number}", number=refund.number), made_at=refund.requested_at
    )


def _row(page: Page, y: float, fields: tuple[Field, ...], height: float) -> float:
    x = _LEFT
    width_of_each = _FULL / len(fields)
    for label, value in fields:
        page.box(x, y, _LABEL, height, 0.3)
        page.cell(x, y, _LABEL, height, label, 10, bold=True, align="centre")
        page.box(x + _LABEL, y, width_of_each - _LABEL, height, 0.3)
        page.cell(x + _LABEL + 1, y, width_of_each - _LABEL - 2, height, value, 10.5)
        x += width_of_each
    return y + height


def _title(_: Say) -> str:
    return _("Application for a refund of residents' basic medical insurance")


def _pairs(_: Say, refund: PrintedRefund) -> tuple[tuple[Field, Field], ...]:
    """Give the short fields, two on a row."""
    return (
        ((_("Name"), refund.name), (_("Village (community)"), refund.village)),
        (
            (_("Kind of document"), document_name(_, refund.document_kind)),
            (_("Document number"), refund.document_number),
        ),
        (
            (_("Paid on"), refund.paid_on.isoformat()),
            (_("Receipt number"), refund.receipt_number or "-"),
        ),
        (
            (_("Amount paid (yuan)"), format_yuan_grouped(refund.paid_fen)),
            (_("Amount refunded (yuan)"), format_yuan_grouped(refund.refund_fen)),
        ),
        (
            (_("Payee"), refund.payee),
            (_("Relation to the insured"), refund.payee_relation or "-"),
        ),
        ((_("Bank and branch"), refund.bank or "-"), (_("Account"), refund.account)),
    )


def _long(_: Say, refund: PrintedRefund) -> tuple[Field, ...]:
    """Give the fields that take a row of their own."""
    returned = "; ".join(subsidy_text(_, subsidy) for subsidy in refund.subsidies)
    after = (
        _("The enrolment ends with the refund.")
        if refund.ends_enrolment
        else _("The enrolment stays; only the surplus payment is returned.")
    )
    basis = f"{refund.policy_id} {'; '.join(refund.clauses)}".strip()
    return (
        (_("In capitals"), capitals(refund.refund_fen)),
        (_("Ground"), code_name(_, "ground", refund.ground)),
        (_("Proof"), refund.proof or "-"),
        (_("Returned to its source"), returned or "-"),
        (_("Effect"), after),
        (_("Policy basis"), basis),
    )


def _signatures(_: Say, refund: PrintedRefund) -> tuple[Field, ...]:
    return (
        (_("Applicant"), _("Signature: ________________    Date: ________________")),
        (_("Taken in by"), _by(refund.requested_by, refund.requested_at)),
        (_("Reviewed by"), " ".join((_by(refund.decided_by, refund.decided_at), refund.why))),
        (_("Paid out by"), _by(refund.settled_by, refund.settled_at)),
    )


def _by(name: str, moment: datetime | None) -> str:
    return f"{name}  {moment_text(moment)}" if name and moment else name


def _papers(_: Say) -> str:
    return _(
        "Enclosed: application, identity document, bank card with its branch, and the proof of the "
        "ground (death: death certificate or cancelled registration, the heir applies; employee "
        "insurance: proof of enrolment; duplicate: both payment vouchers)."
    )


def refund_form_text(refund: PrintedRefund, *, language: str = DEFAULT_LANGUAGE) -> str:
    """Give a refund application as text, at most 78 columns wide and safe in GB18030."""
    _ = speaker(language)
    fields = [field for pair in _pairs(_, refund) for field in pair]
    fields += [*_long(_, refund), *_signatures(_, refund)]
    label = max(width(name) for name, _value in fields) + 2
    marks = [f"*** {_('TRAINING: not a valid form')} ***"] if refund.training else []
    head = [
        pad(line, COLUMNS, "centre").rstrip()
        for text in (printable(refund.office_name), _title(_), *marks)
        for line in wrapped(text, COLUMNS)
    ]
    facts = (
        _("No. {number}", number=refund.number),
        _("Coverage year: {year}", year=refund.year),
        _("State: {state}", state=state_name(_, refund.state)),
    )
    rule = "-" * COLUMNS
    body: list[str] = []
    for name, value in fields:
        parts = wrapped(printable(value), COLUMNS - label)
        body.append((pad(name, label) + parts[0]).rstrip())
        body += [" " * label + part for part in parts[1:]]
    lines = [*head, "    ".join(facts), rule, *body, rule, *wrapped(_papers(_), COLUMNS)]
    return "\n".join(lines) + "\n"
