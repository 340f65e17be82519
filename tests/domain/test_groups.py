"""Village groups stand in the order in which people count them."""

from __future__ import annotations

from townshipdesk.domain.groups import group_order


def test_groups_are_counted_and_not_spelled():
    """Sorted as text, 三组 would stand before 二组 and 10组 before 2组."""
    wanted = ["一组", "二组", "三组", "九组", "十组", "十一组", "二十组", "二十一组", "大村组", ""]
    assert sorted(set(wanted), key=group_order) == wanted
    assert sorted(["10组", "2组", "１组"], key=group_order) == ["１组", "2组", "10组"]
    assert group_order("第三村民小组")[0] == 3
