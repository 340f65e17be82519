"""Whatever the register, documents, identities and imports do, the office still verifies."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from tests.services.importing import Importing
from tests.sheets.making import ROSTER_HEADINGS, number, roster_row
from tests.support import Desk
from townshipdesk.services import documents, identities, imports, people, register
from townshipdesk.services.imports import ImportKind
from townshipdesk.services.payments import PaymentOrder, pay
from townshipdesk.services.register import NewResident
from townshipdesk.services.verify import verify

BORN = date(2025, 1, 10)


def test_an_office_verifies_after_everything_that_can_happen_to_a_person(
    desk: Desk, tmp_path: Path
) -> None:
    desk.at("2025-02-01T09:00")
    office, clerk = desk.office, desk.clerk
    roster = Importing(desk, ImportKind.RESIDENTS, tmp_path / "r.xlsx", ROSTER_HEADINGS)
    rows = [roster_row(n, **{"村(社区)": "青杠村委会"}) for n in range(8)]
    roster.bring(rows)
    roster.bring([roster_row(3, **{"村(社区)": "柿树村委会", "姓名": rows[3][3], "户号": "Z1"})])
    one, other = (people.find(office, number(n))[0].resident_id for n in (1, 2))
    register.correct(office, clerk, one, {"name": "杨大山"})
    register.move(office, clerk, other, 2, "三组", "Z1")
    register.record_death(office, clerk, other, date(2025, 1, 31))
    child = register.register(office, clerk, NewResident("杨某", 1, "Q123456789", born=BORN))
    pay(office, clerk, PaymentOrder((child,), "cash"))
    register.register(office, clerk, NewResident("杨小满", 1, number(25, BORN)))
    documents.add_document(office, clerk, child, number(25, BORN), confirmed=True)
    uid = identities.add_identity(office, clerk, one, "marginal", date(2025, 1, 1), "经济发展办")
    identities.end_identity(office, clerk, uid, date(2025, 2, 1))
    listed = Importing(
        desk, ImportKind.IDENTITIES, tmp_path / "i.xlsx", ("姓名", "身份证号码", "救助身份")
    )
    listed.bring([("杨大山", number(1), "低保")], department="社会事务办", full=True)
    assert verify(office) == []


def test_no_identity_number_reaches_a_log_or_an_error(desk: Desk, tmp_path: Path) -> None:
    """What is said about an import that fails names no one."""
    roster = Importing(desk, ImportKind.RESIDENTS, tmp_path / "r.xlsx", ROSTER_HEADINGS)
    shown = roster.look([roster_row(1, **{"村(社区)": "月亮村", "姓名": "杨秘密"})])
    assert shown.rejections
    for rejection in shown.rejections:
        assert number(1) not in rejection.text
        assert "杨秘密" not in rejection.text
    imports.commit(desk.office, desk.clerk, roster.look([roster_row(1, **{"村(社区)": "青杠"})]))
    log = " ".join(row[0] for row in desk.office.conn.execute("SELECT detail FROM audit"))
    assert number(1) not in log
