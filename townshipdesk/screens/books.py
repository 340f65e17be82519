"""Receipt books: what came in, who holds which numbers, what is outstanding at each village."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.getters import query_one

from townshipdesk.actions import Place, bindings
from townshipdesk.domain.names import display_text
from townshipdesk.i18n import _
from townshipdesk.screens.naming import joined
from townshipdesk.screens.page import Page
from townshipdesk.screens.second_person import may_change, supervisor_for_step
from townshipdesk.services import books
from townshipdesk.services.books import Book, Issue
from townshipdesk.widgets.box import Box
from townshipdesk.widgets.cells import styled, wrapped
from townshipdesk.widgets.line_list import Column, LineList
from townshipdesk.widgets.words import Words

if TYPE_CHECKING:
    from collections.abc import Callable

    from townshipdesk.screens.session import Session
    from townshipdesk.services.staff import Actor


class BooksPage(Page):
    """Ranges in somebody's hands; above them the books they come from."""

    PLACE: ClassVar[Place] = Place.BOOKS
    AUTO_FOCUS = "#issues"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Place.BOOKS, "screen")]

    issues = query_one("#issues", LineList)
    stock = query_one("#stock", LineList)

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._all = False
        self._to_void: tuple[str, ...] = ()

    def compose_area(self) -> ComposeResult:
        """Set the books, what is outstanding where, and the ranges."""
        yield Words(lambda _width: styled(" " + _("Books"), "bold $accent"), classes="page-title")
        yield LineList[Book](_book_columns(), key=lambda row: row.uid, id="stock")
        yield Words(self._say_outstanding, id="outstanding")
        yield LineList[Issue](_issue_columns(), key=lambda row: row.uid, id="issues")

    def on_mount(self) -> None:
        """Show how things stand."""
        self._load()

    def on_screen_resume(self) -> None:
        """Catch up."""
        self._load()

    def office_changed(self) -> None:
        """Show the numbers that were used meanwhile."""
        self._load()

    def _load(self) -> None:
        office = self.session.office
        every = books.issues(office)
        shown = every if self._all else [one for one in every if one.written_off_at is None]
        self.issues.set_rows(shown, keep=True)
        self._to_void = books.to_void(office)
        self.stock.set_rows(books.books(office), keep=True)
        self.query_one("#outstanding", Words).relabel()
        self.refresh_keys()

    def _say_outstanding(self, width: int) -> Content:
        """Say how many numbers are still out, at each village and clerk."""
        left: Counter[str] = Counter()
        for one in self.issues.rows:
            if one.written_off_at is None:
                left[one.holder] += one.outstanding
        if not left:
            return styled(" " + _("No range is out."), "$quiet")
        if self._to_void:
            numbers = joined(self._to_void)
            said = _("To be voided, their payments were taken back: {numbers}", numbers=numbers)
            return styled(" ! " + said, "bold $text-warning").truncate(width, ellipsis=True)
        parts = [styled(" " + _("Outstanding"), "bold $accent")]
        parts += [
            Content.assemble(display_text(holder), " ", styled(str(count), "bold"))
            for holder, count in left.most_common()
        ]
        return Content("\n").join(wrapped(parts, width - 1)[:3])

    # ------------------------------------------------------------------------------------- its keys

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Dim what there is nothing for."""
        if not self.is_mounted:
            return super().check_action(action, parameters)
        if action == "issue_book":
            return True if any(book.next_free for book in self.stock.rows) else None
        if action == "void_number":
            return True if self.issues.rows else None
        if action == "write_off":
            row: Issue | None = self.issues.current
            return True if row is not None and row.written_off_at is None else None
        return super().check_action(action, parameters)

    @on(LineList.Moved)
    def _moved(self) -> None:
        self.refresh_keys()

    def action_all_ranges(self) -> None:
        """Show the ranges that were written off too, or no more."""
        self._all = not self._all
        self._load()

    def action_receive_book(self) -> None:
        """Record a book that came in."""
        from townshipdesk.screens.book_forms import ReceiveBox

        self._as_supervisor(lambda by: ReceiveBox(self.session, by))

    def action_issue_book(self) -> None:
        """Give a range out, from the book under the cursor."""
        from townshipdesk.screens.book_forms import IssueBox

        book: Book | None = self.stock.current
        if book is None or book.next_free is None:
            book = next((one for one in self.stock.rows if one.next_free), None)
        if book is not None:
            from_book = book
            self._as_supervisor(lambda by: IssueBox(self.session, by, from_book))

    def action_write_off(self) -> None:
        """Check the range under the cursor and write it off."""
        from townshipdesk.screens.book_forms import WriteOffBox

        row: Issue | None = self.issues.current
        if row is not None and row.written_off_at is None:
            checked = row
            self._as_supervisor(lambda by: WriteOffBox(self.session, by, checked))

    @work(exit_on_error=False)
    async def _as_supervisor(self, make: Callable[[Actor], Box[bool]]) -> None:
        by = await supervisor_for_step(self, self.session)
        if by is not None:
            await self.app.push_screen_wait(make(by))
            self._load()

    @work(exit_on_error=False)
    async def action_void_number(self) -> None:
        """Record that a number was voided, with its copies kept."""
        from townshipdesk.screens.book_forms import VoidBox

        if may_change(self, self.session):
            await self.app.push_screen_wait(
                VoidBox(self.session, self.issues.current, self._to_void)
            )
            self._load()


def _book_columns() -> list[Column[Book]]:
    return [
        Column(lambda: _("Book name"), 16, lambda row: row.name, share=1, tone="strong"),
        Column(lambda: _("Numbers"), 23, lambda row: f"{row.first}–{row.last}"),
        Column(lambda: _("Copies"), 7, lambda row: str(row.size), right=True),
        Column(lambda: _("Given out"), 9, lambda row: str(row.issued), right=True),
        Column(
            lambda: _("Left"),
            7,
            lambda row: str(row.size - row.issued),
            right=True,
            tone=lambda row: "" if row.size > row.issued else "quiet",
        ),
        Column(lambda: _("Came in"), 11, lambda row: f"{row.received_at:%Y-%m-%d}", leave=1),
    ]


def _issue_columns() -> list[Column[Issue]]:
    def left_tone(row: Issue) -> str:
        if row.written_off_at is not None:
            return "quiet"
        return "warning" if row.outstanding else "good"

    return [
        Column(lambda: _("Held by"), 14, lambda row: row.holder, share=1, tone="strong"),
        Column(lambda: _("Numbers"), 21, lambda row: f"{row.first}–{row.last}"),
        Column(lambda: _("Copies"), 6, lambda row: str(row.size), right=True),
        Column(lambda: _("Used"), 6, lambda row: str(row.used or ""), right=True),
        Column(lambda: _("Void"), 8, lambda row: str(row.void or ""), right=True),
        Column(lambda: _("Returned"), 8, lambda row: str(row.returned or ""), right=True, leave=2),
        Column(lambda: _("Left"), 6, lambda row: str(row.outstanding), right=True, tone=left_tone),
        Column(lambda: _("Issued on"), 11, lambda row: f"{row.issued_at:%Y-%m-%d}", leave=3),
        Column(lambda: _("Taken by"), 9, lambda row: row.received_by, leave=4, tone="quiet"),
        Column(lambda: _("Written off"), 11, _written_off, share=1, leave=1, tone="good"),
    ]


def _written_off(row: Issue) -> str:
    if row.written_off_at is None:
        return ""
    return f"{row.written_off_at:%Y-%m-%d} {row.checker}"
