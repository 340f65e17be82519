"""What somebody typed into the lookup box: a whole number, its end, a phone, pinyin, a name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from townshipdesk.domain.idnumber import DocumentNumber, NumberProblem, identify, normalise
from townshipdesk.domain.names import clean_text, is_han
from townshipdesk.domain.phone import is_mobile, normalise_phone


class QueryKind(StrEnum):
    """What a text in the lookup box can be."""

    EMPTY = "empty"
    NUMBER = "number"
    ILL_FORMED = "ill-formed"
    NUMBER_START = "number-start"
    TAIL = "tail"
    PHONE = "phone"
    HOUSEHOLD = "household"
    PINYIN = "pinyin"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Query:
    """What was typed, most likely reading first.

    `text` is the form to search with: a number normalised, pinyin in lower case without spaces, a
    name cleaned. `also` are other readings worth a search when the first finds nobody; they use
    the same `text`. `number` is there for NUMBER, `problem` for ILL_FORMED.
    """

    kind: QueryKind
    text: str
    also: tuple[QueryKind, ...] = ()
    number: DocumentNumber | None = None
    problem: NumberProblem | None = None


_TAIL: Final = re.compile(r"[0-9]{4,6}|[0-9]{3,5}X", re.ASCII)
_START: Final = re.compile(r"[0-9]{7,17}", re.ASCII)
_LETTERS: Final = re.compile(r"[A-ZÜ]+")
_HOUSEHOLD: Final = re.compile(r"[0-9A-Z][0-9A-Z\-]{0,19}", re.ASCII)


def classify_query(text: str, *, today: date) -> Query:
    """Tell what a text in the lookup box is. Never raises: an ill-formed number is an answer."""
    cleaned = clean_text(text)
    plain = normalise(cleaned).replace("ü", "Ü")
    if not cleaned:
        return Query(QueryKind.EMPTY, "")
    if is_han(cleaned):
        return Query(QueryKind.NAME, cleaned)
    if _LETTERS.fullmatch(plain):
        return Query(QueryKind.PINYIN, plain.lower(), (QueryKind.NAME, QueryKind.HOUSEHOLD))
    if _TAIL.fullmatch(plain):
        return Query(QueryKind.TAIL, plain, (QueryKind.HOUSEHOLD, QueryKind.PHONE))
    return _digits_and_letters(plain, cleaned, today)


def _digits_and_letters(plain: str, cleaned: str, today: date) -> Query:
    phone = normalise_phone(cleaned)
    if phone is not None and is_mobile(phone):
        return Query(QueryKind.PHONE, phone, (QueryKind.NUMBER_START, QueryKind.HOUSEHOLD))
    try:
        number = identify(plain, today=today)
    except NumberProblem as problem:
        return _not_a_number(plain, cleaned, phone, problem)
    also: tuple[QueryKind, ...] = ()
    if plain.isdigit() and len(plain) == 8:  # a Taiwan permit, or a landline, or half a number
        also = (QueryKind.PHONE, QueryKind.NUMBER_START, QueryKind.HOUSEHOLD)
    elif len(number.number) < 15:
        also = (QueryKind.HOUSEHOLD,)
    return Query(QueryKind.NUMBER, number.number, also, number=number)


def _not_a_number(plain: str, cleaned: str, phone: str | None, problem: NumberProblem) -> Query:
    """Tell apart an ill-formed number, one still being typed, and what is no number at all."""
    digits = sum(c.isdigit() for c in plain)
    whole = len(plain) >= 18 or (len(plain) == 15 and digits == 15)
    if whole and digits >= 12:
        return Query(QueryKind.ILL_FORMED, plain, problem=problem)
    if phone is not None and (plain.startswith("0") or not plain.isdigit()):
        return Query(QueryKind.PHONE, phone, (QueryKind.HOUSEHOLD,))
    if _START.fullmatch(plain):
        also = (QueryKind.HOUSEHOLD, QueryKind.PHONE)
        return Query(QueryKind.NUMBER_START, plain, also, problem=problem)
    if _HOUSEHOLD.fullmatch(plain):
        return Query(QueryKind.HOUSEHOLD, plain, (QueryKind.NAME,))
    return Query(QueryKind.NAME, cleaned)
