"""Refunds in words: what the policy answers, how far a refund is, to whom the money goes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from textual.content import Content

from townshipdesk.domain.names import display_text
from townshipdesk.i18n import N_, _, language
from townshipdesk.screens.naming import named, yuan
from townshipdesk.widgets.cells import styled

if TYPE_CHECKING:
    from townshipdesk.policy import RefundAnswer
    from townshipdesk.services.refund_desk import RefundCase
    from townshipdesk.services.refunds import Refund

PROOFS: Final = {
    "death": N_("death certificate, or cancelled household registration"),
    "duplicate": N_("the vouchers of both payments"),
    "employee-insurance": N_("proof of employee insurance"),
    "changed-mind": N_("written application"),
    "moved-away": N_("proof of the move or of cover elsewhere"),
}
STATES: Final = {
    "requested": N_("to be approved"),
    "approved": N_("to be paid out"),
    "paid": N_("paid out"),
    "rejected": N_("rejected"),
    "withdrawn": N_("withdrawn"),
}
STATE_TONES: Final = {"requested": "warning", "approved": "good", "paid": "quiet"}

_VERDICTS: Final = {
    "allow": ("✓", N_("Can be refunded"), "$text-success"),
    "refuse": ("✕", N_("Cannot be refunded"), "$badge on $badge-back"),
    "refer": ("?", N_("A supervisor must decide"), "$training on $training-back"),
}
SHOWN: Final = 4


def mask_account(account: str) -> str:
    """Give an account for a screen: the last four stay."""
    return "*" * max(0, len(account) - SHOWN) + account[-SHOWN:]


def payment_line(case: RefundCase) -> Content:
    """Say which payment it is about."""
    parts: list[Content | str] = [
        styled(_("Payment"), "$quiet"),
        f"  {case.paid_at:%Y-%m-%d %H:%M}  ",
        styled(_("{amount} yuan", amount=yuan(case.paid_fen)), "bold"),
        f"  {named('channel', case.channel)}",
    ]
    if case.receipt_number:
        parts.append("  " + _("receipt {number}", number=display_text(case.receipt_number)))
    if case.is_duplicate:
        parts.append(styled("  " + _("(the second payment of this person)"), "$text-warning"))
    return Content.assemble(*parts)


def verdict_lines(case: RefundCase) -> list[Content]:
    """Say whether the policy allows it, what goes where, and on which clause that rests."""
    answer = case.answer
    sign, title, style = _VERDICTS[answer.decision]
    head = styled(f" {sign} {_(title)} ", f"bold {style}")
    if case.under_way is not None:
        note = _("Refund {number} is under way for this payment.", number=case.under_way)
        return [styled(f" ! {note} ", "bold $text-warning"), *_grounds(answer)]
    if answer.decision == "allow":
        amount = styled(
            _("{amount} yuan to the payee", amount=yuan(answer.individual_fen or 0)), "bold $accent"
        )
        return [
            Content.assemble(head, "  ", amount),
            Content(_where(answer, case.subsidy_fen)),
            *_grounds(answer),
        ]
    if answer.decision == "refer":
        said = _("It can be handed in; approving it then needs a reason and a document number.")
        return [head, Content(said), *_grounds(answer)]
    return [head, Content(named("reason", answer.reason or "")), *_grounds(answer)]


def verdict_lines_of(refund: Refund) -> list[Content]:
    """Say of a refund that was handed in what goes where, and on which clause that rests."""
    if refund.answer.decision == "refer":
        note = styled(_("The documents are silent: a supervisor decides."), "bold $text-warning")
        return [note, *_grounds(refund.answer)]
    return [Content(_where(refund.answer, refund.subsidy_fen)), *_grounds(refund.answer)]


def _where(answer: RefundAnswer, subsidy_fen: int) -> str:
    said = [
        _("{source} {amount} goes back to its source", source=source, amount=amount)
        for source, amount in (
            (named("source", part.source), yuan(part.amount_fen)) for part in answer.subsidies
        )
    ]
    if not answer.subsidies and subsidy_fen:
        said.append(_("the subsidy stays"))
    said.append(
        _("the enrolment ends with the payout") if answer.ends_enrolment else _("the cover stays")
    )
    return ("；" if language() == "zh_CN" else "; ").join(said)


def _grounds(answer: RefundAnswer) -> list[Content]:
    """Give each note with its clause; a reading that the text itself does not give is marked."""
    return [
        Content.assemble(
            styled(note.clause, "bold"),
            " ※ " if note.decision else "  ",
            styled(display_text(note.text()), "$quiet"),
        )
        for note in answer.notes
    ]


def history_lines(refund: Refund) -> list[Content]:
    """Tell every step the refund has taken: when, who, what."""
    steps = [(refund.requested_at, refund.requested_name, _("handed in"))]
    if refund.decided_at is not None:
        word = _("rejected") if refund.state == "rejected" else _("approved")
        steps.append((refund.decided_at, refund.decided_name or "", word))
    if refund.settled_at is not None:
        word = _("paid out") if refund.state == "paid" else _("withdrawn")
        steps.append((refund.settled_at, refund.settled_name or "", word))
    return [
        Content.assemble(
            f"{moment:%Y-%m-%d %H:%M}  ", styled(display_text(name), "bold"), f"  {word}"
        )
        for moment, name, word in steps
    ]
