"""`townshipdesk close-day` as the contract gives it."""

from __future__ import annotations

import json

import pytest

from tests.support import Desk
from townshipdesk.cli import main
from townshipdesk.services.payments import PaymentOrder, pay


def run(desk: Desk, capfd, *arguments: str) -> tuple[int, dict, str]:
    """Run the command on the desk's file; give its status, its document and what it said."""
    status = main(["close-day", "--db", str(desk.office.database.path), *arguments])
    out, err = capfd.readouterr()
    return status, json.loads(out) if out else {}, err


def test_the_day_is_closed_with_the_counted_cash(desk, capfd):
    """The document says closed, with the chain to be written on paper."""
    pay(desk.office, desk.clerk, PaymentOrder((desk.add_resident(),), "cash"))
    status, document, err = run(desk, capfd, "--counted", "400")
    assert (status, err) == (0, "")
    assert list(document) == [
        "date", "channels", "reversals", "refunds", "receipts", "cash_expected", "counted",
        "difference", "closed", "chain",
    ]  # fmt: skip
    assert (document["cash_expected"], document["difference"]) == ("400.00", "0.00")
    assert len(document["chain"]["head"]) == 64


def test_a_difference_is_named_and_closes_only_with_a_reason(desk, capfd):
    """Exit status 1 and an open day without --why; closed with it."""
    pay(desk.office, desk.clerk, PaymentOrder((desk.add_resident(),), "cash"))
    status, document, err = run(desk, capfd, "--counted", "399.50")
    assert (status, document) == (1, {})
    assert "-0.50" in err
    status, document, _err = run(desk, capfd, "--counted", "399.50", "--why", "零钱不足")
    assert (status, document["difference"]) == (0, "-0.50")


def test_days_that_are_still_open_are_named_and_closed_by_their_date(desk, capfd, monkeypatch):
    """Closing today names yesterday; --date closes it."""
    pay(desk.office, desk.clerk, PaymentOrder((desk.add_resident(),), "cash"))
    monkeypatch.setenv("TOWNSHIPDESK_NOW", "2025-03-18T17:00")
    status, document, err = run(desk, capfd, "--counted", "0")
    assert (status, document["date"]) == (0, "2025-03-18")
    assert "2025-03-17" in err
    status, document, err = run(desk, capfd, "--counted", "400.00", "--date", "2025-03-17")
    assert (status, document["date"], err) == (0, "2025-03-17", "")


def test_closing_twice_is_refused(desk, capfd):
    """The second time nothing is done, and a sentence says why."""
    assert run(desk, capfd, "--counted", "0")[0] == 0
    status, document, err = run(desk, capfd, "--counted", "0")
    assert (status, document) == (1, {})
    assert "2025-03-17" in err


@pytest.mark.parametrize("amount", ["四百", "1.234", "", "-1"])
def test_what_is_no_amount_is_a_wrong_call(desk, capfd, amount):
    """Exit status 2 for text, fractions of a fen, nothing, and less than nothing."""
    status, document, err = run(desk, capfd, f"--counted={amount}")
    assert (status, document) == (2, {})
    assert err
