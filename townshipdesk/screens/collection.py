"""One ledger: who differs, everybody in it, how far it came, and the next of its gates."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Final

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.getters import query_one

from townshipdesk.actions import Place, bindings
from townshipdesk.domain.idnumber import mask_number
from townshipdesk.domain.names import display_text
from townshipdesk.i18n import N_, _
from townshipdesk.screens.area import OpenResident
from townshipdesk.screens.collection_boxes import (
    CorrectDepositBox,
    CountBox,
    DepositBox,
    EnteringBox,
    ReviewBox,
)
from townshipdesk.screens.collections import GATES, STATES, next_gate
from townshipdesk.screens.exports_out import WRITTEN
from townshipdesk.screens.naming import yuan
from townshipdesk.screens.page import Page
from townshipdesk.screens.second_person import may_change, supervisor_for_step
from townshipdesk.screens.sheet_why import ledger_why_not
from townshipdesk.services import collection_note, collection_view, collections, people
from townshipdesk.services.collection_check import Difference
from townshipdesk.services.collection_view import LedgerLine, Passed
from townshipdesk.services.collections import Collection
from townshipdesk.services.last_folders import last_folder, remember_folder
from townshipdesk.widgets.cells import bar, styled, wrapped
from townshipdesk.widgets.choice import Choice
from townshipdesk.widgets.line_list import Column, LineList
from townshipdesk.widgets.live_list import LiveList
from townshipdesk.widgets.words import Words

if TYPE_CHECKING:
    from townshipdesk.screens.session import Session
    from townshipdesk.services.office import Office

PATH: Final = ("received", "counted", "reviewed", "deposited", "entered")
LOOKS_A_SECOND: Final = 5
BAR: Final = 30
KINDS: Final[Mapping[str, str]] = {
    "unknown": N_("unknown"),
    "name": N_("other name"),
    "elsewhere": N_("elsewhere"),
    "day": N_("later day"),
    "twice": N_("twice"),
    "refused": N_("refused"),
    "amount": N_("other sum"),
}
VIEWS: Final[Mapping[str, str]] = {"differences": N_("Differences"), "everybody": N_("Everybody")}


class CollectionPage(Page):
    """A ledger with its differences by person, and the way it has come."""

    PLACE: ClassVar[Place] = Place.COLLECTION
    AUTO_FOCUS = "#ledger-rows"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Place.COLLECTION, "screen")]

    rows = query_one("#ledger-rows", LiveList)
    views = query_one("#ledger-views", Choice)

    def __init__(self, session: Session, uid: str) -> None:
        super().__init__(session)
        self._uid = uid
        self.ledger: Collection = collections.collection(session.office, uid)
        self._read = False
        self._differences: list[Difference] = []
        self._lines: list[LedgerLine] = []
        self._passed: list[Passed] = []
        self._done = (0, 0)
        self._left = False

    def compose_area(self) -> ComposeResult:
        """Set what the ledger is, its way, who differs and everybody."""
        yield Words(self._title, classes="page-title")
        yield Words(self._way, id="ledger-way")
        yield Words(self._said, id="ledger-said")
        yield Choice(tuple(VIEWS), self._view_label, id="ledger-views")
        yield LiveList[Any]((), key=lambda row: row.row_id, id="ledger-rows")
        yield Words(self._details, id="ledger-details")

    def on_mount(self) -> None:
        """Compare it with the office as it is now."""
        self.set_interval(1 / LOOKS_A_SECOND, self._look)
        self._load()

    def on_unmount(self) -> None:
        """Let the comparison stop where somebody has gone back."""
        self._left = True

    def _look(self) -> None:
        if not self._read:
            self.query_one("#ledger-said", Words).refresh()

    def _tell(self, done: int, rows: int) -> None:
        self._done = (done, rows)  # called in the thread that compares

    @work(exclusive=True, exit_on_error=False)
    async def _load(self) -> None:
        def read(office: Office) -> None:
            with office.database.snapshot():
                ledger = collections.collection(office, self._uid)
                found: list[Difference] = []
                if ledger.state == "received":
                    found = collections.differences(
                        office, self._uid, self._tell, lambda: self._left
                    )
                lines = collection_view.lines(office, self._uid)
                passed = collection_view.passed(office, self._uid)
            self.ledger, self._differences = ledger, found
            self._lines, self._passed = lines, passed

        await self.session.apart(read)
        self._read = True
        if not self._differences and self.views.value == "differences":
            self.views.index = 1
        self._show()

    @on(Choice.Changed)
    def _show(self) -> None:
        """Show the list that was chosen."""
        differences = self.views.value == "differences"
        self.rows.set_columns(_columns() if differences else _line_columns())
        self.rows.set_rows(self._differences if differences else self._lines, keep=True)
        self.rows.focus()
        self.views.relabel()
        self._say_again()

    def _view_label(self, view: str) -> str:
        count = len(self._differences if view == "differences" else self._lines)
        return f"{_(VIEWS[view])} {count:,}"

    @on(LineList.Moved)
    def _say_again(self) -> None:
        for words in self.query(Words):
            words.relabel()  # the way may take a line more
        self.refresh_keys()

    # -------------------------------------------------------------------------------- what it says

    def _title(self, _width: int) -> Content:
        one = self.ledger
        return Content.assemble(
            styled(" " + display_text(one.body), "bold $accent"),
            "   ",
            styled(_("{count} people, {amount} yuan", count=one.heads,
                     amount=yuan(one.amount_fen)), "bold"),
            styled("   " + display_text(one.file), "$quiet"),
        )  # fmt: skip

    def _way(self, _width: int) -> Content:
        """Show the gates passed and the ones that come."""
        one = self.ledger
        if one.state == "withdrawn":
            return styled(" " + _(STATES["withdrawn"]), "$text-warning")
        steps = [step for step in PATH if step != "reviewed" or one.needs_review]
        done = steps.index(one.state)
        parts: list[Content | str] = [" "]
        for place, step in enumerate(steps):
            if place:
                parts.append(styled(" → ", "$quiet"))
            sign = "✓ " if place <= done else ""
            parts.append(styled(sign + _(STATES[step]), "$text-success" if sign else "$quiet"))
        gate = next_gate(one)
        if gate:
            blocked = one.state == "received" and self._differences
            parts.append(styled("  F3 " + _(GATES[gate]), "$quiet" if blocked else "bold $accent"))
        return Content.assemble(*parts)

    def _said(self, width: int) -> Content:
        one = self.ledger
        if not self._read:
            done, rows = self._done
            filled = styled(bar(done, rows, BAR), "$accent on $panel")
            return Content.assemble(" ", filled, f"  {_('comparing')}  {done:,} / {rows:,}")
        days = one.days_out(self.session.office.today())
        out = "   " + _("cash out for {count} days", count=days) if days else ""
        if one.state != "received":
            parts = [styled(_gate_text(gate), "$quiet") for gate in self._passed]
            if days:
                parts.append(styled(out.strip(), "$text-warning"))
            return Content("\n").join(
                Content.assemble(" ", line) for line in wrapped(parts, max(1, width - 1))
            )
        if self._differences:
            said = _("{count} people differ: set them aside or mend them.",
                     count=len(self._differences))  # fmt: skip
            return styled(f" {said}{out}", "$text-warning")
        said = _("Everybody agrees with the register and the policy.")
        return Content.assemble(styled(f" {said}", "$text-success"), styled(out, "$text-warning"))

    def _details(self, width: int) -> Content:
        row: Difference | LedgerLine | None = self.rows.current
        if isinstance(row, Difference):
            return Content(" " + row.text).truncate(width * 2)
        if row is not None and row.left_out:
            return styled(f" {_(collection_note.LEFT_OUT)}", "$text-warning")
        if row is not None and row.aside:
            said = _("Set aside: {name}", name=display_text(row.aside))
            return styled(f" {said}", "$text-warning").truncate(width * 2)
        return Content("")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Dim what this ledger cannot do now."""
        if action == "next_gate":
            blocked = self.ledger.state == "received" and self._differences
            return True if next_gate(self.ledger) and self._read and not blocked else None
        if action in ("set_aside", "open_one"):
            row = self.rows.current if self.is_mounted else None
            here = row is not None
            if action == "set_aside":
                aside = isinstance(row, LedgerLine) and row.aside
                here = here and self.ledger.state == "received" and not aside
            return True if here else None
        if action == "send_back":
            named = self._differences or any(line.aside or line.left_out for line in self._lines)
            return True if self._read and named else None
        if action == "correct_deposit":
            return True if self.ledger.state == "deposited" else None
        if action == "give_back":
            return True if self.ledger.state in ("received", "counted", "reviewed") else None
        return super().check_action(action, parameters)

    def why_not(self, action: str) -> str:
        """Say why the ledger does not allow an action."""
        return ledger_why_not(action, self.ledger, len(self._differences)) if self._read else ""

    # -------------------------------------------------------------------------------- what it does

    @work(exclusive=True, exit_on_error=False)
    async def action_next_gate(self) -> None:
        """Go through the next gate."""
        if not may_change(self, self.session):
            return
        gate = next_gate(self.ledger)
        if gate == "count":
            homes = any(line.household for line in self._lines)
            box = CountBox(self.session, self.ledger, by_household=homes)
            await self.app.push_screen_wait(box)
        elif gate == "review":
            reviewer = await supervisor_for_step(self, self.session)
            if reviewer is not None:
                await self.app.push_screen_wait(ReviewBox(self.session, reviewer, self.ledger))
        elif gate == "deposit":
            await self.app.push_screen_wait(DepositBox(self.session, self.ledger))
        elif gate == "enter":
            await self._enter()
        self._load()

    async def _enter(self) -> None:
        from townshipdesk.screens.confirm import ConfirmBox

        one = self.ledger

        def say(_width: int) -> Content:
            said = _("{count} people, {amount} yuan", count=one.heads,
                     amount=yuan(one.amount_fen))  # fmt: skip
            return Content.assemble(styled(display_text(one.body) + "\n", "bold"), said)

        yes = N_("Y: enter them all.   Esc: not yet")
        box = ConfirmBox(lambda: _("Enrol everybody of this ledger?"), say, yes=yes)
        if not await self.app.push_screen_wait(box):
            return
        names = {line.document_number: line.name for line in self._lines}
        entering = EnteringBox(self.session, one, names)
        await self.app.push_screen_wait(entering)
        if entering.left_out:
            await self._leave_out(len(entering.left_out), len(entering.waiting), names)

    async def _leave_out(self, count: int, waiting: int, names: Mapping[str, str]) -> None:
        """Ask whether the ledger is closed without those who could not be entered."""
        from townshipdesk.screens.confirm import ConfirmBox

        def say(_width: int) -> Content:
            said = _("Their money goes back to whoever collected it. Else the ledger stays open.")
            if waiting:
                said += "\n" + _(
                    "Who shares a receipt with them is entered: {count}.", count=waiting
                )
            return Content.assemble(styled(display_text(self.ledger.body) + "\n", "bold"), said)

        yes = N_("Y: close it without them.   Esc: not yet")
        title = lambda: _("Close the ledger without {count} people?", count=count)  # noqa: E731 - said again in another language
        if await self.app.push_screen_wait(ConfirmBox(title, say, yes=yes)):
            again = EnteringBox(self.session, self.ledger, names, leave_out=True)
            await self.app.push_screen_wait(again)

    @work(exit_on_error=False)
    async def action_set_aside(self) -> None:
        """Leave the row under the cursor out."""
        from townshipdesk.screens.reason import ReasonBox

        row: Difference | LedgerLine | None = self.rows.current
        if row is None or not may_change(self, self.session):
            return
        who, uid, row_id = self.session.who, self._uid, row.row_id
        why_not = row.text if isinstance(row, Difference) else ""

        async def leave_out(why: str) -> bool:
            await self.session.apart(
                lambda office: collections.set_aside(office, who, uid, row_id, why)
            )
            return True

        name = display_text(row.name)
        box = ReasonBox(lambda: _("Set aside: {name}", name=name), leave_out, lambda: why_not)
        if await self.app.push_screen_wait(box):
            self._load()

    @work(exit_on_error=False)
    async def action_send_back(self) -> None:
        """Write who differs and who was set aside to a workbook for the village."""
        from townshipdesk.screens.save_as import SaveAsBox

        if not may_change(self, self.session):
            return
        who, uid, differences = self.session.who, self._uid, self._differences

        async def write(path: Path) -> Path:
            await self.session.apart(
                lambda office: collection_note.write(office, who, uid, differences, path)
            )
            remember_folder(WRITTEN, path.parent)
            return path

        name = f"{display_text(self.ledger.body)}{collection_note.NAME}.xlsx"
        title = lambda: _("Who differs, to a workbook")  # noqa: E731 - said again in another language
        box = SaveAsBox(title, last_folder(WRITTEN) / name, write)
        path = await self.app.push_screen_wait(box)
        if path is not None:
            self.tell(N_("Written: {path}"), path=display_text(str(path)))

    @work(exit_on_error=False)
    async def action_give_back(self) -> None:
        """Give the ledger and its money back to the village."""
        from townshipdesk.screens.reason import ReasonBox

        if not may_change(self, self.session):
            return
        who, uid = self.session.who, self._uid

        async def withdraw(why: str) -> bool:
            await self.session.apart(lambda office: collections.withdraw(office, who, uid, why))
            return True

        body = display_text(self.ledger.body)
        box = ReasonBox(lambda: _("Give back: {name}", name=body), withdraw)
        if await self.app.push_screen_wait(box):
            self._load()

    @work(exit_on_error=False)
    async def action_correct_deposit(self) -> None:
        """Put the bank's reference or day right, as a supervisor, before the ledger is entered."""
        supervisor = await supervisor_for_step(self, self.session)
        stands = collection_view.deposit(self.session.office, self._uid)
        if supervisor is None or stands is None:
            return
        box = CorrectDepositBox(self.session, supervisor, self.ledger, stands)
        if await self.app.push_screen_wait(box):
            self._load()

    def action_open_one(self) -> None:
        """Bring the person under the cursor to the desk."""
        self.rows.action_choose()

    def action_other_rows(self) -> None:
        """Show everybody, or those who differ."""
        self.views.action_step(1)

    @on(LineList.Chosen)
    def _open_person(self, event: LineList.Chosen) -> None:
        found = people.by_number(self.session.office, event.row.document_number)
        if found is None:
            self.tell(N_("Nobody in this office has this number."), bad=True)
        else:
            self.post_message(OpenResident(found))


