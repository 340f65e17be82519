"""May a payment be given back, and what may still change after a payment."""

from __future__ import annotations

from typing import NamedTuple

from townshipdesk.domain.dates import format_moment
from townshipdesk.domain.errors import UsageError
from townshipdesk.i18n import N_
from townshipdesk.policy import codes
from townshipdesk.policy.answers import Note, RefundAnswer, RefundQuestion, Subsidy
from townshipdesk.policy.decide import local_moment
from townshipdesk.policy.errors import NotReadyError
from townshipdesk.policy.model import Policy, RefundRule
from townshipdesk.policy.words import Sentence


def refund_check(policy: Policy, question: RefundQuestion) -> RefundAnswer:
    """Say whether a payment may be refunded at the moment the request comes in.

    Raises NotReadyError for a policy not yet confirmed, UsageError for an unknown ground or
    source, a negative amount, or a request before the payment.
    """
    if policy.unconfirmed:
        raise NotReadyError(policy.id, policy.to_confirm)
    _check(question)
    for rule in policy.refunds:
        if _fits(rule, question):
            return _answer(policy, rule, question)
    basis = policy.reasons["window-closed"]
    words = Sentence(codes.code_message("reason", "document-silent"))
    note = Note("document-silent", basis.clause, False, words)
    return RefundAnswer(policy.id, "refer", "document-silent", notes=(note,))


def _check(question: RefundQuestion) -> None:
    if question.ground not in codes.GROUNDS:
        raise UsageError(
            N_("There is no refund ground {ground}. Allowed: {allowed}."),
            ground=question.ground,
            allowed=", ".join(codes.GROUNDS),
        )
    for source in question.subsidies_fen:
        if source not in codes.SOURCES or source == "individual":
            raise UsageError(
                N_("There is no source {source}. Allowed: {allowed}."),
                source=source,
                allowed=", ".join(code for code in codes.SOURCES if code != "individual"),
            )
    if question.paid_fen < 0 or any(part < 0 for part in question.subsidies_fen.values()):
        raise UsageError(N_("An amount cannot be negative."))
    if local_moment(question.at) < local_moment(question.paid_at):
        raise UsageError(
            N_("The refund is asked for at {at}, before the payment at {paid_at}."),
            at=format_moment(question.at),
            paid_at=format_moment(question.paid_at),
        )


def _fits(rule: RefundRule, question: RefundQuestion) -> bool:
    at = local_moment(question.at)
    if rule.grounds and question.ground not in rule.grounds:
        return False
    if not rule.opens <= at <= rule.closes:
        return False
    if rule.within_days is not None:
        paid_on = local_moment(question.paid_at).date()
        return (at.date() - paid_on).days <= rule.within_days
    return True


def _answer(policy: Policy, rule: RefundRule, question: RefundQuestion) -> RefundAnswer:
    by_reading = rule.basis.decision is not None
    code = rule.reason or "refund-allowed"
    notes = [Note(code, rule.basis.clause, by_reading, rule.words)]
    if rule.basis.decision is not None:
        decision = rule.basis.decision
        notes.append(Note(decision.id, decision.clause, True, decision.reading))
    if rule.answer != "allow":
        return RefundAnswer(policy.id, rule.answer, rule.reason, notes=tuple(notes))
    returned = question.subsidies_fen if rule.subsidies_return else {}
    return RefundAnswer(
        policy.id,
        "allow",
        None,
        question.paid_fen,
        tuple(Subsidy(source, None, fen) for source, fen in returned.items() if fen),
        rule.ends_enrolment,
        tuple(notes),
    )


class ChangeAnswer(NamedTuple):
    """What the policy says to a wish to change a paid amount."""

    policy_id: str
    decision: str
    reason: str
    notes: tuple[Note, ...]


def after_payment(policy: Policy, case: str) -> ChangeAnswer:
    """Say what a change of identity after payment does to the payment.

    `case`: `gained-later`, `lost-later`, or `listed-late` (held at payment, listed afterwards).
    Raises KeyError for any other.
    """
    rule = policy.after_payment[case]
    words = Sentence(codes.code_message("reason", rule.reason))
    notes = [Note(rule.reason, rule.basis.clause, rule.basis.decision is not None, words)]
    if rule.basis.decision is not None:
        decision = rule.basis.decision
        notes.append(Note(decision.id, decision.clause, True, decision.reading))
    return ChangeAnswer(policy.id, rule.answer, rule.reason, tuple(notes))
