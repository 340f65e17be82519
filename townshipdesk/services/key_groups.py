"""Key groups against their own targets: who is asked after besides the villages.

The groups people ask after (特困, 低保, 监测对象, …) are made of identities, pupils pay through
their school, newborns are born in the year of cover. Somebody in two groups counts in both, and
once in each. A group without a target of the policy has no rate.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from townshipdesk.i18n import N_
from townshipdesk.policy.codes import IDENTITY_CODES
from townshipdesk.policy.targets import required_heads, tenths_of_percent
from townshipdesk.policy.words import Sentence, Words
from townshipdesk.store import seal, totals_rows, watch_rows

if TYPE_CHECKING:
    from townshipdesk.policy import Policy
    from townshipdesk.policy.model import Target
    from townshipdesk.services.office import Office
    from townshipdesk.store.driver import Connection

KEY_GROUPS: Final = (
    (N_("Extreme hardship"), ("extreme-hardship", "wubao", "three-nos")),
    (N_("Orphans"), ("orphan", "unsupported-child")),
    (N_("Subsistence"), ("subsistence-allowance",)),
    (N_("Monitored"), ("unstable-out-of-poverty", "marginal", "sudden-hardship")),
    (N_("Out of poverty"), ("out-of-poverty",)),
    (N_("Poor on file"), ("registered-poor", "safety-net-poor")),
    (N_("Disabled"), ("disability",)),
    (N_("Low income"), ("low-income", "other-hardship")),
    (N_("Entitled"), ("entitled-group",)),
    (
        N_("Family planning"),
        ("only-child-parent", "only-child", "two-daughter-couple", "only-child-loss"),
    ),
)
PUPILS: Final = "pupils"
"""The id of a policy's target for pupils: they hold no identity, but pay through their school."""

_PUPIL: Final = 1 << len(IDENTITY_CODES)
_NEWBORN: Final = 2 << len(IDENTITY_CODES)


@dataclass(frozen=True, slots=True)
class Group:
    """A group of living residents against its target; all figures are heads.

    `rate` is None where the policy asks for none. `of_policy` marks a group as the policy forms it.
    """

    name: Words
    people: int
    enrolled: int
    rate: Fraction | None
    clause: str
    of_policy: bool = False

    @property
    def required(self) -> int | None:
        """How many have to be enrolled, rounded up; None without a rate."""
        return None if self.rate is None else required_heads(self.people, self.rate)

    @property
    def missing(self) -> int:
        """How many heads are missing to what is required, 0 without a rate."""
        return max(0, (self.required or 0) - self.enrolled)

    @property
    def rate_tenths(self) -> int | None:
        """How much of the group is enrolled, in tenths of a percent, rounded down."""
        return tenths_of_percent(self.enrolled, self.people)


class GroupCounts:
    """Who is in which groups and enrolled. Read once, then kept up by what the ledger adds."""

    def __init__(self) -> None:
        self._mark: tuple[object, ...] = ()
        self._last_entry = 0
        self._people: dict[int, tuple[int, bool]] = {}
        self._counts: Counter[tuple[int, bool]] = Counter()

    def read(self, office: Office) -> tuple[Group, ...]:
        """Give the groups that have people, as of now: those asked after, then the policy's own.

        Everybody is read again only when a person or an identity was changed, or the day turned.
        """
        with office.database.snapshot() as conn:
            day = office.today()
            mark = (office.year, office.policy_hash, day, _registered(conn))
            last = totals_rows.last_entry(conn)
            if mark != self._mark:
                rows = watch_rows.members(conn, office.year, day.isoformat(), IDENTITY_CODES)
                self._people = {number: (bits, bool(has)) for number, bits, has in rows}
                self._counts = Counter(self._people.values())
            else:
                changed = sorted(watch_rows.residents_since(conn, self._last_entry))
                self._note(watch_rows.are_enrolled(conn, office.year, changed))
            self._mark, self._last_entry = mark, last
        return tuple(group for group in self._groups(office.policy) if group.people)

    def _note(self, residents: Iterable[tuple[int, int]]) -> None:
        for number, has in residents:
            before = self._people.get(number)
            if before is not None and before[1] != bool(has):
                after = (before[0], bool(has))
                self._people[number] = after
                self._counts[before] -= 1
                self._counts[after] += 1

    def _groups(self, policy: Policy) -> Iterable[Group]:
        for name, codes in KEY_GROUPS:
            yield self._group(Sentence(name), _bits(codes), _strictest(policy, codes))
        for target in policy.targets:
            if target.id == PUPILS:
                yield self._group(Sentence(N_("Pupils")), _PUPIL, target)
        yield self._group(Sentence(N_("Newborns")), _NEWBORN, None)
        for target in policy.targets:
            if target.unit == "group" and target.codes:
                yield self._group(target.name, _bits(target.codes), target, of_policy=True)

    def _group(
        self, name: Words, bits: int, target: Target | None, *, of_policy: bool = False
    ) -> Group:
        people = enrolled = 0
        for (held, has), count in self._counts.items():
            if held & bits:
                people += count
                enrolled += count if has else 0
        return Group(
            name,
            people,
            enrolled,
            rate=None if target is None else target.rate,
            clause="" if target is None else target.basis.clause,
            of_policy=of_policy,
        )


def _bits(codes: Iterable[str]) -> int:
    return sum(1 << IDENTITY_CODES.index(code) for code in set(codes))


def _strictest(policy: Policy, codes: tuple[str, ...]) -> Target | None:
    """Give the target that asks most of a group: several may name it."""
    asked = [
        target
        for target in policy.targets
        if target.unit == "group" and target.rate is not None and set(codes) & set(target.codes)
    ]
    return max(asked, key=lambda target: target.rate or 0, default=None)


def _registered(conn: Connection) -> tuple[object, ...]:
    """Give something that changes whenever a resident or an identity does."""
    sums = seal.recorded(conn)
    return tuple(sums.get(table) for table in ("resident", "identity"))
