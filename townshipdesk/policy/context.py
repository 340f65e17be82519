"""What the parts of a policy file share while it is read: clauses, decisions, figures, bounds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from typing import Final

from townshipdesk.domain.dates import DateSpan
from townshipdesk.i18n import N_
from townshipdesk.policy.model import (
    FIRST_MOMENT,
    LAST_MOMENT,
    Basis,
    Decision,
    Figure,
    Way,
)
from townshipdesk.policy.problems import Log
from townshipdesk.policy.reader import UNSET, Table
from townshipdesk.policy.words import Named

_TICK: Final = timedelta(microseconds=1)
Bounds = tuple[date | None, date | None, datetime, datetime]
_NO_BASIS: Final = Basis("")


@dataclass(slots=True)
class Context:
    """Grows while the file is read; later parts refer to what earlier parts declared."""

    log: Log
    clauses: Mapping[str, Named]
    decisions: Mapping[str, Decision]
    figures: Mapping[str, Figure] = field(default_factory=dict)
    coverage: DateSpan | None = None
    used_decisions: set[str] = field(default_factory=set)
    way_names: list[tuple[Table, str, str]] = field(default_factory=list)

    @classmethod
    def begin(cls, root: Table, log: Log) -> Context:
        """Read the clauses and the decisions."""
        clauses: dict[str, Named] = {}
        table = root.table("clauses", required=True)
        if table is not None:
            for key in table.rest():
                name = table.named_at(key)
                if name is not None:
                    clauses[key] = name
        context = cls(log, clauses, {})
        decisions: dict[str, Decision] = {}
        for part in root.tables("decisions"):
            decision_id = part.text("id", required=True)
            if decision_id in decisions:
                part.complain("id", N_("{id} is used twice."), id=decision_id)
            clause = context.basis(part, decision_key=False).clause
            reading = part.named_at("reading", required=True)
            alternative = part.named_at("alternative", required=True)
            general = part.flag("general")
            part.finish()
            if reading is not None and alternative is not None:
                decisions[decision_id] = Decision(
                    decision_id, clause, reading, alternative, general
                )
        context.decisions = decisions
        return context

    def basis(self, table: Table, *, decision_key: bool = True) -> Basis:
        """Read the clause of a table, and its decision where one may stand there."""
        clause = table.text("clause")
        if not table.has("clause"):
            self.log.add(table.path, N_("The clause is missing: clause = …"))
        elif clause and clause not in self.clauses:
            table.complain(
                "clause", N_("There is no clause {clause} under [clauses]."), clause=clause
            )
        decision = self.decision(table, "decision") if decision_key else None
        return Basis(clause, decision) if clause else _NO_BASIS

    def basis_at(self, table: Table, key: str) -> Basis | None:
        """Read the clause, perhaps with a decision, under a key; None where there is none."""
        inner = table.table(key)
        if inner is None:
            return None
        basis = self.basis(inner)
        inner.finish()
        return basis

    def decision(self, table: Table, key: str) -> Decision | None:
        """Read the name of a decision."""
        name = table.text(key)
        if not name:
            return None
        self.used_decisions.add(name)
        found = self.decisions.get(name)
        if found is None:
            table.complain(key, N_("There is no decision {id} under [[decisions]]."), id=name)
        return found

    def bounds(self, table: Table) -> Bounds:
        """Read `from` or `after`, and `to`, of a table.

        Gives them as written, and as moments that are both in time.
        """
        first, after = table.day_or_moment("from"), table.day_or_moment("after")
        last = table.day_or_moment("to")
        if first is not None and after is not None:
            table.complain("after", N_("Give either from or after, not both."))
        opens = _start(first) if first is not None else FIRST_MOMENT
        if after is not None:
            opens = _end(after) + _TICK
        closes = _end(last) if last is not None else LAST_MOMENT
        if closes < opens:
            table.complain("to", N_("The last day comes before the first."))
        for key, day in (("from", first), ("after", after), ("to", last)):
            self.check_day(table, key, day)
        return first or after, last, opens, closes

    def check_day(self, table: Table, key: str, day: date | None) -> None:
        """Complain of a day that cannot belong to this coverage year."""
        if day is None or self.coverage is None:
            return
        plain = day.date() if isinstance(day, datetime) else day
        earliest = self.coverage.start.replace(year=self.coverage.start.year - 1, day=1)
        if not earliest <= plain <= self.coverage.end:
            table.complain(
                key,
                N_("{day} lies outside the year: possible are {first} to {last}."),
                day=plain,
                first=earliest,
                last=self.coverage.end,
            )

    def percent(self, table: Table, key: str, *, required: bool = False) -> Fraction | None:
        """Read a share in percent as an exact number: 96, "97.5", or "?"."""
        value = table.take(key, required=required)
        if value is None:
            return None
        if value == UNSET:
            self.log.to_confirm.append(table.at(key))
            return None
        try:
            share = Fraction(str(value)) / 100 if not isinstance(value, float | bool) else None
        except ValueError:
            share = None
        if share is None or not 0 < share <= 1:
            table.complain(
                key,
                N_('{key} must be a percentage up to 100: 50, "97.5", or "?" if unknown.'),
                key=key,
            )
            return None
        return share

    def refer_to_way(self, table: Table, key: str, name: str) -> None:
        """Remember that a part names a way; checked when all ways are known."""
        self.way_names.append((table, key, name))

    def finish(self, ways: tuple[Way, ...], *, has_waiting_rule: bool) -> None:
        """Check what could only be checked at the end."""
        known = {way.id for way in ways}
        for index, way in enumerate(ways):
            cover = way.cover
            if cover is None or cover.rule != "wait" or has_waiting_rule:
                continue
            if cover.months is None and cover.days is None:
                self.log.add(("ways", index, "cover"), N_("A wait needs months, or [waiting]."))
        for table, key, name in self.way_names:
            if name not in known:
                table.complain(key, N_("There is no way {id} under [[ways]]."), id=name)
        for index, (name, decision) in enumerate(self.decisions.items()):
            if name not in self.used_decisions and not decision.general:
                self.log.warn(("decisions", index), N_("No rule uses this decision."))


def _start(day: date | datetime) -> datetime:
    return day if isinstance(day, datetime) else datetime.combine(day, time.min)


def _end(day: date | datetime) -> datetime:
    return day if isinstance(day, datetime) else datetime.combine(day, time.max)
