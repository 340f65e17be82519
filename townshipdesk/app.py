"""The Textual app: the areas, the keys that work everywhere, and what goes on beside them."""

from __future__ import annotations

import contextlib
import importlib
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Final, Protocol, cast, runtime_checkable

from textual import events, work
from textual.app import App
from textual.binding import BindingType
from textual.reactive import Reactive
from textual.screen import Screen
from textual.theme import Theme
from textual.worker import Worker

from townshipdesk import i18n
from townshipdesk.actions import Place, bindings
from townshipdesk.screens.area import Area, OpenResident
from townshipdesk.screens.session import Session
from townshipdesk.screens.themes import DARK, LIGHT
from townshipdesk.screens.top import Top
from townshipdesk.widgets.box import Box
from townshipdesk.widgets.steps import tell_failure

if TYPE_CHECKING:
    from townshipdesk.services.office import Office
    from townshipdesk.services.problems import Problem

POLLS_A_SECOND: Final = 4
BACKUP_LOOK_SECONDS: Final = 900.0
"""How often a desk looks whether the automatic backup is due."""
AREAS: Final = {
    "desk": ("townshipdesk.screens.desk", "DeskScreen"),
    "board": ("townshipdesk.screens.board", "BoardScreen"),
    "day": ("townshipdesk.screens.day_end", "DayEndScreen"),
    "files": ("townshipdesk.screens.files", "FilesScreen"),
}
PAGES: Final = {
    "approvals": ("townshipdesk.screens.refund_list", "RefundListPage"),
    "supervisor": ("townshipdesk.screens.supervisor", "SupervisorPage"),
    "today": ("townshipdesk.screens.receipts_of_day", "ReceiptsOfDayPage"),
    "deposits": ("townshipdesk.screens.deposits", "DepositsPage"),
}
IDLE_MINUTES: Final = 10


@runtime_checkable
class Opens(Protocol):
    """A screen that can show a resident."""

    def open_resident(self, resident_id: int) -> None:
        """Show a resident."""
        ...


def _late(module: str, name: str) -> Callable[[Session], object]:
    """Import a screen when it is needed: the desk must paint at once."""
    return cast("Callable[[Session], object]", getattr(importlib.import_module(module), name))


def _begins_a_number(event: events.Key | events.Paste) -> bool:
    """Tell whether a key or a paste begins the number of a card."""
    text = event.text.strip() if isinstance(event, events.Paste) else event.character or ""
    return text[:1].isdigit()


def _stands(screen: Area) -> bool:
    """Tell whether a screen has its widgets: not while it is put up or taken down."""
    return screen.is_mounted and screen.is_attached and not screen._pruning