def _gate_text(gate: Passed) -> str:
    """Say when a gate was passed, by whom, and the number or reason that goes with it."""
    parts = (_(STATES[gate.step]), f"{gate.at:%m-%d}", display_text(gate.staff))
    return " ".join((*parts, display_text(gate.told))).rstrip()


def _out_text(row: LedgerLine) -> str:
    """Say why a row was set aside, or that the ledger was entered without it."""
    why = _("not entered") if row.left_out else row.aside
    return f"✕ {why}" if why else ""


def _line_columns() -> list[Column[LedgerLine]]:
    return [
        Column(lambda: _("Row"), 4, lambda row: str(row.row), right=True, tone="quiet"),
        Column(lambda: _("Family no."), 10, lambda row: row.household, share=1),
        Column(lambda: _("Name"), 10, lambda row: row.name, share=1, tone="strong"),
        Column(lambda: _("Number"), 18, lambda row: mask_number(row.document_number)),
        Column(lambda: _("Amount"), 9, lambda row: yuan(row.own_fen), right=True),
        Column(lambda: _("Receipt"), 10, lambda row: row.receipt, share=1),
        Column(lambda: _("Paid on"), 10, lambda row: f"{row.paid_on}", leave=1, tone="quiet"),
        Column(
            lambda: _("Set aside"),
            10,
            _out_text,
            share=2,
            tone="warning",
        ),
    ]


def _columns() -> list[Column[Difference]]:
    return [
        Column(lambda: _("Row"), 4, lambda row: str(row.row), right=True, tone="quiet"),
        Column(lambda: _("Name"), 10, lambda row: row.name, share=1, tone="strong"),
        Column(lambda: _("Number"), 18, lambda row: mask_number(row.document_number)),
        Column(lambda: _("Difference"), 10, lambda row: _(KINDS[row.kind]), tone="warning"),
        Column(lambda: _("Why"), 26, lambda row: row.text, share=3),
    ]
