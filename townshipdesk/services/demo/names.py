"""Made-up names: of every generation, with rare characters and long ones among them."""

from __future__ import annotations

from random import Random
from typing import Final

_SURNAMES: Final = (
    "李王张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁"
    "魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎"
)
_SELDOM: Final = (
    "单",
    "仇",
    "解",
    "区",
    "翟",
    "朴",
    "查",
    "盖",
    "普",
    "自",
    "欧阳",
    "尉迟",
    "上官",
)
_SELDOM_SHARE: Final = 40  # one name in so many

_MALE: Final = {
    "old": "发贵福国建明文学光有才德富兴华荣昌忠祥顺金宝树林海根生",
    "middle": "军伟强勇斌涛刚波辉峰鹏杰磊超平俊凯亮宏志永春立新",
    "young": "轩浩宇泽睿晨阳子涵博文梓俊航皓一诺铭嘉懿",
}
_FEMALE: Final = {
    "old": "秀英兰珍芬琼琴凤莲翠桂仙玉菊香美素存会",
    "middle": "丽艳梅红燕霞娟敏静玲萍芳雪琳春晓云慧",
    "young": "欣怡诗涵梓萱雨桐思语若曦佳琪可馨悦妍艺",
}
_RARE: Final = "䶮㛃𬱖𠅤𠮷"
_RARE_SHARE: Final = 220
_LONG: Final = {
    "male": ("阿卜杜拉·买买提·吐尔逊", "木呷尔布·阿说", "艾力江·吾布力卡斯木"),
    "female": ("古丽娜尔·阿布都热合曼", "迪丽努尔·艾合买提", "卓玛央金·次仁"),
}
OLD, MIDDLE = 1968, 1992
"""Years of birth before which names sound old, and before which they are a parent's."""


def surname(dice: Random) -> str:
    """Give a family name; the first ones are the most frequent."""
    if dice.randrange(_SELDOM_SHARE) == 0:
        return dice.choice(_SELDOM)
    return _SURNAMES[min(dice.randrange(len(_SURNAMES)), dice.randrange(len(_SURNAMES)))]


def long_name(sex: str, number: int) -> str:
    """Give a name that is longer than any column was made for."""
    return _LONG[sex][number % len(_LONG[sex])]


def full_name(dice: Random, family: str, sex: str, birth_year: int) -> str:
    """Give a whole name for a family name, a sex and a year of birth."""
    age = "old" if birth_year < OLD else "middle" if birth_year < MIDDLE else "young"
    letters = (_MALE if sex == "male" else _FEMALE)[age]
    given = dice.choice(letters)
    if dice.random() < (0.55 if age == "middle" else 0.9):
        given += dice.choice(letters)
    if dice.randrange(_RARE_SHARE) == 0:
        given = dice.choice(_RARE) + given[1:]
    return family + given
