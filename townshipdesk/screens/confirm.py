"""A second, explicit yes. Enter alone does not give it where money or a record is at stake."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar, Final

from textual import events
from textual.app import ComposeResult
from textual.content import Content

from townshipdesk.i18n import N_, _
from townshipdesk.widgets.box import Box
from townshipdesk.widgets.words import Words

ALOUD: Final = N_("Y: yes, I have said it aloud.   Esc: no")
YES: Final = N_("Y: yes   Esc: no")


class ConfirmBox(Box[bool]):
    """Asks for the key Y; everything else leaves things as they are."""

    WIDTH: ClassVar[int] = 66
    COMPLAINS = False

    def __init__(
        self, title: Callable[[], str], say: Callable[[int], Content], *, yes: str = YES
    ) -> None:
        """`yes` is the catalogue key of the line that says what the key Y means."""
        super().__init__()
        self._yes = yes
        self._title = title
        self._say = say
        self.add_class("grave")

    def box_title(self) -> str:
        """Name the question."""
        return self._title()

    def compose_box(self) -> ComposeResult:
        """Say what is at stake."""
        yield Words(self._say)
        yield Words(lambda _width: _(self._yes), classes="strong")

    def on_key(self, event: events.Key) -> None:
        """Take Y for a yes."""
        if event.key in ("y", "Y", "upper_y"):
            event.stop()
            self.dismiss(True)
