"""The board and the watch that are kept up entry by entry equal those read from the beginning."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.services.test_totals import History, paid
from townshipdesk.services import deposits
from townshipdesk.services.board import board
from townshipdesk.services.deposits import cash_in_hand
from townshipdesk.services.live_board import MOST_TOUCHED, LiveBoard
from townshipdesk.services.watch import LiveWatch, watch
from townshipdesk.services.work import work


def noted(desk) -> None:
    """Let what a test wrote straight into the tables count as registered."""
    with work(desk.office, desk.clerk) as w:
        w.note("test.noted", "test")


@pytest.mark.parametrize("seed", range(3))
def test_after_any_history_the_live_board_is_the_board(desk, seed):
    """Payments, reversals, refunds, moves, deaths, newcomers, nights: never a line behind."""
    desk.add_village("532399200203", "核桃村委会")
    history, live = History(desk, seed), LiveBoard()
    for _step in range(45):
        history.step()
        assert live.read(desk.office) == board(desk.office)


@pytest.mark.parametrize("seed", range(3))
def test_after_any_history_the_live_watch_is_the_watch(desk, seed):
    """Groups, cash by day and the season, also when cash is carried and carried back."""
    desk.add_village("532399200203", "核桃村委会")
    history, live = History(desk, seed), LiveWatch()
    for step in range(45):
        history.step()
        noted(desk)
        if step % 7 == 3 and cash_in_hand(desk.office):
            (held, *_villages) = cash_in_hand(desk.office)
            if held.amount_fen > 0:
                made = deposits.deposit(desk.office, desk.clerk, held.amount_fen // 2 + 1, "HK1")
                if step % 2:
                    deposits.take_back(desk.office, desk.supervisor, made.uid, "记错")
        found = live.read(desk.office)
        assert found == watch(desk.office)
        assert [(one.village_code, one.amount_fen, one.since) for one in found.cash] == [
            (one.village_code, one.amount_fen, one.days[0][0]) for one in cash_in_hand(desk.office)
        ]


def test_lines_that_nobody_touched_are_the_same_objects(desk):
    """A payment in one village leaves the other lines alone, so that nothing else is painted."""
    person, live = desk.add_resident(), LiveBoard()
    before = live.read(desk.office)
    paid(desk, person)
    after = live.read(desk.office)
    assert after.rows[0] != before.rows[0]
    assert after.rows[1] is before.rows[1]


def test_many_villages_at_once_and_a_new_target_are_read_anew(desk):
    """An import touches more than a handful; targets change without any payment."""
    for number in range(MOST_TOUCHED + 2):
        desk.add_village(f"5323992003{number:02d}", f"村{number}")
    live = LiveBoard()
    live.read(desk.office)
    for number in range(MOST_TOUCHED + 2):
        desk.add_resident(village_id=number + 3)
    assert live.read(desk.office) == board(desk.office)
    desk.office.conn.execute("UPDATE village SET target = 7 WHERE id = 1")
    assert live.read(desk.office).rows[0].totals.target == 7


def test_a_day_that_turns_moves_today_on(desk):
    """What was paid yesterday is no longer today's, without any new entry."""
    live = LiveBoard()
    paid(desk, desk.add_resident())
    assert live.read(desk.office).township.totals.today.enrolled == 1
    desk.at("2025-03-18T09:00")
    later = live.read(desk.office)
    assert later.township.totals.today.enrolled == 0
    assert replace(later, as_of=desk.office.now()) == board(desk.office)
