"""From the text of a policy file to a policy, or to everything that is wrong with it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from townshipdesk.domain.dates import ONE_DAY, DateSpan
from townshipdesk.i18n import N_
from townshipdesk.policy import load_lists, load_money, load_ways
from townshipdesk.policy.context import Context
from townshipdesk.policy.errors import PackError, UnknownPolicyError
from townshipdesk.policy.model import IdentityRow, PackSummary, Policy, Way
from townshipdesk.policy.problems import Lines, Log, Problem
from townshipdesk.policy.reader import Table
from townshipdesk.policy.syntax import parse

PACKS: Final = Path(__file__).parent / "packs"


def built_in() -> tuple[str, ...]:
    """Give the ids of the policies that come with the program."""
    names = (path.stem for path in PACKS.glob("*.toml"))
    return tuple(sorted(name for name in names if not name.endswith(".cases")))


def available() -> list[PackSummary]:
    """Give a summary of every policy that comes with the program."""
    summaries = []
    for name in built_in():
        policy = load(name)
        summaries.append(
            PackSummary(policy.id, policy.year, policy.title, policy.locality, policy.ready)
        )
    return summaries


def shipped_hash(policy_id: str) -> str | None:
    """Give the hash of a built-in policy's file without reading what it says; None without one."""
    path = PACKS / f"{policy_id}.toml"
    if policy_id not in built_in():
        return None
    return hashlib.sha256(path.read_bytes()).hexdigest()


def load(id_or_path: str) -> Policy:
    """Give a built-in policy by its id, or one from a file.

    Raises UnknownPolicyError when there is neither, PackError listing everything wrong with it.
    """
    path = PACKS / f"{id_or_path}.toml"
    if "/" in id_or_path or "\\" in id_or_path or not path.is_file():
        path = Path(id_or_path)
    if not path.is_file():
        raise UnknownPolicyError(id_or_path, built_in())
    return load_bytes(path.read_bytes(), path.name)


def load_text(text: str, origin: str) -> Policy:
    """Give the policy of a text kept elsewhere; `origin` names it in complaints.

    Raises PackError listing everything wrong with it.
    """
    return load_bytes(text.encode("utf-8"), origin)


@lru_cache(maxsize=16)
def load_bytes(content: bytes, origin: str) -> Policy:
    """Give the policy of a file's bytes. Raises PackError listing everything wrong with it."""
    policy, problems = read(content, origin)
    faults = [problem for problem in problems if not problem.warning]
    if policy is None or faults:
        raise PackError(origin, faults)
    return policy


def read(content: bytes, origin: str) -> tuple[Policy | None, list[Problem]]:
    """Give the policy, where it can be made out, and everything wrong with it, in line order."""
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return None, [Problem(None, "", N_("The file is not text in UTF-8."))]
    # The text stays as it is, so that a copy of it gives the same hash; editors on Windows add
    # a mark at the start that TOML does not know.
    plain = text.removeprefix("\ufeff").replace("\r\n", "\n")
    try:
        data, unreadable = parse(plain)
    except RecursionError:
        return None, [Problem(None, "", N_("Brackets are nested too deeply."))]
    if data is None:
        return None, unreadable
    log = Log(Lines(plain))
    digest = hashlib.sha256(content).hexdigest()
    source: dict[str, Any] = {"text": text, "hash": digest, "origin": origin}
    policy = _compile(Table(data, (), log), log, source)
    log.problems.sort(key=lambda problem: problem.line or 0)
    has_fault = any(not problem.warning for problem in log.problems)
    return (None if has_fault else policy), log.problems


