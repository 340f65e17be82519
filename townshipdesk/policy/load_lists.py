"""Reads the lists of a policy file: departments, refunds, targets, reports, channels, funds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from townshipdesk.i18n import N_
from townshipdesk.policy import codes
from townshipdesk.policy.context import Context
from townshipdesk.policy.model import (
    AfterPayment,
    Channel,
    Deadline,
    Department,
    Milestone,
    RefundRule,
    Report,
    Target,
    WorkFund,
)
from townshipdesk.policy.reader import Table

AFTER_PAYMENT: Final = ("gained-later", "lost-later", "listed-late")
REPORT_RHYTHMS: Final = ("day", "week", "month", "regularly")
TARGET_UNITS: Final = ("village", "town", "county", "group")


def refusal(table: Table, answer: str) -> str:
    """Read the reason of an answer; a referral without one means that the document is silent."""
    if answer == "refer" and not table.has("reason"):
        return "document-silent"
    return table.choice("reason", codes.REASONS, required=answer not in {"allow", "take"})


def departments(root: Table, context: Context) -> dict[str, Department]:
    """Read [[departments]]: who supplies identity lists, and until when."""
    found: dict[str, Department] = {}
    for table in root.tables("departments"):
        key = table.text("id", required=True)
        if key in found:
            table.complain("id", N_("{id} is used twice."), id=key)
        deadline = table.day("deadline")
        context.check_day(table, "deadline", deadline)
        found[key] = Department(key, table.named(), deadline, context.basis(table))
        table.finish()
    return found


def after_payment(root: Table, context: Context) -> dict[str, AfterPayment]:
    """Read [after_payment]: what happens when an identity changes after payment."""
    found: dict[str, AfterPayment] = {}
    table = root.table("after_payment", required=True)
    if table is None:
        return found
    for case in AFTER_PAYMENT:
        inner = table.table(case, required=True)
        if inner is None:
            continue
        answer = inner.choice("answer", ("refuse", "refer"), required=True)
        reason = refusal(inner, answer)
        found[case] = AfterPayment(case, answer, reason, context.basis(inner))
        inner.finish()
    table.finish()
    return found


def refunds(root: Table, context: Context) -> tuple[RefundRule, ...]:
    """Read [[refunds]], in the order in which the first that fits holds."""
    found: list[RefundRule] = []
    for table in root.tables("refunds"):
        answer = table.choice("answer", ("allow", "refuse", "refer"), required=True)
        _first, _last, opens, closes = context.bounds(table)
        for key in ("ends_enrolment", "subsidies_return"):
            if answer == "allow" and not table.has(key):
                context.log.add(
                    table.path, N_("An allowed refund must say {key} = true or false."), key=key
                )
        found.append(
            RefundRule(
                table.named(),
                table.choices("grounds", codes.GROUNDS),
                opens,
                closes,
                table.integer("within_days_of_payment", 0, 366),
                answer,
                refusal(table, answer) or None,
                table.flag("ends_enrolment"),
                table.flag("subsidies_return"),
                context.basis(table),
            )
        )
        table.finish()
    return tuple(found)


def targets(root: Table, context: Context) -> tuple[Target, ...]:
    """Read [[targets]]: rates of a base, rates of groups, tasks by name."""
    found: list[Target] = []
    for table in root.tables("targets"):
        tasks = _tasks(table)
        found.append(
            Target(
                table.text("id", required=True),
                table.named(),
                table.choice("unit", TARGET_UNITS, required=True),
                table.named_at("base"),
                context.percent(table, "percent", required=not tasks),
                table.choices("codes", codes.IDENTITY_CODES),
                tasks,
                _milestones(table, context),
                context.basis(table),
            )
        )
        table.finish()
    return tuple(found)


def _tasks(table: Table) -> Mapping[str, int]:
    inner = table.table("tasks")
    total = table.integer("tasks_total", 0, 10**9)
    if inner is None:
        return {}
    tasks = {}
    for name in inner.rest():
        heads = inner.integer(name, 0, 10**9)
        if heads is not None:
            tasks[name] = heads
    inner.finish()
    if total is not None and sum(tasks.values()) != total:
        table.complain(
            "tasks_total",
            N_("The tasks add up to {sum}, not to {total}."),
            sum=sum(tasks.values()),
            total=total,
        )
    return tasks


def _milestones(table: Table, context: Context) -> tuple[Milestone, ...]:
    found: list[Milestone] = []
    for inner in table.tables("milestones"):
        on = inner.day("on", required=True)
        share = context.percent(inner, "percent_of_task", required=True)
        context.check_day(inner, "on", on)
        basis = context.basis(inner)
        inner.finish()
        if on is not None and share is not None:
            found.append(Milestone(on, share, basis))
    return tuple(found)


def reports(root: Table, context: Context) -> tuple[Report, ...]:
    """Read [[reports]]: who reports what to whom, how often."""
    found: list[Report] = []
    for table in root.tables("reports"):
        found.append(
            Report(
                table.named(),
                table.named_at("who"),
                table.named_at("to"),
                table.choice("every", REPORT_RHYTHMS, required=True),
                context.basis(table),
            )
        )
        table.finish()
    return tuple(found)


def deadlines(root: Table, context: Context) -> tuple[Deadline, ...]:
    """Read [[deadlines]]: stages and last days of others, such as the finance office."""
    found: list[Deadline] = []
    for table in root.tables("deadlines"):
        first, last = table.day("from"), table.day("to", required=True)
        context.check_day(table, "from", first)
        context.check_day(table, "to", last)
        words, who, basis = table.named(), table.named_at("who"), context.basis(table)
        table.finish()
        if last is not None:
            found.append(Deadline(words, who, first, last, basis))
    return tuple(found)


def channels(root: Table, context: Context) -> tuple[Channel, ...]:
    """Read [[channels]]: how money comes in, and the voucher each gives."""
    found: list[Channel] = []
    for table in root.tables("channels"):
        code = table.choice("code", codes.CHANNELS, required=True)
        words, voucher = table.named(), table.named_at("voucher")
        found.append(
            Channel(code, words, voucher, table.flag("county_review"), context.basis(table))
        )
        table.finish()
    return tuple(found)


def work_funds(root: Table, context: Context) -> tuple[WorkFund, ...]:
    """Read [[work_funds]]: money for the work itself, and on what condition."""
    found: list[WorkFund] = []
    for table in root.tables("work_funds"):
        by, complete_by = table.day("by"), table.day("complete_by")
        context.check_day(table, "by", by)
        context.check_day(table, "complete_by", complete_by)
        found.append(
            WorkFund(
                table.text("id", required=True),
                table.named(),
                table.choice("per", ("head", "prize", "loss"), required=True),
                table.money("yuan"),
                table.integer("count", 1, 1000),
                context.percent(table, "percent_of_task"),
                by,
                complete_by,
                table.texts("cancels"),
                context.basis(table),
            )
        )
        table.finish()
    return tuple(found)
