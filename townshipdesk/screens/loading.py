"""Reading what the resident's screen shows, through the services."""

from __future__ import annotations

from typing import TYPE_CHECKING

from townshipdesk.domain.errors import DeskError
from townshipdesk.screens.resident_text import View
from townshipdesk.services import people, quotes, refund_desk

if TYPE_CHECKING:
    from townshipdesk.policy import OutlookDay
    from townshipdesk.policy import Quote as QuoteType
    from townshipdesk.services.office import Office
    from townshipdesk.services.people_records import Card


def load_view(office: Office, resident_id: int, *, revealed: bool = False) -> View:
    """Read a resident and what they would pay now. Raises NotFoundError for nobody.

    For somebody enrolled the quote is the one they paid on. Where the policy gives no answer at all
    (figures not confirmed), the person is shown without.
    """
    from townshipdesk.policy import Quote
    from townshipdesk.services.calls import last_call

    card = people.card(office, resident_id)
    quote: QuoteType | None = None
    outlook: tuple[OutlookDay, ...] = ()
    refund = call = None
    if card.enrolment is not None:
        refund = refund_desk.under_way(office, card.enrolment.uid)
        quote = Quote.from_json(card.enrolment.quote)
    elif card.person.status == "living":
        try:
            quote = quotes.quote_for(office, resident_id)
            outlook = quotes.outlook_for(office, resident_id)
        except DeskError:
            quote, outlook = None, ()
        call = last_call(office, resident_id)
    return View(card, quote, outlook, office.today(), office.year, revealed, refund, call)


def member_quotes(office: Office, card: Card, own: QuoteType | None) -> dict[int, QuoteType]:
    """Quote for each member of the household who could pay, each with own identities and dates."""
    found: dict[int, QuoteType] = {}
    for member in card.members:
        if member.status != "living" or member.enrolment is not None:
            continue
        if member.resident_id == card.person.resident_id and own is not None:
            found[member.resident_id] = own
            continue
        try:
            found[member.resident_id] = quotes.quote_for(office, member.resident_id)
        except DeskError:
            continue
    return found
