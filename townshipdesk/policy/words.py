"""Text in both languages: names that a policy file brings, and sentences of the program.

Nothing is translated while a quote is computed. A sentence keeps its key and its values, and is
put into words only when somebody reads it.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Final, NamedTuple

from townshipdesk import i18n
from townshipdesk.domain.dates import DateSpan
from townshipdesk.domain.money import format_yuan

NO_VALUES: Final[Mapping[str, object]] = MappingProxyType({})


class Named(NamedTuple):
    """A name or sentence that a policy file gives in both languages."""

    zh: str
    en: str

    def text(self, language: str) -> str:
        """Give it in one language."""
        return self.zh if language == "zh_CN" else self.en

    def to_json(self) -> dict[str, str]:
        """Give both languages under their names."""
        return {"zh_CN": self.zh, "en": self.en}


class Sentence(NamedTuple):
    """A sentence of the program: its key in the catalogue, and the values for its places.

    A value may itself be text in both languages. Values whose name ends in `_fen` are money.
    """

    message: str
    values: Mapping[str, object] = NO_VALUES

    def text(self, language: str) -> str:
        """Give it in one language."""
        try:
            return _said(language, self.message, tuple(self.values.items()))
        except TypeError:  # a value that is a sentence with values of its own has no hash
            return _said.__wrapped__(language, self.message, tuple(self.values.items()))

    def to_json(self) -> dict[str, str]:
        """Give both languages under their names."""
        return {name: self.text(name) for name in i18n.LANGUAGES}


Words = Named | Sentence


@functools.lru_cache(maxsize=4096)
def _said(language: str, message: str, values: tuple[tuple[str, object], ...]) -> str:
    """Put a sentence into words, once: on one day most payers are told the same."""
    filled = {name: _shown(name, value, language) for name, value in values}
    return i18n.in_language(language, message, **filled)


def _shown(name: str, value: object, language: str) -> object:
    if isinstance(value, Named | Sentence):
        return value.text(language)
    if isinstance(value, tuple):
        joint = "、" if language == "zh_CN" else ", "
        return joint.join(str(_shown(name, part, language)) for part in value)
    if isinstance(value, int) and name.endswith("_fen"):
        return format_yuan(value)
    return _shown_time(value)


def _shown_time(value: object) -> object:
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, DateSpan):
        return f"{value.start} → {value.end}"
    return value
