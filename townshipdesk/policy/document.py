"""A whole policy as one JSON document, for `policy show --json` and for other programs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from townshipdesk.domain.money import format_yuan
from townshipdesk.policy.conditions import Condition
from townshipdesk.policy.model import (
    FIRST_MOMENT,
    LAST_MOMENT,
    Basis,
    IdentityRow,
    PackSummary,
    Policy,
    Target,
    WaitingRule,
    Way,
)


def summary_json(summary: PackSummary) -> dict[str, Any]:
    """Give what a list of policies shows of one."""
    return {
        "id": summary.id,
        "year": summary.year,
        "title": summary.title.to_json(),
        "locality": dict(summary.locality),
        "ready": summary.ready,
    }


def policy_json(policy: Policy) -> dict[str, Any]:
    """Give everything a policy says; amounts in yuan, shares in percent, days ISO."""
    return {
        "id": policy.id,
        "year": policy.year,
        "title": policy.title.to_json(),
        "locality": dict(policy.locality),
        "document": policy.document,
        "ready": policy.ready,
        "to_confirm": list(policy.to_confirm),
        "hash": policy.hash,
        "coverage": {**policy.coverage.to_json(), **_basis(policy.coverage_basis)},
        "figures": {
            figure.key: {
                "name": figure.name.to_json(),
                "amount": _yuan(figure.amount_fen),
                "setting": figure.setting,
                **_basis(figure.basis),
            }
            for figure in policy.figures.values()
        },
        "ways": [_way(way) for way in policy.ways],
        "gaps": [{**part.span.to_json(), **_basis(part.basis)} for part in policy.gaps],
        "overlaps": [{"ways": list(part.ways), **_basis(part.basis)} for part in policy.overlaps],
        "waiting": _waiting(policy.waiting_rule) if policy.waiting_rule else None,
        "notes": [
            {
                "id": note.id,
                "text": note.words.to_json(),
                "ways": sorted(note.ways),
                "who": _who(note.who),
                **_basis(note.basis),
            }
            for note in policy.notes
        ],
        "reasons": {reason: _basis(basis) for reason, basis in policy.reasons.items()},
        "identities": [_identity(row) for row in policy.identities],
        "subsidies": {
            "combine": policy.combine,
            **_basis(policy.highest),
            "held_at_payment": _maybe(policy.held_at_payment),
            "on_record_only": _maybe(policy.on_record_only),
            "collective": _maybe(policy.collective),
        },
        "after_payment": {
            case: {"answer": rule.answer, "reason": rule.reason, **_basis(rule.basis)}
            for case, rule in policy.after_payment.items()
        },
        "departments": [
            {
                "id": part.id,
                "name": part.name.to_json(),
                "deadline": _day(part.deadline),
                **_basis(part.basis),
            }
            for part in policy.departments.values()
        ],
        **_lists(policy),
        "clauses": {key: words.to_json() for key, words in policy.clauses.items()},
        "decisions": [
            {
                "id": decision.id,
                "clause": decision.clause,
                "reading": decision.reading.to_json(),
                "alternative": decision.alternative.to_json(),
            }
            for decision in policy.decisions.values()
        ],
    }


def _lists(policy: Policy) -> dict[str, Any]:
    return {
        "refunds": [
            {
                "name": rule.words.to_json(),
                "grounds": list(rule.grounds),
                "from": _bound(rule.opens),
                "to": _bound(rule.closes),
                "within_days": rule.within_days,
                "answer": rule.answer,
                "reason": rule.reason,
                "ends_enrolment": rule.ends_enrolment,
                "subsidies_return": rule.subsidies_return,
                **_basis(rule.basis),
            }
            for rule in policy.refunds
        ],
        "targets": [_target(target) for target in policy.targets],
        "reports": [
            {
                "name": report.words.to_json(),
                "who": report.who.to_json() if report.who else None,
                "to": report.to.to_json() if report.to else None,
                "every": report.every,
                **_basis(report.basis),
            }
            for report in policy.reports
        ],
        "deadlines": [
            {
                "name": part.words.to_json(),
                "who": part.who.to_json() if part.who else None,
                "from": _day(part.first),
                "to": _day(part.last),
                **_basis(part.basis),
            }
            for part in policy.deadlines
        ],
        "channels": [
            {
                "code": part.code,
                "name": part.words.to_json(),
                "voucher": part.voucher.to_json() if part.voucher else None,
                "county_review": part.county_review,
                **_basis(part.basis),
            }
            for part in policy.channels
        ],
        "work_funds": [
            {
                "id": part.id,
                "name": part.words.to_json(),
                "per": part.per,
                "amount": _yuan(part.amount_fen),
                "count": part.count,
                "percent_of_task": percent(part.of_task),
                "by": _day(part.by),
                "complete_by": _day(part.complete_by),
                "cancels": list(part.cancels),
                **_basis(part.basis),
            }
            for part in policy.work_funds
        ],
    }


def _way(way: Way) -> dict[str, Any]:
    cover = way.cover
    return {
        "id": way.id,
        "name": way.name.to_json(),
        "from": _day(way.first),
        "to": _day(way.last),
        "assessed_to": _day(way.assessed_to),
        "setting": way.setting,
        "who": _who(way.who),
        "answer": way.answer,
        "reason": way.reason,
        "standard": [figure.key for figure in way.standard],
        "cover": {
            "from": cover.rule,
            "months": cover.months,
            "days": cover.days,
            **_basis(cover.basis),
        }
        if cover
        else None,
        "no_subsidies": _maybe(way.no_subsidies),
        "subsidy_decision": way.subsidy_decision.id if way.subsidy_decision else None,
        "dates_decision": way.dates_decision.id if way.dates_decision else None,
        **_basis(way.basis),
    }


def _waiting(rule: WaitingRule) -> dict[str, Any]:
    return {
        "base_months": rule.base_months,
        "added_per_missed_year": rule.added_per_missed_year,
        "removed_per_repaired_year": rule.removed_per_repaired_year,
        "first_missed_year_adds": rule.first_missed_year_adds,
        "floor_from_missed_years": rule.floor_from_missed_years,
        "floor_months": rule.floor_months,
        "counted_from_year": rule.counted_from_year,
        "repair": [figure.key for figure in rule.repair],
        **_basis(rule.basis),
    }


def _identity(row: IdentityRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "name": row.name.to_json(),
        "codes": list(row.codes),
        "who": _who(row.who),
        "pays": [
            {
                "source": part.source,
                "amount": _yuan(part.amount_fen),
                "percent": percent(part.percent),
                "as_provided": part.as_provided,
            }
            for part in row.pays
        ],
        "department": row.department,
        **_basis(row.basis),
    }


def _target(target: Target) -> dict[str, Any]:
    return {
        "id": target.id,
        "name": target.name.to_json(),
        "unit": target.unit,
        "base": target.base.to_json() if target.base else None,
        "percent": percent(target.rate),
        "codes": list(target.codes),
        "tasks": dict(target.tasks),
        "milestones": [
            {
                "on": part.on.isoformat(),
                "percent_of_task": percent(part.of_task),
                **_basis(part.basis),
            }
            for part in target.milestones
        ],
        **_basis(target.basis),
    }


def _who(conditions: Sequence[Condition]) -> dict[str, Any]:
    return {condition.key: _plain(condition.value) for condition in conditions}


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return list(value)
    return value.isoformat() if isinstance(value, date) else value


def _basis(basis: Basis) -> dict[str, Any]:
    return {"clause": basis.clause, "decision": basis.decision.id if basis.decision else None}


def _maybe(basis: Basis | None) -> dict[str, Any] | None:
    return None if basis is None else _basis(basis)


def _bound(moment: datetime) -> str | None:
    """Give the day of a bound; None where the file names none."""
    if moment in {FIRST_MOMENT, LAST_MOMENT}:
        return None
    return moment.date().isoformat()


def _yuan(amount_fen: int | None) -> str | None:
    return None if amount_fen is None else format_yuan(amount_fen)


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def percent(share: Fraction | None) -> str | None:
    """Give a share as a percentage without rounding: 96, 97.5; None for none."""
    if share is None:
        return None
    whole = share * 100
    if whole.denominator == 1:
        return str(whole.numerator)
    text = format_yuan(round(whole * 100))
    return text.rstrip("0") if Fraction(text) == whole else str(whole)
