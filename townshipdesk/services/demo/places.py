"""A township that does not exist: its villages, their codes, their groups."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Final

from townshipdesk.domain.pinyin import readings

COUNTY: Final = "532399"
"""A county code nobody has been given, in a province that exists."""

OTHER_COUNTIES: Final = ("530099", "510099", "520099")
_TOWN: Final = 201
_FIRST_VILLAGE: Final = 201
_VILLAGES_PER_TOWN: Final = 799

_FIRST: Final = (
    "青杠", "柿树", "白石", "杨柳", "麦地", "核桃", "红土", "松林", "石桥", "竹园",
    "清水", "梨园", "云山", "大栗", "小河", "双井", "黄草", "花椒", "板栗", "桃树",
)  # fmt: skip
_SECOND: Final = ("坪", "箐", "湾", "坡", "冲", "坝", "岭", "塘", "洼", "寨")
_NUMERALS: Final = "一二三四五六七八九"


@dataclass(frozen=True, slots=True)
class Village:
    """A village before it is written; `share` is how willing its people are to pay, in percent."""

    code: str
    name: str
    short: str
    prefix: str
    groups: tuple[str, ...]
    share: int


def villages(dice: Random, count: int) -> list[Village]:
    """Give so many villages with different names and codes."""
    names = [first + second for second in _SECOND for first in _FIRST]
    chosen = dice.sample(names, min(count, len(names)))
    found: list[Village] = []
    for number in range(count):
        turn, index = divmod(number, len(chosen))
        short = chosen[index] + ("" if turn == 0 else group_name(turn).removesuffix("组"))
        town, place = divmod(number, _VILLAGES_PER_TOWN)
        letters = readings(short)[0].initials[:2].upper()
        found.append(
            Village(
                code=f"{COUNTY}{_TOWN + town:03d}{_FIRST_VILLAGE + place:03d}",
                name=f"{short}社区" if number == count - 1 and count > 1 else f"{short}村委会",
                short=short,
                prefix=letters,
                groups=tuple(group_name(g) for g in range(1, dice.randint(4, 9))),
                share=dice.randint(72, 98),
            )
        )
    return found


def group_name(number: int) -> str:
    """Give the name of a village group: 一组, 十组, 十二组 …; for up to 99."""
    tens, units = divmod(number, 10)
    text = "" if tens == 0 else ("" if tens == 1 else _NUMERALS[tens - 1]) + "十"
    return text + (_NUMERALS[units - 1] if units else "") + "组"
