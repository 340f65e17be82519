"""What a policy file says that cannot be meant: found before anybody pays on it.

The loader finds what cannot be read. This looks at what can be read and makes no sense: days on
which nothing or two things hold, rules nobody can reach, figures nobody has confirmed.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

from townshipdesk.domain.dates import ONE_DAY
from townshipdesk.i18n import N_
from townshipdesk.policy import codes
from townshipdesk.policy.conditions import Condition
from townshipdesk.policy.loader import read
from townshipdesk.policy.model import IdentityRow, Policy, RefundRule, Way
from townshipdesk.policy.problems import Lines, Log, Problem, shown
from townshipdesk.policy.words import Sentence

_AT_MOST: Final = frozenset(
    {"days_after_birth_to", "age_below", "born_to", "days_after_registration_to"}
    | {"employment_ended_within_months", "missed_years_to"}
)
_AT_LEAST: Final = frozenset(
    {
        "days_after_birth_over",
        "days_after_registration_over",
        "age_from",
        "wife_age_from",
        "born_from",
        "missed_years_from",
    }
)


def check_file(path: Path) -> tuple[Policy | None, list[Problem]]:
    """Give the policy of a file, where it can be made out, and everything wrong, in line order."""
    policy, problems = check(path.read_bytes(), path.name)
    if policy is not None and path.stem != policy.id:
        log = Log(Lines(policy.text))
        log.warn(
            ("policy", "id"),
            N_("The file is called {file}, the policy {id}."),
            file=path.name,
            id=policy.id,
        )
        problems = [*problems, *log.problems]
    return policy, problems


def check(content: bytes, origin: str) -> tuple[Policy | None, list[Problem]]:
    """Give the policy of a file's bytes, and everything wrong with it, in line order."""
    policy, problems = read(content, origin)
    if policy is None:
        return None, problems
    log = Log(Lines(policy.text))
    _year(policy, log)
    _calendar(policy, log)
    _unreachable_ways(policy, log)
    _unreachable_rows(policy, log)
    _refunds(policy, log)
    _targets(policy, log)
    _unused(policy, log)
    _unconfirmed(policy, log)
    found = [*problems, *log.problems]
    return policy, sorted(found, key=lambda problem: problem.line or 0)


def _unconfirmed(policy: Policy, log: Log) -> None:
    """Say of each open place what is to be done there; a mark is shown on its own line."""
    document = tomllib.loads(policy.text.removeprefix("\ufeff"))
    for path in policy.unconfirmed:
        part: Any = document
        for step in path:
            part = part[step]
        if isinstance(part, dict):
            line = log.lines.of((*path, "to_confirm"))
            message = N_("Compare with the new document, then remove to_confirm = true.")
        else:
            line = log.lines.of(path)
            message = N_("Nothing is filled in yet: write what the new document says.")
        log.problems.append(Problem(line, shown(path), message, name=log.lines.name(path)))


def _year(policy: Policy, log: Log) -> None:
    if policy.coverage.start.year != policy.year:
        log.add(
            ("coverage", "from"),
            N_("The coverage begins in {start}, but the policy is for {year}."),
            start=policy.coverage.start.year,
            year=policy.year,
        )
    days = policy.coverage.days
    if not 365 <= days <= 366:
        log.warn(("coverage",), N_("The coverage has {days} days, not a year."), days=days)


def _calendar(policy: Policy, log: Log) -> None:
    """Look for days on which nothing is taken, or two windows run, in one payer group."""
    seen: set[tuple[int, int]] = set()
    index = {way.id: number for number, way in enumerate(policy.ways)}
    for group in codes.PAYER_GROUPS:
        windows = [way for way in policy.ways if way.is_window and _serves(way, group)]
        windows.sort(key=lambda way: way.opens)
        for position, later in enumerate(windows):
            for earlier in windows[:position]:
                pair = (index[earlier.id], index[later.id])
                if pair not in seen and _overlap(policy, earlier, later):
                    seen.add(pair)
                    _complain_overlap(log, earlier, later, index)
        for gap in _gaps(windows):
            before, after, first, last = gap
            pair = (index[before.id], index[after.id])
            if pair not in seen and not _declared(policy, group, first, last):
                seen.add(pair)
                _complain_gap(log, group, before, after, first, last, index)
    _idle_gaps(policy, log)


def _serves(way: Way, group: str) -> bool:
    return all(group in condition.value for condition in way.who if condition.key == "groups")


def _people(way: Way) -> set[tuple[str, Any]]:
    """Give for whom a window is, apart from how they pay."""
    return {(condition.key, condition.value) for condition in way.who if condition.key != "groups"}


def _overlap(policy: Policy, earlier: Way, later: Way) -> bool:
    if later.opens > earlier.closes or earlier.setting != later.setting:
        return False
    if _people(earlier) != _people(later):
        return False
    meant = any({earlier.id, later.id} <= set(overlap.ways) for overlap in policy.overlaps)
    return not meant


def _gaps(windows: Sequence[Way]) -> Iterator[tuple[Way, Way, date, date]]:
    if not windows:
        return
    reach = windows[0]
    for way in windows[1:]:
        closes, opens = reach.closes, way.opens
        # A day that is open for some hours is no day of the gap.
        first, last = closes.date() + ONE_DAY, opens.date() - ONE_DAY
        if first <= last:
            yield reach, way, first, last
        if way.closes > closes:
            reach = way


