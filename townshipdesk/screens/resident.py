"""The resident on the desk: who, identities, years, the answer, the household; one pane."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content

from townshipdesk.actions import Place, bindings
from townshipdesk.i18n import _
from townshipdesk.screens import resident_text as said
from townshipdesk.screens.answer_text import answer_lines, answer_title
from townshipdesk.screens.naming import age_text
from townshipdesk.screens.resident_text import View
from townshipdesk.screens.why import outlook_content, steps_content
from townshipdesk.widgets.cells import styled
from townshipdesk.widgets.line_list import Column, LineList
from townshipdesk.widgets.words import Words

if TYPE_CHECKING:
    from townshipdesk.policy import Quote
    from townshipdesk.services.people_records import Member

LANES = 2
"""Members side by side."""
LINES_AT_HAND = 3
"""Lines the household has on a screen of 24 lines before anything else makes room."""


class ResidentPane(Horizontal):
    """Shows one resident. It holds no office: it is given a view and shows it."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Place.RESIDENT, "screen")]

    def __init__(self) -> None:
        super().__init__(id="resident")
        self.view: View | None = None
        self.quotes: Mapping[int, Quote] = {}

    def compose(self) -> ComposeResult:
        """Set the fixed lines, the members below, and the why beside them where there is room."""
        with Vertical(id="resident-main"):
            yield Words(self._who, id="who")
            yield Words(self._identity, id="identity")
            yield Words(self._years, id="years")
            yield Words(self._answer_title, id="answer-title")
            yield Words(self._answer, id="answer")
            yield Words(self._members_title, id="members-title")
            yield LineList(
                self._columns(),
                key=lambda row: row.resident_id,
                head=False,
                lanes=LANES,
                marks=True,
                id="members",
            )
            yield Words(self._more, id="more")
        with VerticalScroll(id="resident-side", can_focus=False):
            yield Words(self._side, id="side")

    @property
    def members(self) -> LineList[Member]:
        """The household's list."""
        return self.query_one("#members", LineList)

    def show(self, view: View, quotes: Mapping[int, Quote], *, keep: bool = False) -> None:
        """Show a resident, or with `keep` the same one as they are now, without moving anything."""
        self.view = view
        self.quotes = quotes
        self._make_room(len(view.card.members))
        self.members.set_rows(view.card.members, keep=keep)
        if not keep:
            self._put_cursor_on_self(view)
        for words in self.query(Words):
            words.relabel()

    def _make_room(self, count: int) -> None:
        """Let a large household be seen whole: identities, then blank lines, give theirs up."""
        lacking = -(-count // LANES) - LINES_AT_HAND
        self.set_class(lacking > 0, "-many")
        self.set_class(lacking > 1, "-crowded")

    def _put_cursor_on_self(self, view: View) -> None:
        for index, member in enumerate(view.card.members):
            if member.resident_id == view.card.person.resident_id:
                self.members.cursor = index

    def quote_of(self, member: Member) -> Quote | None:
        """Give the quote of a member who is not enrolled yet."""
        return self.quotes.get(member.resident_id)

    def marked_ids(self) -> tuple[int, ...]:
        """Give the members marked to pay together."""
        return tuple(member.resident_id for member in self.members.marked_rows)

    def _columns(self) -> list[Column[Member]]:
        def state(row: Member) -> str:
            return said.member_state(row, self.quote_of(row))[0]

        def tone(row: Member) -> str:
            return said.member_state(row, self.quote_of(row))[1]

        def age(row: Member) -> str:
            return age_text(row.born, self.view.today) if self.view else ""

        return [
            Column(lambda: _("Name"), 8, lambda row: row.name, share=1),
            Column(
                lambda: _("Relation"),
                6,
                lambda row: row.relation,
                leave=1,
                tone="quiet",
            ),
            Column(lambda: _("Age"), 5, age, right=True),
            Column(lambda: _("This year"), 13, state, tone=tone),
        ]

    # -------------------------------------------------------------------------------- what it says

    def _who(self, width: int) -> Content:
        return _lines(said.who_lines(self.view, width)) if self.view else Content("")

    def _identity(self, width: int) -> Content:
        if self.view is None:
            return Content("")
        height = max(1, self.query_one("#identity").size.height)
        return _lines(said.identity_lines(self.view, width, height))

    def _years(self, width: int) -> Content:
        return _lines(said.year_lines(self.view, width)) if self.view else Content("")

    def _answer_title(self, width: int) -> Content:
        return said.rule_line(answer_title(self.view), width) if self.view else Content("")

    def _answer(self, width: int) -> Content:
        if self.view is None:
            return Content("")
        dense = self.has_class("-crowded") and not self.screen.has_class("-high")
        return _lines(answer_lines(self.view, width, dense=dense))

    def _members_title(self, width: int) -> Content:
        if self.view is None:
            return Content("")
        marked = len(self.members.marked)
        right = (
            styled(_("{count} marked: F2 pays for all", count=marked), "bold $accent")
            if marked
            else styled(_("Space marks, F5 marks all"), "$quiet")
        )
        return said.rule_line(said.household_title(self.view), width, right)

    def _more(self, width: int) -> Content:
        if self.view is None:
            return Content("")
        title = said.rule_line(styled(_("Record"), "bold"), width)
        return _lines([title, *said.more_lines(self.view, width)])

    def _side(self, width: int) -> Content:
        view = self.view
        if view is None or view.quote is None:
            return Content("")
        title = styled(_("Why"), "bold")
        parts = [said.rule_line(title, width), steps_content(view.quote, width)]
        if view.outlook:
            parts += [
                Content(""),
                said.rule_line(styled(_("When"), "bold"), width),
                outlook_content(view.outlook, width),
            ]
        return Content("\n").join(parts)


def _lines(lines: list[Content]) -> Content:
    return Content("\n").join(lines)
