"""A policy as a page of plain text, in Chinese or English, to be held beside its document."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Final

from townshipdesk.domain.money import format_yuan
from townshipdesk.i18n import N_, in_language
from townshipdesk.policy import codes
from townshipdesk.policy.document import percent
from townshipdesk.policy.model import (
    FIRST_MOMENT,
    LAST_MOMENT,
    Basis,
    Cover,
    IdentityRow,
    Part,
    Policy,
    RefundRule,
    Target,
    Way,
)

COVER_WORDS: Final = {
    "coverage-start": N_("covered from the start of the benefit period"),
    "birth": N_("covered from birth"),
    "payment-day": N_("covered from the day of payment"),
    "next-month": N_("covered from the first of the month after payment"),
}
_ANSWER_WORDS: Final = {
    "refuse": N_("refused"),
    "refer": N_("a supervisor decides"),
    "allow": N_("allowed"),
}
_RHYTHMS: Final = {
    "day": N_("every day"),
    "week": N_("every week"),
    "month": N_("every month"),
    "regularly": N_("regularly"),
}


def page(policy: Policy, language: str) -> str:
    """Give the whole policy as plain text."""
    return "\n".join(_Page(policy, language).lines()) + "\n"


class _Page:
    """One policy in one language; every method gives lines."""

    def __init__(self, policy: Policy, language: str) -> None:
        self._policy = policy
        self._language = language

    def _say(self, message: str, /, **values: object) -> str:
        return in_language(self._language, message, **values)

    def _code(self, kind: str, code: str) -> str:
        return self._say(codes.code_message(kind, code))

    def _join(self, parts: list[str]) -> str:
        return ("；" if self._language == "zh_CN" else "; ").join(part for part in parts if part)

    def lines(self) -> Iterator[str]:
        """Give every line of the page."""
        policy = self._policy
        title = policy.title.text(self._language)
        yield title
        yield "=" * (sum(2 if ord(letter) > 0x2E80 else 1 for letter in title))
        yield f"{policy.id}  {policy.locality[self._language]}  {policy.document}"
        yield self._say(N_("SHA-256 of the file: {hash}"), hash=policy.hash)
        if not policy.ready:
            yield self._say(
                N_("Not ready: {count} figures are to be set or confirmed."),
                count=len(policy.unconfirmed),
            )
        span = policy.coverage
        period = self._say(N_("Benefit period: {first} to {last}"), first=span.start, last=span.end)
        yield f"{period}  {self._basis(policy.coverage_basis)}"
        sections = (
            (N_("Amounts"), self._figures()),
            (N_("Ways to enrol (the first that fits holds)"), self._ways()),
            (N_("Waiting by missed years"), self._waiting()),
            (N_("Days on which nothing is taken"), self._gaps()),
            (N_("What the clerk is told beside the price"), self._notes()),
            (N_("Subsidised identities (the highest one applies)"), self._identities()),
            (N_("Departments and their lists"), self._departments()),
            (N_("Refunds (the first rule that fits holds)"), self._refunds()),
            (N_("Targets"), self._targets()),
            (N_("Stages and deadlines"), self._deadlines()),
            (N_("Reports"), self._reports()),
            (N_("Channels and vouchers"), self._channels()),
            (N_("Money for the work"), self._work_funds()),
            (N_("Readings where the document is silent"), self._decisions()),
            (N_("Clauses"), self._clauses()),
        )
        for heading, body in sections:
            content = list(body)
            if content:
                yield ""
                yield f"## {self._say(heading)}"
                yield from content

    def _basis(self, basis: Basis) -> str:
        mark = "*" if basis.decision else ""
        name = f" {basis.decision.id}" if basis.decision else ""
        return f"[{basis.clause}{mark}{name}]"

    def _entry(self, text: str, basis: Basis) -> Iterator[str]:
        yield f"- {text}  {self._basis(basis)}"

    def _figures(self) -> Iterator[str]:
        for figure in self._policy.figures.values():
            if figure.amount_fen is not None:
                amount = self._say(N_("{amount} yuan"), amount=format_yuan(figure.amount_fen))
            elif figure.setting is not None:
                amount = self._say(N_("set by the office"))
            else:
                amount = self._say(N_("not set yet"))
            yield from self._entry(f"{figure.name.text(self._language)}  {amount}", figure.basis)

    def _ways(self) -> Iterator[str]:
        for way in self._policy.ways:
            who = [condition.words.text(self._language) for condition in way.who]
            days = self._days(way.first, way.last)
            if isinstance(way.first, datetime) and way.opens > way.first:
                days = self._say(N_("after {first}"), first=_shown(way.first))
            parts = [days, *who, *self._terms(way)]
            name = way.name.text(self._language)
            basis = Basis(way.basis.clause, way.basis.decision or way.dates_decision)
            yield from self._entry(f"{name} ({way.id})  {self._join(parts)}", basis)

    def _terms(self, way: Way) -> Iterator[str]:
        if way.assessed_to is not None:
            yield self._say(N_("assessed by {moment}"), moment=_shown(way.assessed_to))
        if way.setting is not None:
            yield self._say(N_("only where the office has opened it"))
        if way.answer != "take":
            yield self._say(_ANSWER_WORDS[way.answer])
            yield self._code("reason", way.reason or "document-silent")
            return
        yield "+".join(figure.name.text(self._language) for figure in way.standard)
        if way.no_subsidies is not None:
            yield self._say(N_("no subsidies"))
        if way.cover is not None:
            yield f"{self._cover(way.cover)} {self._basis(way.cover.basis)}"
        if way.subsidy_decision is not None:
            decision = way.subsidy_decision
            said = self._say(N_("subsidies apply here too"))
            yield f"{said} {self._basis(Basis(decision.clause, decision))}"

    def _cover(self, cover: Cover) -> str:
        if cover.rule != "wait":
            return self._say(COVER_WORDS[cover.rule])
        if cover.days is not None:
            message = N_("{days} days' wait counted from the day of payment")
            return self._say(message, days=cover.days)
        if cover.months is None:
            return self._say(N_("waiting period by missed years"))
        if cover.with_payment_month:
            message = N_("{months} months' wait counted with the month of payment")
            return self._say(message, months=cover.months)
        message = N_("{months} months' wait counted from the month after payment")
        return self._say(message, months=cover.months)

    def _days(self, first: date | None, last: date | None) -> str:
        if first is None and last is None:
            return ""
        if last is None:
            return self._say(N_("from {first}"), first=_shown(first))
        if first is None:
            return self._say(N_("until {last}"), last=_shown(last))
        return f"{_shown(first)} → {_shown(last)}"

    def _waiting(self) -> Iterator[str]:
        rule = self._policy.waiting_rule
        if rule is None:
            return
        parts = [
            self._say(N_("{months} months for everybody who waits"), months=rule.base_months),
            self._say(
                N_("{months} more for each year missed, counted from {year}"),
                months=rule.added_per_missed_year,
                year=rule.counted_from_year,
            ),
            self._say(
                N_("the first year missed counts as well")
                if rule.first_missed_year_adds
                else N_("the first year missed does not count")
            ),
            self._say(
                N_("{months} fewer for each year paid back"),
                months=rule.removed_per_repaired_year,
            ),
            self._say(
                N_("from {years} missed years on at least {months} months remain"),
                years=rule.floor_from_missed_years,
                months=rule.floor_months,
            ),
        ]
        if rule.repair:
            named = "+".join(figure.name.text(self._language) for figure in rule.repair)
            parts.append(self._say(N_("a year is paid back with: {figures}"), figures=named))
        yield from self._entry(self._join(parts), rule.basis)

    def _notes(self) -> Iterator[str]:
        for note in self._policy.notes:
            who = [condition.words.text(self._language) for condition in note.who]
            text = note.words.text(self._language)
            yield from self._entry(self._join([text, *who]), note.basis)

    def _gaps(self) -> Iterator[str]:
        for gap in self._policy.gaps:
            groups = (self._code("group", group) for group in gap.groups)
            days = self._days(gap.span.start, gap.span.end)
            yield from self._entry(self._join([days, *groups]), gap.basis)

    def _identities(self) -> Iterator[str]:
        for row in self._policy.identities:
            yield from self._entry(self._identity(row), row.basis)
        policy = self._policy
        how = {
            "highest": N_("Several identities: the highest applies, never added."),
            "highest-of-each-source": N_("Several identities: the highest of each source, added."),
            "add": N_("Several identities: all are added, up to what is owed."),
        }
        rules = (
            (how[policy.combine], policy.highest),
            (N_("Identities count as held at payment."), policy.held_at_payment),
            (N_("Identities count only when on record from a list."), policy.on_record_only),
            (N_("Villages and others may add collective support."), policy.collective),
        )
        for message, basis in rules:
            if basis is not None:
                yield from self._entry(self._say(message), basis)
        changes = (
            (N_("Identity gained after payment"), "gained-later"),
            (N_("Identity lost after payment"), "lost-later"),
            (N_("Identity held at payment, listed later"), "listed-late"),
        )
        for message, case in changes:
            rule = policy.after_payment[case]
            answer = self._say(_ANSWER_WORDS[rule.answer])
            yield from self._entry(f"{self._say(message)}  ({answer})", rule.basis)

    def _identity(self, row: IdentityRow) -> str:
        who = [condition.words.text(self._language) for condition in row.who]
        pays = "+".join(self._part(part) for part in row.pays)
        return f"{row.name.text(self._language)}  {self._join([pays, *who])}"

    def _part(self, part: Part) -> str:
        source = self._code("source", part.source)
        if part.amount_fen is not None:
            amount = self._say(N_("{amount} yuan"), amount=format_yuan(part.amount_fen))
        elif part.percent is not None:
            share = percent(part.percent)
            amount = self._say(N_("{share} per cent of the individual contribution"), share=share)
        else:
            amount = self._say(N_("as provided (the office sets it)")) if part.as_provided else "?"
        return f"{source} {amount}"

    def _departments(self) -> Iterator[str]:
        for part in self._policy.departments.values():
            text = part.name.text(self._language)
            if part.deadline is not None:
                text += "  " + self._say(N_("until {last}"), last=part.deadline)
            yield from self._entry(text, part.basis)

    def _refunds(self) -> Iterator[str]:
        for rule in self._policy.refunds:
            yield from self._entry(self._refund(rule), rule.basis)

    def _refund(self, rule: RefundRule) -> str:
        first = rule.opens.date() if rule.opens > FIRST_MOMENT else None
        last = rule.closes.date() if rule.closes < LAST_MOMENT else None
        grounds = (self._code("ground", ground) for ground in rule.grounds)
        terms = self._join(
            [self._days(first, last), *grounds, self._say(_ANSWER_WORDS[rule.answer])]
        )
        return f"{rule.words.text(self._language)}  ({terms})"

    def _targets(self) -> Iterator[str]:
        for target in self._policy.targets:
            yield from self._entry(self._target(target), target.basis)
            for name, heads in target.tasks.items():
                yield f"    {name}  {heads}"
            for part in target.milestones:
                text = self._say(
                    N_("by {on}: {share} per cent of the task"),
                    on=part.on,
                    share=percent(part.of_task),
                )
                yield f"    {text}  {self._basis(part.basis)}"

    def _target(self, target: Target) -> str:
        share = f"{percent(target.rate)} %" if target.rate is not None else ""
        base = target.base.text(self._language) if target.base else ""
        return f"{target.name.text(self._language)}  {self._join([base, share])}"

    def _deadlines(self) -> Iterator[str]:
        for part in self._policy.deadlines:
            who = part.who.text(self._language) if part.who else ""
            text = self._join([self._days(part.first, part.last), who])
            yield from self._entry(f"{part.words.text(self._language)}  {text}", part.basis)

    def _reports(self) -> Iterator[str]:
        for report in self._policy.reports:
            who = report.who.text(self._language) if report.who else ""
            to = report.to.text(self._language) if report.to else ""
            route = " → ".join(part for part in (who, to) if part)
            every = self._say(_RHYTHMS[report.every])
            text = f"{report.words.text(self._language)}  {self._join([every, route])}"
            yield from self._entry(text, report.basis)

    def _channels(self) -> Iterator[str]:
        for channel in self._policy.channels:
            voucher = channel.voucher.text(self._language) if channel.voucher else ""
            name = f"{self._code('channel', channel.code)}: {channel.words.text(self._language)}"
            yield from self._entry(f"{name}  {voucher}".rstrip(), channel.basis)

    def _work_funds(self) -> Iterator[str]:
        for fund in self._policy.work_funds:
            amount = ""
            if fund.amount_fen is not None:
                amount = self._say(N_("{amount} yuan"), amount=format_yuan(fund.amount_fen))
            text = f"{fund.words.text(self._language)}  {amount}".rstrip()
            yield from self._entry(text, fund.basis)

    def _decisions(self) -> Iterator[str]:
        for decision in self._policy.decisions.values():
            yield f"- {decision.id} [{decision.clause}]  {decision.reading.text(self._language)}"
            other = decision.alternative.text(self._language)
            yield "    " + self._say(N_("Other reading: {text}"), text=other)

    def _clauses(self) -> Iterator[str]:
        for key, words in self._policy.clauses.items():
            yield f"- {key}  {words.text(self._language)}"


def _shown(day: date | None) -> str:
    return day.strftime("%Y-%m-%d %H:%M") if isinstance(day, datetime) else str(day)