class DeskApp(App[None]):
    """The desk of one member of staff on one office."""

    CSS_PATH = Path(__file__).with_name("app.tcss")
    ENABLE_COMMAND_PALETTE = False
    DEFAULT_MODE = "desk"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Place.EVERYWHERE, "app")]

    # Not set in __init__: each change of the theme reads all styles again, and this is the start.
    theme: Reactive[str] = Reactive(DARK.name, init=False)

    def __init__(self, session: Session, *, idle_minutes: int = IDLE_MINUTES) -> None:
        super().__init__()
        self.session = session
        self.title = session.office.name
        self._idle_seconds = idle_minutes * 60
        self._active_at = time.monotonic()
        self._version = -1
        self._looked_at: Screen[object] | None = None
        self._minute = ""
        for name in AREAS:
            self.add_mode(name, partial(self._area, name))

    # -------------------------------------------------------------------------------------- areas

    def _area(self, name: str) -> Screen[None]:
        """Make the screen of an area when it is opened first; its module is imported only then."""
        return cast("Screen[None]", _late(*AREAS[name])(self.session))

    def _page(self, name: str) -> None:
        """Open one of the pages over an area, in the place of another one that is open."""
        self._leave_pages()
        self.push_screen(cast("Screen[None]", _late(*PAGES[name])(self.session)))

    def _leave_pages(self) -> None:
        while isinstance(self.screen, Area) and self.screen.is_page:
            self.pop_screen()

    async def _go(self, area: str) -> None:
        """Go to an area, out of every page that is open over it or over this one."""
        self._leave_pages()
        await self.switch_mode(area)
        self._leave_pages()

    async def on_open_resident(self, message: OpenResident) -> None:
        """Bring a resident to the desk."""
        await self._go("desk")
        screen = self.screen
        if isinstance(screen, Opens):
            screen.open_resident(message.resident_id)

    @property
    def available_themes(self) -> dict[str, Theme]:
        """The two sets of colours of the desk."""
        return {DARK.name: DARK, LIGHT.name: LIGHT}

    def on_mount(self) -> None:
        """In a live office ask who works first."""
        if self.session.actor is None:
            self._sign_in()
        self.call_after_refresh(self._begin)

    def _begin(self) -> None:
        self.set_interval(1 / POLLS_A_SECOND, self._poll)
        self.set_interval(BACKUP_LOOK_SECONDS, self._back_up)
        self._poll()
        self._learn_season()
        if self.session.checks_first:
            self._check_office()

    def _fatal_error(self) -> None:
        """Close with a sentence where Textual would show its stack, with people's data in it."""
        from rich.text import Text

        from townshipdesk.screens.farewell import farewell

        self.bell()
        self.panic(Text(farewell(self._exception or RuntimeError())))

    # -------------------------------------------------------------------- what goes on by the side

    @work(exit_on_error=False)
    async def _learn_season(self) -> None:
        """Read the policy off the way, so that the first screen does not wait for it."""
        import asyncio

        await self.session.begin(asyncio.to_thread(self.session.learn_season))
        self._refresh_tops()
        self._version = -1  # what depends on the policy is said at the next look

    @work(exit_on_error=False)
    async def _check_office(self) -> None:
        """Check the office in the quick form; what is wrong is said before money is taken."""
        from townshipdesk.screens.verify import WrongBox
        from townshipdesk.services.verify import StoppedError, verify

        def check(office: Office) -> list[Problem]:
            return verify(office, quick=True, cancelled=lambda: not self.is_running)

        with contextlib.suppress(StoppedError):  # the desk was closed meanwhile
            problems = await self.session.apart(check)
            if problems:
                self.push_screen(WrongBox(problems))

    @work(exit_on_error=False, group="backup", exclusive=True)
    async def _back_up(self) -> None:
        """Make the automatic backup when its time has come; a folder that is gone is said."""
        from townshipdesk.services.backup import back_up_when_due

        await self.session.apart(back_up_when_due)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        """Tell what went wrong beside the keys."""
        tell_failure(self, event)

    def _poll(self) -> None:
        """Look whether somebody has committed, the minute has changed, or nobody is here."""
        if not self.screen_stack:
            return  # the desk is just closing
        minute = f"{self.session.office.now():%Y-%m-%d %H:%M}"
        if minute != self._minute:
            if self._minute[:13] not in ("", minute[:13]):
                self._learn_season()  # a window may end within a day, at an hour
            if self._minute[:10] not in ("", minute[:10]):
                self._version = -1  # another day: today's work and prices are others
            self._minute = minute
            self._refresh_tops()
        version = self.session.office.database.data_version()
        if self._looked_at is not self.screen:  # one that lay in the back is brought up to date
            self._looked_at = self.screen
            self._version = -1
        if version != self._version:
            self._version = version
            if self.session.follow_policy():
                self._learn_season()
            self._show_today()
            for screen in self.screen_stack:
                if isinstance(screen, Area) and _stands(screen):
                    screen.office_changed()
        if time.monotonic() - self._active_at > self._idle_seconds:
            self.action_lock()

    def _show_today(self) -> None:
        from townshipdesk.services import totals

        line = totals.today(self.session.office)
        for screen in self.screen_stack:
            for top in screen.query(Top):
                top.set_today(line.payments, line.amount_fen)

    def _refresh_tops(self) -> None:
        for screen in self.screen_stack:
            for top in screen.query(Top):
                top.refresh()

    async def on_event(self, event: events.Event) -> None:
        """Note that somebody is at the desk, then go on as usual."""
        if isinstance(event, events.Key | events.MouseDown | events.Paste):
            self._active_at = time.monotonic()
            if not isinstance(event, events.MouseDown) and not event.is_forwarded:
                if _begins_a_number(event):
                    await self._give_way()
                screen = self.screen
                if isinstance(screen, Area):
                    screen.before_key(event)
        await super().on_event(event)

    async def _give_way(self) -> None:
        """Close a receipt for the card that is just being scanned, and go to the lookup box."""
        top = self.screen
        if not (isinstance(top, Box) and top.GIVES_WAY):
            return
        for screen in reversed(self.screen_stack):
            if isinstance(screen, Box):
                await screen.dismiss(None)
        await self._go("desk")

    # ------------------------------------------------------------------- keys that work everywhere

    async def action_desk(self) -> None:
        """Go back to the lookup box."""
        await self._go("desk")

    async def action_board(self) -> None:
        """Open the village totals."""
        await self._go("board")

    async def action_day(self) -> None:
        """Open the end of the day."""
        await self._go("day")

    async def action_files(self) -> None:
        """Open the files."""
        await self._go("files")

    def action_help(self) -> None:
        """Show every key, unless help is open."""
        from townshipdesk.screens.help import HelpBox

        if not isinstance(self.screen, HelpBox):
            place = getattr(self.screen, "PLACE", Place.EVERYWHERE)
            self.push_screen(HelpBox(place))

    def action_palette(self) -> None:
        """Find a function by its name."""
        from townshipdesk.screens.palette import PaletteBox

        screen = self.screen
        if isinstance(screen, Area):

            def do(action_id: str | None) -> None:
                if action_id is not None:
                    self._do(screen, action_id)

            self.push_screen(PaletteBox(screen), do)

    @work
    async def _do(self, screen: Area, action_id: str) -> None:
        from townshipdesk.actions import action

        item = action(action_id)
        target = "app" if item.place is Place.EVERYWHERE else "screen"
        await self.run_action(f"{target}.{item.method}", screen)

    def action_language(self) -> None:
        """Switch between Chinese and English, on everything that is open."""
        i18n.set_language("en" if i18n.language() == "zh_CN" else "zh_CN")
        self._learn_season()
        for screens in self._screen_stacks.values():
            for screen in screens:
                self._relabel(screen)
        self._version = -1

    def _relabel(self, screen: Screen[object]) -> None:
        for node in (screen, *screen.walk_children()):
            say_again = getattr(node, "relabel", None)
            if say_again is not None:
                say_again()

    def action_look(self) -> None:
        """Switch between light and dark colours."""
        self.theme = LIGHT.name if self.theme == DARK.name else DARK.name

    def action_approvals(self) -> None:
        """Show the refunds that wait."""
        self._page("approvals")

    def action_deposits(self) -> None:
        """Show cash in hand and deposits."""
        self._page("deposits")

    def action_today(self) -> None:
        """Show the receipts of today."""
        self._page("today")

    @work(exit_on_error=False)
    async def action_work_year(self) -> None:
        """Let this desk work for another year the office has a policy for."""
        from townshipdesk.screens.work_year import year_box

        if isinstance(self.screen, Area):
            await self.push_screen_wait(year_box(self.session))
            self._look_anew()

    def _look_anew(self) -> None:
        """Show everything that is open as it is in the year or for the person now at work."""
        self._version = -1
        self._learn_season()
        self._refresh_tops()

    def action_supervisor(self) -> None:
        """Open what supervisors and auditors do: settings, policy, staff, checks, audit log."""
        self._page("supervisor")

    def action_staff(self) -> None:
        """Sign in as somebody else."""
        self._sign_in(may_go_back=True)

    def action_lock(self) -> None:
        """Lock the desk until whoever works here gives the PIN."""
        from townshipdesk.screens.sign_in import LockBox

        if self.session.actor is not None and not isinstance(self.screen, LockBox):
            self.push_screen(LockBox(self.session))

    def action_leave(self) -> None:
        """Close the desk."""
        self.exit()

    @work
    async def _sign_in(self, *, may_go_back: bool = False) -> None:
        from townshipdesk.screens.sign_in import SignInBox

        actor = await self.push_screen_wait(SignInBox(self.session, may_go_back=may_go_back))
        if actor is not None:
            self.session.actor = actor
            self.session.office.work_for(None)  # another person's year is no habit of theirs
            self._look_anew()
