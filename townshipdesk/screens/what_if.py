"""What if: the price with another identity, another day, another household. Nothing is saved."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time
from typing import TYPE_CHECKING, ClassVar, Final

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Input

from townshipdesk.domain.dates import SHANGHAI
from townshipdesk.domain.errors import DeskError
from townshipdesk.domain.names import display_text
from townshipdesk.i18n import _, language
from townshipdesk.screens.answer_text import cover_text, split_text
from townshipdesk.screens.naming import named, short_identity, span_text, yuan
from townshipdesk.services import quotes
from townshipdesk.widgets.box import Box
from townshipdesk.widgets.cells import styled
from townshipdesk.widgets.choice import Choice
from townshipdesk.widgets.inputs import DateInput
from townshipdesk.widgets.line_list import Column, LineList
from townshipdesk.widgets.words import Words, plain

if TYPE_CHECKING:
    from townshipdesk.policy import Quote
    from townshipdesk.screens.resident_text import View
    from townshipdesk.screens.session import Session

HOUSEHOLD: Final = ("recorded", "yes", "no")
GRADED: Final = "disability"


def quote_line(title: str, quote: Quote | None, width: int) -> Content:
    """Give one answer in three lines: price and cover, or why there is none, and what to know."""
    head = styled(title, "bold")
    if quote is None:
        refused = styled(_("The policy cannot be asked."), "$text-warning")
        return Content("\n").join([head, refused, Content("")])
    last = styled(_worth_knowing(quote), "$quiet")
    if not quote.can_be_paid:
        reason = styled(named("reason", quote.reason or ""), "$text-warning")
        clause = f"  {quote.notes[0].clause}" if quote.notes else ""
        opening = quote.next_opening.text(language()) if quote.next_opening else ""
        first = Content.assemble(head, "  ", reason, styled(clause, "$quiet"))
        return Content("\n").join([first, Content(f"  {opening}" if opening else ""), last])
    due = styled(_("{amount} yuan", amount=yuan(quote.due_fen or 0)), "bold $accent")
    waiting = span_text(quote.waiting) if quote.waiting else _("none")
    return Content("\n").join(
        [
            Content.assemble(head, "  ", due, "   ", split_text(quote, max(20, width - 30))),
            Content.assemble(
                "  ", cover_text(quote), "   ", styled(_("Waiting") + f" {waiting}", "$quiet")
            ),
            last,
        ]
    )


def _worth_knowing(quote: Quote) -> str:
    """Say of identities without effect why: an unmarked change would look like a slip."""
    told = [note for note in quote.notes if note.code.startswith(("identity-", "amount-not-set"))]
    return "\n".join(f"  {note.text()}  {note.clause}" for note in told[:2])


class WhatIfBox(Box[None]):
    """Asks the policy with changed facts; the answer beside the one that holds."""

    WIDTH: ClassVar[int] = 84
    COMPLAINS: ClassVar[bool] = False  # what cannot be asked stands in the answer's place

    def __init__(self, session: Session, view: View) -> None:
        super().__init__()
        self._session = session
        self._view = view

    def box_title(self) -> str:
        """Name the person."""
        return _("What if: {name}", name=display_text(self._view.card.person.name))

    def compose_box(self) -> ComposeResult:
        """Set identities, day and household, and the two answers."""
        from townshipdesk.policy import IDENTITY_CODES

        yield Words(self._answers, id="what-if-answers")
        with Horizontal(classes="row"):
            yield Words(plain(lambda: _("Day")), classes="label")
            yield DateInput(hint=lambda: _("today"), id="what-if-day", classes="field")
        with Horizontal(classes="row"):
            yield Words(plain(lambda: _("Whole household")), classes="label")
            yield Choice(HOUSEHOLD, _household_name, id="what-if-household")
        yield Words(
            plain(lambda: _("Identities (Space marks, Tab goes to the day)")), classes="quiet"
        )
        columns: list[Column[str]] = [Column(lambda: "", 20, short_identity, share=1)]
        yield LineList(
            columns,
            IDENTITY_CODES,
            key=lambda code: code,
            head=False,
            lanes=3,
            marks=True,
            id="what-if-identities",
        )

    def on_mount(self) -> None:
        """Begin with the identities held."""
        identities = self._identities
        identities.marked = set(self._view.card.identity_codes)
        identities.relabel()
        self.query_one("#what-if-answers", Words).relabel()
        self.set_focus(identities)

    @property
    def _identities(self) -> LineList[str]:
        return self.query_one("#what-if-identities", LineList)

    @on(LineList.Marked)
    @on(Input.Changed)
    @on(Choice.Changed)
    def _changed(self) -> None:
        self.query_one("#what-if-answers", Words).relabel()

    @property
    def _grade_assumed(self) -> bool:
        marked = {str(code) for code in self._identities.marked_rows}
        return GRADED in marked - set(self._view.card.identity_codes)

    def _asked(self) -> Quote | None:
        held: Sequence[str] = [str(code) for code in self._identities.marked_rows]
        household = self.query_one("#what-if-household", Choice).value
        changes = {"already_enrolled": "no"}
        if household != "recorded":
            changes["whole_household"] = household
        if self._grade_assumed:
            changes["disability_grade"] = "1"
        day = self.query_one("#what-if-day", DateInput).day
        at = None if day is None else datetime.combine(day, time(9), SHANGHAI)
        resident_id = self._view.card.person.resident_id
        return quotes.quote_for(
            self._session.office, resident_id, at=at, identities=held, changes=changes
        )

    def _answers(self, width: int) -> Content:
        now = quote_line(_("As recorded"), self._view.quote, width)
        if not self.is_mounted:
            return now
        try:
            title = _("What if, at grade 1") if self._grade_assumed else _("What if")
            then = quote_line(title, self._asked(), width)
        except ValueError:
            then = styled(_("This day cannot be read."), "$text-warning")
        except DeskError as error:
            then = styled(_(error.message, **error.values), "$text-warning")
        return Content("\n").join([now, then])


def _household_name(state: str) -> str:
    return {
        "recorded": _("as recorded"),
        "yes": _("all of them enrol"),
        "no": _("not all of them"),
    }[state]
