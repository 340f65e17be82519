"""Codes and plain values in the words of the language in force."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final

from townshipdesk.domain.dates import DateSpan, age_on
from townshipdesk.domain.money import format_yuan_grouped
from townshipdesk.domain.names import display_text
from townshipdesk.i18n import N_, _, language

_SEXES: Final = {"male": N_("male"), "female": N_("female"), "unknown": N_("sex unknown")}
_DOCUMENTS: Final = {
    "resident-id": N_("Resident ID"),
    "hk-mo-tw-residence": N_("HK/Macao/Taiwan residence permit"),
    "foreign-permanent-residence": N_("Foreign permanent residence card"),
    "hk-mo-travel-permit": N_("HK/Macao travel permit"),
    "taiwan-travel-permit": N_("Taiwan travel permit"),
    "birth-certificate": N_("Birth certificate"),
    "passport": N_("Passport"),
    "local-number": N_("Local number"),
}
_REGISTERED: Final = {
    "here": N_("Registered here"),
    "county": N_("Registered in the county"),
    "city": N_("Registered in the city"),
    "elsewhere": N_("Registered elsewhere"),
}
_SHORT_IDENTITIES: Final = {
    "extreme-hardship": N_("extreme hardship"),
    "wubao": N_("five guarantees"),
    "three-nos": N_("three-nos"),
    "orphan": N_("orphan"),
    "unsupported-child": N_("unsupported child"),
    "subsistence-allowance": N_("subsistence allowance"),
    "disability": N_("disability"),
    "low-income": N_("low income"),
    "other-hardship": N_("other hardship"),
    "entitled-group": N_("entitled group"),
    "registered-poor": N_("registered poor"),
    "safety-net-poor": N_("safety-net poor"),
    "unstable-out-of-poverty": N_("unstable out of poverty"),
    "marginal": N_("marginal"),
    "sudden-hardship": N_("sudden hardship"),
    "out-of-poverty": N_("out of poverty"),
    "only-child-parent": N_("only-child parent"),
    "only-child": N_("only child"),
    "two-daughter-couple": N_("two-daughter couple"),
    "only-child-loss": N_("only-child loss"),
}


def yuan(amount_fen: int) -> str:
    """Give a sum for the eye: 1,070.00."""
    return format_yuan_grouped(amount_fen)


def sex_name(code: str) -> str:
    """Give the word for a sex."""
    return _(_SEXES.get(code, _SEXES["unknown"]))


def document_name(code: str) -> str:
    """Give the name of a kind of document."""
    return _(_DOCUMENTS[code]) if code in _DOCUMENTS else display_text(code)


def registered_name(code: str) -> str:
    """Say where somebody's household is registered."""
    return _(_REGISTERED[code]) if code in _REGISTERED else ""


def short_identity(code: str) -> str:
    """Give the short name of an identity, as people say it at the desk."""
    return _(_SHORT_IDENTITIES[code]) if code in _SHORT_IDENTITIES else display_text(code)


def named(kind: str, code: str) -> str:
    """Give the full name of a code of the policies (identity, source, reason, channel, …)."""
    from townshipdesk.policy.codes import code_message

    try:
        return _(code_message(kind, code))
    except KeyError:
        return display_text(code)


def age_text(born: date | None, day: date) -> str:
    """Give somebody's age in years; in months before the first birthday, in days at first."""
    if born is None:
        return ""
    years = age_on(born, day)
    if years >= 1:
        return _("{years} y", years=years)
    months = (day.year - born.year) * 12 + day.month - born.month - (day.day < born.day)
    if months < 1:
        return _("{days} d", days=max(0, (day - born).days))
    return _("{months} mo", months=months)


def span_text(span: DateSpan) -> str:
    """Give a span of days."""
    return f"{span.start} → {span.end}"


def short_day(day: date, year: int) -> str:
    """Give a day as people say it, without the year where it is the year in hand."""
    if language() == "zh_CN":
        said = f"{day.month}月{day.day}日"
        return said if day.year == year else f"{day.year}年{said}"
    said = f"{day.day} {MONTHS[day.month - 1]}"
    return said if day.year == year else f"{said} {day.year}"


MONTHS: Final = (
    "Jan",
    "Feb",
    "Mar",
    "Apr",
    "May",
    "Jun",
    "Jul",
    "Aug",
    "Sep",
    "Oct",
    "Nov",
    "Dec",
)


def joined(parts: Iterable[str]) -> str:
    """Set parts of a list beside each other as the language does."""
    return ("、" if language() == "zh_CN" else ", ").join(parts)
