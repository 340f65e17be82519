"""The one list of the desk: rows painted line by line, at any number of rows.

It starts, scrolls and refreshes without making a widget for each row. Cells are plain text: they
are cleaned of everything that drives a terminal and never read as markup.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, ClassVar, Final, Generic, TypeVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.cache import LRUCache
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from townshipdesk.domain.names import display_text
from townshipdesk.widgets.cells import cell_len, fit
from townshipdesk.widgets.columns import Column, lay_out

__all__ = ["TONES", "Column", "LineList"]

R = TypeVar("R")

TONES: Final = ("strong", "heading", "quiet", "good", "warning", "bad")
"""Names a column may give a cell; the style sheet says how each looks."""

KEPT_LINES: Final = 4_000


class LineList(ScrollView, Generic[R], can_focus=True):
    """A list of rows in columns, with a cursor, marks and digits that pick."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "line-list--head",
        "line-list--cursor",
        "line-list--idle-cursor",
        "line-list--mark",
        *(f"line-list--{tone}" for tone in TONES),
    }
    DEFAULT_CSS = """
    LineList { height: 1fr; overflow-x: hidden; scrollbar-size-vertical: 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", show=False),
        Binding("down", "move(1)", show=False),
        Binding("left", "aside(-1)", show=False),
        Binding("right", "aside(1)", show=False),
        Binding("pageup", "page(-1)", show=False),
        Binding("pagedown", "page(1)", show=False),
        Binding("home", "edge(False)", show=False),
        Binding("end", "edge(True)", show=False),
        Binding("enter", "choose", show=False),
        Binding("space", "mark", show=False),
        *(Binding(str(digit), f"pick({digit})", show=False) for digit in range(1, 10)),
    ]

    cursor: reactive[int] = reactive(0, repaint=False)

    class Chosen(Message):
        """A row was opened with Enter, a digit or a click."""

        def __init__(self, line_list: LineList[Any], row: Any, index: int) -> None:
            super().__init__()
            self.line_list = line_list
            self.row = row
            self.index = index

        @property
        def control(self) -> LineList[Any]:
            """The list, for selectors."""
            return self.line_list

    class Moved(Message):
        """The cursor stands on another row."""

        def __init__(self, line_list: LineList[Any], index: int) -> None:
            super().__init__()
            self.line_list = line_list
            self.index = index

        @property
        def control(self) -> LineList[Any]:
            """The list, for selectors."""
            return self.line_list

    class Marked(Message):
        """The set of marked rows changed."""

        def __init__(self, line_list: LineList[Any]) -> None:
            super().__init__()
            self.line_list = line_list

        @property
        def control(self) -> LineList[Any]:
            """The list, for selectors."""
            return self.line_list

    def __init__(
        self,
        columns: Sequence[Column[R]],
        rows: Sequence[R] = (),
        *,
        key: Callable[[R], object] | None = None,
        head: bool = True,
        lanes: int = 1,
        digits: bool = False,
        marks: bool = False,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        """Show `rows` in `columns`. `key` tells a row apart when the rows are replaced.

        `digits` numbers the first nine rows on the screen and lets 1 to 9 open them; `marks` lets
        the space bar mark rows; `lanes` sets that many rows side by side.
        """
        super().__init__(id=id, classes=classes)
        self._columns = tuple(columns)
        self._rows: Sequence[R] = rows
        self._key = key
        self._head = head
        self._lanes = lanes
        self._digits = digits
        self._marks = marks
        self.marked: set[object] = set()
        self._kept: LRUCache[tuple[object, ...], list[Segment]] = LRUCache(KEPT_LINES)
        self._room = -1
        self._widths: tuple[tuple[Column[R], int], ...] | None = None

    # ------------------------------------------------------------------------------- what it holds

    @property
    def rows(self) -> Sequence[R]:
        """The rows shown."""
        return self._rows

    @property
    def current(self) -> R | None:
        """The row under the cursor, None in an empty list."""
        return self._rows[self.cursor] if 0 <= self.cursor < len(self._rows) else None

    @property
    def marked_rows(self) -> list[R]:
        """The marked rows, in order."""
        return [row for row in self._rows if self._key_of(row) in self.marked]

    def set_rows(self, rows: Sequence[R], *, keep: bool = False) -> None:
        """Show other rows. With `keep` cursor and marks stay on the rows of the same keys."""
        wanted = None
        if keep and self._key is not None and self.current is not None:
            wanted = self._key(self.current)
        offset = self.scroll_offset
        self._rows = rows
        if not keep:
            self.marked.clear()
        self._measure()
        if wanted is None:
            self.cursor = min(self.cursor, max(0, len(rows) - 1)) if keep else 0
        else:
            self.cursor = self._index_of(wanted)
        if keep:
            self.scroll_to(y=offset.y, animate=False, immediate=True)
        else:
            self.scroll_to(y=0, animate=False, immediate=True)
        self.relabel()
        height = self.styles.height
        if height is not None and height.is_auto and self.size.height != self._lines + self._head:
            self.refresh(layout=True)

    def relabel(self) -> None:
        """Paint everything again, for another language or changed rows."""
        self._kept.clear()
        self._widths = None
        self.refresh()

    def toggle_mark(self, row: R) -> None:
        """Mark a row, or take its mark away."""
        self.marked ^= {self._key_of(row)}
        self.relabel()
        self.post_message(self.Marked(self))

    def _key_of(self, row: R) -> object:
        return row if self._key is None else self._key(row)

    def _index_of(self, key: object) -> int:
        for index, row in enumerate(self._rows):
            if self._key_of(row) == key:
                return index
        return min(self.cursor, max(0, len(self._rows) - 1))

    # -------------------------------------------------------------------------------- its measures

    @property
    def _lines(self) -> int:
        return -(-len(self._rows) // self._lanes)

    def _measure(self) -> None:
        self.virtual_size = Size(self.size.width, self._lines + self._head)

    def get_content_height(
        self,
        container: Size,  # noqa: ARG002 - the base class gives it
        viewport: Size,  # noqa: ARG002 - the base class gives it
        width: int,  # noqa: ARG002 - the base class gives it
    ) -> int:
        """Give the height all rows would take, for lists with `height: auto`."""
        return self._lines + self._head

    def on_resize(self) -> None:
        """Lay the columns out for the new width."""
        self._widths = None
        self._kept.clear()
        self._measure()
        self._show_cursor()

    def on_mount(self) -> None:
        """Measure the first rows."""
        self._measure()

    def notify_style_update(self) -> None:
        """Forget painted lines when the theme changes."""
        self._kept.clear()
        super().notify_style_update()

    def _lane_width(self) -> int:
        return self.scrollable_content_region.width // self._lanes

    def _laid_out(self) -> tuple[tuple[Column[R], int], ...]:
        """Give the columns that fit, with the width of each."""
        room = self._lane_width() - self._margin
        if self._widths is None or room != self._room:  # a scrollbar takes a cell, or gives it back
            self._room = room
            self._kept.clear()
            self._widths = lay_out(self._columns, room)
        return self._widths

    @property
    def _margin(self) -> int:
        return 2 + (2 if self._digits else 0) + (2 if self._marks else 0)

    # ------------------------------------------------------------------------------------ painting

    def render_line(self, y: int) -> Strip:
        """Paint one line of the screen."""
        self._laid_out()
        width = self.scrollable_content_region.width
        base = self.rich_style
        if self._head and y == 0:
            segments = self._head_segments()
        else:
            line = y - self._head + self.scroll_offset.y
            first = line * self._lanes
            segments = []
            for index in range(first, min(first + self._lanes, len(self._rows))):
                segments += self._row_segments(index, line - self.scroll_offset.y)
        strip = Strip(segments)
        return strip.adjust_cell_length(width, base).crop(0, width)

    def _head_segments(self) -> list[Segment]:
        style = self.get_component_rich_style("line-list--head")
        cells = [fit(c.title(), w, right=c.right) for c, w in self._laid_out()]
        text = " " * self._margin + " ".join(cells)
        return [Segment(text.ljust(self.scrollable_content_region.width), style)]

    def _row_segments(self, index: int, place: int) -> list[Segment]:
        row = self._rows[index]
        here = index == self.cursor
        number = place + 1 if self._digits and 0 <= place < 9 else 0
        key = (self._key_of(row), index, here, self.has_focus, number)
        if self._key is not None and (kept := self._kept.get(key)) is not None:
            return kept
        painted = self._paint(row, here=here, number=number)
        if self._key is not None:
            self._kept[key] = painted
        return painted

    def _paint(self, row: R, *, here: bool, number: int) -> list[Segment]:
        base = self.rich_style
        over = self._cursor_style() if here else Style.null()
        marked = self._key_of(row) in self.marked
        segments = [Segment("▸ " if here else "  ", base + over)]
        if self._digits:
            quiet = base + self._tone("quiet")
            segments.append(Segment(f"{number} " if number else "  ", quiet + over))
        if self._marks:
            mark = self.get_component_rich_style("line-list--mark", partial=True)
            sign = base + mark + over if marked else base + self._tone("quiet") + over
            segments.append(Segment("● " if marked else "○ ", sign))
        first = True
        for column, width in self._laid_out():
            if not first:
                segments.append(Segment(" ", base + over))
            first = False
            tone = column.tone if isinstance(column.tone, str) else column.tone(row)
            style = base + self._tone(tone) + over if tone else base + over
            text = fit(display_text_spaced(column.text(row)), width, right=column.right)
            segments.append(Segment(text, style))
        used = sum(cell_len(segment.text) for segment in segments)
        segments.append(Segment(" " * max(0, self._lane_width() - used), base + over))
        return segments

    def _cursor_style(self) -> Style:
        name = "cursor" if self.has_focus else "idle-cursor"
        return self.get_component_rich_style(f"line-list--{name}", partial=True)

    def _tone(self, tone: str) -> Style:
        return self.get_component_rich_style(f"line-list--{tone}", partial=True)

    # -------------------------------------------------------------------------------------- moving

    def validate_cursor(self, value: int) -> int:
        """Keep the cursor on a row."""
        return max(0, min(value, len(self._rows) - 1))

    def watch_cursor(self, before: int, after: int) -> None:
        """Paint the two lines the cursor left and reached."""
        if before == after:
            return
        self._show_cursor()
        for index in (before, after):
            line = index // self._lanes + self._head - self.scroll_offset.y
            self.refresh(Region(0, line, self.size.width, 1))
        self.post_message(self.Moved(self, after))

    def watch_has_focus(self, _has_focus: bool) -> None:
        """Show by the cursor whether keys come here; no style of the sheet depends on it."""
        self._kept.clear()
        self.refresh()

    def _show_cursor(self) -> None:
        line = self.cursor // self._lanes
        height = max(1, self.scrollable_content_region.height - self._head)
        top = self.scroll_offset.y
        if line < top:
            self.scroll_to(y=line, animate=False, immediate=True)
        elif line >= top + height:
            self.scroll_to(y=line - height + 1, animate=False, immediate=True)

    def action_move(self, lines: int) -> None:
        """Move the cursor up or down."""
        self.cursor += lines * self._lanes

    def action_aside(self, lanes: int) -> None:
        """Move the cursor to the row beside, in lists with lanes."""
        if self._lanes > 1:
            self.cursor += lanes

    def action_page(self, pages: int) -> None:
        """Move the cursor by a screen."""
        height = max(1, self.scrollable_content_region.height - self._head)
        self.cursor += pages * height * self._lanes

    def action_edge(self, last: bool) -> None:
        """Move the cursor to the first or the last row."""
        self.cursor = len(self._rows) - 1 if last else 0

    def action_choose(self) -> None:
        """Open the row under the cursor."""
        row = self.current
        if row is not None:
            self.post_message(self.Chosen(self, row, self.cursor))

    def action_mark(self) -> None:
        """Mark the row under the cursor and go on to the next."""
        row = self.current
        if self._marks and row is not None:
            self.toggle_mark(row)

    def action_pick(self, digit: int) -> None:
        """Open the row with this number on the screen."""
        index = self.scroll_offset.y * self._lanes + digit - 1
        if self._digits and 0 <= index < len(self._rows):
            self.cursor = index
            self.action_choose()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave digits and space to others where the list does not use them."""
        if action == "pick":
            return self._digits
        if action == "mark":
            return self._marks
        if action == "aside":
            return self._lanes > 1
        return super().check_action(action, parameters)

    def on_click(self, event: events.Click) -> None:
        """Move the cursor to the row clicked on; a second click opens it."""
        line = event.y - self._head
        if line < 0:
            return
        lane = min(self._lanes - 1, event.x // max(1, self._lane_width()))
        index = (line + self.scroll_offset.y) * self._lanes + lane
        if not 0 <= index < len(self._rows):
            return
        if index == self.cursor or event.chain > 1:
            self.cursor = index
            self.action_choose()
        else:
            self.cursor = index


def display_text_spaced(text: str) -> str:
    """Give text for the screen, but keep spaces that line figures and bars up."""
    if text.isascii() and text.isprintable():
        return text
    if "  " not in text and text[:1] != " ":
        return display_text(text)
    return " ".join([display_text(part) for part in text.split(" ")])
