"""When a training office works: the windows of its policy and the moment its clock stands at."""

from __future__ import annotations

from collections.abc import Mapping
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
WALK_IN: Final = "walk-in"
BY_VILLAGE: Final = "village-household"


@dataclass(frozen=True, slots=True)
class Calendar:
    """`opened`: the office was set up; `clock`: the lesson; `windows`: when each group can pay."""

    opened: datetime
    clock: datetime
    windows: Mapping[str, tuple[DateSpan, ...]]

    def working_days(self, group: str, number: int) -> list[date]:
        """Give the days of a group's first window (0), or of all later ones (1).

        Only those before the day of the lesson, and no Sundays.
        """
        last = self.clock.date() - timedelta(days=1)
        windows = self.windows[group]
        return [
            day
            for window in (windows[:1], windows[1:])[number]
            for day in days_of(window)
            if day <= last and day.weekday() != _SUNDAY
        ]


def calendar_of(policy: Policy) -> Calendar:
    """Lay out the year of a policy for adults of each group that pays.

    The clock stands sixteen days into the second window, so that the first lookup shows what being
    late costs; a policy with one window has it stand eleven days before that window's last day.
    Raises UsageError for a policy under which nobody can pay.
    """
    groups = (WALK_IN, BY_VILLAGE) if _knows(policy, BY_VILLAGE) else (WALK_IN,)
    by_group = {group: _windows(policy, group) for group in groups}
    windows = by_group[WALK_IN]
    if not windows:
        raise UsageError("Nobody can pay under the policy {policy}.", policy=policy.id)
    if len(windows) > 1:
        day = min(windows[1].start + _INTO_THE_NEXT_WINDOW, windows[1].end)
    else:
        day = max(windows[0].end - _BEFORE_THE_LAST_DAY, windows[0].start)
    if day.weekday() == _SUNDAY:
        day -= timedelta(days=1)
    return Calendar(
        opened=datetime.combine(windows[0].start - _SETTING_UP, MORNING, SHANGHAI),
        clock=datetime.combine(day, MORNING, SHANGHAI),
        windows={group: spans for group, spans in by_group.items() if spans},
    )


def _knows(policy: Policy, group: str) -> bool:
    return any(
        group in part.value for way in policy.ways for part in way.who if part.key == "groups"
    )


def _windows(policy: Policy, group: str) -> tuple[DateSpan, ...]:
    from townshipdesk.policy import Facts, Settings, outlook

    start = datetime.combine(policy.span.start, time(12), SHANGHAI)
    facts = Facts(born=date(policy.year - 40, 6, 15), payer_group=group)
    spans: dict[str, DateSpan] = {}
    for part in outlook(policy, facts, (), Settings(), start):
        if part.quote.decision == "allow" and part.quote.window:
            known = spans.get(part.quote.window)
            spans[part.quote.window] = DateSpan(known.start if known else part.first, part.last)
    return tuple(sorted(spans.values()))


def days_of(span: DateSpan) -> list[date]:
    """Give every day of a span."""
    return [span.start + timedelta(days=number) for number in range(span.days)]
