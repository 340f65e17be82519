"""The queue of desks that want to write: in order, and never longer than the patience."""

from __future__ import annotations

import os
import sys
import threading
import time
from pathlib import Path

import pytest

from townshipdesk.store import turn
from townshipdesk.store.turn import DeskPlace, Turn

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="fork and numbers are Unix's")


@pytest.fixture
def office(tmp_path: Path) -> Path:
    return tmp_path / "office.tdo"


def waiting_for(office: Path, entered: threading.Event, leave: threading.Event) -> threading.Thread:
    def work() -> None:
        with Turn(office).held():
            entered.set()
            leave.wait(10)

    thread = threading.Thread(target=work)
    thread.start()
    return thread


def test_one_at_a_time_has_the_turn(office: Path) -> None:
    entered, leave = threading.Event(), threading.Event()
    with Turn(office).held():
        thread = waiting_for(office, entered, leave)
        assert not entered.wait(0.05)
    assert entered.wait(5)
    leave.set()
    thread.join()


@pytest.mark.skipif(sys.platform != "linux", reason="numbers are drawn on Linux")
def test_who_came_first_goes_first(office: Path) -> None:
    order: list[int] = []
    threads = []
    drawn = Turn(office)
    with drawn.held():
        for place in range(4):
            before = _number_drawn(office)

            def work(place: int = place) -> None:
                with Turn(office).held():
                    order.append(place)

            threads.append(threading.Thread(target=work))
            threads[-1].start()
            while _number_drawn(office) == before:
                os.sched_yield()
    for thread in threads:
        thread.join()
    assert order == [0, 1, 2, 3]


def _number_drawn(office: Path) -> int:
    return int.from_bytes(office.with_name("office.tdo.turn").read_bytes()[8:16], "little")


def test_a_desk_that_dies_with_the_turn_lets_the_next_one_go_on(office: Path) -> None:
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        with Turn(office).held():
            os.write(writing, b"x")
            os.kill(os.getpid(), 9)
    assert os.read(reading, 1) == b"x"
    os.waitpid(child, 0)
    entered, leave = threading.Event(), threading.Event()
    leave.set()
    waiting_for(office, entered, leave).join()
    assert entered.is_set()


def test_patience_has_an_end_and_the_write_goes_on_to_the_database(
    office: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    went_on = []
    with Turn(office).held():
        monkeypatch.setattr(turn, "PATIENCE_SECONDS", 0.01)
        second = Turn(office)
        with second.held():
            went_on.append("while another holds the turn")
        with second.held():
            went_on.append("again: what was given up does not stand in its own way")
    monkeypatch.undo()
    with Turn(office).held():
        went_on.append("afterwards")
    assert len(went_on) == 3


def test_without_a_place_for_the_small_file_nothing_is_waited_for(tmp_path: Path) -> None:
    nowhere = tmp_path / "nowhere"
    began = time.monotonic()
    with Turn(nowhere / "office.tdo").held():
        assert time.monotonic() - began < turn.PATIENCE_SECONDS
    assert not nowhere.exists()


@pytest.mark.skipif(sys.platform != "linux", reason="places are told apart on Linux and Windows")
def test_each_desk_has_a_place_and_the_place_of_one_that_is_gone_is_taken_first(
    office: Path,
) -> None:
    first, second, third = (DeskPlace(office) for _desk in range(3))
    assert (first.number, second.number, third.number) == (1, 2, 3)
    second.close()
    again = DeskPlace(office)
    assert again.number == 2
    with Turn(office).held():  # places and turns do not stand in each other's way
        assert DeskPlace(office).number == 4
