"""Pinyin of names: what a clerk may type for somebody."""

import pytest

from townshipdesk.domain.pinyin import MAX_READINGS, readings


@pytest.mark.parametrize(
    ("name", "full"),
    [
        ("杨发贵", "yangfagui"),
        ("单雄信", "shanxiongxin"),
        ("仇和", "qiuhe"),
        ("解珍", "xiezhen"),
        ("曾国", "zengguo"),
        ("区光", "ouguang"),
        ("翟云", "zhaiyun"),
        ("朴英", "piaoying"),
        ("查良", "zhaliang"),
        ("盖文", "gewen"),
        ("尉迟恭", "yuchigong"),
        ("万俟清", "moqiqing"),
        ("吕绿", "lvlv"),
        ("䶮㛃", "yanjie"),
        ("Nguyen Thi Hoa", "nguyenthihoa"),
        ("阿卜杜拉·买买提", "abudulamaimaiti"),
    ],
)
def test_the_likeliest_reading_comes_first(name, full):
    """Surnames are read as surnames, rare characters and other scripts as they are."""
    found = readings(name)
    assert full in [reading.full for reading in found]
    if "卜" not in name:
        assert found[0].full == full


def test_every_reading_is_kept():
    """A clerk who reads 乐 as le or yue finds the same person."""
    fulls = {reading.full for reading in readings("乐乐")}
    assert {"yuele", "leyue", "lele", "yueyue"} <= fulls
    assert {reading.initials for reading in readings("乐乐")} == {"yl", "ll", "ly", "yy"}


def test_names_without_a_reading_have_none():
    """Signs and private-use characters have no pinyin and break nothing."""
    assert readings("") == readings("·") == readings("\ue000") == ()


def test_readings_are_few():
    """A name of many-voiced characters does not fill the index."""
    assert len(readings("乐乐乐乐乐乐")) <= MAX_READINGS
