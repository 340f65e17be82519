"""What the board costs with a whole township on it, and how soon another desk's payment is seen.

    python benchmarks/bench_board.py [RESIDENTS] [VILLAGES] [OFFICE]

OFFICE is a file to keep the made-up township in, so that the next run need not make it. Prints
medians and 99th percentiles in milliseconds. "From noticing to drawn" is what the screen takes
after a commit was noticed; "from commit to drawn" adds the four looks a second. Payments are timed
beside a board of another process too; what the tallies cost them is in bench_totals.
"""

from __future__ import annotations

import asyncio
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ.setdefault("TEXTUAL_FPS", "120")

from benchmarks.board_office import make_township
from townshipdesk.app import DeskApp
from townshipdesk.screens.board import BoardScreen
from townshipdesk.screens.session import Session
from townshipdesk.services.board import board
from townshipdesk.services.live_board import LiveBoard
from townshipdesk.services.office import Office, open_office
from townshipdesk.services.payments import PaymentOrder, pay
from townshipdesk.services.staff import Actor, without_password
from townshipdesk.services.watch import LiveWatch

PAYMENTS = 200
BLOCKS = 6
BLOCK = 120
"""Payments timed in one go: a board looks four times a second, so a block must last longer."""
FOLLOW = "--follow"


def shown(name: str, times: list[float]) -> float:
    """Print the median and the 99th percentile, and give the median."""
    times.sort()
    median = statistics.median(times)
    p99 = times[min(len(times) - 1, int(len(times) * 0.99))]
    print(f"{name:<46} median {median:8.2f} ms   p99 {p99:8.2f} ms")
    return median


def took(call: Callable[[], object]) -> float:
    """Give how long a call takes, in milliseconds."""
    began = time.perf_counter()
    call()
    return (time.perf_counter() - began) * 1000


def unpaid(office: Office, count: int) -> Iterator[int]:
    """Give people who can still pay, from villages all over the township."""
    rows = office.conn.execute(
        "SELECT id FROM resident AS r WHERE status = 'living' AND NOT EXISTS"
        " (SELECT 1 FROM enrolment WHERE resident_id = r.id AND year = ?)"
        " ORDER BY (id * 7919) % 65537 LIMIT ?",
        (office.year, count),
    ).fetchall()
    return iter([row[0] for row in rows])


def figures(office: Office, clerk: Actor, people: Iterator[int]) -> None:
    """Time what is read after a payment: the touched villages, and everything."""
    reading = office.again()
    live, live_watch = LiveBoard(), LiveWatch()
    print(f"{'the board read first':<46}        {took(lambda: live.read(reading)):8.2f} ms")
    print(f"{'the watch read first':<46}        {took(lambda: live_watch.read(reading)):8.2f} ms")
    paid, kept, whole, watched = [], [], [], []
    for number in range(PAYMENTS):
        person = next(people)
        paid.append(took(lambda one=person: pay(office, clerk, PaymentOrder((one,), "cash"))))
        kept.append(took(lambda: live.read(reading)))
        if number % 10 == 0:
            whole.append(took(lambda: board(reading)))
            watched.append(took(lambda: live_watch.read(reading)))
    shown("a payment", paid)
    shown("figures after a payment", kept)
    shown("all villages read anew", whole)
    shown("groups, cash, deadlines after a payment", watched)
    reading.close()


def beside_a_board(path: Path, office: Office, clerk: Actor, people: Iterator[int]) -> None:
    """Time payments while a board in another process follows them, and while it is held still.

    The two take turns, so that a busy machine is busy for both.
    """
    board_process = subprocess.Popen(
        [sys.executable, __file__, FOLLOW, str(path)], stdout=subprocess.PIPE
    )
    assert board_process.stdout is not None
    board_process.stdout.readline()
    with_board: list[float] = []
    without: list[float] = []
    for _block in range(BLOCKS):
        for found, sign in ((without, signal.SIGSTOP), (with_board, signal.SIGCONT)):
            board_process.send_signal(sign)
            for _payment in range(BLOCK):
                order = PaymentOrder((next(people),), "cash")
                found.append(took(lambda order=order: pay(office, clerk, order)))
    board_process.kill()
    board_process.wait()
    ratio = shown("a payment beside a board", with_board) / shown("a payment, no board", without)
    print(f"  payment with a board / without = {ratio:.3f}")


