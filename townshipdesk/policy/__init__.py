"""Policies as data, and the pure engine that answers from them, with reasons and clauses.

    policy = load("longjie-2025")
    answer = quote(policy, Facts(), ["subsistence-allowance"], Settings(), moment)

No clock and no database: the moment and the facts are always given. Packs stand in `packs/`.
"""

from __future__ import annotations

from townshipdesk.policy.answers import (
    NextOpening,
    Note,
    Quote,
    RefundAnswer,
    RefundQuestion,
    Step,
    Subsidy,
)
from townshipdesk.policy.codes import (
    CHANNELS,
    GROUNDS,
    IDENTITY_CODES,
    REASONS,
    SOURCES,
    ground_name,
    identity_name,
    payer_group_name,
    reason_text,
    source_name,
)
from townshipdesk.policy.engine import quote
from townshipdesk.policy.errors import (
    NotReadyError,
    PackError,
    UnknownIdentityError,
    UnknownPolicyError,
)
from townshipdesk.policy.facts import Facts, Settings
from townshipdesk.policy.loader import available, load, load_text
from townshipdesk.policy.model import PackSummary, Policy
from townshipdesk.policy.outlook import OutlookDay, Season, outlook, season
from townshipdesk.policy.refunds import ChangeAnswer, after_payment, refund_check

__all__ = [
    "CHANNELS",
    "GROUNDS",
    "IDENTITY_CODES",
    "REASONS",
    "SOURCES",
    "ChangeAnswer",
    "Facts",
    "NextOpening",
    "NotReadyError",
    "Note",
    "OutlookDay",
    "PackError",
    "PackSummary",
    "Policy",
    "Quote",
    "RefundAnswer",
    "RefundQuestion",
    "Season",
    "Settings",
    "Step",
    "Subsidy",
    "UnknownIdentityError",
    "UnknownPolicyError",
    "after_payment",
    "available",
    "ground_name",
    "identity_name",
    "load",
    "load_text",
    "outlook",
    "payer_group_name",
    "quote",
    "reason_text",
    "refund_check",
    "season",
    "source_name",
]
