"""Villages as files name them: by code, by name, by a name without its 村委会 or with its town."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

from townshipdesk.domain.errors import NotFoundError
from townshipdesk.domain.names import clean_text
from townshipdesk.i18n import N_
from townshipdesk.sheets.cells import half_width
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

_GROUP: Final = "(?:村民小组|居民小组|小组|组|社|队)"
_NUMBERED: Final = re.compile(rf"第?(?:[0-9]{{1,2}}|[一二三四五六七八九十]{{1,3}}){_GROUP}")
_NAMED: Final = re.compile(rf"[\u4e00-\u9fff]{{1,8}}{_GROUP}")
_SURE: Final = ("村民委员会", "居民委员会", "村委会", "居委会", "社区")
_LONGEST: Final = 60
"""Characters of a full address down to the group."""
_SIGNS: Final = "-—–·/、,()"
_ORDINALS: Final = {
    f"{tens}{ones}": 10 * ten + one
    for ten, tens in enumerate(("", "十", "二十", "三十"))
    for one, ones in enumerate(("", *"一二三四五六七八九"))
}

UNKNOWN: Final = "unknown-village"
CONFLICT: Final = "conflict"
OTHER_GROUP: Final = "other-group"


class Part(NamedTuple):
    """What a cell with village and group says: 大龙箐村委会一组.

    `sure` where it names the village by what only a village has (村委会, 社区); `marked` also where
    it only says 村, as the places inside a village are called too.
    """

    village: int
    group: str
    sure: bool
    marked: bool


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
        self._parts: dict[str, Part | None] = {}

    def find(self, name: str, code: str = "") -> int | str:
        """Give the village's row number, or why not: `unknown-village`, or `conflict` of the two.

        0 where neither is given.
        """
        asked = name, code
        if asked not in self._asked:
            self._asked[asked] = self._find(name, code)
        return self._asked[asked]

    def home(self, name: str, code: str, group: str, default: int) -> tuple[int | str, str]:
        """Give village and group of a row whose cells may each hold both; the village as `find`.

        The same text in both is the cell of a column for both. `default` is the village of rows
        that tell none; where two villages may be meant, none is taken.
        """
        village = self.find(name, code)
        if village == UNKNOWN and name:
            part = self.part(name)
            if name == group:
                return self._home_of_both(part, group, default)
            return (village, group) if part is None else self._with_group(part, group)
        told = self.part(group)
        if told is None or isinstance(village, str) or not (village or told.sure):
            return village, group
        if told.village == (village or told.village):
            return told.village, told.group if told.marked else group
        return (CONFLICT if told.sure else village), group

    @staticmethod
    def _with_group(part: Part, group: str) -> tuple[int | str, str]:
        """Give what a cell for both and a column of groups say together."""
        if group and _group_key(group) != _group_key(part.group):
            return OTHER_GROUP, group
        return part.village, group or part.group

    @staticmethod
    def _home_of_both(part: Part | None, text: str, default: int) -> tuple[int | str, str]:
        if part is not None:
            sure = part.sure or default in (0, part.village)
            return (part.village if sure else CONFLICT), part.group
        # A group alone, or a place inside the village that the file was said to be of.
        return (0 if default or _NUMBERED.fullmatch(text) else UNKNOWN), text

    def told_by(self, groups: Iterable[str]) -> bool:
        """Tell whether any of these groups names its village as well."""
        return any(self.part(group) is not None for group in set(groups))

    def part(self, text: str) -> Part | None:
        """Give the one village and the group a text names, None where it may mean others."""
        if text not in self._parts:
            self._parts[text] = self._part(text) if text and len(text) <= _LONGEST else None
        return self._parts[text]

    def _part(self, text: str) -> Part | None:
        key = half_width(village_key(self._without_town(text)))
        found: list[Part] = []
        for end in range(2, len(key) + 1):
            name, group = key[:end], key[end:].strip(_SIGNS)
            sure = name.endswith(_SURE)
            if _NUMBERED.fullmatch(group) or (sure and (not group or _NAMED.fullmatch(group))):
                village = self._named(name)
                if village is not None:
                    found.append(Part(village, group, sure, name.endswith(("村", *_SURE))))
        return found[0] if len({part.village for part in found}) == 1 else None

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


def _group_key(group: str) -> str:
    """Give what two spellings of a group have in common: 第3村民小组 and 三组 are one."""
    key = half_width(village_key(group)).strip(_SIGNS)
    plain = re.sub(f"^第|{_GROUP}$", "", key) if _NUMBERED.fullmatch(key) else key
    return str(_ORDINALS.get(plain, plain.lstrip("0")))
