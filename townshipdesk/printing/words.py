"""Words that several forms share: names of codes, spans, moments, in the language of the paper."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final, Protocol

from townshipdesk.domain.dates import DateSpan
from townshipdesk.domain.money import format_yuan_grouped
from townshipdesk.i18n import N_, in_language
from townshipdesk.policy.codes import code_message
from townshipdesk.printing.model import PrintedSubsidy

_DOCUMENTS: Final[Mapping[str, str]] = {
    "resident-id": N_("Resident identity card"),
    "hk-mo-tw-residence": N_("Hong Kong, Macao and Taiwan residence permit"),
    "foreign-permanent-residence": N_("Foreign permanent residence card"),
    "hk-mo-travel-permit": N_("Hong Kong and Macao travel permit"),
    "taiwan-travel-permit": N_("Taiwan travel permit"),
    "birth-certificate": N_("Birth certificate"),
    "passport": N_("Passport"),
    "local-number": N_("Number issued by this office"),
}
_STATES: Final[Mapping[str, str]] = {
    "requested": N_("waiting for approval"),
    "approved": N_("approved, not paid out yet"),
    "paid": N_("paid out"),
    "rejected": N_("rejected"),
    "withdrawn": N_("withdrawn"),
}


class Say(Protocol):
    """Puts a message key into the language of the paper and fills its {named} places."""

    def __call__(self, message: str, /, **values: object) -> str: ...


def speaker(language: str) -> Say:
    """Give the function that puts keys into one language, whatever is in force on the screen."""

    def say(message: str, /, **values: object) -> str:
        return in_language(language, message, **values)

    return say


def code_name(_: Say, kind: str, code: str) -> str:
    """Give the name of a code of the contract; a code nobody knows stands for itself."""
    try:
        return _(code_message(kind, code))
    except KeyError:
        return code


def document_name(_: Say, kind: str) -> str:
    """Give the name of a kind of identity document."""
    return _(_DOCUMENTS[kind]) if kind in _DOCUMENTS else kind


def state_name(_: Say, state: str) -> str:
    """Give the name of a refund's state."""
    return _(_STATES[state]) if state in _STATES else state


def span_text(_: Say, span: DateSpan | None) -> str:
    """Give a span of days, or say that there is none."""
    if span is None:
        return _("none")
    return _("{start} to {end}", start=span.start.isoformat(), end=span.end.isoformat())


def subsidy_text(_: Say, subsidy: PrintedSubsidy) -> str:
    """Give source, identity and amount of a subsidy: 医疗救助(脱贫不稳定户) 180.00."""
    source = code_name(_, "source", subsidy.source)
    amount = format_yuan_grouped(subsidy.amount_fen)
    if not subsidy.identity:
        return f"{source} {amount}"
    return f"{source}({code_name(_, 'identity', subsidy.identity)}) {amount}"


def moment_text(moment: datetime) -> str:
    """Give a moment as paper carries it: to the minute."""
    return moment.strftime("%Y-%m-%d %H:%M")


def reprint_text(_: Say, nth: int) -> str:
    """Say which reprint this is; the first print says nothing. Raises ValueError below 1."""
    if nth < 1:
        raise ValueError("printings are counted from 1")
    return "" if nth == 1 else _("Reprint no. {nth}", nth=nth - 1)
