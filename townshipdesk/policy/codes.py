"""The codes every policy, import and export share, and their names for people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from townshipdesk.i18n import N_, in_language

if TYPE_CHECKING:
    from townshipdesk.policy.answers import Quote

_IDENTITIES: Final[Mapping[str, str]] = {
    "extreme-hardship": N_("Person in extreme hardship"),
    "wubao": N_("Rural five-guarantees recipient"),
    "three-nos": N_("Urban three-nos person"),
    "orphan": N_("Orphan"),
    "unsupported-child": N_("Child without de facto support"),
    "subsistence-allowance": N_("Subsistence allowance recipient"),
    "disability": N_("Disabled person"),
    "low-income": N_("Low-income family member"),
    "other-hardship": N_("Other hardship named by the province"),
    "entitled-group": N_("Entitled group (veterans and kin)"),
    "registered-poor": N_("Registered poor"),
    "safety-net-poor": N_("Lifted out of poverty by the social safety net"),
    "unstable-out-of-poverty": N_("Household unstably out of poverty"),
    "marginal": N_("Household at the margin of poverty"),
    "sudden-hardship": N_("Household in sudden serious hardship"),
    "out-of-poverty": N_("Household out of poverty, not monitored"),
    "only-child-parent": N_("Rural only-child parent"),
    "only-child": N_("Only child"),
    "two-daughter-couple": N_("Two-daughter couple"),
    "only-child-loss": N_("Couple whose only child died or is disabled"),
}
_SOURCES: Final[Mapping[str, str]] = {
    "individual": N_("Individual contribution"),
    "medical-assistance": N_("Medical assistance"),
    "fiscal": N_("Public finance"),
    "health": N_("Health department"),
    "veterans": N_("Veterans department"),
    "collective": N_("Collective support"),
}
_REASONS: Final[Mapping[str, str]] = {
    "not-open": N_("Collection has not opened yet."),
    "between-windows": N_("The day lies between two collection periods: nothing can be taken."),
    "window-closed": N_("The collection period is over."),
    "not-assessed-in-time": N_("The assessment was not made in time."),
    "two-months-over": N_("More than two months have passed since employee insurance ended."),
    "employee-insured": N_("This person is insured under employee insurance."),
    "already-enrolled": N_("This person is already enrolled for the year."),
    "documents-missing": N_("The papers the policy asks for are missing."),
    "other-town": N_("In this period the town of household registration is in charge."),
    "not-registered": N_("Birth or household registration is not done yet."),
    "not-first-enrolment": N_("This way is open for a first enrolment here only."),
    "no-coverage": N_("This payment buys no covered day in the year."),
    "document-silent": N_("The policy document is silent: a supervisor decides."),
    "fiscal-standard-unknown": N_("The office has not set the fiscal standard: no price is known."),
    "refund-closed": N_("Refunds are closed."),
    "ground-not-allowed": N_("The policy allows no refund on this ground."),
    "identity-frozen": N_("Paid is paid: what changes later neither refunds nor tops up."),
}
_GROUNDS: Final[Mapping[str, str]] = {
    "death": N_("Death"),
    "duplicate": N_("Duplicate payment"),
    "employee-insurance": N_("Joined employee insurance"),
    "changed-mind": N_("Changed their mind"),
    "moved-away": N_("Moved away"),
}
_CHANNELS: Final[Mapping[str, str]] = {
    "cash": N_("Cash"),
    "pos": N_("POS"),
    "mobile": N_("Mobile or e-tax"),
    "bank": N_("Bank"),
    "tax-hall": N_("Tax hall"),
    "village": N_("Village collection"),
}
_PAYER_GROUPS: Final[Mapping[str, str]] = {
    "walk-in": N_("at the desk in person"),
    "village-household": N_("by household through the village"),
    "school": N_("through the school"),
    "civil-affairs-list": N_("on the civil affairs list"),
    "family-planning-list": N_("on the family planning list"),
}
_REGISTERED: Final[Mapping[str, str]] = {
    "here": N_("registered in this town"),
    "county": N_("registered elsewhere in the county"),
    "city": N_("registered elsewhere in the city"),
    "elsewhere": N_("registered outside the city"),
}
_SITUATIONS: Final[Mapping[str, str]] = {
    "moved-in": N_("moved in this year"),
    "demobilised": N_("demobilised soldier"),
    "graduate": N_("graduate"),
    "abandoned-infant": N_("abandoned infant taken in by an institution"),
    "released": N_("released from prison"),
    "employment-ended": N_("employee insurance broken by the end of employment"),
    "found-unenrolled": N_("poor or marginal household found unenrolled"),
    "other-named": N_("other situation named by higher authority"),
}
_DISABILITY_KINDS: Final[Mapping[str, str]] = {
    "visual": N_("visual"),
    "hearing": N_("hearing"),
    "speech": N_("speech"),
    "physical": N_("physical"),
    "intellectual": N_("intellectual"),
    "mental": N_("mental"),
    "multiple": N_("multiple"),
}

IDENTITY_CODES: Final = tuple(_IDENTITIES)
SOURCES: Final = tuple(_SOURCES)
REASONS: Final = tuple(_REASONS)
GROUNDS: Final = tuple(_GROUNDS)
CHANNELS: Final = tuple(_CHANNELS)
PAYER_GROUPS: Final = tuple(_PAYER_GROUPS)
REGISTERED: Final = tuple(_REGISTERED)
SITUATIONS: Final = tuple(_SITUATIONS)
DISABILITY_KINDS: Final = tuple(_DISABILITY_KINDS)

_ALL: Final[Mapping[str, Mapping[str, str]]] = {
    "identity": _IDENTITIES,
    "source": _SOURCES,
    "reason": _REASONS,
    "ground": _GROUNDS,
    "channel": _CHANNELS,
    "group": _PAYER_GROUPS,
    "registered": _REGISTERED,
    "situation": _SITUATIONS,
    "disability": _DISABILITY_KINDS,
}


def code_message(kind: str, code: str) -> str:
    """Give the catalogue key of a code's name. Raises KeyError for an unknown kind or code."""
    return _ALL[kind][code]


def identity_name(code: str, language: str) -> str:
    """Give the name of an identity. Raises KeyError for an unknown code."""
    return in_language(language, _IDENTITIES[code])


def source_name(code: str, language: str) -> str:
    """Give the name of a source of money. Raises KeyError for an unknown code."""
    return in_language(language, _SOURCES[code])


def ground_name(code: str, language: str) -> str:
    """Give the name of a refund ground. Raises KeyError for an unknown code."""
    return in_language(language, _GROUNDS[code])


def payer_group_name(code: str, language: str) -> str:
    """Give the name of a payer group. Raises KeyError for an unknown code."""
    return in_language(language, _PAYER_GROUPS[code])


def reason_text(reason: str, quote: Quote | None, language: str) -> str:
    """Say a reason in a sentence, and the next day it becomes possible where the quote has one."""
    sentence = in_language(language, _REASONS[reason])
    if quote is None or quote.next_opening is None:
        return sentence
    opening = quote.next_opening
    return f"{sentence}{'' if language == 'zh_CN' else ' '}{opening.text(language)}"
