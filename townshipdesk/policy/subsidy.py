"""Who else pays, and how much: identities, the highest-subsidy rule, collective support."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from townshipdesk.i18n import N_
from townshipdesk.policy import codes
from townshipdesk.policy.answers import Note, Step, Subsidy
from townshipdesk.policy.conditions import FACT_NAMES, Condition
from townshipdesk.policy.model import IdentityRow, Part, Policy, Way
from townshipdesk.policy.probes import Case
from townshipdesk.policy.words import Sentence


@dataclass(slots=True)
class Support:
    """The subsidies of one person, with what is to be said about them."""

    subsidies: tuple[Subsidy, ...] = ()
    rows: tuple[IdentityRow, ...] = ()
    notes: list[Note] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)

    @property
    def total_fen(self) -> int:
        """What others pay together, in fen."""
        return sum(part.amount_fen for part in self.subsidies)


@dataclass(slots=True)
class _Offer:
    row: IdentityRow
    code: str
    parts: tuple[tuple[str, int], ...]
    total_fen: int


def support(policy: Policy, case: Case, way: Way, standard_fen: int) -> Support:
    """Give what others pay in a way: by identity, then collective; never more than the standard.

    Of several identities the single most favourable one counts, unless the policy adds them.
    """
    found = Support()
    if case.identities and way.no_subsidies is not None:
        words = Sentence(N_("The policy gives no subsidies in this way: {way}."), {"way": way.name})
        found.notes.append(Note("no-subsidies", way.no_subsidies.clause, False, words))
    elif case.identities:
        _by_identity(policy, case, way, standard_fen, found)
    if case.facts.collective_support_fen:
        _collective(policy, case, standard_fen, found)
    return found


def _by_identity(policy: Policy, case: Case, way: Way, standard_fen: int, found: Support) -> None:
    offers: list[_Offer] = []
    settled: set[str] = set()
    short: dict[str, list[tuple[IdentityRow, list[Condition]]]] = {}
    for row in policy.identities:
        held = [code for code in row.codes if code in case.identities]
        if not held:
            continue
        failing = [condition for condition in row.who if condition.test(case) is not True]
        if failing:
            for code in held:
                short.setdefault(code, []).append((row, failing))
            continue
        settled.update(held)
        offer = _offer(case, way, row, held, standard_fen, found)
        if offer is not None:
            offers.append(offer)
    found.notes.extend(_unmet(policy, case, settled, short))
    if not offers:
        return
    for offer in offers:
        found.steps.append(_offer_step(offer))
    chosen = _chosen(policy, offers, standard_fen)
    found.rows = tuple(offer.row for offer in chosen)
    if len(offers) > 1:
        _say_how_combined(policy, chosen, found)
    found.subsidies = _capped(chosen, standard_fen)
    if sum(offer.total_fen for offer in chosen) > standard_fen:
        _note(
            found,
            "subsidy-capped",
            chosen[0].row.basis.clause,
            N_("The subsidy is cut to what is owed: {standard_fen} yuan."),
            standard_fen=standard_fen,
        )


def _chosen(policy: Policy, offers: list[_Offer], standard_fen: int) -> list[_Offer]:
    """Give the offers that count; of equal ones the first in the policy."""
    if policy.combine == "add":
        return offers
    best: dict[tuple[str, ...], _Offer] = {}
    for offer in offers:
        alike = tuple(source for source, _amount in offer.parts)
        key = alike if policy.combine == "highest-of-each-source" else ()
        held = best.get(key)
        if held is None or min(offer.total_fen, standard_fen) > min(held.total_fen, standard_fen):
            best[key] = offer
    return list(best.values())


def _offer(
    case: Case, way: Way, row: IdentityRow, held: list[str], standard_fen: int, found: Support
) -> _Offer | None:
    """Give what a row pays; None, with a note, where the office has set no amount."""
    if not any(part.as_provided for part in row.pays):
        parts = tuple((part.source, _part_fen(way, part)) for part in row.pays)
        return _Offer(row, held[0], parts, sum(amount for _source, amount in parts))
    set_by_office = [
        (case.settings.amounts_fen[code], code)
        for code in held
        if code in case.settings.amounts_fen
    ]
    if not set_by_office:
        _note(
            found,
            "amount-not-set",
            row.basis.clause,
            N_("{identity}: subsidised as the policy provides, no amount is set; nothing applied."),
            identity=row.name,
        )
        return None
    # What lies above the standard is cut off, so it makes no amount the larger one.
    amount_fen, code = max(set_by_office, key=lambda pair: min(pair[0], standard_fen))
    return _Offer(row, code, ((row.pays[0].source, amount_fen),), amount_fen)


def _part_fen(way: Way, part: Part) -> int:
    if part.amount_fen is not None:
        return part.amount_fen
    assert part.percent is not None  # noqa: S101 - the loader demands one of the two
    return int(part.percent * (way.individual_fen or 0))


def _capped(offers: list[_Offer], standard_fen: int) -> tuple[Subsidy, ...]:
    """Give the parts in order, cut where nothing is left to pay."""
    left_fen = standard_fen
    parts: list[Subsidy] = []
    for offer in offers:
        for source, amount_fen in offer.parts:
            taken_fen = min(amount_fen, left_fen)
            left_fen -= taken_fen
            if taken_fen:
                parts.append(Subsidy(source, offer.code, taken_fen))
    return tuple(parts)


def _offer_step(offer: _Offer) -> Step:
    sources = tuple(Sentence(codes.code_message("source", part[0])) for part in offer.parts)
    words = Sentence(
        N_("{identity}: {source} pays {amount_fen} yuan."),
        {"identity": offer.row.name, "source": sources, "amount_fen": offer.total_fen},
    )
    return Step(offer.row.basis.clause, offer.row.basis.decision is not None, words)


def _say_how_combined(policy: Policy, chosen: list[_Offer], found: Support) -> None:
    if policy.combine == "highest":
        code = "highest-subsidy"
        message = N_("Several identities: the single most favourable one applies, {identity}.")
    else:
        code = "subsidies-added"
        message = N_("Several identities: the policy adds {identity}.")
    words = Sentence(message, {"identity": tuple(offer.row.name for offer in chosen)})
    basis = policy.highest
    by_reading = basis.decision is not None
    found.steps.append(Step(basis.clause, by_reading, words))
    found.notes.append(Note(code, basis.clause, by_reading, words))


def _unmet(
    policy: Policy,
    case: Case,
    settled: set[str],
    short: dict[str, list[tuple[IdentityRow, list[Condition]]]],
) -> Iterator[Note]:
    """Say of every identity that brings nothing, why."""
    for code in codes.IDENTITY_CODES:
        if code not in case.identities or code in settled:
            continue
        name = Sentence(codes.code_message("identity", code))
        if code not in short:
            words = Sentence(N_("{identity}: this policy names no subsidy."), {"identity": name})
            yield Note("identity-not-in-policy", policy.highest.clause, False, words)
            continue
        # A row whose every unmet condition only lacks a fact may still turn out to fit.
        open_rows = [
            (row, failing)
            for row, failing in short[code]
            if all(condition.test(case) is None for condition in failing)
        ]
        if open_rows:
            yield _facts_missing(name, open_rows)
        else:
            yield _not_met(name, [row for row, _failing in short[code]])


def _facts_missing(name: Sentence, rows: list[tuple[IdentityRow, list[Condition]]]) -> Note:
    facts = dict.fromkeys(condition.fact for _row, failing in rows for condition in failing)
    words = Sentence(
        N_("{identity}: not counted, it is not known: {facts}."),
        {"identity": name, "facts": tuple(Sentence(FACT_NAMES[fact]) for fact in facts)},
    )
    return Note("identity-facts-missing", rows[0][0].basis.clause, False, words)


def _not_met(name: Sentence, rows: list[IdentityRow]) -> Note:
    words = Sentence(
        N_("{identity}: not counted, the policy names: {rows}."),
        {"identity": name, "rows": tuple(row.name for row in rows)},
    )
    return Note("identity-not-met", rows[0].basis.clause, False, words)


def _collective(policy: Policy, case: Case, standard_fen: int, found: Support) -> None:
    offered_fen = case.facts.collective_support_fen
    if policy.collective is None:
        _note(
            found,
            "collective-not-provided",
            policy.highest.clause,
            N_("The policy provides for no collective support: {amount_fen} yuan not applied."),
            amount_fen=offered_fen,
        )
        return
    amount_fen = min(offered_fen, standard_fen - found.total_fen)
    clause = policy.collective.clause
    if amount_fen:
        found.subsidies = (*found.subsidies, Subsidy("collective", None, amount_fen))
        words = Sentence(N_("Collective support: {amount_fen} yuan."), {"amount_fen": amount_fen})
        found.steps.append(Step(clause, policy.collective.decision is not None, words))
    if amount_fen < offered_fen:
        _note(
            found,
            "collective-capped",
            clause,
            N_("Collective support is cut to what is owed: {amount_fen} yuan."),
            amount_fen=amount_fen,
        )


def _note(found: Support, code: str, clause: str, message: str, /, **values: object) -> None:
    found.notes.append(Note(code, clause, False, Sentence(message, values)))