def follow(path: Path) -> None:
    """Read what a board reads, four looks a second, until killed."""
    office, live, live_watch, version = open_office(path), LiveBoard(), LiveWatch(), -1
    while True:
        if (now := office.database.data_version()) != version:
            version = now
            live.read(office)
            live_watch.read(office)
            print("read", flush=True)
        time.sleep(0.25)


class Watched:
    """A board in a terminal of some size, and the moment each frame of it is drawn."""

    def __init__(self, app: DeskApp, screen: BoardScreen) -> None:
        self.app, self.screen = app, screen
        self.drawn = asyncio.Event()
        display = app._display

        def seen(*arguments: object) -> None:
            display(*arguments)  # type: ignore[arg-type]  # handed on as they come
            self.drawn.set()

        app._display = seen  # type: ignore[method-assign]  # the moment a frame is drawn

    @property
    def heads(self) -> int:
        """The figure that a payment changes."""
        return self.screen.township.rows[0].village.totals.enrolled

    async def until_drawn(self, begin: Callable[[], object]) -> float:
        """Begin something and give the milliseconds until the next frame."""
        self.drawn.clear()
        began = time.perf_counter()
        begin()
        await self.drawn.wait()
        return (time.perf_counter() - began) * 1000

    async def until_seen(self, commit: Callable[[], object], *, at_once: bool) -> float | None:
        """Give the time until a commit is drawn; None where the app was quicker than this watch.

        With `at_once` the app looks right after the commit, and that look begins the time.
        """
        before, began = self.heads, time.perf_counter()
        await asyncio.to_thread(commit)
        if at_once:
            began = time.perf_counter()
        self.drawn.clear()
        if self.heads != before:
            return None
        if at_once:
            self.app._poll()
        while self.heads == before:
            await self.drawn.wait()
            self.drawn.clear()
        return (time.perf_counter() - began) * 1000


async def on_screen(path: Path, size: tuple[int, int]) -> None:
    """Time from another desk's commit to the frame that shows it."""
    office, other = open_office(path), open_office(path)
    clerk = without_password(office.conn, "clerk")
    second = replace(without_password(other.conn, "supervisor"), desk="desk-2")
    people = unpaid(other, PAYMENTS)
    app = DeskApp(Session(office, replace(clerk, desk="desk-1"), "desk-1"))

    def commit() -> None:
        pay(other, second, PaymentOrder((next(people),), "cash"))

    async with app.run_test(size=size) as pilot:
        await app.action_board()
        screen = app.screen
        assert isinstance(screen, BoardScreen)
        while screen._watch is None or screen._board is None:
            await pilot.pause()
        watched = Watched(app, screen)
        name = f"{size[0]}×{size[1]}"
        frames = [await watched.until_drawn(screen.township.refresh) for _n in range(100)]
        bare = shown(f"{name}: one line drawn again", frames)
        found = [await watched.until_seen(commit, at_once=True) for _n in range(PAYMENTS - 40)]
        seen = shown(f"{name}: from noticing to drawn", [one for one in found if one is not None])
        print(f"  noticing to drawn / one line = {seen / bare:.2f}")
        found = [await watched.until_seen(commit, at_once=False) for _n in range(40)]
        shown(f"{name}: from commit to drawn", [one for one in found if one is not None])
        frames = [await watched.until_drawn(screen.action_sort) for _n in range(40)]
        shown(f"{name}: sorted by the next column", frames)
    office.close()
    other.close()


def main() -> None:
    """Make the township where it is not there yet, and measure."""
    if sys.argv[1:2] == [FOLLOW]:
        follow(Path(sys.argv[2]))
    residents = int(sys.argv[1]) if len(sys.argv) > 1 else 350_000
    villages = int(sys.argv[2]) if len(sys.argv) > 2 else 300
    with tempfile.TemporaryDirectory(dir=".") as folder:
        path = Path(sys.argv[3]) if len(sys.argv) > 3 else Path(folder) / "office.tdo"
        if not path.exists():
            make_township(path, residents, villages).close()
        office = open_office(path)
        clerk = without_password(office.conn, "clerk")
        print(f"{residents} residents, {villages} villages")
        figures(office, clerk, unpaid(office, PAYMENTS))
        beside_a_board(path, office, clerk, unpaid(office, 2 * BLOCKS * BLOCK))
        office.close()
        for size in ((80, 24), (200, 60)):
            asyncio.run(on_screen(path, size))


if __name__ == "__main__":
    main()