def _compile(root: Table, log: Log, origin: Mapping[str, Any]) -> Policy | None:
    head = _head(root)
    context = Context.begin(root, log)
    coverage, coverage_basis = _coverage(root, context)
    context.coverage = coverage
    context.figures = load_money.figures(root, context)
    departments = load_lists.departments(root, context)
    identities = load_money.identities(root, context, departments)
    for key, department in departments.items():
        rows_of = [row for row in identities if row.department == key]
        codes = dict.fromkeys(code for row in rows_of for code in row.codes)
        departments[key] = department._replace(codes=tuple(codes))
    parts: dict[str, Any] = {
        "ways": load_ways.ways(root, context),
        "reasons": load_ways.reasons(root, context),
        "notes": load_ways.notes(root, context),
        "waiting_rule": load_ways.waiting_rule(root, context),
        "gaps": load_ways.gaps(root, context),
        "overlaps": load_ways.overlaps(root, context),
        "identities": identities,
        "departments": departments,
        "after_payment": load_lists.after_payment(root, context),
        "refunds": load_lists.refunds(root, context),
        "targets": load_lists.targets(root, context),
        "reports": load_lists.reports(root, context),
        "channels": load_lists.channels(root, context),
        "work_funds": load_lists.work_funds(root, context),
        "deadlines": load_lists.deadlines(root, context),
        **load_money.subsidy_rules(root, context),
    }
    root.finish()
    context.finish(parts["ways"], has_waiting_rule=parts["waiting_rule"] is not None)
    if coverage is None or any(not problem.warning for problem in log.problems):
        return None
    rows: dict[str, tuple[IdentityRow, ...]] = {}
    for row in identities:
        for code in row.codes:
            rows[code] = (*rows.get(code, ()), row)
    return Policy(
        **head,
        **origin,
        **parts,
        coverage=coverage,
        coverage_basis=coverage_basis,
        clauses=context.clauses,
        decisions=context.decisions,
        figures=context.figures,
        unconfirmed=tuple(log.to_confirm),
        rows_by_code=rows,
        changes=_changes(parts["ways"], coverage),
        personal_days=_personal_days(parts["ways"], identities),
    )


def _head(root: Table) -> dict[str, Any]:
    table = root.table("policy", required=True) or Table({}, ("policy",), root.log)
    if not root.has("policy"):
        return {"id": "", "year": 0, "title": None, "locality": {}, "document": ""}
    policy_id = table.text("id", required=True)
    year = table.integer("year", 1990, 2100, required=True) or 0
    if policy_id and not policy_id.replace("-", "").isalnum():
        table.complain("id", N_("id may hold letters, digits and hyphens only."))
    title = table.named_at("title", required=True)
    locality = table.named_at("locality", required=True)
    document = table.table("document")
    number = ""
    if document is not None:
        number = document.text("number")
        document.finish()
    table.finish()
    return {
        "id": policy_id,
        "year": year,
        "title": title,
        "locality": locality.to_json() if locality else {},
        "document": number,
    }


def _coverage(root: Table, context: Context) -> tuple[DateSpan | None, Any]:
    table = root.table("coverage", required=True)
    if table is None:
        return None, None
    first, last = table.day("from", required=True), table.day("to", required=True)
    basis = context.basis(table)
    table.finish()
    if first is None or last is None:
        return None, basis
    if not (1990 <= first.year <= last.year <= 2101):
        table.complain("from", N_("{key} must lie between 1990 and 2100."), key="from")
        return None, basis
    if last < first:
        table.complain("to", N_("The last day comes before the first."))
        return None, basis
    return DateSpan(first, last), basis


def _personal_days(
    ways: tuple[Way, ...], rows: tuple[IdentityRow, ...]
) -> dict[str, frozenset[tuple[str, int]]]:
    """Give, for each date among a person's facts, how long after it an answer may change."""
    found: dict[str, set[tuple[str, int]]] = {}
    conditions = [part for way in ways for part in way.who]
    conditions += [part for row in rows for part in row.who]
    for condition in conditions:
        unit = _PERSONAL.get(condition.key)
        if unit is None:
            continue
        field, name = unit
        values = found.setdefault(field, set())
        if name:
            values.add((name, condition.value))
    found.setdefault("employee_insurance_ended", set())
    found.setdefault("born", set())
    return {key: frozenset(values) for key, values in found.items()}


_PERSONAL: Final[Mapping[str, tuple[str, str]]] = {
    "age_from": ("born", "years"),
    "age_below": ("born", "years"),
    "wife_age_from": ("wife_born", "years"),
    "days_after_birth_to": ("born", "days"),
    "days_after_birth_over": ("born", "days"),
    "days_after_registration_to": ("household_registered_on", "days"),
    "days_after_registration_over": ("household_registered_on", "days"),
    "household_registered": ("household_registered_on", ""),
    "household_registration_later": ("household_registered_on", ""),
    "employment_ended_within_months": ("employee_insurance_ended", "months"),
}


def _changes(ways: tuple[Way, ...], coverage: DateSpan) -> tuple[date, ...]:
    """Give the days on which the calendar of the policy itself changes."""
    days = {coverage.start, coverage.end + ONE_DAY}
    for way in ways:
        if way.first is not None:
            # A way that opens within a day is open all of the next one too.
            days |= {way.opens.date(), way.opens.date() + ONE_DAY}
        for bound in (way.closes if way.last else None, way.assessed_to):
            if bound is not None:
                days |= {bound.date(), (bound + timedelta(microseconds=1)).date()}
                days.add(bound.date() + ONE_DAY)
    return tuple(sorted(days))
