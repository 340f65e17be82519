"""A step that needs a reason, and nothing else."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, ClassVar

from textual.content import Content

from townshipdesk.i18n import N_
from townshipdesk.widgets.form import Field, FormBox


class ReasonBox(FormBox[bool]):
    """Asks for the reason and does the step with it; `say` tells what is at stake."""

    WIDTH: ClassVar[int] = 76

    def __init__(
        self,
        title: Callable[[], str],
        do: Callable[[str], Awaitable[bool]],
        say: Callable[[], str] = lambda: "",
    ) -> None:
        self._box_title = title
        self._do = do
        self._say_at_stake = say
        super().__init__()

    def box_title(self) -> str:
        """Name the step."""
        return self._box_title()

    def fields(self) -> Sequence[Field]:
        """The reason."""
        return (Field("why", N_("Reason"), needed=True),)

    def effect(self, width: int) -> Content:  # noqa: ARG002 - the signature is the form's
        """Say what is at stake."""
        return Content(self._say_at_stake())

    async def save(self, values: Mapping[str, Any]) -> bool:
        """Do it. Raises DeskError."""
        return await self._do(values["why"])
