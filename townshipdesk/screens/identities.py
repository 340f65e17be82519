"""Identities of a resident: held and ended ones, adding and ending, and what it would change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content

from townshipdesk.actions import Place, bindings
from townshipdesk.domain.errors import DeskError
from townshipdesk.domain.names import display_text
from townshipdesk.i18n import N_, _
from townshipdesk.screens.naming import named, short_identity, yuan
from townshipdesk.services import identities
from townshipdesk.services.identities import DISABILITY, WouldHold
from townshipdesk.widgets.box import Box
from townshipdesk.widgets.cells import styled
from townshipdesk.widgets.form import Field, FormBox
from townshipdesk.widgets.line_list import Column, LineList
from townshipdesk.widgets.words import Words

if TYPE_CHECKING:
    from townshipdesk.policy import Quote
    from townshipdesk.screens.resident_text import View
    from townshipdesk.screens.session import Session
    from townshipdesk.services.identities import Effect
    from townshipdesk.services.people_records import HeldIdentity


def effect_content(effect: Effect) -> Content:
    """Say what a change of identities would do to today's price, or that nothing changes."""
    if effect.frozen:
        return styled(
            _("This year is paid: the change does nothing for it. Paid is paid."), "$text-warning"
        )
    return Content.assemble(
        _("Today"),
        "  ",
        _price(effect.now),
        styled("  →  ", "bold"),
        styled(_price(effect.then), "bold $accent"),
    )


def _price(quote: Quote) -> str:
    if quote.due_fen is None:
        return named("reason", quote.reason or "")
    subsidy_fen = (quote.standard_fen or 0) - quote.due_fen
    if subsidy_fen:
        return _(
            "{due} yuan (subsidy {subsidy})", due=yuan(quote.due_fen), subsidy=yuan(subsidy_fen)
        )
    return _("{amount} yuan", amount=yuan(quote.due_fen))


