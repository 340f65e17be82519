"""What all screens of a desk share: the open office, who works, and work in other threads."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar

from townshipdesk.domain.errors import DeskError, NotPermittedError
from townshipdesk.i18n import _, language

if TYPE_CHECKING:
    from townshipdesk.policy import Settings
    from townshipdesk.services.office import Office
    from townshipdesk.services.staff import Actor

T = TypeVar("T")


@dataclass(slots=True)
class Session:
    """One desk at work. `office` belongs to the thread of the screens; short reads use it."""

    office: Office
    actor: Actor | None = None
    desk: str = ""
    checks_first: bool = False
    """Whether the office is checked, quickly and beside the keys, when the desk begins."""
    _running: set[asyncio.Future[Any]] = field(default_factory=set)
    _followed: tuple[str, Settings] | None = None
    _season: dict[tuple[date, str], str] = field(default_factory=dict)

    @property
    def who(self) -> Actor:
        """Who works at the desk. Raises NotPermittedError when nobody is signed in."""
        if self.actor is None:
            raise NotPermittedError("Nobody is signed in at this desk.", code="signed-out")
        return self.actor

    async def apart(self, do: Callable[[Office], T]) -> T:
        """Do something with an office of its own in another thread; keys are answered meanwhile.

        Every write goes this way. What it raises is raised here.
        """

        def run() -> T:
            own = self.office.again()
            try:
                return do(own)
            finally:
                own.close()

        return await self.begin(asyncio.to_thread(run))

    def begin(self, doing: Awaitable[T]) -> asyncio.Future[T]:
        """Begin something in another thread; it counts as work until it is done."""
        running = asyncio.ensure_future(doing)
        self._running.add(running)
        running.add_done_callback(self._running.discard)
        return running

    @property
    def is_working(self) -> bool:
        """Whether something is being done in another thread."""
        return bool(self._running)

    async def at_rest(self) -> None:
        """Wait until nothing is being done in other threads, so that nothing is cut off."""
        while self._running:
            await asyncio.wait(tuple(self._running))

    def follow_policy(self) -> bool:
        """Work by the policy and settings another desk may have made; tell whether they changed."""
        self.office.follow_policy()
        holds = (self.office.policy_hash, self.office.settings())
        before, self._followed = self._followed, holds
        if before in (None, holds):
            return False
        self._season.clear()
        return True

    def season(self) -> str:
        """Say what season of collection it is; empty until `learn_season` has looked it up."""
        return self._season.get((self.office.today(), language()), "")

    def learn_season(self) -> None:
        """Look the season up in the policy, which takes a while the first time."""
        from townshipdesk import policy
        from townshipdesk.screens.season_text import season_text

        office = self.office.again()  # this runs beside the keys: a connection of its own
        try:
            said = season_text(
                policy.season(office.policy, office.settings(), office.now()), office.year
            )
        except DeskError as error:
            said = _(error.message, **error.values)
        finally:
            office.close()
        self._season[office.today(), language()] = said
