"""One village opened from the board: who is missing, by group and household; Enter goes to them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.getters import query_one

from townshipdesk.actions import Place, bindings
from townshipdesk.domain.errors import DeskError
from townshipdesk.domain.names import display_text
from townshipdesk.i18n import N_, _
from townshipdesk.screens.area import OpenResident
from townshipdesk.screens.call_text import CALL_REASONS
from townshipdesk.screens.follow import Follower
from townshipdesk.screens.page import Page
from townshipdesk.screens.second_person import may_change
from townshipdesk.screens.village_text import (
    PersonLine,
    group_columns,
    household_columns,
    person_columns,
    village_title,
)
from townshipdesk.services import calls, reveal
from townshipdesk.services.villages import (
    GroupTotals,
    HouseholdTotals,
    VillageDetail,
    village_detail,
)
from townshipdesk.widgets.form import Field, FormBox
from townshipdesk.widgets.line_list import LineList
from townshipdesk.widgets.live_list import LiveList
from townshipdesk.widgets.words import Words

if TYPE_CHECKING:
    from townshipdesk.screens.session import Session
    from townshipdesk.services.calls import Call
    from townshipdesk.services.office import Office


class VillagePage(Page):
    """The call list of a village, or its households. Stays open while somebody is at the desk."""

    PLACE: ClassVar[Place] = Place.VILLAGE
    AUTO_FOCUS = "#missing"
    is_page: ClassVar[bool] = False  # a call list is worked through: coming back finds the place
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings(Place.VILLAGE, "screen"),
        Binding("f6", "screen.close_page", show=False),
    ]

    groups = query_one("#village-groups", LiveList)
    people = query_one("#missing", LiveList)
    households = query_one("#households", LiveList)

    def __init__(self, session: Session, code: str) -> None:
        super().__init__(session)
        self._code = code
        self._eyes = Follower(session)
        self._detail: VillageDetail | None = None
        self._calls: dict[int, Call] = {}
        self._group: str | None = None
        self._phones_shown = False

    def compose_area(self) -> ComposeResult:
        """Set the title, the groups at the side, and one of the two lists."""
        yield Words(self._title, id="village-title")
        with Horizontal(id="village"):
            yield LiveList[GroupTotals](
                group_columns(), key=lambda row: row.name, id="village-groups"
            )
            yield LiveList[PersonLine](
                person_columns(
                    self.session.office.today,
                    self.session.office.year,
                    lambda: self._phones_shown,
                ),
                key=lambda row: row.person.resident_id,
                id="missing",
            )
            yield LiveList[HouseholdTotals](
                household_columns(), key=lambda row: (row.number, row.head_id), id="households"
            )

    def on_mount(self) -> None:
        """Open the village."""
        self.households.display = False
        self._look()

    def on_screen_resume(self) -> None:
        """Catch up."""
        self._look()

    def office_changed(self) -> None:
        """Take those off the list who have just paid, at whichever desk."""
        self._look()

    async def on_unmount(self) -> None:
        """Let the file go."""
        await self._eyes.close()

    @work(exclusive=True, group="reading", exit_on_error=False)
    async def _look(self) -> None:
        try:
            self._detail, self._calls = await self._eyes.read(self._read)
        except DeskError as error:
            self.tell_error(error)
            self.dismiss(None)
            return
        self._show()

    def _read(self, office: Office) -> tuple[VillageDetail, dict[int, Call]]:
        with office.database.snapshot():
            return village_detail(office, self._code), calls.calls_to_village(office, self._code)

    # -------------------------------------------------------------------------------------- showing

    def _show(self) -> None:
        detail = self._detail
        if detail is None or not self.is_mounted:
            return
        if self._group is not None and self._group not in [one.name for one in detail.groups]:
            self._group = None
        self.groups.renew(detail.groups)
        self.people.renew(
            [
                PersonLine(person, self._calls.get(person.resident_id))
                for person in detail.unpaid
                if self._group in (None, person.group_name)
            ]
        )
        self.households.renew(
            [
                one
                for one in detail.households
                if not one.complete and self._group in (None, one.group_name)
            ]
        )
        self.query_one("#village-title", Words).relabel()
        self.refresh_keys()

    def _title(self, width: int) -> Content:
        return (
            Content("") if self._detail is None else village_title(self._detail, self._group, width)
        )

    # ------------------------------------------------------------------------------------- its keys

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Dim what needs somebody under the cursor."""
        if action in ("record_call", "open_resident") and self.is_mounted:
            shown = self.people if self.people.display else self.households
            return True if shown.current is not None else None
        return super().check_action(action, parameters)

    def action_groups(self) -> None:
        """Show the next group, after the last one all of them."""
        if self._detail is None:
            return
        names: list[str | None] = [None, *(one.name for one in self._detail.groups)]
        self._take_group(names[(names.index(self._group) + 1) % len(names)])

    def _take_group(self, group: str | None) -> None:
        self._group = group
        if group is not None and self._detail is not None:
            self.groups.cursor = [one.name for one in self._detail.groups].index(group)
        self._show()

    def action_households(self) -> None:
        """Show the households with somebody missing instead of people, or people again."""
        self.people.display = not self.people.display
        self.households.display = not self.people.display
        self.set_focus(self.people if self.people.display else self.households)
        self.refresh_keys()

    def action_open_resident(self) -> None:
        """Bring whoever is under the cursor to the desk."""
        shown = self.people if self.people.display else self.households
        shown.action_choose()

    @on(LineList.Chosen, "#missing")
    def _open_person(self, event: LineList.Chosen) -> None:
        self.post_message(OpenResident(event.row.person.resident_id))

    @on(LineList.Chosen, "#households")
    def _open_head(self, event: LineList.Chosen) -> None:
        self.post_message(OpenResident(event.row.head_id))

    @on(LineList.Chosen, "#village-groups")
    def _open_group(self, event: LineList.Chosen) -> None:
        self._take_group(None if event.row.name == self._group else event.row.name)
        self.set_focus(self.people if self.people.display else self.households)

    @work(exit_on_error=False)
    async def action_show_phones(self) -> None:
        """Show the phone numbers of the list in full, or masked again; showing them is logged."""
        if not self._phones_shown:
            who, code = self.session.who, self._code
            try:
                await self.session.apart(lambda office: reveal.reveal_phones(office, who, code))
            except DeskError as error:
                self.tell_error(error)
                return
        self._phones_shown = not self._phones_shown
        self.people.relabel()

    @work(exit_on_error=False)
    async def action_record_call(self) -> None:
        """Record what a call to somebody gave."""
        line: PersonLine | None = self.people.current
        if line is not None and self.people.display and may_change(self, self.session):
            await self.app.push_screen_wait(CallBox(self.session, line))
            self._look()


class CallBox(FormBox[bool]):
    """Records why somebody has not enrolled and what they said."""

    WIDTH: ClassVar[int] = 76

    def __init__(self, session: Session, line: PersonLine) -> None:
        self._session = session
        self._line = line
        super().__init__()

    def box_title(self) -> str:
        """Name the person."""
        return _("Call to {name}", name=display_text(self._line.person.name))

    def fields(self) -> Sequence[Field]:
        """The reason, and what was said."""
        before = self._line.call
        return (
            Field(
                "reason",
                N_("Reason"),
                kind="choice",
                values=tuple(CALL_REASONS),
                name=lambda code: _(CALL_REASONS[code]),
                value=before.reason if before else "",
            ),
            Field("result", N_("What was said"), value=before.result if before else ""),
        )

    async def save(self, values: Mapping[str, Any]) -> bool:
        """Record it. Raises DeskError when nothing was said."""
        who, resident_id = self._session.who, self._line.person.resident_id
        await self._session.apart(
            lambda office: calls.record(
                office, who, resident_id, values["reason"], values["result"]
            )
        )
        return True
