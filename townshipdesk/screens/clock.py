"""The clock: confirming one that has jumped, and moving that of a training office."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, time
from typing import TYPE_CHECKING, Any

from textual.content import Content

from townshipdesk.domain.dates import SHANGHAI
from townshipdesk.domain.errors import NotPermittedError, RuleError, UsageError
from townshipdesk.i18n import N_, _
from townshipdesk.screens.second_person import AUDITOR, supervisor_for_step
from townshipdesk.services import settings
from townshipdesk.services.office import move_training_clock
from townshipdesk.widgets.cells import styled
from townshipdesk.widgets.form import Field, FormBox

if TYPE_CHECKING:
    from townshipdesk.screens.session import Session
    from townshipdesk.services.clock import Clock
    from townshipdesk.services.office import Office


def clock_box(session: Session) -> FormBox[bool]:
    """Give the box for this office's clock. Raises NotPermittedError for an auditor."""
    if not session.who.may_change:
        raise NotPermittedError(AUDITOR)
    return TrainingClockBox(session) if session.office.is_training else ConfirmClockBox(session)


class ConfirmClockBox(FormBox[bool]):
    """A supervisor has looked at the clock and says that it is right, although it has jumped."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._jump = settings.clock_jump(session.office)
        super().__init__()

    def box_title(self) -> str:
        """Name the box."""
        return _("Clock of this machine")

    def fields(self) -> Sequence[Field]:
        """The reason, which goes into the audit log."""
        return (Field("why", N_("Reason"), needed=True, fixed=self._jump is None),)

    def effect(self, width: int) -> Content:  # noqa: ARG002 - the signature is the form's
        """Say how it has jumped."""
        now = styled(f"{self._session.office.now():%Y-%m-%d %H:%M}", "bold $accent")
        if self._jump is None:
            said = Content(_("The clock goes on from the last work: nothing to confirm."))
        else:
            said = styled(_(self._jump.message, **self._jump.values), "$text-warning")
        return Content("\n").join([now, said])

    async def save(self, values: Mapping[str, Any]) -> bool | None:
        """Confirm it, as a supervisor."""
        if self._jump is None:
            raise RuleError("The clock goes on from the last work: nothing to confirm.")
        by = await supervisor_for_step(self, self._session)
        if by is None:
            raise UsageError("A supervisor must do this.")
        await self._session.apart(lambda office: settings.confirm_clock(office, by, values["why"]))
        return True


class TrainingClockBox(FormBox[bool]):
    """Puts the clock of a training office elsewhere: another season, another price."""

    def __init__(self, session: Session) -> None:
        self._session = session
        super().__init__()

    def box_title(self) -> str:
        """Name the box."""
        return _("Clock of the training office")

    def fields(self) -> Sequence[Field]:
        """Day and time."""
        now = self._session.office.now()
        return (
            Field("day", N_("Day"), "day", value=now.date(), needed=True),
            Field("time", N_("Time"), value=f"{now:%H:%M}", needed=True, hint=N_("09:00")),
        )

    def effect(self, width: int) -> Content:  # noqa: ARG002 - the signature is the form's
        """Say what it is for."""
        return styled(
            _("The clock stands there until it is moved again. A live office has no such key."),
            "$quiet",
        )

    async def save(self, values: Mapping[str, Any]) -> bool | None:
        """Move it, for this desk at once and for others when they start."""
        try:
            at = time.fromisoformat(values["time"])
        except ValueError as error:
            raise UsageError("{field}: this cannot be read.", field=_("Time")) from error
        if at.tzinfo is not None:
            raise UsageError("{field}: this cannot be read.", field=_("Time"))
        moment = datetime.combine(values["day"], at, SHANGHAI)

        def do(office: Office) -> Clock:
            move_training_clock(office, moment)
            return office.clock

        self._session.office.clock = await self._session.apart(do)
        return True
