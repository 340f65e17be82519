"""The forms of receipt books: receive a book, issue a range, void a number, write a range off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from textual.content import Content

from townshipdesk.domain.errors import UsageError
from townshipdesk.domain.names import display_text
from townshipdesk.i18n import N_, _
from townshipdesk.services import books, places, staffing
from townshipdesk.services.books import PaperNumber
from townshipdesk.widgets.cells import styled
from townshipdesk.widgets.form import Field, FormBox

if TYPE_CHECKING:
    from townshipdesk.screens.session import Session
    from townshipdesk.services.books import Book, Issue
    from townshipdesk.services.staff import Actor

USUAL_RANGE = 50
"""How many numbers are offered for a range; a book has 25, 50 or 100."""


class ReceiveBox(FormBox[bool]):
    """Records a book that came from the finance office."""

    def __init__(self, session: Session, by: Actor) -> None:
        self._session = session
        self._by = by
        super().__init__()

    def box_title(self) -> str:
        """Name the box."""
        return _("A receipt book came in")

    def fields(self) -> Sequence[Field]:
        """Its name and its numbers."""
        return (
            Field("name", N_("Book name"), needed=True, hint=N_("as it is printed on the book")),
            Field("first", N_("First number"), needed=True, hint="ZY0000001"),
            Field("last", N_("Last number"), needed=True, hint="ZY0000100"),
        )

    def effect(self, width: int) -> Content:  # noqa: ARG002 - the signature is the form's
        """Say how many numbers that are."""
        return _how_many(self.text_of("first"), self.text_of("last"))

    async def save(self, values: Mapping[str, Any]) -> bool:
        """Record it."""
        by = self._by
        await self._session.apart(
            lambda office: books.receive(
                office, by, values["name"], values["first"], values["last"]
            )
        )
        return True


class IssueBox(FormBox[bool]):
    """Puts a range into the hands of a village or a clerk."""

    def __init__(self, session: Session, by: Actor, book: Book) -> None:
        self._session = session
        self._by = by
        self._book = book
        self._villages = places.villages(session.office)
        self._staff = [one for one in staffing.colleagues(session.office) if one.active]
        super().__init__()

    def box_title(self) -> str:
        """Name the book."""
        return _("Issue from {book}", book=display_text(self._book.name))

    def fields(self) -> Sequence[Field]:
        """From which number to which, to whom."""
        first = self._book.next_free or self._book.first
        known = [display_text(one.name) for one in self._villages]
        known += [display_text(one.shown_name) for one in self._staff]
        return (
            Field("first", N_("First number"), value=first, needed=True),
            Field("last", N_("Last number"), value=self._usual_end(first), needed=True),
            Field(
                "holder",
                N_("Issued to"),
                needed=True,
                suggest=known,
                hint=N_("a village, or somebody who works here"),
            ),
            Field("taken_by", N_("Taken by"), hint=N_("who signed for it")),
        )

    def _usual_end(self, first: str) -> str:
        start, end = books.read_number(first), books.read_number(self._book.last)
        value = min(start.value + USUAL_RANGE - 1, end.value)
        return str(PaperNumber(start.prefix, value, start.width))

    def effect(self, width: int) -> Content:  # noqa: ARG002 - the signature is the form's
        """Say how many numbers that are."""
        return _how_many(self.text_of("first"), self.text_of("last"))

    async def save(self, values: Mapping[str, Any]) -> bool:
        """Issue it. Raises UsageError where nobody is called so."""
        by = self._by
        clerk = next(
            (
                one.name
                for one in self._staff
                if values["holder"] in (one.name, display_text(one.shown_name))
            ),
            None,
        )
        village = None if clerk else places.village_meant(self._villages, values["holder"]).code
        await self._session.apart(
            lambda office: books.issue(
                office,
                by,
                values["first"],
                values["last"],
                village_code=village,
                staff_name=clerk,
                received_by=values["taken_by"],
            )
        )
        return True


class VoidBox(FormBox[bool]):
    """Records that a number was spoiled; all its copies are kept in the book."""

    def __init__(self, session: Session, issue: Issue | None, to_void: Sequence[str] = ()) -> None:
        """`to_void` are the numbers whose payments were taken back: the first one is offered."""
        self._session = session
        self._issue = issue
        self._number = to_void[0] if to_void else ""
        super().__init__()
        self.add_class("grave")

    def box_title(self) -> str:
        """Name the box."""
        return _("Void a receipt number")

    def fields(self) -> Sequence[Field]:
        """Which number, why, how many copies are kept."""
        hint = "" if self._issue is None else f"{self._issue.first}–{self._issue.last}"
        return (
            Field("number", N_("Paper receipt"), value=self._number, needed=True, hint=hint),
            Field("why", N_("Reason"), needed=True, hint=N_("such as: name written wrong")),
            Field("copies", N_("Copies kept"), value="3", needed=True),
        )

    def effect(self, width: int) -> Content:  # noqa: ARG002 - the signature is the form's
        """Say what to do with the paper."""
        return styled(_("Write 作废 on every copy and keep all of them in the book."), "$quiet")

    async def save(self, values: Mapping[str, Any]) -> bool:
        """Record it."""
        who, copies = self._session.who, _whole(values["copies"], N_("Copies kept"))
        await self._session.apart(
            lambda office: books.void(office, who, values["number"], values["why"], copies)
        )
        return True


class WriteOffBox(FormBox[bool]):
    """Writes a range off after checking that every number is accounted for."""

    def __init__(self, session: Session, by: Actor, issue: Issue) -> None:
        self._session = session
        self._by = by
        self._issue = issue
        super().__init__()

    def box_title(self) -> str:
        """Name the range."""
        return _("Write off {first}–{last}", first=self._issue.first, last=self._issue.last)

    def fields(self) -> Sequence[Field]:
        """How many came back unused."""
        left = str(self._issue.outstanding)
        return (
            Field("returned", N_("Handed back unused"), value=left, needed=True),
            Field("note", N_("Note")),
        )

    def effect(self, width: int) -> Content:  # noqa: ARG002 - the signature is the form's
        """Say how the numbers add up."""
        one = self._issue
        try:
            returned = _whole(self.text_of("returned"), "")
        except UsageError:
            returned = 0
        missing = one.size - one.used - one.void - returned
        said = _(
            "{size} issued: {used} used, {void} void, {returned} handed back",
            size=one.size,
            used=one.used,
            void=one.void,
            returned=returned,
        )
        if not missing:
            return Content.assemble(said, "  ", styled(_("adds up"), "bold $text-success"))
        lacking = _("{count} unaccounted for", count=missing)
        return Content.assemble(said, "  ", styled(lacking, "bold $text-error"))

    async def save(self, values: Mapping[str, Any]) -> bool:
        """Write it off. Raises RuleError where the numbers do not add up."""
        by, uid = self._by, self._issue.uid
        returned = _whole(values["returned"], N_("Handed back unused"))
        await self._session.apart(
            lambda office: books.write_off(office, by, uid, returned, values["note"])
        )
        return True


def _whole(text: str, label: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise UsageError(N_("{field}: this cannot be read."), field=_(label) if label else "")
    return int(text)


def _how_many(first: str, last: str) -> Content:
    if not first or not last:
        return Content("")
    try:
        start, end = books.read_number(first), books.read_number(last)
    except UsageError as error:
        return styled(_(error.message, **error.values), "$text-warning")
    return Content(_("{count} numbers", count=max(0, end.value - start.value + 1)))
