"""What is wrong with an office file, in words for a person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from townshipdesk.i18n import _


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that does not hold. `where` and `text` are message keys that `values` fill."""

    code: str
    where: str
    text: str
    values: Mapping[str, object] = field(default_factory=dict)

    def where_words(self) -> str:
        """Say where it is, in the language in force."""
        return _(self.where, **self.values)

    def words(self) -> str:
        """Say what is wrong, in the language in force."""
        return _(self.text, **self.values)

    def to_json(self) -> dict[str, str]:
        """Give the problem as `townshipdesk verify` prints it."""
        return {"code": self.code, "where": self.where_words(), "text": self.words()}
