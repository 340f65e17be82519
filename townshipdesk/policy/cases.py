"""Cases beside a policy file: questions with the answers an office expects, run by the check.

`ID.cases.toml` or `ID.cases.json` next to `ID.toml`. A case gives what `quote` or `refund-check`
would be asked, and under `expect` any keys of the answer. In TOML, `"none"` stands for null.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple

from townshipdesk.domain.dates import parse_moment
from townshipdesk.domain.errors import DeskError, UsageError
from townshipdesk.domain.money import parse_yuan
from townshipdesk.i18n import N_
from townshipdesk.policy.answers import RefundQuestion
from townshipdesk.policy.engine import quote
from townshipdesk.policy.facts import Facts, Settings
from townshipdesk.policy.model import Policy
from townshipdesk.policy.refunds import refund_check
from townshipdesk.policy.words import Sentence


class CaseResult(NamedTuple):
    """One case and how its answer differs from what is expected; no differences: it holds."""

    title: str
    differences: tuple[Sentence, ...]


def cases_beside(path: Path) -> Path | None:
    """Give the cases file beside a policy file; None where there is none."""
    for ending in (".cases.toml", ".cases.json"):
        beside = path.with_name(path.stem + ending)
        if beside.is_file():
            return beside
    return None


def read_cases(path: Path) -> list[Mapping[str, Any]]:
    """Give the cases of a file. Raises UsageError where they cannot be read."""
    try:
        text = path.read_text(encoding="utf-8")
        document = tomllib.loads(text) if path.suffix == ".toml" else json.loads(text)
    except (UnicodeDecodeError, ValueError) as error:
        raise UsageError(
            N_("The cases file {file} cannot be read: {error}"), file=path.name, error=str(error)
        ) from None
    cases = document.get("cases") if isinstance(document, dict) else document
    if not isinstance(cases, list) or not all(isinstance(case, dict) for case in cases):
        raise UsageError(N_("The cases file {file} holds no list of cases."), file=path.name)
    return cases


def run_cases(policy: Policy, cases: list[Mapping[str, Any]]) -> list[CaseResult]:
    """Ask every question that is meant for this policy, and compare."""
    results = []
    for number, case in enumerate(cases, start=1):
        if case.get("policy", policy.id) != policy.id:
            continue
        title = str(case.get("title", number))
        if "id" in case:
            title = f"{case['id']} {title}"
        try:
            answer = _ask(policy, case)
        except DeskError as error:
            results.append(CaseResult(title, (Sentence(error.message, error.values),)))
        except (KeyError, ValueError, TypeError) as error:
            message = N_("The case itself cannot be read: {error}")
            results.append(CaseResult(title, (Sentence(message, {"error": repr(error)}),)))
        else:
            results.append(CaseResult(title, tuple(_compare(case.get("expect", {}), answer))))
    return results


def _ask(policy: Policy, case: Mapping[str, Any]) -> dict[str, Any]:
    given = {**case, **case.get("input", {})}
    at = parse_moment(_text(given["at"]))
    if case.get("command", "quote") == "refund-check":
        question = RefundQuestion(
            parse_moment(_text(given["paid_at"])),
            at,
            given["ground"],
            parse_yuan(_text(given["paid"])),
            {key: parse_yuan(_text(part)) for key, part in given.get("subsidies", {}).items()},
        )
        return refund_check(policy, question).to_json()
    facts = Facts.parse(f"{key}={_text(value)}" for key, value in given.get("facts", {}).items())
    settings = Settings.parse(
        f"{key}={_text(value)}" for key, value in given.get("set", {}).items()
    )
    return quote(policy, facts, given.get("identities", []), settings, at).to_json()


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value.isoformat() if isinstance(value, date | datetime) else str(value)


def _compare(expected: Mapping[str, Any], answer: Mapping[str, Any]) -> list[Sentence]:
    differences = []
    for key, wanted in expected.items():
        got = answer.get(key)
        if key == "subsidies":
            got = {part["source"]: part["amount"] for part in got or []}
        if key == "notes":
            got = [note["code"] for note in got or []]
            if set(wanted) <= set(got):
                continue
        if _plain(wanted) != _plain(got):
            differences.append(
                Sentence(
                    N_("{key}: expected {wanted}, the policy answers {got}."),
                    {"key": key, "wanted": _shown(wanted), "got": _shown(got)},
                )
            )
    return differences


def _plain(value: Any) -> Any:
    if value == "none":
        return None
    if isinstance(value, Mapping):
        return {key: _plain(part) for key, part in value.items()}
    return value.isoformat() if isinstance(value, date) else value


def _shown(value: Any) -> str:
    return json.dumps(_plain(value), ensure_ascii=False)
