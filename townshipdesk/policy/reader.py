"""Reads one table of a policy file, key by key, collecting every problem instead of stopping.

Why not pydantic: its import alone takes longer than a whole quote from the command line may, its
messages name Python types, and it knows no line numbers.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any, Final

from townshipdesk.domain.money import parse_yuan
from townshipdesk.i18n import N_
from townshipdesk.policy.problems import Log, Path
from townshipdesk.policy.words import Named

UNSET: Final = "?"
_NOWHERE: Final = Named("", "")


class Table:
    """One table of the file. Every `take` notes the key as known; `finish` reports the rest."""

    def __init__(self, data: Mapping[str, Any], path: Path, log: Log) -> None:
        self._data = data
        self._known: set[str] = set()
        self.path = path
        self.log = log

    def has(self, key: str) -> bool:
        """Say whether the key is there."""
        return key in self._data

    def at(self, key: str) -> Path:
        """Give the path of a key of this table."""
        return (*self.path, key)

    def complain(self, key: str, message: str, /, **values: object) -> None:
        """Note a problem at a key of this table."""
        self.log.add(self.at(key), message, **values)

    def take(self, key: str, *, required: bool = False) -> Any:
        """Give a value as it stands; None where there is none."""
        self._known.add(key)
        value = self._data.get(key)
        if value is None and required:
            self.log.add(self.path, N_("{key} is missing."), key=key)
        return value

    def text(self, key: str, *, required: bool = False, default: str = "") -> str:
        """Give a text."""
        value = self.take(key, required=required)
        if value is None:
            return default
        if not isinstance(value, str) or not value.strip():
            self.complain(key, N_("{key} must be a text in quotation marks."), key=key)
            return default
        return value

    def choice(
        self, key: str, allowed: Collection[str], *, required: bool = False, default: str = ""
    ) -> str:
        """Give one of the allowed words."""
        value = self.text(key, required=required, default=default)
        if value and value != default and value not in allowed:
            self._not_allowed(key, value, allowed)
            return default
        return value

    def choices(
        self, key: str, allowed: Collection[Any], *, required: bool = False
    ) -> tuple[Any, ...]:
        """Give a list of allowed words or numbers."""
        value = self.take(key, required=required)
        if value is None:
            return ()
        if not isinstance(value, list) or not value:
            self.complain(key, N_("{key} must be a list in square brackets."), key=key)
            return ()
        for part in value:
            if isinstance(part, bool) or part not in allowed:
                self._not_allowed(key, part, allowed)
        return tuple(part for part in value if part in allowed)

    def texts(self, key: str, *, required: bool = False) -> tuple[str, ...]:
        """Give a list of texts."""
        value = self.take(key, required=required)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(part, str) for part in value):
            self.complain(key, N_("{key} must be a list in square brackets."), key=key)
            return ()
        return tuple(value)

    def _not_allowed(self, key: str, value: object, allowed: Collection[Any]) -> None:
        self.complain(
            key,
            N_("{key} cannot be {value}. Allowed: {allowed}."),
            key=key,
            value=repr(value),
            allowed=", ".join(str(part) for part in allowed),
        )

    def flag(self, key: str, *, default: bool = False) -> bool:
        """Give true or false."""
        value = self.take(key)
        if value is None:
            return default
        if not isinstance(value, bool):
            self.complain(key, N_("{key} must be true or false."), key=key)
            return default
        return value

    def integer(self, key: str, low: int, high: int, *, required: bool = False) -> int | None:
        """Give a whole number between two others, both allowed."""
        value = self.take(key, required=required)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            self.complain(
                key,
                N_("{key} must be a whole number from {low} to {high}."),
                key=key,
                low=low,
                high=high,
            )
            return None
        return value

    def day(self, key: str, *, required: bool = False) -> date | None:
        """Give a day, written 2025-03-01 without quotation marks."""
        value = self.take(key, required=required)
        if value is None:
            return None
        if isinstance(value, datetime) or not isinstance(value, date):
            self.complain(key, N_("{key} must be a day, written 2025-03-01."), key=key)
            return None
        return value

    def day_or_moment(self, key: str) -> date | datetime | None:
        """Give a day, or a day with its hour written 2025-03-01T17:00:00 (Shanghai time)."""
        value = self.take(key)
        if value is None:
            return None
        if not isinstance(value, date) or (isinstance(value, datetime) and value.tzinfo):
            self.complain(
                key,
                N_("{key} must be a day, written 2025-03-01, or with its hour 2025-03-01T17:00:00"),
                key=key,
            )
            return None
        return value

    def money(self, key: str, *, required: bool = False) -> int | None:
        """Give an amount in fen; written in yuan as a whole number or a text ("0.20").

        `"?"` stands for a figure that is not known yet: None, and the file is not ready.
        """
        value = self.take(key, required=required)
        if value is None:
            return None
        if value == UNSET:
            self.log.to_confirm.append(self.at(key))
            return None
        try:
            amount_fen = parse_yuan(str(value)) if isinstance(value, int | str) else -1
        except ValueError:
            amount_fen = -1
        if amount_fen < 0 or isinstance(value, bool):
            self.complain(
                key, N_('{key} must be an amount in yuan: 12, "12.50", or "?" if unknown.'), key=key
            )
            return None
        return amount_fen

    def named(self, *, required: bool = True) -> Named:
        """Give the keys `zh` and `en` of this table; without `en` the Chinese stands for both."""
        zh = self.text("zh", required=required)
        en = self.text("en", default=zh)
        return Named(zh, en) if zh or en else _NOWHERE

    def named_at(self, key: str, *, required: bool = False) -> Named | None:
        """Give a name that stands under a key: a text, or both languages in braces."""
        if isinstance(self._data.get(key), str):
            text = self.text(key, required=required)
            return Named(text, text)
        inner = self.table(key, required=required)
        if inner is None:
            return None
        name = inner.named()
        inner.finish()
        return name

    def table(self, key: str, *, required: bool = False) -> Table | None:
        """Give the table under a key."""
        value = self.take(key, required=required)
        if value is None:
            return None
        if not isinstance(value, dict):
            self.complain(
                key, N_("{key} must stand in curly brackets: NAME = VALUE, NAME = VALUE."), key=key
            )
            return None
        return Table(value, self.at(key), self.log)

    def tables(self, key: str) -> list[Table]:
        """Give the tables of a list, in order."""
        value = self.take(key)
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(part, dict) for part in value):
            self.complain(key, N_("{key} must be a list of tables."), key=key)
            return []
        return [Table(part, (*self.at(key), i), self.log) for i, part in enumerate(value)]

    def note_known(self, key: str) -> None:
        """Note that a key may stand here, whether it does or not."""
        self._known.add(key)

    def rest(self) -> list[str]:
        """Give the keys nobody has taken yet, in order, and note them as known."""
        keys = [key for key in self._data if key not in self._known and key != "to_confirm"]
        self._known.update(keys)
        return keys

    def finish(self) -> None:
        """Report the keys that mean nothing here, and note what is still to be confirmed."""
        if self.flag("to_confirm"):
            self.log.to_confirm.append(self.path)
        for key in self._data:
            if key not in self._known:
                self.complain(
                    key,
                    N_("{key} means nothing here. Possible: {allowed}."),
                    key=key,
                    allowed=", ".join(sorted(self._known - {"to_confirm"})),
                )
