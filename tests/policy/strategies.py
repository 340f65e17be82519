"""Made-up people, offices and moments for the properties every policy must have.

Hypothesis draws one number and remembers those that failed; the question is made from it. Drawing
each of twenty facts by itself takes a hundred times as long as the quote under test.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache
from random import Random
from typing import Any

from hypothesis import strategies as st

from townshipdesk.domain.dates import SHANGHAI
from townshipdesk.policy import (
    IDENTITY_CODES,
    Facts,
    Policy,
    Quote,
    Settings,
    codes,
    load,
    load_text,
    quote,
)
from townshipdesk.policy.loader import built_in

FILLED = "national-filled"
READY = [*(name for name in built_in() if load(name).ready), FILLED]
seeds = st.integers(0, 2**40)


def filled(text: str, yuan: str = "300", percent: str = "95") -> str:
    """Give a policy text with every open figure set and every mark taken away."""
    text = re.sub(r"^to_confirm = true\n", "", text, flags=re.MULTILINE)
    text = text.replace(", to_confirm = true", "")
    text = text.replace('percent = "?"', f"percent = {percent}")
    return text.replace('yuan = "?"', f"yuan = {yuan}")


@cache
def policy_named(name: str) -> Policy:
    """Give a built-in policy, or the national template with its figures set."""
    if name == FILLED:
        return load_text(filled(load("national-template").text), FILLED)
    return load(name)


@dataclass(frozen=True)
class Question:
    """Everything a quote is asked with."""

    facts: Facts
    identities: list[str]
    settings: Settings
    at: datetime

    def ask(self, policy: Policy, **changed: Any) -> Quote:
        """Ask it, with some of it changed."""
        asked = {**self.__dict__, **changed}
        return quote(policy, asked["facts"], asked["identities"], asked["settings"], asked["at"])


def question(policy: Policy, seed: int) -> Question:
    """Make up a question about a policy; the same number gives the same question."""
    dice = Random(seed)
    identities = dice.sample(IDENTITY_CODES, dice.choice([0, 1, 1, 2, 2, 3, 5]))
    amounts = {code: dice.randrange(60_000) for code in dice.sample(IDENTITY_CODES, 3)}
    settings = Settings(
        extension_open=dice.random() < 0.5,
        fiscal_standard_fen=dice.choice([None, 58_000]),
        amounts_fen=amounts if dice.random() < 0.4 else {},
    )
    facts = _facts(policy, dice)
    if dice.random() < 0.3:
        # Assessed around the same boundaries, an hour or days before the payment or after.
        facts = replace(facts, assessed_at=_moment(policy, dice))
    return Question(facts, identities, settings, _moment(policy, dice))


def _moment(policy: Policy, dice: Random) -> datetime:
    """A moment from before the span to after it, every second one near a boundary."""
    if dice.random() < 0.5:
        bounds = [way.opens for way in policy.ways if way.first is not None]
        bounds += [way.closes for way in policy.ways if way.last is not None]
        bounds += [way.assessed_to for way in policy.ways if way.assessed_to is not None]
        moment = dice.choice(bounds) + timedelta(seconds=dice.randint(-90_000, 90_000))
    else:
        first = policy.span.start - timedelta(days=20)
        day = first + timedelta(days=dice.randrange(policy.span.days + 40))
        moment = datetime.combine(day, datetime.min.time())
        moment += timedelta(seconds=dice.randrange(86_400))
    return moment.replace(tzinfo=SHANGHAI)


def _facts(policy: Policy, dice: Random) -> Facts:
    year = policy.coverage.start

    def near(before: int, after: int) -> date:
        return year + timedelta(days=dice.randint(-before, after))

    def flag() -> bool:
        return dice.random() < 0.6

    makers: dict[str, tuple[float, Callable[[], object]]] = {
        "born": (0.7, lambda: near(140, 300) if flag() else near(30_000, 0)),
        "payer_group": (0.5, lambda: dice.choice(codes.PAYER_GROUPS)),
        "registered": (0.5, lambda: dice.choice(codes.REGISTERED)),
        "documents": (0.04, lambda: "missing"),
        "employee_insured": (0.03, lambda: True),
        "employee_insurance_ended": (0.25, lambda: near(200, 60)),
        "already_enrolled": (0.03, lambda: True),
        "disability_grade": (0.6, lambda: dice.randint(1, 4)),
        "disability_kind": (0.6, lambda: dice.choice(codes.DISABILITY_KINDS)),
        "work_incapacity": (0.5, flag),
        "wife_born": (0.5, lambda: near(25_000, 0)),
        "household_registered_on": (0.6, lambda: near(100, 250)),
        "both_parents_enrolled": (0.5, flag),
        "birth_compliant": (0.5, flag),
        "special_situation": (0.3, lambda: dice.choice(codes.SITUATIONS)),
        "new_employment": (0.2, lambda: True),
        "first_enrolment_here": (0.5, flag),
        "whole_household": (0.5, flag),
        "collective_support_fen": (0.2, lambda: dice.choice([3_000, 100_000])),
        "missed_years": (0.5, lambda: dice.randint(0, 7)),
        "repaired_years": (0.3, lambda: dice.randint(0, 4)),
    }
    known = {name: make() for name, (chance, make) in makers.items() if dice.random() < chance}
    return Facts(**known)
