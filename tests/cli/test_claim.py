"""`townshipdesk claim`: claims from the command line are those of the screen."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support import Desk
from townshipdesk.cli import main
from townshipdesk.services.payments import PaymentOrder, pay


@pytest.fixture
def call(desk: Desk, capfdbinary: pytest.CaptureFixture[bytes]) -> Any:
    person = desk.add_resident("杨发贵")
    desk.add_identity(person, "subsistence-allowance")
    pay(desk.office, desk.clerk, PaymentOrder((person,), "cash"))
    path = str(desk.office.database.path)

    def run(*arguments: str) -> tuple[int, Any]:
        status = main(["claim", *arguments, "--db", path])
        out = capfdbinary.readouterr().out
        return status, json.loads(out) if out else None

    return run


def test_what_is_owed_is_claimed_once_and_paid_once(call: Any, tmp_path: Path) -> None:
    """A second claim of the same has nothing to ask for: status 1, and no document."""
    status, before = call("list")
    assert (status, before["claims"]) == (0, [])
    assert [(o["source"], o["people"], o["unclaimed"]) for o in before["owed"]] == [
        ("medical-assistance", 1, "120.00")
    ]
    status, made = call("make", "medical-assistance")
    assert (status, made["people"], made["amount"], made["paid"]) == (0, 1, "120.00", None)
    assert call("make", "medical-assistance") == (1, None)
    number = made["claim"]
    assert call("paid", number, "--amount", "100.00", "--reference", "HK1") == (2, None)
    assert call("paid", number, "--amount", "much", "--reference", "HK1") == (2, None)
    status, paid = call("paid", number, "--amount", "120.00", "--reference", "HK1")
    assert (status, paid["paid"], paid["paid_on"]) == (0, "120.00", "2025-03-17")
    assert call("paid", number, "--amount", "120.00", "--reference", "HK1") == (1, None)
    status, after = call("list")
    assert (after["owed"][0]["unclaimed"], after["claims"]) == ("0.00", [paid])


def test_a_source_there_is_not_ends_with_status_two(call: Any) -> None:
    with pytest.raises(SystemExit) as ended:
        call("make", "nobody")
    assert ended.value.code == 2
