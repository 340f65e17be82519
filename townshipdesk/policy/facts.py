"""What a policy is asked about: a person's facts, and what the office itself has set."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from townshipdesk.domain.dates import format_moment, parse_date, parse_moment
from townshipdesk.domain.errors import UsageError
from townshipdesk.domain.money import format_yuan, parse_yuan
from townshipdesk.i18n import N_
from townshipdesk.policy import codes


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a person at the moment of the question; names as in the contract.

    `None` means not known. A policy never takes an unknown for a yes, with one exception:
    somebody whose first enrolment here is not in doubt counts as enrolling for the first time.
    """

    born: date | None = None
    payer_group: str = "walk-in"
    registered: str = "here"
    documents: str = "complete"
    employee_insured: bool = False
    employee_insurance_ended: date | None = None
    already_enrolled: bool = False
    assessed_at: datetime | None = None
    disability_grade: int | None = None
    disability_kind: str | None = None
    work_incapacity: bool | None = None
    wife_born: date | None = None
    household_registered_on: date | None = None
    both_parents_enrolled: bool | None = None
    birth_compliant: bool | None = None
    special_situation: str | None = None
    new_employment: bool = False
    first_enrolment_here: bool | None = None
    whole_household: bool | None = None
    collective_support_fen: int = 0
    missed_years: int | None = None
    repaired_years: int = 0

    @classmethod
    def parse(cls, pairs: Iterable[str]) -> Facts:
        """Read facts as the command line gives them: "born=1957-12-01".

        Raises UsageError naming the bad fact and what is allowed.
        """
        return cls(**_parse_pairs(pairs))

    @classmethod
    def from_json(cls, document: Mapping[str, str]) -> Facts:
        """Read what `to_json` gave. Raises UsageError for anything else."""
        return cls.parse(f"{key}={value}" for key, value in document.items())

    def to_json(self) -> dict[str, str]:
        """Give the facts that differ from their defaults, as the contract writes them."""
        return {
            key: kind.write(getattr(self, kind.field or key))
            for key, kind in FACTS.items()
            if getattr(self, kind.field or key) != _DEFAULTS[kind.field or key]
        }


@dataclass(frozen=True, slots=True)
class Settings:
    """What a policy leaves to the office; the office's supervisor sets it."""

    extension_open: bool = False
    fiscal_standard_fen: int | None = None
    amounts_fen: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def parse(cls, pairs: Iterable[str]) -> Settings:
        """Read settings as the command line gives them: "fiscal_standard=580".

        Raises UsageError naming the bad setting and what is allowed.
        """
        extension_open = False
        fiscal_standard_fen: int | None = None
        amounts: dict[str, int] = {}
        for key, value in _split(pairs, N_("Setting {pair} is not written as NAME=VALUE.")):
            if key == "extension_open":
                extension_open = _read("setting", key, value, _YES_NO)
            elif key == "fiscal_standard":
                fiscal_standard_fen = _read("setting", key, value, _MONEY)
            elif key.startswith("amount."):
                code = key.removeprefix("amount.")
                if code not in codes.IDENTITY_CODES:
                    raise _unknown_identity_setting(code)
                amounts[code] = _read("setting", key, value, _MONEY)
            else:
                raise UsageError(
                    N_("There is no setting {key}. Allowed: {allowed}."),
                    key=key,
                    allowed="extension_open, fiscal_standard, amount.IDENTITY",
                )
        return cls(extension_open, fiscal_standard_fen, amounts)

    @classmethod
    def from_json(cls, document: Mapping[str, str]) -> Settings:
        """Read what `to_json` gave. Raises UsageError for anything else."""
        return cls.parse(f"{key}={value}" for key, value in document.items())

    def to_json(self) -> dict[str, str]:
        """Give the settings that were made, as the contract writes them."""
        document: dict[str, str] = {}
        if self.extension_open:
            document["extension_open"] = "yes"
        if self.fiscal_standard_fen is not None:
            document["fiscal_standard"] = format_yuan(self.fiscal_standard_fen)
        for code, amount_fen in sorted(self.amounts_fen.items()):
            document[f"amount.{code}"] = format_yuan(amount_fen)
        return document


