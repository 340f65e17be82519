"""When a training office works: the windows of its policy and the moment its clock stands at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from townshipdesk.domain.dates import SHANGHAI, DateSpan
from townshipdesk.domain.errors import UsageError

if TYPE_CHECKING:
    from townshipdesk.policy import Policy

MORNING: Final = time(9, 0)
_INTO_THE_NEXT_WINDOW: Final = timedelta(days=16)
_BEFORE_THE_LAST_DAY: Final = timedelta(days=11)
_SETTING_UP: Final = timedelta(days=12)
_SUNDAY: Final = 6


@dataclass(frozen=True, slots=True)
class Calendar:
    """`opened`: the office was set up; `clock`: the lesson; `windows`: days on which people pay."""

    opened: datetime
    clock: datetime
    windows: tuple[DateSpan, ...]

    def working_days(self) -> list[date]:
        """Give the days people can pay on, before the day of the lesson, Sundays left out."""
        last = self.clock.date() - timedelta(days=1)
        return [
            day
            for window in self.windows
            for day in days_of(window)
            if day <= last and day.weekday() != _SUNDAY
        ]


def calendar_of(policy: Policy) -> Calendar:
    """Lay out the year of a policy for an adult who pays at the desk.

    The clock stands sixteen days into the second window, so that the first lookup shows what being
    late costs; a policy with one window has it stand eleven days before that window's last day.
    Raises UsageError for a policy under which nobody can pay.
    """
    from townshipdesk.policy import Facts, Settings, outlook

    start = datetime.combine(policy.span.start, time(12), SHANGHAI)
    facts = Facts(born=date(policy.year - 40, 6, 15))
    spans: dict[str, DateSpan] = {}
    for part in outlook(policy, facts, (), Settings(), start):
        if part.quote.decision == "allow" and part.quote.window:
            known = spans.get(part.quote.window)
            spans[part.quote.window] = DateSpan(known.start if known else part.first, part.last)
    if not spans:
        raise UsageError("Nobody can pay under the policy {policy}.", policy=policy.id)
    windows = tuple(sorted(spans.values()))
    if len(windows) > 1:
        day = min(windows[1].start + _INTO_THE_NEXT_WINDOW, windows[1].end)
    else:
        day = max(windows[0].end - _BEFORE_THE_LAST_DAY, windows[0].start)
    if day.weekday() == _SUNDAY:
        day -= timedelta(days=1)
    return Calendar(
        opened=datetime.combine(windows[0].start - _SETTING_UP, MORNING, SHANGHAI),
        clock=datetime.combine(day, MORNING, SHANGHAI),
        windows=windows,
    )


def days_of(span: DateSpan) -> list[date]:
    """Give every day of a span."""
    return [span.start + timedelta(days=number) for number in range(span.days)]
