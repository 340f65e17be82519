"""An office works by the policy text it adopted; payments keep the text they were decided on."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import Desk
from townshipdesk.domain.errors import NotPermittedError, RuleError
from townshipdesk.services import policies, quotes
from townshipdesk.services.payments import PaymentOrder, pay


@pytest.fixture
def dearer(desk: Desk, tmp_path: Path) -> Path:
    """The same policy with another contribution in the first late window, as a file."""
    text = desk.office.policy.text
    path = tmp_path / "longjie-2025.toml"
    path.write_text(text + "\n# 更正一处说明\n", encoding="utf-8")
    return path


def test_a_new_text_decides_only_after_a_supervisor_adopted_it(desk: Desk, dearer: Path) -> None:
    before = desk.office.policy_hash
    person = desk.add_resident()
    pay(desk.office, desk.clerk, PaymentOrder((person,), "cash"))
    with pytest.raises(NotPermittedError):
        policies.adopt(desk.office, desk.clerk, str(dearer), "更正")
    policies.adopt(desk.office, desk.supervisor, str(dearer), "更正")
    other = desk.add_resident("罗小满")
    pay(desk.office, desk.clerk, PaymentOrder((other,), "cash"))
    kept = [row[0] for row in desk.office.conn.execute("SELECT policy_hash FROM enrolment")]
    assert kept == [before, desk.office.policy_hash]
    assert kept[0] != kept[1]


def test_the_desk_is_told_when_the_program_brings_another_text(desk: Desk, dearer: Path) -> None:
    assert not policies.state(desk.office).differs
    policies.adopt(desk.office, desk.supervisor, str(dearer), "更正")
    assert policies.state(desk.office).differs


def test_another_desk_follows_an_adopted_text(desk: Desk, dearer: Path) -> None:
    other = desk.office.again()
    policies.adopt(desk.office, desk.supervisor, str(dearer), "更正")
    person = desk.add_resident()
    pay(other, desk.clerk, PaymentOrder((person,), "cash"))
    assert other.policy_hash == desk.office.policy_hash
    assert quotes.quote_for(other, person).reason == "already-enrolled"
    other.close()


def test_the_text_in_force_cannot_be_adopted_again(desk: Desk) -> None:
    with pytest.raises(RuleError):
        policies.adopt(desk.office, desk.supervisor, "longjie-2025", "再来一次")