def _unknown_identity_setting(code: str) -> UsageError:
    return UsageError(
        N_("There is no identity {identity}. Allowed: {allowed}."),
        identity=code,
        allowed=", ".join(codes.IDENTITY_CODES),
    )


class FactKind(NamedTuple):
    """How a kind of fact is read and written, and what is allowed, said in words."""

    read: Callable[[str], Any]
    write: Callable[[Any], str]
    allowed: str
    field: str | None = None


def _read_flag(text: str) -> bool:
    return {"yes": True, "no": False}[text]


def _one_of(allowed: tuple[str, ...]) -> FactKind:
    def read(text: str) -> str:
        if text not in allowed:
            raise ValueError(text)
        return text

    return FactKind(read, str, ", ".join(allowed))


def _number(low: int, high: int) -> FactKind:
    def read(text: str) -> int:
        if not (text.isascii() and text.isdigit() and low <= int(text) <= high):
            raise ValueError(text)
        return int(text)

    return FactKind(read, str, f"{low}–{high}")


def _read_amount(text: str) -> int:
    amount_fen = parse_yuan(text)
    if amount_fen < 0:
        raise ValueError(text)
    return amount_fen


_YES_NO: Final = FactKind(_read_flag, lambda value: "yes" if value else "no", "yes, no")
_DATE: Final = FactKind(parse_date, date.isoformat, "YYYY-MM-DD")
_MOMENT: Final = FactKind(parse_moment, format_moment, "YYYY-MM-DDTHH:MM[:SS]")
_MONEY: Final = FactKind(_read_amount, format_yuan, "12, 12.50")

FACTS: Final[Mapping[str, FactKind]] = {
    "born": _DATE,
    "payer_group": _one_of(codes.PAYER_GROUPS),
    "registered": _one_of(codes.REGISTERED),
    "documents": _one_of(("complete", "missing")),
    "employee_insured": _YES_NO,
    "employee_insurance_ended": _DATE,
    "already_enrolled": _YES_NO,
    "assessed_at": _MOMENT,
    "disability_grade": _number(1, 4),
    "disability_kind": _one_of(codes.DISABILITY_KINDS),
    "work_incapacity": _YES_NO,
    "wife_born": _DATE,
    "household_registered_on": _DATE,
    "both_parents_enrolled": _YES_NO,
    "birth_compliant": _YES_NO,
    "special_situation": _one_of(codes.SITUATIONS),
    "new_employment": _YES_NO,
    "first_enrolment_here": _YES_NO,
    "whole_household": _YES_NO,
    "collective_support": FactKind(
        _read_amount, format_yuan, "12, 12.50", "collective_support_fen"
    ),
    "missed_years": _number(0, 99),
    "repaired_years": _number(0, 99),
}
_DEFAULTS: Final[Mapping[str, object]] = {part.name: part.default for part in fields(Facts)}


def _split(pairs: Iterable[str], complaint: str) -> list[tuple[str, str]]:
    found: dict[str, str] = {}
    for pair in pairs:
        key, sign, value = pair.partition("=")
        key = key.strip()
        if not sign or not key:
            raise UsageError(complaint, pair=pair)
        if key in found:
            raise UsageError(N_("{key} is given twice."), key=key)
        found[key] = value.strip()
    return list(found.items())


def _read(what: str, key: str, value: str, kind: FactKind) -> Any:
    try:
        return kind.read(value)
    except (ValueError, KeyError):
        message = (
            N_("Fact {key} cannot be {value}. Allowed: {allowed}.")
            if what == "fact"
            else N_("Setting {key} cannot be {value}. Allowed: {allowed}.")
        )
        raise UsageError(message, key=key, value=repr(value), allowed=kind.allowed) from None


def _parse_pairs(pairs: Iterable[str]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for key, value in _split(pairs, N_("Fact {pair} is not written as NAME=VALUE.")):
        kind = FACTS.get(key)
        if kind is None:
            raise UsageError(
                N_("There is no fact {key}. Allowed: {allowed}."),
                key=key,
                allowed=", ".join(FACTS),
            )
        values[kind.field or key] = _read("fact", key, value, kind)
    return values
