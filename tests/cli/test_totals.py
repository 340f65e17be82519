"""`townshipdesk totals` as the contract gives it."""

from __future__ import annotations

import json

import pytest

from tests.support import Desk
from townshipdesk.cli import main
from townshipdesk.services.payments import PaymentOrder, pay


def run(desk: Desk, capfd, *arguments: str) -> tuple[int, dict, str]:
    """Run the command on the desk's file; give its status, its document and what it said."""
    status = main(["totals", "--db", str(desk.office.database.path), *arguments])
    out, err = capfd.readouterr()
    return status, json.loads(out) if out else {}, err


def test_the_document_has_the_keys_of_the_contract_and_no_others(desk, capfd):
    """Names, order and form of every key are those of the contract."""
    resident = desk.add_resident()
    desk.add_identity(resident, "subsistence-allowance")
    pay(desk.office, desk.clerk, PaymentOrder((resident,), "cash"))
    status, document, _err = run(desk, capfd)
    assert status == 0
    assert list(document) == ["year", "policy", "as_of", "villages", "township"]
    assert document["villages"][0] == {
        "code": "532399200201",
        "name": "青杠村委会",
        "residents": 1,
        "base": 100,
        "target": 92,
        "enrolled": 1,
        "target_reached": False,
        "individual": "280.00",
        "subsidies": {"medical-assistance": "120.00"},
        "refunded": "0.00",
        "today": {"enrolled": 1, "amount": "280.00", "refunded": "0.00"},
    }
    assert list(document["township"]) == list(document["villages"][0])


def test_a_past_moment_gives_what_it_gave(desk, capfd):
    """--at before the payment shows none of it; the moment stands in as_of."""
    pay(desk.office, desk.clerk, PaymentOrder((desk.add_resident(),), "cash"))
    status, document, _err = run(desk, capfd, "--at", "2025-03-17T08:59:59")
    assert (status, document["as_of"]) == (0, "2025-03-17T08:59:59+08:00")
    assert document["township"]["enrolled"] == 0


def test_one_village_by_its_code(desk, capfd):
    """--village gives that village alone; a code nobody has ends with status 1 and a sentence."""
    status, document, _err = run(desk, capfd, "--village", "532399200202")
    assert (status, [v["name"] for v in document["villages"]]) == (0, ["柿树村委会"])
    status, document, err = run(desk, capfd, "--village", "1")
    assert (status, document) == (1, {})
    assert "1" in err


def test_a_moment_that_is_none_is_a_wrong_call(desk, capfd):
    """Exit status 2, without a traceback."""
    with pytest.raises(SystemExit) as stopped:
        run(desk, capfd, "--at", "yesterday")
    assert stopped.value.code == 2


def test_a_period_is_asked_for_by_its_days(desk, capfd):
    """From and to, both included; without --to up to today; a turned period is a wrong call."""
    pay(desk.office, desk.clerk, PaymentOrder((desk.add_resident(),), "cash"))
    status, document, _err = run(desk, capfd, "--from", "2025-03-10", "--to", "2025-03-17")
    assert (status, document["from"], document["to"]) == (0, "2025-03-10", "2025-03-17")
    assert document["township"]["began"] == 1
    assert document["villages"][0] == {
        "code": "532399200201",
        "name": "青杠村委会",
        "began": 1,
        "ended": 0,
        "enrolled": 1,
        "individual": "400.00",
        "refunded": "0.00",
        "subsidies": {},
        "channels": {"cash": "400.00"},
    }
    _status, before, _err = run(desk, capfd, "--from", "2025-03-01", "--to", "2025-03-16")
    assert before["township"]["enrolled"] == 0
    assert run(desk, capfd, "--from", "2025-03-17", "--to", "2025-03-01")[0] == 2
    assert run(desk, capfd, "--from", "2025-03-17", "--at", "2025-03-17T09:00")[0] == 2
