"""Taking a payment on the command line, written on a pre-numbered receipt."""

from __future__ import annotations

import json

import pytest

from tests.support import Desk
from townshipdesk.cli import main
from townshipdesk.services import books


@pytest.mark.parametrize(("paper", "done", "used"), [("ZY0001", 0, 1), ("ZY0009", 1, 0)])
def test_the_number_that_was_written_is_used_up_or_refused(
    desk: Desk,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    paper: str,
    done: int,
    used: int,
) -> None:
    monkeypatch.setenv("TOWNSHIPDESK_NOW", "2025-03-17T09:00")
    desk.add_resident(number="532399198005060011")
    books.receive(desk.office, desk.supervisor, "收据", "ZY0001", "ZY0005")
    books.issue(desk.office, desk.supervisor, "ZY0001", "ZY0005", staff_name="clerk")
    db = str(desk.office.database.path)
    who = ["--db", db, "--id", "532399198005060011", "--channel", "cash"]
    assert main(["contribute", *who, "--paper", paper]) == done
    assert [one.used for one in books.issues(desk.office)] == [used]
    if not done:
        assert json.loads(capsys.readouterr().out)["receipt"] == "000001"
