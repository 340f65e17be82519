"""Desks for the tests of the screens: a training office with a household in it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode
from textual import events
from textual.pilot import Pilot

from tests.support import Desk
from townshipdesk.app import DeskApp
from townshipdesk.screens.desk import DeskScreen
from townshipdesk.screens.lookup import LookupInput
from townshipdesk.screens.session import Session

PASSING = re.compile(r"@font-face \{.*?\}\s*|<!-- Generated .*?-->\s*", re.DOTALL)
IDENTITY = re.compile(r"terminal-\d+")


@dataclass(slots=True)
class Family:
    """The household of the tests: who is who, by the resident's number in the office."""

    head: int
    wife: int
    son: int
    grandchild: int
    head_number: str


@pytest.fixture
def family(desk: Desk) -> Family:
    """A household of four: the head holds two identities, nobody has paid."""
    household = desk.add_household("DL9001")
    head = desk.add_resident(
        "杨发贵", "1980-05-06", household_id=household, relation="户主", phone="13900000001"
    )
    wife = desk.add_resident(
        "普英", "1981-07-08", household_id=household, relation="配偶", sex="female"
    )
    son = desk.add_resident("杨磊", "2009-09-10", household_id=household, relation="子")
    grandchild = desk.add_resident(
        "罗小满", "2018-11-12", household_id=household, relation="孙女", sex="female"
    )
    desk.add_identity(head, "subsistence-allowance", department="社会事务办")
    desk.add_identity(head, "unstable-out-of-poverty", "2024-06-01", department="乡村振兴办")
    number = desk.office.conn.execute(
        "SELECT number FROM document WHERE resident_id = ?", (head,)
    ).fetchone()[0]
    return Family(head, wife, son, grandchild, number)


@dataclass(slots=True)
class Hands:
    """Somebody at a desk in a test: keys, scans, and what is on the screen."""

    app: DeskApp
    pilot: Pilot[None]
    office_desk: Desk

    async def press(self, *keys: str) -> None:
        """Press keys and wait until everything they began is done."""
        await self.pilot.press(*keys)
        await self.settle()

    async def scan(self, number: str) -> None:
        """Do what a card reader does: the number and Enter, all at once."""
        for character in number:
            self.app.post_message(events.Key(character, character))
        self.app.post_message(events.Key("enter", "\r"))
        await self.settle()

    async def type(self, text: str) -> None:
        """Type text, Han characters included."""
        for character in text:
            self.app.post_message(events.Key(character, character))
        await self.settle()

    async def settle(self) -> None:
        """Wait for workers and messages, until nothing has happened twice in a row.

        A worker that has just been made may begin its work in another thread a moment later.
        """
        quiet = 0
        while quiet < 2:
            await self.pilot.pause()
            quiet = 0 if self.app.session.is_working else quiet + 1
            await self.app.session.at_rest()

    @property
    def desk(self) -> DeskScreen:
        """The lookup and resident screen, whatever lies over it."""
        return next(s for s in self.app.screen_stack if isinstance(s, DeskScreen))

    def text(self) -> str:
        """Give the whole screen as text."""
        width, height = self.app.size
        lines = [
            "".join(segment.text for segment in strip)
            for strip in self.app.screen._compositor.render_strips()
        ]
        assert len(lines) == height
        assert width
        return "\n".join(lines)


Open = Callable[..., AbstractAsyncContextManager[Hands]]


@pytest.fixture
def open_desk(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Open:
    """Give a function that opens the desk on the test's office in a terminal of some size."""
    monkeypatch.setattr(LookupInput, "burst_seconds", 0.0)

    @asynccontextmanager
    async def opened(size: tuple[int, int] = (80, 24)) -> AsyncIterator[Hands]:
        session = Session(desk.office, replace(desk.clerk, desk="desk-1"), desk="desk-1")
        app = DeskApp(session)
        async with app.run_test(size=size) as pilot:
            hands = Hands(app, pilot, desk)
            while not hands.desk.has_begun:
                await pilot.pause()
            await hands.settle()
            yield hands

    return opened


class SvgExtension(SingleFileSnapshotExtension):
    """One SVG picture for each snapshot, without fonts and numbers that say nothing about it."""

    _write_mode = WriteMode.TEXT
    file_extension = "svg"

    def serialize(self, data: str, **_options: object) -> str:
        """Give the picture as it is kept."""
        return IDENTITY.sub("terminal", PASSING.sub("", data))


@pytest.fixture
def picture(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    """A snapshot kept as a picture that can be looked at."""
    return snapshot.use_extension(SvgExtension)
