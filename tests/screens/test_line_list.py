"""The one list of the desk: columns that line up, a cursor that stays, marks, digits."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from rich.cells import cell_len
from textual.app import App, ComposeResult
from textual.content import Content

from townshipdesk.widgets.cells import bar, beside, clip, fit, folded
from townshipdesk.widgets.line_list import Column, LineList


@dataclass(frozen=True)
class Row:
    key: int
    name: str
    amount: str = "220.00"


def columns() -> list[Column[Row]]:
    return [
        Column(lambda: "姓名", 8, lambda row: row.name, share=1),
        Column(lambda: "备注", 10, lambda row: "x" * 30, leave=1),
        Column(lambda: "金额", 8, lambda row: row.amount, right=True, tone="strong"),
    ]


class ListApp(App[None]):
    def __init__(self, rows: list[Row], **options: object) -> None:
        super().__init__()
        self.made = LineList(columns(), rows, key=lambda row: row.key, **options)
        self.chosen: list[int] = []

    def compose(self) -> ComposeResult:
        yield self.made

    def on_line_list_chosen(self, event: LineList.Chosen) -> None:
        self.chosen.append(event.row.key)


def lines(app: ListApp) -> list[str]:
    return [
        "".join(segment.text for segment in app.made.render_line(y))
        for y in range(app.made.size.height)
    ]


NAMES = [
    "张三",
    "阿卜杜拉·买买提江·吾斯曼",
    "䶮㛃𬱖𠅤",
    "Anna Maria Kowalska-Brown",
    "李[/b]四",
    "王\x1b[31m五",
]


@pytest.mark.parametrize("width", [20, 33, 80])
async def test_every_line_is_exactly_as_wide_as_the_list_whatever_the_names(width):
    app = ListApp([Row(i, name) for i, name in enumerate(NAMES)])
    async with app.run_test(size=(width, 10)):
        for line in lines(app):
            assert cell_len(line) == app.made.scrollable_content_region.width
            assert "\x1b" not in line


async def test_the_amounts_stand_below_each_other():
    app = ListApp([Row(i, name) for i, name in enumerate(NAMES)])
    async with app.run_test(size=(60, 10)):
        ends = {
            cell_len(line[: line.index("220.00")]) for line in lines(app)[1:] if "220.00" in line
        }
        assert len(ends) == 1


async def test_a_narrow_list_leaves_the_columns_out_that_may_go():
    app = ListApp([Row(1, "张三")])
    async with app.run_test(size=(24, 5)):
        assert "x" not in lines(app)[1]
        assert "220.00" in lines(app)[1]


async def test_replacing_the_rows_keeps_the_cursor_on_its_row_and_the_marks():
    app = ListApp([Row(i, f"人{i}") for i in range(50)], marks=True)
    async with app.run_test(size=(40, 10)) as pilot:
        await pilot.press("down", "down", "space")
        app.made.set_rows([Row(i, f"人{i}", "1.00") for i in range(-5, 50)], keep=True)
        await pilot.pause()
        assert app.made.current is not None
        assert app.made.current.key == 2
        assert [row.key for row in app.made.marked_rows] == [2]


async def test_digits_open_what_they_number_on_the_screen():
    app = ListApp([Row(i, f"人{i}") for i in range(50)], digits=True)
    async with app.run_test(size=(40, 10)) as pilot:
        await pilot.press("3")
        await pilot.press("end")
        await pilot.press("1")
        await pilot.pause()
        assert app.chosen == [2, 41]


async def test_the_cursor_is_always_in_sight():
    app = ListApp([Row(i, f"人{i}") for i in range(10_000)])
    async with app.run_test(size=(40, 10)) as pilot:
        for key, row in (("end", 9_999), ("pageup", 9_990), ("home", 0), ("pagedown", 9)):
            await pilot.press(key)
            assert app.made.cursor == row
            assert any(f"人{row}" in line for line in lines(app))


async def test_lanes_set_rows_side_by_side():
    app = ListApp([Row(i, f"人{i}") for i in range(5)], lanes=2, head=False)
    async with app.run_test(size=(60, 6)) as pilot:
        await pilot.pause()
        assert "人0" in lines(app)[0]
        assert "人1" in lines(app)[0]
        await pilot.press("right", "down")
        assert app.made.cursor == 3


async def test_an_empty_list_takes_every_key_calmly():
    app = ListApp([], marks=True, digits=True)
    async with app.run_test(size=(40, 6)) as pilot:
        await pilot.press("down", "up", "end", "home", "enter", "space", "5", "pagedown")
        assert app.chosen == []


async def test_a_click_moves_the_cursor_and_a_second_one_opens():
    app = ListApp([Row(i, f"人{i}") for i in range(5)])
    async with app.run_test(size=(40, 8)) as pilot:
        await pilot.click(LineList, offset=(3, 3))
        assert app.made.cursor == 2
        assert app.chosen == []
        await pilot.click(LineList, offset=(3, 3))
        await pilot.pause()
        assert app.chosen == [2]


def test_text_is_cut_between_characters_never_inside_one():
    assert clip("阿卜杜拉", 8) == "阿卜杜拉"
    assert clip("阿卜杜拉", 7) == "阿卜杜…"
    assert cell_len(fit("阿卜杜拉", 6)) == 6
    assert fit("1.00", 8, right=True) == "    1.00"


def test_two_texts_at_the_ends_of_a_line_never_run_into_each_other():
    for width in range(1, 40):
        assert beside("左边的文字很长很长", "right", width).cell_length <= max(width, 0)


def test_a_bar_shows_eighths_and_never_more_than_its_width():
    assert bar(1, 2, 4) == "██  "
    assert bar(1, 16, 2) == "▏ "
    assert bar(9, 2, 4) == "████"
    assert bar(1, 0, 3) == "   "


def test_chinese_is_folded_at_cells_and_no_line_begins_with_a_closing_mark():
    """Nothing is lost, every line fits, what follows is set in, and words of letters stay whole."""
    text = "  4 × 文件没有规定：由主管人员决定，没有收款。Nothing was taken at all"
    for width in (20, 21, 30, 33, 80):
        lines = folded(Content(text), width).plain.split("\n")
        assert all(cell_len(line) <= width for line in lines)
        assert all(line.startswith("    ") and line[4] not in "。，：" for line in lines[1:])
        assert lines[0] + "".join(line[4:] for line in lines[1:]) == text
        assert "Nothing" in "\n".join(lines)
