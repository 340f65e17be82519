"""The base of pages whose figures follow what every desk does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

from textual import work

from townshipdesk.screens.follow import Follower
from townshipdesk.screens.page import Page

if TYPE_CHECKING:
    from townshipdesk.screens.session import Session
    from townshipdesk.services.office import Office

T = TypeVar("T")


class FollowingPage(Page, Generic[T]):
    """Reads beside the keys: at the start, when a desk has worked, and back in front.

    A subclass gives `read` and `show`; `found` is what was read last, None before that.
    """

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._eyes = Follower(session)
        self.found: T | None = None

    def read(self, office: Office) -> T:
        """Read the figures, in another thread."""
        raise NotImplementedError

    def show(self) -> None:
        """Show what was found."""
        raise NotImplementedError

    def on_mount(self) -> None:
        """Begin to follow."""
        self.look()

    def on_screen_resume(self) -> None:
        """Catch up."""
        super().on_screen_resume()
        self.look()

    def office_changed(self) -> None:
        """Follow what a desk has just done."""
        self.look()

    def relabel(self) -> None:
        """Say it in another language, in columns of another width."""
        self.show()

    async def on_unmount(self) -> None:
        """Let the file go."""
        await self._eyes.close()

    @work(exclusive=True, group="reading", exit_on_error=False)
    async def look(self) -> None:
        """Read and show."""
        self.found = await self._eyes.read(self.read)
        if self.is_mounted:
            self.show()
