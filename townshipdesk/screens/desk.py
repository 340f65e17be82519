"""The desk itself: the lookup box, the people it finds, and the resident who stands at it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar, cast

from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.getters import query_one

from townshipdesk.actions import Place, actions_of, bindings
from townshipdesk.domain.errors import DeskError
from townshipdesk.domain.idnumber import NumberNote
from townshipdesk.domain.query import Query, QueryKind
from townshipdesk.i18n import N_, _
from townshipdesk.screens.area import Area
from townshipdesk.screens.home import home_content, waiting_lines
from townshipdesk.screens.lookup import (
    LookupInput,
    match_columns,
    nobody_message,
    read_query,
)
from townshipdesk.screens.resident_actions import ResidentActions
from townshipdesk.widgets.line_list import LineList
from townshipdesk.widgets.words import Words

if TYPE_CHECKING:
    from textual.widget import Widget

    from townshipdesk.screens.resident import ResidentPane
    from townshipdesk.screens.resident_text import View
    from townshipdesk.screens.session import Session

NEEDS_RESIDENT = frozenset(
    {
        "pay",
        "identities",
        "refund",
        "household",
        "receipts",
        "undo",
        "why",
        "when",
        "what_if",
        "reveal",
        "correct",
        "move",
        "paper",
        "newborn",
        "insured",
        "facts",
        "death",
        "moved_away",
        "mark",
    }
)


class DeskScreen(ResidentActions, Area):
    """Lookup and resident; what can be done with a resident stands in `screens.resident_steps`."""

    PLACE: ClassVar[Place] = Place.DESK
    AUTO_FOCUS = "#lookup"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Place.DESK, "screen")]

    lookup = query_one("#lookup", LookupInput)
    found = query_one("#found", LineList)

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._query: Query | None = None
        self._waiting: list[Content] = []
        self.has_begun = False
        self._told_unseen = False
        self._is_complete = False
        self._message: Callable[[], Content] = lambda: Content("")

    def compose_area(self) -> ComposeResult:
        """Set the box and home; what else stands below the box comes after the first frame."""
        yield LookupInput()
        yield Words(lambda width: home_content(self._waiting, width), id="home")

    def on_mount(self) -> None:
        """Begin with the empty box."""
        self.relabel()
        self.call_after_refresh(self.complete)

    async def complete(self) -> None:
        """Add list, message and resident, hidden; before the first frame they would delay it."""
        if self._is_complete:
            return
        self._is_complete = True
        from townshipdesk.screens.resident import ResidentPane

        parts: list[Widget] = [
            LineList(
                match_columns(self.session.office.today),
                key=lambda row: row.resident_id,
                digits=True,
                id="found",
            ),
            Words(lambda _width: self._message(), id="message"),
            ResidentPane(),
        ]
        for part in parts:
            part.display = False
        await self.mount(*parts, after="#home")

    def relabel(self) -> None:
        """Name the box in the language in force."""
        self.lookup.border_title = Content(_("Look up"))

    # ------------------------------------------------------------------------------- what is shown

    @property
    def pane(self) -> ResidentPane:
        """The resident's pane."""
        return cast("ResidentPane", self.query_one("#resident"))

    @property
    def view(self) -> View | None:
        """The resident shown, if there is one."""
        if not self._is_complete:
            return None
        return self.pane.view if self.pane.display else None

    def inner_place(self) -> Place:
        """Give the place whose keys can be used: the resident's when there is one."""
        return Place.RESIDENT if self.view is not None else Place.DESK

    def _show(self, part: str) -> None:
        for name in ("home", "found", "message", "resident"):
            self.query_one(f"#{name}").display = name == part
        self.lookup.has_matches = part == "found"
        self.refresh_keys()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Dim what needs a resident while there is none."""
        if action in NEEDS_RESIDENT and self.view is None:
            return None
        if action == "pay" and self.view is not None:
            return True if self.view.can_pay or self.pane.members.marked else None
        if action == "ruling":
            return True if self.view is not None and self.view.can_be_ruled else None
        return super().check_action(action, parameters)

    def office_changed(self) -> None:
        """Show the resident as they are now; another desk may just have taken the payment."""
        self.has_begun = True
        if not self._told_unseen and self.session.actor is not None:
            self._told_unseen = True  # in a live office not before somebody has signed in
            self._tell_unseen()
        if self.view is not None:
            self._load(self.view.card.person.resident_id, keep=True)
        elif self.query_one("#home").display:
            self._show_home()

    def _show_home(self) -> None:
        """Show what waits. Not done before the first frame: it needs the policy."""
        self._waiting = waiting_lines(self.session)
        self.query_one("#home", Words).refresh()

    # -------------------------------------------------------------------------------------- lookup

    def before_key(self, event: events.Key | events.Paste) -> None:
        """Let a scan or a typed number go into the box wherever the caret is; say why not."""
        if isinstance(event, events.Key):
            self._tell_why_not(event)
        if self.focused is self.lookup or self.focused is self.found:
            return
        if isinstance(event, events.Paste):
            begins = bool(event.text.strip())
        else:
            character = event.character or ""
            begins = character.isdigit() or (character.isprintable() and not character.isascii())
        if begins:
            self.lookup.put("")
            self.set_focus(self.lookup)

    def _tell_why_not(self, event: events.Key) -> None:
        """Answer a key of the resident's that can do nothing now, unless it is typed text."""
        if event.is_printable and (self.view is None or self.focused is self.lookup):
            return
        from townshipdesk.screens.why_not import why_not

        for item in actions_of(Place.DESK, Place.RESIDENT):
            if event.key == item.key and self.check_action(item.method, ()) is None:
                said = why_not(item.method, self.view)
                if said:
                    self.app.notify(said, markup=False)

    @on(LookupInput.Asked)
    async def _asked(self, event: LookupInput.Asked) -> None:
        await self.complete()
        text = event.text.strip()
        query = read_query(text, self.session.office.today())
        self._query = query
        if query.kind is QueryKind.EMPTY:
            if event.entered and self.view is not None:
                self.set_focus(self.pane.members)
            elif self.view is None:
                self._show("home")
            return
        if len(text) < 2 and text.isascii() and not event.entered:
            return
        self._search(text, query, entered=event.entered)

    def _search(self, text: str, query: Query, *, entered: bool) -> None:
        from townshipdesk.services import people

        try:
            matches = people.find(self.session.office, text)
        except DeskError as error:
            self.tell_error(error)
            return
        whole = query.kind is QueryKind.NUMBER and query.number is not None
        if len(matches) == 1 and (entered or whole):
            self.open_resident(matches[0].resident_id, take_caret=entered)
        elif matches:
            moved = self.found.display and self.found.cursor > 0
            if entered and self.found.display and moved:
                self.found.action_choose()
                return
            self.found.set_rows(matches)
            self._show("found")
            if entered:
                self.set_focus(self.found)
        elif entered and whole:
            self._offer_registration(query)
        else:
            self._message = lambda: nobody_message(query, self.session.office.today())
            self._show("message")
            self.query_one("#message", Words).relabel()

    @on(LookupInput.Went)
    def _went(self, event: LookupInput.Went) -> None:
        if event.pick:
            if event.pick <= len(self.found.rows):
                self.found.action_pick(event.pick)
        elif self.found.display:
            self.found.action_move(event.lines)
        elif self.view is not None:
            self.set_focus(self.pane.members)

    @on(LineList.Chosen, "#found")
    def _picked(self, event: LineList.Chosen) -> None:
        self.open_resident(event.row.resident_id)

    @on(LineList.Chosen, "#members")
    def _member_opened(self, event: LineList.Chosen) -> None:
        self.open_resident(event.row.resident_id)

    @on(LineList.Marked, "#members")
    def _member_marked(self) -> None:
        self.query_one("#members-title", Words).relabel()
        self.refresh_keys()

    def open_resident(self, resident_id: int, *, take_caret: bool = True) -> None:
        """Show a resident; the caret goes to them unless they are only found while typing."""
        if not self._load(resident_id):
            return
        self._show("resident")
        if take_caret:
            self.lookup.put("")
            self.set_focus(self.pane.members)

    def _load(self, resident_id: int, *, keep: bool = False) -> bool:
        from townshipdesk.screens.loading import load_view, member_quotes

        revealed = keep and self.pane.view is not None and self.pane.view.revealed
        try:
            view = load_view(self.session.office, resident_id, revealed=revealed)
            quotes = member_quotes(self.session.office, view.card, view.quote)
        except DeskError as error:
            self.tell_error(error)
            return False
        self.pane.show(view, quotes, keep=keep)
        self.refresh_keys()
        return True

    def reload(self) -> None:
        """Read the resident shown again."""
        if self.view is not None:
            self._load(self.view.card.person.resident_id, keep=True)

    def back_to_lookup(self, *, clear: bool = True) -> None:
        """Put the caret back into the empty box."""
        if clear:
            self.lookup.put("")
        self.set_focus(self.lookup)

    def action_lookup(self) -> None:
        """Put the caret into the box."""
        self.back_to_lookup()

    async def key_escape(self) -> None:
        """Go back by one step: to the box, then to the empty desk."""
        if self.focused is not self.lookup:
            self.back_to_lookup()
        else:
            self.lookup.put("")
            self._show("home")
            self._show_home()

    # -------------------------------------------------------------------- what this desk never saw

    @work(exit_on_error=False)
    async def _tell_unseen(self) -> None:
        """Show payments whose receipt this desk never showed: it went down before it could."""
        if self.session.actor is None:
            return
        from townshipdesk.screens.receipt import ReceiptBox
        from townshipdesk.services import payments

        for payment in payments.unseen_payments(self.session.office, self.session.who):
            self.tell(N_("This payment was taken before the desk went down. Print it again?"))
            await self.app.push_screen_wait(ReceiptBox(self.session, payment.receipt))
            await self.mark_seen(payment.operation_key)

    async def mark_seen(self, operation_key: str) -> None:
        """Record that the outcome of an operation has been on the screen."""
        from townshipdesk.services import payments

        await self.session.apart(lambda office: payments.mark_seen(office, [operation_key]))

    # ---------------------------------------------------------------- what is done with a resident

    def _offer_registration(self, query: Query) -> None:
        from townshipdesk.screens import resident_steps

        if query.number is not None:
            converted = query.number.note is NumberNote.CONVERTED_15
            resident_steps.register(self, query.number.number, converted=converted)

    def action_household(self) -> None:
        """Mark everybody of the household who can pay now, or take all marks away."""
        members = self.pane.members
        payable = [
            member.resident_id
            for member in members.rows
            if (quote := self.pane.quote_of(member)) is not None and quote.can_be_paid
        ]
        everybody = set(payable) <= members.marked
        members.marked = set() if everybody else set(payable)
        members.relabel()
        self._member_marked()
        self.set_focus(members)
        if not payable:
            self.tell(N_("Nobody of this household can pay now."))

    def action_mark(self) -> None:
        """Mark the member under the cursor."""
        self.pane.members.action_mark()
