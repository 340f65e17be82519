"""Reading for a screen that follows what others do: in a thread, through an office of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar, cast

if TYPE_CHECKING:
    from townshipdesk.screens.session import Session
    from townshipdesk.services.office import Office

T = TypeVar("T")


class Follower:
    """A second pair of eyes on the office: one read at a time, while keys are answered."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._office: Office | None = None
        self._reading: asyncio.Future[object] | None = None

    async def read(self, do: Callable[[Office], T]) -> T:
        """Read something. The file is opened at the first read and stays open.

        The next read begins when this one has ended, also where nobody waits for it any more.
        """
        await self._at_rest()
        reading = self._session.begin(asyncio.to_thread(self._read, do))
        self._reading = cast("asyncio.Future[object]", reading)
        return await asyncio.shield(reading)

    def _read(self, do: Callable[[Office], T]) -> T:
        if self._office is None:
            self._office = self._session.office.again()
        self._office.clock = self._session.office.clock
        self._office.chosen_year = self._session.office.chosen_year
        self._office.follow_policy()
        return do(self._office)

    async def _at_rest(self) -> None:
        while self._reading is not None and not self._reading.done():
            await asyncio.wait([self._reading])

    async def close(self) -> None:
        """Close the file when what is being read has been read."""
        await self._at_rest()
        if self._office is not None:
            self._office.close()
            self._office = None
