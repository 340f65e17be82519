"""The answer: what is to be paid now, from when to when one waits and is covered, and why.

Seven lines, whatever the answer is: price, refusal, referral or an enrolment that is there already
stand in the same place, so that the eye need not look for them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from textual.content import Content

from townshipdesk.domain.money import format_yuan
from townshipdesk.domain.names import display_text
from townshipdesk.i18n import N_, _, language
from townshipdesk.screens.naming import named, short_day, short_identity, span_text, yuan
from townshipdesk.screens.resident_text import padded
from townshipdesk.services.refunds import STATE_WORDS
from townshipdesk.widgets.big import big
from townshipdesk.widgets.cells import beside, cell_len, clip, styled

if TYPE_CHECKING:
    from collections.abc import Sequence

    from townshipdesk.policy import OutlookDay, Quote
    from townshipdesk.screens.resident_text import View
    from townshipdesk.services.people_records import LiveEnrolment
    from townshipdesk.services.refund_desk import UnderWay

LINES: Final = 7
_LABEL: Final = 7


def answer_title(view: View) -> Content:
    """Give the heading of the answer."""
    if view.card.enrolment is not None:
        enrolled = styled(_("Enrolled for {year}", year=view.year), "bold $text-success")
        return enrolled if view.refund is None else enrolled + _under_way(view.refund)
    return styled(_("To pay now"), "bold")


def _under_way(refund: UnderWay) -> Content:
    """Say that the money is about to go back: nobody should rely on the cover then."""
    said = _(
        "Refund under way: {state} since {day}",
        state=_(STATE_WORDS[refund.state]),
        day=f"{refund.since:%Y-%m-%d}",
    )
    return Content.assemble("   ", styled(f" {said} ", "bold $text-warning"))


def answer_lines(view: View, width: int, *, dense: bool = False) -> list[Content]:
    """Give the seven lines of the answer; `dense` leaves blank ones to what stands below."""
    card = view.card
    if card.enrolment is not None:
        lines = _enrolled(view, card.enrolment)
    elif card.person.status != "living":
        lines = _gone(view)
    elif view.quote is None:
        lines = [_head("⋯", _("The policy cannot be asked."), "$text-warning")]
    elif view.quote.can_be_paid:
        lines = _payable(view, view.quote, width, dense=dense)
    else:
        lines = _not_payable(view, view.quote, width)
    lines = [line for line in lines if line.plain.strip()] if dense else padded(lines, LINES)
    return [line.truncate(width, ellipsis=True) for line in lines]


def _label(text: str) -> Content:
    return Content.assemble(styled(text, "$quiet"), " " * max(1, _LABEL - 1 - cell_len(text)))


def _head(sign: str, text: str, style: str) -> Content:
    return Content.assemble("   ", styled(f" {sign} {text} ", f"bold {style}"))


# ----------------------------------------------------------------------------------------- payable


def _payable(view: View, quote: Quote, width: int, *, dense: bool) -> list[Content]:
    figures = big(format_yuan(quote.due_fen or 0))
    room = width - (2 + _LABEL + cell_len(figures[0]) + 2 + 3)
    beside_figures = [
        split_text(quote, room),
        _label(_("Waiting")) + (span_text(quote.waiting) if quote.waiting else _("none")),
        cover_text(quote),
    ]
    style = "bold $accent" if quote.decision == "allow" else "bold $text-warning"
    lines = []
    for row, figure in enumerate(figures):
        head = _("Due") if row == 0 else ""
        unit = _("yuan") if row == len(figures) - 1 else ""
        lines.append(
            Content.assemble(
                "  ",
                styled(head, "bold"),
                " " * (_LABEL - cell_len(head)),
                styled(figure, style),
                f" {unit}".ljust(4 if language() != "zh_CN" or not unit else 3),
                " ",
                beside_figures[row],
            )
        )
    lines.append(Content.assemble("  ", styled(price_until(view.outlook, view.year), "")))
    if not dense:  # it stands under "when" as well
        lines.append(Content.assemble("  ", styled(cover_shift(view.outlook, view.year), "$quiet")))
    lines.append(_basis_line(quote, width))
    lines.append(_note_line(quote, width))
    return lines


def split_text(quote: Quote, width: int) -> Content:
    """Say how the standard is split: by source, and because of which identity."""
    label = _label(_("Rate"))
    standard = yuan(quote.standard_fen or 0)
    if not quote.subsidies:
        return Content.assemble(label, standard, styled("  " + _("no subsidy"), "$quiet"))
    parts = "".join(
        f" − {named('source', part.source)} {yuan(part.amount_fen)}" for part in quote.subsidies
    )
    identity = next((part.identity for part in quote.subsidies if part.identity), None)
    because = f" ({short_identity(identity)})" if identity else ""
    if language() == "zh_CN" and identity:
        because = f"（{short_identity(identity)}）"
    text = f"{standard}{parts}{because}"
    return Content.assemble(label, clip(text, max(10, width - label.cell_length)))


def cover_text(quote: Quote) -> Content:
    """Say from when to when somebody is covered, or that nothing is bought at all."""
    label = _label(_("Cover"))
    if quote.coverage is None:
        return Content.assemble(
            label, styled(f" {_('NO COVER')} ", "bold $badge on $badge-back"), " ", _("this year")
        )
    return Content.assemble(
        label,
        styled(span_text(quote.coverage), "bold $text-success"),
        styled("   " + _("{count} days", count=quote.coverage.days), "$quiet"),
    )


def price_until(outlook: Sequence[OutlookDay], year: int) -> str:
    """Say until when the price holds and what it is afterwards."""
    if not outlook:
        return ""
    due_fen = outlook[0].quote.due_fen
    last = outlook[0].last
    after: OutlookDay | None = None
    for entry in outlook[1:]:
        if entry.quote.can_be_paid and entry.quote.due_fen == due_fen:
            last = entry.last
            continue
        if entry.quote.can_be_paid:
            after = entry
        break_here = entry.quote.can_be_paid
        if break_here:
            break
    if after is None:
        return _(
            "This price holds until {last}; then nothing is taken.", last=short_day(last, year)
        )
    values = {
        "last": short_day(last, year),
        "first": short_day(after.first, year),
        "due": yuan(after.quote.due_fen or 0),
    }
    if after.quote.coverage is None:
        return _("Until {last} this price; from {first} {due} yuan and no cover", **values)
    return _(
        "Until {last} this price; from {first} {due} yuan, cover from {cover}",
        cover=short_day(after.quote.coverage.start, year),
        **values,
    )


def cover_shift(outlook: Sequence[OutlookDay], year: int) -> str:
    """Say from when the same price buys a later cover, on the first day it is taken again."""
    later = next((entry for entry in outlook[1:] if entry.quote.can_be_paid), None)
    if later is None:
        return ""
    now, then = outlook[0].quote, later.quote
    if then.due_fen != now.due_fen or then.coverage == now.coverage:
        return ""
    first = short_day(later.first, year)
    if then.coverage is None:
        return _("Paid from {first} on it buys no cover", first=first)
    return _(
        "Paid from {first} on, cover begins only on {cover}",
        first=first,
        cover=short_day(then.coverage.start, year),
    )


# ----------------------------------------------------------------------------- refused or referred

_NO: Final = {
    "refuse": (N_("Cannot be paid today"), "$badge on $badge-back"),
    "refer": (N_("A supervisor must decide"), "$training on $training-back"),
}


def _not_payable(view: View, quote: Quote, width: int) -> list[Content]:
    title, style = _NO.get(quote.decision, _NO["refuse"])
    sign = "✕" if quote.decision == "refuse" else "?"
    lines = [
        _head(sign, _(title), style),
        Content.assemble("   ", styled(named("reason", quote.reason or ""), "bold")),
        Content.assemble("   ", styled(next_chance(view), "bold $accent")),
    ]
    if quote.decision == "refer":
        lines[2] = Content.assemble("   ", _("With a reason and a document number: key r"))
    lines.append(Content(""))
    lines.append(Content(""))
    lines.append(_basis_line(quote, width))
    lines.append(_note_line(quote, width))
    return lines


_REMEDIES: Final = {
    "not-registered": N_("Registered by now? Record the day: key i"),
    "not-assessed-in-time": N_("Assessed in time? Record when: key i"),
    "employee-insured": N_("Has it ended? Record the day: key e"),
    "two-months-over": N_("Did it end later? Correct the day: key e"),
    "other-town": N_("Registered here? Correct the record: key c"),
}
"""What a clerk can do where no later day helps: the reason rests on something on record."""


def next_chance(view: View) -> str:
    """Say from which day it would be possible, at what price and with which cover."""
    for entry in view.outlook[1:]:
        if entry.quote.can_be_paid:
            values = {
                "first": short_day(entry.first, view.year),
                "due": yuan(entry.quote.due_fen or 0),
            }
            if entry.quote.coverage is None:
                return _("Possible from {first}: {due} yuan, no cover", **values)
            return _(
                "Possible from {first}: {due} yuan, cover from {cover}",
                cover=short_day(entry.quote.coverage.start, view.year),
                **values,
            )
    opening = view.quote.next_opening if view.quote else None
    if opening is not None:
        return _(
            "Possible from {first}: rate {standard} yuan",
            first=short_day(opening.on, view.year),
            standard=yuan(opening.standard_fen),
        )
    remedy = _REMEDIES.get(view.quote.reason or "") if view.quote else None
    return _(remedy) if remedy else _("Not possible any more under this policy")


# ------------------------------------------------------------------------------- enrolled, or gone


def _enrolled(view: View, live: LiveEnrolment) -> list[Content]:
    paid = _(
        "{day} paid {amount} yuan",
        day=f"{live.paid_at:%Y-%m-%d %H:%M}",
        amount=yuan(live.individual_fen),
    )
    details = [named("channel", live.channel)]
    if live.receipt_number:
        details.append(_("receipt {number}", number=display_text(live.receipt_number)))
    details.append(display_text(live.staff_name))
    split = "".join(
        f" − {named('source', part.source)} {yuan(part.amount_fen)}"
        for part in live.subsidies
        if part.amount_fen
    )
    cover = (
        styled(span_text(live.coverage), "bold $text-success")
        if live.coverage
        else styled(f" {_('NO COVER')} ", "bold $badge on $badge-back")
    )
    late = sum(item.late for item in view.card.identities)
    frozen = (
        _("An identity was listed after the payment: a supervisor may have to decide")
        if late
        else _("Paid is paid: what changes later changes nothing for this year")
    )
    return [
        Content.assemble(
            "   ",
            styled(" ✓ " + _("Enrolled") + " ", "bold $text-success"),
            "  ",
            styled(end_text(view), "bold $text-warning"),
        ),
        Content.assemble(
            "   ", _label(_("Paid")), styled(paid, "bold"), "   ", " · ".join(details)
        ),
        Content.assemble("   ", _label(_("Cover")), cover),
        Content.assemble(
            "   ",
            _label(_("Waiting")),
            span_text(live.waiting) if live.waiting else _("none"),
        ),
        Content.assemble("   ", _label(_("Rate")), f"{yuan(live.standard_fen)}{split}"),
        Content.assemble("   ", styled(frozen, "$text-warning" if late else "$quiet")),
    ]


def _gone(view: View) -> list[Content]:
    return [
        _head("✕", end_text(view), "$badge on $badge-back"),
        Content.assemble("   ", _("Nothing can be paid. Is it the right person?")),
    ]


def end_text(view: View) -> str:
    """Say since when somebody is on record as dead or moved away; nothing of the living."""
    person = view.card.person
    if person.status == "deceased":
        return _("Recorded as deceased on {day}", day=person.status_on)
    if person.status == "moved":
        return _("Recorded as moved away on {day}", day=person.status_on)
    return ""


# --------------------------------------------------------------------------------------------- why


def _basis_line(quote: Quote, width: int) -> Content:
    text = " · ".join(quote.clauses)
    if any(step.decision for step in quote.steps) or any(note.decision for note in quote.notes):
        text += "  " + _("(※ partly by decision)")
    left = Content.assemble("  ", _label(_("Basis")), styled(text, "$secondary"))
    right = Content.assemble(styled("w", "bold $footer-key-foreground"), " ", _("Why"), " ")
    return beside(left, right, width)


def _note_line(quote: Quote, width: int) -> Content:
    notes = [note for note in quote.notes if note.code != quote.reason]
    if not notes:
        return Content("")
    text = notes[0].text(language())
    more = _("+{count} (w)", count=len(notes) - 1) if len(notes) > 1 else ""
    left = Content.assemble("  ", _label(_("Note")), styled(display_text(text), "$text-warning"))
    return beside(left, f"{more} ", width) if more else left
