"""Villages as files name them: by code, by name, by a name without its 村委会 or with its town."""

from __future__ import annotations

import re
from typing import Final

from townshipdesk.domain.errors import NotFoundError
from townshipdesk.domain.names import clean_text
from townshipdesk.i18n import N_
from townshipdesk.store import office_rows, people_rows
from townshipdesk.store.driver import Connection

_ENDINGS: Final = (
    "社区居民委员会",
    "社区居委会",
    "村民委员会",
    "居民委员会",
    "居委会",
    "村委会",
    "社区",
    "村",
)

_ABOVE: Final = "省市州盟县区旗"
_LONGEST_ABOVE: Final = 30
_TOWN: Final = re.compile(rf"[^{_ABOVE}]{{1,7}}?(?:镇|乡|街道)")
_SEATS: Final = ("办事处", "人民政府")

UNKNOWN: Final = "unknown-village"
CONFLICT: Final = "conflict"


class Villages:
    """The office's villages, looked up as a file or a person writes them."""

    def __init__(self, conn: Connection) -> None:
        self._by_code: dict[str, int] = {}
        self._by_name: dict[str, int] = {}
        self.names: dict[int, str] = {}
        self.codes: dict[int, str] = {}
        office = office_rows.office(conn)
        self._towns = towns_of("" if office is None else str(office["name"]))
        short: dict[str, set[int]] = {}
        for row in people_rows.villages(conn):
            self.names[row["id"]] = row["name"]
            self.codes[row["id"]] = row["code"]
            self._by_code[row["code"]] = row["id"]
            self._by_name[village_key(row["name"])] = row["id"]
            for name in {short_name(row["name"]), short_name(self._without_town(row["name"]))}:
                short.setdefault(name, set()).add(row["id"])
        self._by_short = {name: ids.pop() for name, ids in short.items() if len(ids) == 1}
        self._asked: dict[tuple[str, str], int | str] = {}

    def find(self, name: str, code: str = "") -> int | str:
        """Give the village's row number, or why not: `unknown-village`, or `conflict` of the two.

        0 where neither is given.
        """
        asked = name, code
        if asked not in self._asked:
            self._asked[asked] = self._find(name, code)
        return self._asked[asked]

    def required(self, text: str) -> int:
        """Give the village somebody names by name or code. Raises NotFoundError."""
        for found in (self.find("", clean_text(text)), self.find(text)):
            if isinstance(found, int) and found:
                return found
        raise NotFoundError(N_("There is no such village in this office."), code=UNKNOWN)

    def _find(self, name: str, code: str) -> int | str:
        by_code = self._by_code.get(code) if code else 0
        by_name = self._named(name) if name else 0
        if code and by_code is None and not by_name:
            return UNKNOWN
        if name and by_name is None and not by_code:
            return UNKNOWN
        if by_code and by_name and by_code != by_name:
            return CONFLICT
        return by_code or by_name or 0

    def _named(self, name: str) -> int | None:
        for said in (name, self._without_town(name)):
            found = self._by_name.get(village_key(said))
            if found is None:
                found = self._by_short.get(short_name(said))
            if found is not None:
                return found
        return self._by_code.get(name)

    def _without_town(self, name: str) -> str:
        """Take the office's own town, and what is above it, from before a village's name.

        Another town's name stays: its 新华村 is not ours.
        """
        key = village_key(name)
        for town in self._towns:
            above, found, rest = key.partition(town)
            if found and (not above or (above[-1] in _ABOVE and len(above) <= _LONGEST_ABOVE)):
                for seat in _SEATS:
                    rest = rest.removeprefix(seat)
                return rest if len(rest) > 1 else name
        return name


def towns_of(office: str) -> tuple[str, ...]:
    """Give the town an office's name tells (某县某某镇医保窗口), none where it tells none."""
    found = _TOWN.search(village_key(office))
    return () if found is None else (found[0],)


def village_key(name: str) -> str:
    """Give what two spellings of a village's name have in common."""
    return clean_text(name).replace(" ", "").replace("（", "(").replace("）", ")")


def short_name(name: str) -> str:
    """Give a village's name without the kind of place.

    大龙箐村委会, 大龙箐村村委会 and 大龙箐村 are one.
    """
    key = village_key(name)
    for ending in _ENDINGS:
        if key.endswith(ending) and len(key) > len(ending) + 1:
            key = key.removesuffix(ending)
            return key.removesuffix("村") if len(key) > 2 else key
    return key
