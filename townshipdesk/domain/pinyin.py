"""Pinyin of names, every reading of them, for finding people by what a clerk types.

A name has as many readings as its characters allow; a clerk may know any of them, so all are kept,
the likeliest first. Surnames that are read otherwise than the character alone stand in a table.
"""

from __future__ import annotations

import functools
import os
import re
from dataclasses import dataclass
from types import ModuleType
from typing import Final

from townshipdesk.domain.names import clean_text

MAX_READINGS: Final = 8
"""More readings than this would only find strangers."""

MAX_OF_CHARACTER: Final = 3


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading of a name, lower case, no tones, ü written v: `yangfagui` and `yfg`."""

    full: str
    initials: str


_SURNAME_READINGS: Final = """
单:shan 仇:qiu 解:xie 曾:zeng 区:ou 翟:zhai/di 朴:piao 查:zha 盖:ge/gai 种:chong
重:chong 员:yun 贠:yun 缪:miao 冼:xian 洗:xian 召:shao 折:she 逄:pang 会:gui
盛:sheng 柏:bai 薄:bo 繁:po 宓:mi/fu 车:che 那:na 卜:bu 褚:chu 任:ren 哈:ha
郇:xun/huan 么:yao 幺:yao 黑:he/hei 秘:bi 能:nai 乐:yue/le 覃:qin/tan 尉:wei 祭:zhai
隗:wei/kui 纪:ji 令:ling 都:du 宿:su 钭:tou 石:shi 燕:yan 应:ying 眭:sui 厍:she
乜:nie 佘:she 晁:chao 谌:chen/shen 郗:xi/chi 郄:qie/xi 葛:ge 句:gou 牟:mu/mou
莘:shen/xin 相:xiang 行:xing 阚:kan 逯:lu 亓:qi 仉:zhang 瞿:qu 宁:ning 甯:ning
贾:jia 殷:yin 占:zhan 臧:zang 藏:zang 强:qiang 晟:cheng/sheng 长:chang/zhang 万:wan
沈:shen 俞:yu 撒:sa 訾:zi 过:guo 冯:feng 曲:qu 华:hua 干:gan 适:kuo 阿:a
奇:qi 朝:chao/zhao 兴:xing 缴:jiao 尹:yin 教:jiao 省:xing/sheng
"""

_SURNAMES: Final[dict[str, tuple[str, ...]]] = {
    surname: tuple(said.split("/")) for surname, said in re.findall(r"(.):(\S+)", _SURNAME_READINGS)
}
"""Surnames of one character whose reading the character alone would miss or put behind."""

_COMPOUND_SURNAMES: Final = {
    "尉迟": ("yu", "chi"),
    "万俟": ("mo", "qi"),
    "单于": ("chan", "yu"),
    "长孙": ("zhang", "sun"),
    "澹台": ("tan", "tai"),
    "令狐": ("ling", "hu"),
    "呼延": ("hu", "yan"),
    "拓跋": ("tuo", "ba"),
    "鲜于": ("xian", "yu"),
    "皇甫": ("huang", "fu"),
}

_characters: dict[str, tuple[str, ...]] = {}


@functools.cache
def _library() -> ModuleType:
    """Load the library without its phrases: single characters do not need those 40 MB and 0.2 s.

    Only where names are written: what is left of it still costs 70 ms.
    """
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
    os.environ.setdefault("PYPINYIN_NO_DICT_COPY", "true")
    import pypinyin

    return pypinyin


def _of_character(character: str) -> tuple[str, ...]:
    """Give the readings of one character, likeliest first; Latin letters read as themselves."""
    known = _characters.get(character)
    if known is not None:
        return known
    if character.isascii():
        found: tuple[str, ...] = (character.lower(),) if character.isalnum() else ()
    else:
        pypinyin = _library()
        said = pypinyin.pinyin(
            character, style=pypinyin.Style.NORMAL, heteronym=True, errors="ignore"
        )
        plain = dict.fromkeys(r for r in (said[0] if said else ()) if r.isascii() and r.isalpha())
        found = tuple(plain)[:MAX_OF_CHARACTER]
    _characters[character] = found
    return found


def readings(name: str) -> tuple[Reading, ...]:
    """Give every reading of a name, likeliest first, at most `MAX_READINGS`.

    Characters without a reading (a middle dot, a private-use character) are left out; a name of
    such characters alone has no reading.
    """
    return tuple(Reading(full, short) for full, short in _pairs(name))


def search_keys(name: str) -> tuple[str, ...]:
    """Give what a name is found by: every reading in full and as initials, each once."""
    return tuple(dict.fromkeys(text for pair in _pairs(name) for text in pair))


def _pairs(name: str) -> dict[tuple[str, str], None]:
    """Give full reading and initials of every reading, in order."""
    full = initials = ""
    several: list[tuple[str, str]] = []  # as soon as a character can be read in several ways
    for choices in _parts(clean_text(name).replace(" ", "")):
        if len(choices) == 1:
            only = choices[0]
            if several:
                several = [(before + only, short + only[0]) for before, short in several]
            else:
                full += only
                initials += only[0]
        elif choices:
            begun = several or [(full, initials)]
            several = [
                (before + choice, short + choice[0])
                for choice in choices
                for before, short in begun
            ][:MAX_READINGS]
    if several:
        return dict.fromkeys(several)
    return {(full, initials): None} if full else {}


def _parts(name: str) -> list[tuple[str, ...]]:
    compound = _COMPOUND_SURNAMES.get(name[:2])
    if compound is not None and len(name) > 2:
        return [(reading,) for reading in compound] + [_of_character(c) for c in name[2:]]
    parts = [_of_character(c) for c in name]
    if name[:1] in _SURNAMES:
        parts[0] = tuple(dict.fromkeys(_SURNAMES[name[0]] + parts[0]))
    return parts
