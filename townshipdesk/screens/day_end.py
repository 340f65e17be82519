"""The end of the day: its story, the blind count, the closing, the sheet; one after the other."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, ClassVar, Final

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.getters import query_one
from textual.widgets import Input

from townshipdesk.actions import Place, bindings
from townshipdesk.domain.errors import DeskError
from townshipdesk.i18n import N_, _
from townshipdesk.screens import day_end_text as said
from townshipdesk.screens.area import Area
from townshipdesk.screens.cash_count import CashPanel
from townshipdesk.screens.confirm import ConfirmBox
from townshipdesk.screens.day_sheet import DaySheetPane
from townshipdesk.screens.second_person import may_change
from townshipdesk.screens.top import Top
from townshipdesk.services import days
from townshipdesk.services.days import CashCount, DayStory
from townshipdesk.widgets.cells import styled
from townshipdesk.widgets.inputs import LineInput
from townshipdesk.widgets.keys import KeyLine
from townshipdesk.widgets.words import Words, plain

if TYPE_CHECKING:
    from townshipdesk.screens.session import Session

STORY, COUNT, CLOSE, SHEET = range(4)
YES: Final = N_("Y: close this day for ever   Esc: not yet")
WHY_HINT: Final = N_("such as: wrong change given, a false note")
STEPS_BACK: Final = {COUNT: STORY, CLOSE: COUNT}


class BlindTop(Top):
    """The head of the screen without the day's sum: whoever counts must not know it."""

    def set_today(self, payments: int, amount_fen: int) -> None:
        """Show nothing of it."""
        del payments, amount_fen


