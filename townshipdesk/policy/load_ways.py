"""Reads the ways to be enrolled: windows, exempt classes, refusals, and what stands around them."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from townshipdesk.domain.dates import DateSpan
from townshipdesk.i18n import N_
from townshipdesk.policy import codes
from townshipdesk.policy.conditions import read_who
from townshipdesk.policy.context import Context
from townshipdesk.policy.load_lists import refusal
from townshipdesk.policy.load_money import INDIVIDUAL
from townshipdesk.policy.model import (
    Basis,
    Cover,
    Figure,
    Gap,
    Overlap,
    PackNote,
    WaitingRule,
    Way,
)
from townshipdesk.policy.reader import Table

ANSWERS: Final = ("take", "refuse", "refer")
COVERS: Final = ("coverage-start", "birth", "payment-day", "next-month", "wait")
WAY_SETTINGS: Final = ("extension_open",)
ALWAYS: Final = (
    "not-open",
    "between-windows",
    "window-closed",
    "employee-insured",
    "already-enrolled",
    "documents-missing",
    "not-registered",
    "no-coverage",
)
"""Reasons any policy can come to: each needs its clause under [reasons]."""


def ways(root: Table, context: Context) -> tuple[Way, ...]:
    """Read [[ways]], in the order in which the first that fits holds."""
    found: list[Way] = []
    for table in root.tables("ways"):
        way = _way(table, context)
        if any(other.id == way.id for other in found):
            table.complain("id", N_("{id} is used twice."), id=way.id)
        found.append(way)
    if not any(way.answer == "take" for way in found):
        context.log.add(("ways",), N_("No way takes money: [[ways]] is missing or refuses all."))
    return tuple(found)


def _way(table: Table, context: Context) -> Way:
    way_id, name = table.text("id", required=True), table.named()
    answer = table.choice("answer", ANSWERS, default="take")
    takes = answer == "take"
    first, last, opens, closes = context.bounds(table)
    assessed = table.day_or_moment("assessed_to")
    context.check_day(table, "assessed_to", assessed)
    if assessed is not None and not isinstance(assessed, datetime):
        table.complain("assessed_to", N_("assessed_to needs its hour: 2025-03-01T17:00:00."))
        assessed = None
    if not takes:
        for key in ("standard", "cover", "subsidy_decision", "assessed_to"):
            if table.has(key):
                table.complain(key, N_("A way that takes no money has no {key}."), key=key)
    reason = refusal(table, answer) or None
    way = Way(
        way_id,
        name,
        context.basis(table),
        read_who(table.table("who")),
        first,
        last,
        opens,
        closes,
        assessed,
        table.choice("setting", WAY_SETTINGS) or None,
        answer,
        reason,
        _standard(table, context, required=takes),
        _cover(table, context, required=takes),
        context.decision(table, "subsidy_decision"),
        context.decision(table, "dates_decision"),
        _individual(table, context),
        context.basis_at(table, "no_subsidies"),
    )
    table.finish()
    return way


def _individual(table: Table, context: Context) -> int | None:
    """Read which figure is the individual contribution here; `individual` unless it is named."""
    key = table.choice("individual", tuple(context.figures), default=INDIVIDUAL)
    figure = context.figures.get(key)
    return figure.amount_fen if figure else None


def _standard(table: Table, context: Context, *, required: bool) -> tuple[Figure, ...]:
    keys = table.choices("standard", tuple(context.figures), required=required)
    return tuple(context.figures[key] for key in keys)


def _cover(table: Table, context: Context, *, required: bool) -> Cover | None:
    inner = table.table("cover", required=required)
    if inner is None:
        return None
    rule = inner.choice("from", COVERS, required=True)
    months, days = inner.integer("months", 1, 24), inner.integer("days", 1, 366)
    counted = inner.choice("counted", ("with-payment-month", "after-payment-month"))
    if rule == "wait" and days is None and not counted:
        inner.complain("counted", N_("Say from which month the wait is counted: counted = …"))
    if days is not None and (months is not None or counted):
        inner.complain("days", N_("Give the wait either in days or in months."))
    if rule != "wait" and (months or days or counted):
        inner.complain("from", N_("Only a wait has months or days."))
    cover = Cover(rule, months, days, counted != "after-payment-month", context.basis(inner))
    inner.finish()
    return cover


def reasons(root: Table, context: Context) -> dict[str, Basis]:
    """Read [reasons]: the clause each refusal rests on."""
    table = root.table("reasons", required=True)
    found: dict[str, Basis] = {}
    if table is None:
        return found
    for key in table.rest():
        inner = table.table(key)
        if inner is None:
            continue
        if key not in codes.REASONS:
            table.complain(key, N_("There is no reason {reason}."), reason=key)
        found[key] = context.basis(inner)
        inner.finish()
    for key in ALWAYS:
        if key not in found:
            context.log.add(table.path, N_("The clause for {reason} is missing."), reason=key)
    return found


def notes(root: Table, context: Context) -> tuple[PackNote, ...]:
    """Read [[notes]]: what a clerk must know in certain cases."""
    found: list[PackNote] = []
    for table in root.tables("notes"):
        names = table.texts("ways")
        for name in names:
            context.refer_to_way(table, "ways", name)
        found.append(
            PackNote(
                table.text("id", required=True),
                table.named(),
                context.basis(table),
                read_who(table.table("who")),
                frozenset(names),
            )
        )
        table.finish()
    return tuple(found)


def waiting_rule(root: Table, context: Context) -> WaitingRule | None:
    """Read [waiting]: the variable waiting period after missed years."""
    table = root.table("waiting")
    if table is None:
        return None

    def number(key: str, high: int = 24) -> int:
        return table.integer(key, 0, high, required=True) or 0

    rule = WaitingRule(
        base_months=number("base_months"),
        added_per_missed_year=number("added_per_missed_year"),
        removed_per_repaired_year=number("removed_per_repaired_year"),
        first_missed_year_adds=table.flag("first_missed_year_adds"),
        floor_from_missed_years=number("floor_from_missed_years"),
        floor_months=number("floor_months"),
        counted_from_year=number("counted_from_year", 2100),
        basis=context.basis(table),
        repair=tuple(
            context.figures[key] for key in table.choices("repair", tuple(context.figures))
        ),
    )
    table.finish()
    return rule


def gaps(root: Table, context: Context) -> tuple[Gap, ...]:
    """Read [[gaps]]: days on which nothing is taken, and that is meant."""
    found: list[Gap] = []
    for table in root.tables("gaps"):
        first, last = table.day("from", required=True), table.day("to", required=True)
        groups = table.choices("groups", codes.PAYER_GROUPS)
        basis = context.basis(table)
        table.finish()
        if first is not None and last is not None and first <= last:
            found.append(Gap(DateSpan(first, last), groups, basis))
        elif first is not None and last is not None:
            table.complain("to", N_("The last day comes before the first."))
    return tuple(found)


def overlaps(root: Table, context: Context) -> tuple[Overlap, ...]:
    """Read [[overlaps]]: ways that run at the same time, and that is meant."""
    found: list[Overlap] = []
    for table in root.tables("overlaps"):
        names = table.texts("ways", required=True)
        for name in names:
            context.refer_to_way(table, "ways", name)
        found.append(Overlap(names, context.basis(table)))
        table.finish()
    return tuple(found)
