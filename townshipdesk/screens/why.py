"""Why and When: the calculation step by step, and the price and cover of the days that matter."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, Final

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content

from townshipdesk.domain.names import display_text
from townshipdesk.i18n import _, language
from townshipdesk.screens.naming import short_day, span_text, yuan
from townshipdesk.widgets.box import Box
from townshipdesk.widgets.cells import cell_len, fit, styled
from townshipdesk.widgets.words import Words

if TYPE_CHECKING:
    from townshipdesk.policy import OutlookDay, Quote
    from townshipdesk.screens.resident_text import View

DUE_WIDTH: Final = 9
"""Cells of an amount in the table of days: 9,999.00 and one before it."""


def steps_content(quote: Quote, width: int) -> Content:
    """Give the steps to be read aloud, each with its clause, then the notes."""
    lines: list[Content] = []
    for index, step in enumerate(quote.steps, 1):
        sign = "※" if step.decision else " "
        lines += _hanging(f"{index:>2}{sign} ", step.text(language()), step.clause, width)
    notes = [note for note in quote.notes if note.code != quote.reason]
    for note in notes:
        sign = "※" if note.decision else " "
        lines += _hanging(f" !{sign} ", note.text(language()), note.clause, width, "$text-warning")
    if any(step.decision for step in quote.steps) or any(note.decision for note in notes):
        lines.append(styled("  ※ " + _("rests on a reading decided on, not on the text"), "$quiet"))
    return Content("\n").join(lines)


def _hanging(head: str, text: str, clause: str, width: int, style: str = "") -> list[Content]:
    """Fold a step under its number, the clause after its last line."""
    room = max(20, width - len(head) - 1)
    body = styled(display_text(text), style)
    folded = body.wrap(room)
    tail = Content.assemble("  ", styled(display_text(clause), "$secondary"))
    if folded[-1].cell_length + tail.cell_length <= room:
        folded[-1] = folded[-1].rstrip() + tail
    else:
        folded.append(tail)
    indent = " " * len(head)
    return [
        Content.assemble(styled(head, "$quiet") if index == 0 else indent, line)
        for index, line in enumerate(folded)
    ]


def outlook_content(outlook: Sequence[OutlookDay], width: int) -> Content:
    """Give one line for each stretch of days with the same answer: price and cover.

    Where the width is short, only the day stands there on which the cover begins.
    """
    days = [_days(entry, is_first=index == 0) for index, entry in enumerate(outlook)]
    days_width = max(map(cell_len, [_("If paid"), *days])) + 1
    left = 1 + days_width + DUE_WIDTH + 2
    spans = [entry.quote.coverage for entry in outlook if entry.quote.coverage is not None]
    whole = all(left + cell_len(span_text(span)) <= width for span in spans)
    head = fit(_("If paid"), days_width) + fit(_("Due"), DUE_WIDTH, right=True) + "  " + _("Cover")
    lines = [styled(" " + head, "$quiet")]
    for text, entry in zip(days, outlook, strict=True):
        quote = entry.quote
        due = fit(yuan(quote.due_fen or 0) if quote.can_be_paid else "", DUE_WIDTH, right=True)
        line = Content.assemble(
            " ", fit(text, days_width), styled(due, "bold"), "  ", _cover(quote, whole=whole)
        )
        lines.append(line.truncate(width, ellipsis=True))
    return Content("\n").join(lines)


def _days(entry: OutlookDay, *, is_first: bool) -> str:
    if is_first:
        return _("today – {last}", last=f"{entry.last:%m-%d}")
    if entry.first.year != entry.last.year:
        return f"{entry.first} – {entry.last:%m-%d}"
    return f"{entry.first:%m-%d} – {entry.last:%m-%d}"


def _cover(quote: Quote, *, whole: bool) -> Content:
    if not quote.can_be_paid:
        said = _("a supervisor decides") if quote.decision == "refer" else _("nothing is taken")
        return styled(said, "$quiet")
    if quote.coverage is None:
        return styled(_("NO COVER"), "bold $text-error")
    if whole:
        return styled(span_text(quote.coverage), "$text-success")
    start = quote.coverage.start
    return styled(_("from {day}", day=short_day(start, start.year)), "$text-success")


class WhyBox(Box[None]):
    """The calculation, to be read aloud."""

    WIDTH: ClassVar[int] = 100
    COMPLAINS = False

    def __init__(self, view: View, *, when: bool = False) -> None:
        """Show why, or with `when` the days that matter."""
        super().__init__()
        self._view = view
        self._when = when

    def box_title(self) -> str:
        """Name the person."""
        name = display_text(self._view.card.person.name)
        return _("When: {name}", name=name) if self._when else _("Why: {name}", name=name)

    def compose_box(self) -> ComposeResult:
        """Show the text, to be scrolled where it is long."""
        with VerticalScroll(classes="page"):
            yield Words(self._say)

    def _say(self, width: int) -> Content:
        quote = self._view.quote
        if quote is None:
            return Content(_("The policy cannot be asked."))
        if self._when and self._view.card.enrolment is not None:
            return Content(_("Enrolled for {year}", year=self._view.year))
        if self._when:
            return outlook_content(self._view.outlook, width)
        return steps_content(quote, width)