def _declared(policy: Policy, group: str, first: date, last: date) -> bool:
    return any(
        gap.span.start <= first and last <= gap.span.end and (not gap.groups or group in gap.groups)
        for gap in policy.gaps
    )


def _complain_overlap(log: Log, earlier: Way, later: Way, index: dict[str, int]) -> None:
    log.add(
        ("ways", index[later.id], "from"),
        N_(
            "{later} begins before {earlier} has ended. If that is meant, declare it under "
            "[[overlaps]]."
        ),
        later=later.name,
        earlier=earlier.name,
    )


def _complain_gap(
    log: Log, group: str, before: Way, after: Way, first: date, last: date, index: dict[str, int]
) -> None:
    log.add(
        ("ways", index[after.id], "from"),
        N_(
            "Between {before} and {after} nothing is taken from {first} to {last} ({group}). If "
            "that is meant, declare it under [[gaps]]."
        ),
        before=before.name,
        after=after.name,
        first=first,
        last=last,
        group=Sentence(codes.code_message("group", group)),
    )


def _idle_gaps(policy: Policy, log: Log) -> None:
    """Look for declared gaps in which some window does take money."""
    for number, gap in enumerate(policy.gaps):
        for way in policy.ways:
            groups = gap.groups or codes.PAYER_GROUPS
            if not way.is_window or not any(_serves(way, group) for group in groups):
                continue
            opens, closes = way.opens, way.closes
            if opens.date() <= gap.span.end and closes.date() >= gap.span.start:
                log.add(
                    ("gaps", number),
                    N_("This gap is declared, but {way} takes money on some of its days."),
                    way=way.name,
                )


def _unreachable_ways(policy: Policy, log: Log) -> None:
    for number, way in enumerate(policy.ways):
        for earlier in policy.ways[:number]:
            if _covers(earlier, way):
                log.add(
                    ("ways", number),
                    N_("Nobody can reach this way: {earlier} stands before it and fits first."),
                    earlier=earlier.name,
                )
                break


def _covers(earlier: Way, way: Way) -> bool:
    if earlier.assessed_to is not None or earlier.setting not in (None, way.setting):
        return False
    if earlier.opens > way.opens:
        return False
    if earlier.closes < way.closes:
        return False
    return _implied(earlier.who, way.who)


def _implied(wider: Sequence[Condition], narrower: Sequence[Condition]) -> bool:
    """Say whether whoever meets the narrower conditions also meets the wider ones."""
    given = {condition.key: condition.value for condition in narrower}
    return all(
        condition.key in given and _within(condition.key, given[condition.key], condition.value)
        for condition in wider
    )


def _within(key: str, narrow: Any, wide: Any) -> bool:
    if key in _AT_MOST:
        return bool(narrow <= wide)
    if key in _AT_LEAST:
        return bool(narrow >= wide)
    if isinstance(narrow, tuple):
        return set(wide) <= set(narrow) if key == "without" else set(narrow) <= set(wide)
    return bool(narrow == wide)


def _unreachable_rows(policy: Policy, log: Log) -> None:
    for number, row in enumerate(policy.identities):
        total = _total(policy, row)
        for other_number, other in enumerate(policy.identities):
            other_total = _total(policy, other)
            if other is row or total is None or other_total is None:
                continue
            better = other_total > total or (other_total == total and other_number < number)
            if better and set(row.codes) <= set(other.codes) and _implied(other.who, row.who):
                log.add(
                    ("identities", number),
                    N_("This row never applies: {other} is for the same people and gives more."),
                    other=other.name,
                )
                break


def _total(policy: Policy, row: IdentityRow) -> int | None:
    total = 0
    for part in row.pays:
        if part.amount_fen is not None:
            total += part.amount_fen
        elif part.percent is not None and policy.individual_fen is not None:
            total += int(part.percent * policy.individual_fen)
        else:
            return None
    return total


def _refunds(policy: Policy, log: Log) -> None:
    if not policy.refunds:
        log.add(("refunds",), N_("[[refunds]] is missing: say what holds, or refer."))
    for number, rule in enumerate(policy.refunds):
        for earlier in policy.refunds[:number]:
            if _refund_covers(earlier, rule):
                log.add(("refunds", number), N_("Nobody can reach this rule."))
                break


def _refund_covers(earlier: RefundRule, rule: RefundRule) -> bool:
    if earlier.grounds and not (rule.grounds and set(rule.grounds) <= set(earlier.grounds)):
        return False
    if earlier.within_days is not None:
        return False
    opens_later = earlier.opens > rule.opens
    closes_sooner = earlier.closes < rule.closes
    return not opens_later and not closes_sooner


def _targets(policy: Policy, log: Log) -> None:
    """Look for rates of nobody: a group is counted from its identities, all others need a base."""
    for number, target in enumerate(policy.targets):
        if target.base is None and not target.tasks and target.unit != "group":
            log.add(
                ("targets", number), N_("A rate needs the number of people it is taken of: base.")
            )


def _unused(policy: Policy, log: Log) -> None:
    used = {figure.key for way in policy.ways for figure in way.standard}
    for key in policy.figures:
        if key not in used and key not in {"individual", "fiscal"}:
            log.warn(("figures", key), N_("No way uses this figure."))
    for number, row in enumerate(policy.identities):
        if row.department is None:
            log.warn(("identities", number), N_("No department is named for this identity."))
