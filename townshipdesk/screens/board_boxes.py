"""The whole lists behind the board's short ones: key groups, and what comes next."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.containers import VerticalScroll

from townshipdesk.i18n import _
from townshipdesk.screens import board_text
from townshipdesk.widgets.box import Box
from townshipdesk.widgets.words import Words

if TYPE_CHECKING:
    from townshipdesk.services.deadlines import Coming
    from townshipdesk.services.key_groups import Group


class GroupsBox(Box[None]):
    """Every key group with its people, what is asked of it and what is missing."""

    WIDTH: ClassVar[int] = 96
    COMPLAINS: ClassVar[bool] = False

    def __init__(self, groups: Sequence[Group]) -> None:
        super().__init__()
        self._groups = tuple(groups)

    def box_title(self) -> str:
        """Name the box."""
        return _("Key groups")

    def compose_box(self) -> ComposeResult:
        """Show the table."""
        with VerticalScroll(classes="page"):
            yield Words(lambda width: board_text.groups_table(self._groups, width))


class ComingBox(Box[None]):
    """What presses, what comes next by day, and what has no day."""

    WIDTH: ClassVar[int] = 96
    COMPLAINS: ClassVar[bool] = False

    def __init__(self, coming: Sequence[Coming], today: date) -> None:
        super().__init__()
        self._coming = tuple(coming)
        self._today = today

    def box_title(self) -> str:
        """Name the box."""
        return _("What comes next")

    def compose_box(self) -> ComposeResult:
        """Show the list, each line folded where it is long."""
        with VerticalScroll(classes="page"):
            yield Words(lambda _width: board_text.coming_whole(self._coming, self._today))
