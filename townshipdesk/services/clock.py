"""The clock of an office: the machine's for a live one, one that stands for a training one."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from townshipdesk.domain.dates import SHANGHAI, parse_moment
from townshipdesk.domain.errors import UsageError

NOW_VARIABLE: Final = "TOWNSHIPDESK_NOW"


class Clock(Protocol):
    """Something that knows the moment."""

    def now(self) -> datetime:
        """Give the moment, in Shanghai time, to the second."""
        ...


class MachineClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        """Give the machine's moment in Shanghai time."""
        return datetime.now(SHANGHAI).replace(microsecond=0)


@dataclass(frozen=True, slots=True)
class StandingClock:
    """A clock that stands, as a training office has it: the same lesson at any hour."""

    moment: datetime

    def now(self) -> datetime:
        """Give the moment at which the clock stands."""
        return self.moment


def clock_for(kind: str, training_clock: str | None) -> Clock:
    """Give the clock of an office. `TOWNSHIPDESK_NOW` moves the clock of a training office only.

    Raises UsageError when the variable holds no moment.
    """
    if kind == "live":
        return MachineClock()
    wanted = os.environ.get(NOW_VARIABLE) or training_clock
    if not wanted:
        raise UsageError("A training office needs a moment at which its clock stands.")
    try:
        return StandingClock(parse_moment(wanted))
    except ValueError as error:
        raise UsageError(
            "{variable} is not a moment like 2025-03-17T09:00.", variable=NOW_VARIABLE
        ) from error
