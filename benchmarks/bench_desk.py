"""What the desk costs the person at it: first paint, keys, lists, a scan, beside a bare app.

    python benchmarks/bench_desk.py [RESIDENTS]

First paint is measured in processes of their own, turn by turn with an empty Textual app. The rest
is measured inside one app at 120 × 40: from the moment a key arrives to the moment its frame has
been drawn. Prints medians, 99th percentiles and, for first paint, the ratio.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ.setdefault("TEXTUAL_FPS", "120")

STARTS = 12
REPEATS = 150

EMPTY = """
import sys, time
from textual.app import App
class Bare(App):
    def on_mount(self):
        self.call_after_refresh(self.painted)
    def painted(self):
        print(time.time() - float(sys.argv[1]), file=sys.stderr)
        self.exit()
Bare().run(headless=True, size=(80, 24))
"""

DESK = """
import sys, time
from dataclasses import replace
from functools import partial
from pathlib import Path
from townshipdesk.services.office import open_office
office = open_office(Path(sys.argv[2]))
from townshipdesk.app import DeskApp
from townshipdesk.screens.session import Session
from townshipdesk.services.staff import without_password
class Timed(DeskApp):
    def _begin(self):
        print(time.time() - float(sys.argv[1]), file=sys.stderr)
        self.exit()
session = Session(office, replace(without_password(office.conn, "clerk"), desk="d"), "d")
Timed(session).run(headless=True, size=(80, 24))
"""


def first_paint(code: str, *arguments: str) -> float:
    began = time.time()
    done = subprocess.run(
        [sys.executable, "-c", code, str(began), *arguments],
        capture_output=True,
        text=True,
        check=True,
    )
    return float(done.stderr.strip().splitlines()[-1]) * 1000


def shown(name: str, times: list[float]) -> float:
    times.sort()
    median = statistics.median(times)
    p99 = times[min(len(times) - 1, int(len(times) * 0.99))]
    print(f"{name:<44} median {median:7.1f} ms   p99 {p99:7.1f} ms")
    return median


def make_office(path: Path, residents: int) -> None:
    from townshipdesk.services.demo import make_demo

    make_demo(path, "longjie-2025", residents, 12, 7).close()


class Clocked:
    """A desk in this process, and the time from a key to its frame."""

    def __init__(self, path: Path) -> None:
        from townshipdesk.app import DeskApp
        from townshipdesk.screens.session import Session
        from townshipdesk.services.office import open_office
        from townshipdesk.services.staff import without_password

        self.office = open_office(path)
        actor = replace(without_password(self.office.conn, "clerk"), desk="d")
        self.app = DeskApp(Session(self.office, actor, "d"))
        self.drawn = asyncio.Event()
        real = self.app._display

        def display(screen, renderable):  # type: ignore[no-untyped-def]
            real(screen, renderable)
            self.drawn.set()

        self.app._display = display  # type: ignore[method-assign]  # the moment a frame is drawn

    @property
    def desk(self):  # type: ignore[no-untyped-def]
        return self.app.screen

    def numbers(self, count: int) -> list[str]:
        found = self.office.conn.execute(
            "SELECT d.number FROM document AS d JOIN resident AS r ON r.id = d.resident_id"
            " WHERE r.status = 'living' AND d.is_current = 1 AND length(d.number) = 18"
            " ORDER BY d.number LIMIT ?",
            (count,),
        )
        return [row[0] for row in found]

    def key(self, name: str, character: str | None = None) -> None:
        from textual import events

        self.app.post_message(events.Key(name, character))

    async def timed(self, send: Callable[[], None], happened: Callable[[], bool]) -> float:
        self.drawn.clear()
        began = time.perf_counter()
        send()
        while True:
            await self.drawn.wait()
            self.drawn.clear()
            if happened():
                return (time.perf_counter() - began) * 1000


async def typing(clocked: Clocked, pause: Callable[[], object]) -> None:
    desk = clocked.desk
    times = []
    for _round in range(REPEATS):
        desk.lookup.put("")
        await pause()  # type: ignore[misc]
        times.append(
            await clocked.timed(lambda: clocked.key("l", "l"), lambda: desk.lookup.value == "l")
        )
    shown("key to text", times)
    times = []
    for turn in range(REPEATS):
        desk.lookup.put("")
        await pause()  # type: ignore[misc]
        desk.found.set_rows([])
        first, second = "lx" if turn % 2 else "wy"
        clocked.key(first, first)
        await asyncio.sleep(0.06)
        await pause()  # type: ignore[misc]
        times.append(
            await clocked.timed(
                partial(clocked.key, second, second), lambda: len(desk.found.rows) > 5
            )
        )
    shown("a letter to the list of people found", times)
    times = []
    desk.set_focus(desk.found)
    for turn in range(REPEATS):
        await pause()  # type: ignore[misc]
        before = desk.found.cursor
        name = "down" if (turn // 20) % 2 == 0 else "up"
        if (name == "up" and not before) or before == len(desk.found.rows) - 1:
            continue
        times.append(
            await clocked.timed(partial(clocked.key, name), lambda b=before: desk.found.cursor != b)  # type: ignore[misc]
        )
    shown("cursor down a list", times)


async def scanning(clocked: Clocked, pause: Callable[[], object]) -> None:
    desk = clocked.desk
    times = []
    for number in clocked.numbers(REPEATS):
        desk.back_to_lookup()
        await pause()  # type: ignore[misc]

        def scan(text: str = number) -> None:
            for character in text:
                clocked.key(character, character)
            clocked.key("enter", "\r")

        def is_open(text: str = number) -> bool:
            return desk.view is not None and desk.view.card.person.number == text

        times.append(await clocked.timed(scan, is_open))
    shown("18 digits and Enter to the resident", times)
    times = []
    for _round in range(REPEATS):
        await pause()  # type: ignore[misc]
        times.append(await clocked.timed(desk.reload, lambda: True))
    shown("the resident shown again after a commit", times)


async def inside(path: Path) -> None:
    clocked = Clocked(path)
    async with clocked.app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        await clocked.desk.complete()
        await typing(clocked, pilot.pause)
        await scanning(clocked, pilot.pause)
    clocked.office.close()


def main() -> None:
    residents = int(sys.argv[1]) if len(sys.argv) > 1 else 3000
    with tempfile.TemporaryDirectory(dir=".") as folder:
        path = Path(folder) / "office.tdo"
        make_office(path, residents)
        empty, desk = [], []
        for _turn in range(STARTS):
            empty.append(first_paint(EMPTY))
            desk.append(first_paint(DESK, str(path)))
        ratio = shown("first paint of the desk", desk) / shown("first paint of an empty app", empty)
        print(f"desk / empty app = {ratio:.2f}")
        asyncio.run(inside(path))


if __name__ == "__main__":
    main()
