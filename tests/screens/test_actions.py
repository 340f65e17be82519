"""The one list of actions: no key twice in a place, and every screen does what it lists."""

from __future__ import annotations

import importlib
import pkgutil
from collections import defaultdict

import pytest

import townshipdesk
from townshipdesk.actions import (
    ACTIONS,
    PLACE_NAMES,
    Place,
    actions_of,
    bindings,
    places_around,
    shown_key,
)
from townshipdesk.app import DeskApp
from townshipdesk.screens.desk import DeskScreen
from townshipdesk.screens.help import help_rows
from townshipdesk.screens.palette import matching


@pytest.mark.parametrize("place", list(Place))
def test_a_key_stands_for_one_action_in_a_place_and_around_it(place):
    used = defaultdict(list)
    for item in actions_of(*places_around(place)):
        used[item.key].append(item.id)
    assert {key: ids for key, ids in used.items() if len(ids) > 1} == {}


def test_no_two_actions_have_the_same_id():
    ids = [item.id for item in ACTIONS]
    assert len(ids) == len(set(ids))


def screens_of_places() -> dict[Place, list[type]]:
    """Give the screens and boxes that name each place as theirs."""
    owners: dict[Place, list[type]] = defaultdict(list)
    owners[Place.EVERYWHERE].append(DeskApp)
    owners[Place.RESIDENT].append(DeskScreen)
    for found in pkgutil.walk_packages(townshipdesk.__path__, "townshipdesk."):
        if found.name.startswith(("townshipdesk.screens.", "townshipdesk.widgets.")):
            for kind in vars(importlib.import_module(found.name)).values():
                place = vars(kind).get("PLACE") if isinstance(kind, type) else None
                if place not in (None, Place.EVERYWHERE):  # bases that name no place of their own
                    owners[place].append(kind)
    return owners


def test_every_action_has_its_method_on_the_screens_of_its_place():
    owners = screens_of_places()
    missing = [
        f"{item.id}: {kind.__name__}"
        for item in ACTIONS
        for kind in owners[item.place]
        if not hasattr(kind, f"action_{item.method}")
    ]
    assert missing == []


def test_every_step_of_the_resident_leads_to_a_screen_that_exists():
    steps = importlib.import_module("townshipdesk.screens.resident_steps")
    assert {"pay", "identities", "why", "when", "what-if", "correct"} <= set(steps.STEPS)


def test_bindings_carry_the_ids_of_their_actions():
    made = bindings(Place.DESK, "screen")
    assert [binding.id for binding in made] == [item.id for item in actions_of(Place.DESK)]
    assert made[0].action == "screen.pay"


def test_help_lists_every_action_once_and_begins_where_one_is():
    rows = [row.action for row in help_rows(Place.PAY) if row.action is not None]
    assert sorted(item.id for item in rows) == sorted(item.id for item in ACTIONS)
    assert rows[0].place is Place.PAY


def test_every_place_has_a_name():
    assert set(PLACE_NAMES) == set(Place)


def test_keys_are_named_for_the_eye():
    assert [shown_key(key) for key in ("ctrl+p", "f2", "escape", "w")] == ["^P", "F2", "Esc", "w"]


def test_a_function_is_found_by_a_part_of_its_name_in_either_language():
    actions = list(ACTIONS)
    assert matching(actions, "日结")[0].id == "day"
    assert matching(actions, "refund")[0].id == "refund"
    assert matching(actions, "F6")[0].id == "board"
    assert matching(actions, "no such thing") == []
