"""What a desk says when somebody presses a key that can do nothing now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from townshipdesk.domain.names import display_text
from townshipdesk.i18n import _
from townshipdesk.screens.answer_text import end_text, next_chance
from townshipdesk.screens.naming import named

if TYPE_CHECKING:
    from townshipdesk.screens.resident_text import View


def why_not(action: str, view: View | None) -> str:
    """Say why an action cannot be done with the resident on the desk; empty where it is plain."""
    if view is None:
        return _("Look somebody up first.")
    if action == "ruling":
        return _("The policy gives an answer here; there is nothing to decide.")
    if action == "pay":
        return _why_no_payment(view)
    return ""


def _why_no_payment(view: View) -> str:
    if view.card.person.status != "living":
        return end_text(view)
    live = view.card.enrolment
    if live is not None:
        return _(
            "Already paid on {day}, receipt {number}. Nothing more is due this year.",
            day=f"{live.paid_at:%Y-%m-%d}",
            number=display_text(live.receipt_number) or "—",
        )
    quote = view.quote
    if quote is None:
        return _("The policy cannot be asked.")
    if quote.decision == "refer":
        return _("A supervisor must decide first: key r")
    return f"{named('reason', quote.reason or '')} {next_chance(view)}"