class IdentitiesBox(Box[None]):
    """Lists every identity held or ended, with where it came from."""

    PLACE: ClassVar[Place] = Place.IDENTITIES
    WIDTH: ClassVar[int] = 96
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Place.IDENTITIES, "screen")]

    def __init__(self, session: Session, view: View) -> None:
        super().__init__()
        self._session = session
        self._view = view

    def box_title(self) -> str:
        """Name the person."""
        return _("Identities: {name}", name=display_text(self._view.card.person.name))

    def compose_box(self) -> ComposeResult:
        """Show the list, and where the chosen one came from."""
        yield LineList(_columns(), key=lambda row: row.uid, id="identity-list")
        yield Words(self._details, id="identity-details")

    @property
    def _list(self) -> LineList[HeldIdentity]:
        return self.query_one("#identity-list", LineList)

    def on_mount(self) -> None:
        """Read the history."""
        self._read()
        self.set_focus(self._list)

    def on_line_list_moved(self) -> None:
        """Say where the chosen one came from."""
        self.query_one("#identity-details", Words).relabel()
        self.query_one("KeyLine").refresh()

    def _read(self) -> None:
        resident_id = self._view.card.person.resident_id
        self._list.set_rows(identities.history(self._session.office, resident_id), keep=True)
        self.on_line_list_moved()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only an identity without an end can be ended."""
        if action == "end_identity" and self.is_mounted:
            current = self._list.current
            return True if current is not None and current.ended_on is None else None
        return super().check_action(action, parameters)

    def _details(self, _width: int) -> Content:
        row = self._list.current if self.is_mounted else None
        if row is None:
            return styled(_("No identity was ever on record. Key a adds one."), "$quiet")
        parts = [named("identity", row.code)]
        if row.file_name:
            parts.append(_("file {name}", name=display_text(row.file_name)))
        if row.entered_by:
            parts.append(_("entered by {name}", name=display_text(row.entered_by)))
        if row.ended_on is not None:
            parts.append(_("ended by {name}", name=display_text(row.ended_by)))
            parts.append(display_text(row.end_reason))
        parts.append(display_text(row.note))
        if row.listed_on is not None:
            office = self._session.office
            late = identities.late_lists(office, [row.code], row.listed_on)
            parts += [item.text() for item in late]
        return Content("\n").join(
            [
                styled("   ".join(part for part in parts if part), "$quiet"),
                self._ending(row),
            ]
        )

    def _ending(self, row: HeldIdentity) -> Content:
        if row.ended_on is not None:
            return Content("")
        try:
            effect = identities.effect(
                self._session.office, self._view.card.person.resident_id, end=[row.code]
            )
        except DeskError as error:
            return styled(_(error.message, **error.values), "$text-warning")
        return Content.assemble(_("If it ended:"), " ", effect_content(effect))

    @work(exit_on_error=False)
    async def action_add_identity(self) -> None:
        """Add an identity."""
        await self.app.push_screen_wait(AddIdentityBox(self._session, self._view))
        self._read()

    @work(exit_on_error=False)
    async def action_end_identity(self) -> None:
        """End the identity under the cursor."""
        current = self._list.current
        if current is not None:
            await self.app.push_screen_wait(EndIdentityBox(self._session, self._view, current))
            self._read()


def _columns() -> list[Column[HeldIdentity]]:
    def name(row: HeldIdentity) -> str:
        text = short_identity(row.code)
        if row.disability_grade is not None:
            kind = named("disability", row.disability_kind) if row.disability_kind else ""
            text += _(" ({kind} grade {grade})", kind=kind, grade=row.disability_grade)
        return text

    def state(row: HeldIdentity) -> str:
        if row.ended_on is not None:
            return _("ended {day}", day=row.ended_on)
        if row.late:
            return _("listed after the payment")
        return _("counts") if row.in_force else _("not yet")

    def tone(row: HeldIdentity) -> str:
        if row.ended_on is not None:
            return "quiet"
        return "good" if row.in_force and not row.late else "warning"

    return [
        Column(lambda: _("Identity"), 17, name, share=1, tone="strong"),
        Column(lambda: _("From"), 10, lambda row: str(row.from_on)),
        Column(lambda: _("Listed"), 10, lambda row: str(row.listed_on or "")),
        Column(lambda: _("Department"), 12, lambda row: row.department, share=1),
        Column(lambda: _("State"), 16, state, tone=tone),
    ]


class AddIdentityBox(FormBox[str]):
    """Enters an identity; today's price with and without it stands below while one chooses."""

    WIDTH = 84

    def __init__(self, session: Session, view: View) -> None:
        from townshipdesk.policy import IDENTITY_CODES

        self._session = session
        self._view = view
        held = {item.code for item in view.card.identities if item.ended_on is None}
        self._codes = tuple(code for code in IDENTITY_CODES if code not in held)
        super().__init__()

    def box_title(self) -> str:
        """Name the person."""
        return _("Add an identity: {name}", name=display_text(self._view.card.person.name))

    def fields(self) -> Sequence[Field]:
        """Ask which, since when, and which department's list it is."""
        from townshipdesk.policy.codes import DISABILITY_KINDS

        return [
            Field("code", N_("Identity"), "choice", values=self._codes, name=short_identity),
            Field("from_on", N_("From"), "day", value=self._view.today, needed=True),
            Field("department", N_("Department"), needed=True, hint=N_("whose list it is")),
            Field(
                "kind",
                N_("Disability kind"),
                "choice",
                values=("", *DISABILITY_KINDS),
                name=lambda code: named("disability", code) if code else "—",
            ),
            Field(
                "grade",
                N_("Disability grade"),
                "choice",
                values=(0, 1, 2, 3, 4),
                name=lambda grade: str(grade) if grade else "—",
            ),
            Field("note", N_("Remark")),
        ]

    def _would_hold(self) -> WouldHold:
        code = self.chosen("code")
        if code != DISABILITY:
            return WouldHold(code)
        return WouldHold(code, self.chosen("kind") or None, self.chosen("grade") or None)

    def effect(self, width: int) -> Content:  # noqa: ARG002 - fits any width
        """Say what it would change today."""
        if not self.is_mounted:
            return Content("")
        try:
            effect = identities.effect(
                self._session.office, self._view.card.person.resident_id, add=[self._would_hold()]
            )
        except DeskError as error:
            return styled(_(error.message, **error.values), "$text-warning")
        return effect_content(effect)

    async def save(self, values: Mapping[str, Any]) -> str | None:
        """Enter the identity."""
        who, hold = self._session.who, self._would_hold()
        return await self._session.apart(
            lambda office: identities.add_identity(
                office,
                who,
                self._view.card.person.resident_id,
                hold.code,
                values["from_on"],
                values["department"],
                disability_kind=hold.disability_kind,
                disability_grade=hold.disability_grade,
                note=values["note"],
            )
        )


class EndIdentityBox(FormBox[bool]):
    """Ends an identity, with its reason; what that changes today stands below."""

    def __init__(self, session: Session, view: View, held: HeldIdentity) -> None:
        self._session = session
        self._view = view
        self._held = held
        super().__init__()

    def box_title(self) -> str:
        """Name the identity."""
        return _("End: {identity}", identity=short_identity(self._held.code))

    def fields(self) -> Sequence[Field]:
        """Ask for the first day it no longer counts, and why."""
        return [
            Field("on", N_("Ends on"), "day", value=self._view.today, needed=True),
            Field("reason", N_("Reason"), needed=True),
        ]

    def effect(self, width: int) -> Content:  # noqa: ARG002 - fits any width
        """Say what it would change today."""
        try:
            effect = identities.effect(
                self._session.office, self._view.card.person.resident_id, end=[self._held.code]
            )
        except DeskError as error:
            return styled(_(error.message, **error.values), "$text-warning")
        return effect_content(effect)

    async def save(self, values: Mapping[str, Any]) -> bool | None:
        """End it."""
        who = self._session.who
        await self._session.apart(
            lambda office: identities.end_identity(
                office, who, self._held.uid, values["on"], values["reason"]
            )
        )
        return True