class DayEndScreen(Area):
    """Three steps on one screen, the next one appearing when the last is done."""

    PLACE: ClassVar[Place] = Place.DAY
    AUTO_FOCUS = "#story"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Place.DAY, "screen")]

    panel = query_one("#cash", CashPanel)
    why = query_one("#why", LineInput)
    sheet = query_one("#day-sheet", DaySheetPane)

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._day = session.office.today()
        self._step = STORY
        self._story: DayStory | None = None
        self._count: CashCount | None = None
        self._busy = False

    def compose(self) -> ComposeResult:
        """Frame the area, without the day's sum on top."""
        yield BlindTop(self.session)
        yield from self.compose_area()
        yield KeyLine(self.PLACE)

    def compose_area(self) -> ComposeResult:
        """Set the day and the way, the story, the count, the difference, the sheet."""
        yield Words(self._say_title, id="day-title")
        yield Words(self._say_unclosed, id="unclosed")
        with VerticalScroll(id="story"):
            yield Words(self._say_story, id="story-text")
        yield CashPanel(id="cash")
        with Vertical(id="verdict"):
            yield Words(self._say_verdict, id="verdict-text")
            with Horizontal(classes="row", id="why-row"):
                yield Words(plain(lambda: " " + _("Reason")), classes="label")
                yield LineInput(hint=lambda: _(WHY_HINT), id="why", classes="field long")
        yield DaySheetPane(self.session)

    # -------------------------------------------------------------------------------------- the day

    def on_mount(self) -> None:
        """Begin with the oldest day that is still open."""
        self._begin(self._next_open())

    def on_screen_resume(self) -> None:
        """Catch up with what was done at the desk."""
        self.office_changed()

    def _next_open(self) -> date:
        unclosed = days.unclosed_days(self.session.office)
        return unclosed[0] if unclosed else self.session.office.today()

    def _begin(self, day: date) -> None:
        """Begin with a day: its story, or its sheet where it is closed."""
        self._day, self._count = day, None
        self.panel.clear()
        self.why.value = ""
        self._load()
        self._go_to(SHEET if self.sheet.load(day) else STORY)

    def _load(self) -> None:
        self._story = days.day_story(self.session.office, self._day)

    def office_changed(self) -> None:
        """Tell the day as it is now; where cash came in after the count, it is counted again."""
        if self._story is None or self._step == SHEET:
            return
        self._load()
        if self.sheet.load(self._day):
            self._go_to(SHEET)
        elif self._count is not None and self._expected_changed(self._count):
            self._count_again()
        else:
            self._say_again()

    def _expected_changed(self, count: CashCount) -> bool:
        return self._story is not None and self._story.expected_cash_fen != count.expected_fen

    def _count_again(self) -> None:
        self.tell(N_("Another desk has taken cash meanwhile. Count again."), bad=True)
        self._count = None
        self._go_to(COUNT)

    # ------------------------------------------------------------------------------------ the steps

    def _go_to(self, step: int) -> None:
        """Show the parts of a step and put the caret where it goes on."""
        self._step = step
        closed = step == SHEET
        self.query_one("#story").display = not closed
        self.panel.display = step in (COUNT, CLOSE)
        self.panel.disabled = step != COUNT
        self.query_one("#verdict").display = step == CLOSE
        differs = self._count is not None and self._count.difference_fen != 0
        self.query_one("#why-row").display = differs
        self.sheet.display = closed
        self._say_again()
        if step == COUNT:
            self.panel.begin(has_cash=self._story is None or self._story.took_cash)
        elif step == CLOSE and differs:
            self.set_focus(self.why)
        else:
            self.set_focus(self.sheet if closed else self.query_one("#story"))

    def _say_again(self) -> None:
        for name in ("#day-title", "#unclosed", "#story-text", "#verdict-text"):
            self.query_one(name, Words).relabel()
        self.refresh_keys()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Dim what the step does not have."""
        if action in ("print_sheet", "sheet_pdf", "sheet_text"):
            return True if self._step == SHEET else None
        if action == "step_back":
            return True if self._step in STEPS_BACK else None
        return super().check_action(action, parameters)

    def action_next_step(self) -> None:
        """Go on: count, close, and after the sheet the next day that is open."""
        if self._step == STORY:
            if may_change(self, self.session):
                self._go_to(COUNT)
        elif self._step == CLOSE:
            self._close()
        elif self._step == SHEET:
            following = self._next_open()
            if following != self._day:
                self._begin(following)

    def action_step_back(self) -> None:
        """Go back by one step; a count that is entered again stays in the log."""
        self._count = None
        self._go_to(STEPS_BACK[self._step])

    @on(CashPanel.Unclear)
    def _unclear(self, event: CashPanel.Unclear) -> None:
        self.tell_error(event.error)

    @on(CashPanel.Counted)
    @work(exit_on_error=False)
    async def _counted(self, event: CashPanel.Counted) -> None:
        """Enter the count; only then what was expected is known."""
        who, day, counted_fen = self.session.who, self._day, event.amount_fen
        if self._busy or self._step != COUNT:
            return
        self._busy = True
        try:
            self._count = await self.session.apart(
                lambda office: days.count_cash(office, who, day, counted_fen)
            )
        except DeskError as error:
            self.tell_error(error)
            return
        finally:
            self._busy = False
        self._load()
        self._go_to(CLOSE)

    @on(Input.Submitted, "#why")
    def _reason_given(self) -> None:
        self._close()

    @work(exit_on_error=False)
    async def _close(self) -> None:
        count, why = self._count, self.why.value.strip()
        if count is None or self._busy:
            return
        if count.difference_fen and not why:
            self.tell(N_("Count again (Esc), or give the reason for the difference."), bad=True)
            return
        self._busy = True
        try:
            if await self.app.push_screen_wait(self._question(count, why)):
                await self._close_for_ever(count, why)
        finally:
            self._busy = False

    def _question(self, count: CashCount, why: str) -> ConfirmBox:
        def say(_width: int) -> Content:
            lines = [*said.verdict_lines(count)]
            if why:
                lines.append(styled(f" {why}", "$text-warning"))
            lines.append(
                Content(" " + _("A closed day stays closed: nothing can be entered in it."))
            )
            return Content("\n").join(lines)

        return ConfirmBox(lambda: _("Close {day}?", day=self._day), say, yes=YES)

    async def _close_for_ever(self, count: CashCount, why: str) -> None:
        who, day = self.session.who, self._day
        try:
            await self.session.apart(
                lambda office: days.close_day(
                    office,
                    who,
                    day,
                    count.counted_fen,
                    why,
                    seen_expected_fen=count.expected_fen,
                )
            )
        except DeskError as error:
            if error.code == "expected-changed":
                self._load()
                self._count_again()
            else:
                self.tell_error(error)
            return
        self._begin(day)
        self._back_up()

    @work(exit_on_error=False)
    async def _back_up(self) -> None:
        """Make the backup of the day where a folder for backups is chosen."""
        from townshipdesk.services.backup import back_up_to_folder

        made = await self.session.apart(back_up_to_folder)
        if made is not None:
            self.tell(N_("Backed up and checked: {name}"), name=made.path.name)

    # ----------------------------------------------------------------------------------- other days

    def action_earlier_day(self) -> None:
        """Show the day before: a sheet that was kept, or a day still open."""
        self._turn(-1)

    def action_later_day(self) -> None:
        """Show the day after, at last today."""
        self._turn(1)

    def _turn(self, by: int) -> None:
        office = self.session.office
        known = sorted(
            {*days.closed_days(office), *days.unclosed_days(office), office.today(), self._day}
        )
        place = known.index(self._day) + by
        if 0 <= place < len(known):
            self._begin(known[place])
        else:
            self.tell(N_("There is no other day."))

    # ---------------------------------------------------------------------------------------- words

    def _say_title(self, width: int) -> Content:
        return said.title_line(self._day, self.session.office.today(), self._step, width)

    def _say_unclosed(self, _width: int) -> Content:
        if self._story is None or self._step == SHEET:
            return Content("")
        unclosed = days.unclosed_days(self.session.office)
        return (
            said.unclosed_line(unclosed, self.session.office.today()) if unclosed else Content("")
        )

    def _say_story(self, width: int) -> Content:
        if self._story is None:
            return Content("")
        lines = said.story_lines(self._story, width, counted=self._step > COUNT)
        return Content("\n").join(lines)

    def _say_verdict(self, _width: int) -> Content:
        if self._count is None:
            return Content("")
        return Content("\n").join(said.verdict_lines(self._count))

    # ------------------------------------------------------------------------------------ the sheet

    def action_print_sheet(self) -> None:
        """Print the sheet."""
        self.sheet.give_out("printer")

    def action_sheet_pdf(self) -> None:
        """Save the sheet as PDF."""
        self.sheet.give_out("pdf")

    def action_sheet_text(self) -> None:
        """Save the sheet as plain text."""
        self.sheet.give_out("text")
