"""The training office: lifelike, in order, the same for the same seed, and never a live one."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.support import POLICY
from townshipdesk import policy
from townshipdesk.domain.dates import parse_moment
from townshipdesk.domain.errors import OfficeFileError, UsageError
from townshipdesk.domain.idnumber import identify
from townshipdesk.services import days, people, quotes
from townshipdesk.services.demo import make_demo
from townshipdesk.services.office import create_office, open_office
from townshipdesk.services.verify import verify
from townshipdesk.store import audit

TABLES = ("resident", "document", "identity", "enrolment", "entry", "receipt", "refund", "audit")


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory):
    path = tmp_path_factory.mktemp("demo") / "training.tdo"
    made = make_demo(path, residents=900, villages=5)
    yield made
    made.close()


def one(office, query: str):
    return office.conn.execute(query).fetchone()[0]


def test_it_is_in_order_to_the_last_row(office):
    assert [problem.to_json() for problem in verify(office)] == []


def test_it_is_a_training_office_whose_clock_stands_in_the_late_window(office):
    assert office.is_training
    assert office.now() == parse_moment("2025-03-17T09:00")
    unpaid = one(
        office,
        "SELECT r.id FROM resident AS r WHERE r.status = 'living' AND r.born < '2000'"
        " AND NOT EXISTS (SELECT 1 FROM enrolment WHERE resident_id = r.id) AND NOT EXISTS"
        " (SELECT 1 FROM employee_insurance WHERE resident_id = r.id)",
    )
    quote = quotes.quote_for(office, unpaid)
    assert quote.waiting.to_json() == {"from": "2025-03-01", "to": "2025-05-31"}


def test_it_holds_what_a_lesson_needs(office):
    channels = {row[0] for row in office.conn.execute("SELECT DISTINCT channel FROM entry")}
    assert channels == {"cash", "pos", "mobile", "bank", "tax-hall", "village"}
    assert one(office, "SELECT count(*) FROM resident") == 900
    assert one(office, "SELECT count(*) FROM enrolment WHERE ended_at IS NULL") > 600
    assert one(office, "SELECT count(*) FROM enrolment WHERE coverage_from = '2025-06-01'") > 3
    assert one(office, "SELECT count(*) FROM entry WHERE kind = 'reversal'") >= 4
    assert one(office, "SELECT count(DISTINCT state) FROM refund") >= 3
    assert one(office, "SELECT count(*) FROM entry WHERE kind = 'refund' AND day < '2025'") >= 2
    assert one(office, "SELECT count(DISTINCT code) FROM identity") >= 8
    assert one(office, "SELECT count(DISTINCT year) FROM earlier_enrolment") == 10
    assert one(office, "SELECT min(target) FROM village") > 0
    assert one(office, "SELECT count(*) FROM day_close WHERE why <> ''") >= 1
    assert one(office, "SELECT count(*) FROM resident WHERE name GLOB '*[䶮㛃𬱖𠅤𠮷]*'") > 0
    assert one(office, "SELECT max(length(name)) FROM resident") > 6
    kinds = {row[0] for row in office.conn.execute("SELECT DISTINCT kind FROM document")}
    assert {"resident-id", "birth-certificate", "hk-mo-tw-residence"} <= kinds


def test_every_day_but_today_is_closed_and_today_has_begun(office):
    assert days.unclosed_days(office) == ()
    assert days.day_story(office, date(2025, 3, 17)).parts[0].taken == 3


def test_every_number_is_one_that_could_be_real_and_is_found(office):
    rows = office.conn.execute("SELECT number, resident_id FROM document").fetchall()
    for number, resident_id in rows[::17]:
        assert identify(number, today=date(2025, 3, 17)).number == number
        assert people.by_number(office, number) == resident_id


def dump(path: Path) -> list[list[tuple]]:
    made = open_office(path)
    rows = [[tuple(row) for row in made.conn.execute(f"SELECT * FROM {t}")] for t in TABLES]
    made.close()
    return rows


def test_the_same_seed_makes_the_same_office_and_another_one_another(tmp_path):
    for name, seed in (("a", 7), ("b", 7), ("c", 8)):
        make_demo(tmp_path / name, residents=60, villages=2, seed=seed).close()
    assert dump(tmp_path / "a") == dump(tmp_path / "b")
    assert dump(tmp_path / "a") != dump(tmp_path / "c")


@pytest.mark.parametrize("policy_id", [one.id for one in policy.available() if one.ready])
def test_every_policy_has_a_training_office(tmp_path, policy_id):
    made = make_demo(tmp_path / "t.tdo", policy_id, residents=150, villages=3)
    assert one(made, "SELECT count(*) FROM enrolment WHERE ended_at IS NULL") > 75
    assert [problem.to_json() for problem in verify(made)] == []
    adult = one(made, "SELECT id FROM resident WHERE born < '1980' AND payer_group = 'walk-in'")
    assert quotes.quote_for(made, adult, changes={"already_enrolled": "no"}).decision == "allow"
    made.close()


def test_very_small_and_many_villages(tmp_path):
    tiny = make_demo(tmp_path / "tiny.tdo", residents=1, villages=1)
    assert verify(tiny) == []
    tiny.close()
    wide = make_demo(tmp_path / "wide.tdo", residents=260, villages=250)
    assert one(wide, "SELECT count(DISTINCT name) FROM village") == 250
    wide.close()


@pytest.mark.parametrize(("residents", "villages"), [(0, 1), (5, 0), (2, 3), (2_000_000, 12)])
def test_numbers_that_make_no_office_are_refused(tmp_path, residents, villages):
    with pytest.raises(UsageError):
        make_demo(tmp_path / "t.tdo", residents=residents, villages=villages)
    assert list(tmp_path.iterdir()) == []


def test_an_older_training_office_is_made_anew(tmp_path):
    path = tmp_path / "t.tdo"
    make_demo(path, residents=20, villages=1, seed=1).close()
    again = make_demo(path, residents=30, villages=1, seed=1)
    assert one(again, "SELECT count(*) FROM resident") == 30
    again.close()
    assert [p.name for p in tmp_path.iterdir() if "copying" in p.name] == []


def test_a_live_office_is_never_replaced(tmp_path):
    path = tmp_path / "office.tdo"
    live = create_office(
        path,
        name="真窗口",
        policy_id=POLICY,
        now=parse_moment("2025-03-17T09:00"),
        training=False,
        supervisor_password="long enough",
    )
    head = audit.head(live.conn)
    live.close()
    with pytest.raises(OfficeFileError, match="not a training office"):
        make_demo(path, residents=5, villages=1)
    live = open_office(path)
    assert (live.kind, audit.head(live.conn)) == ("live", head)
    live.close()


def test_another_programs_file_is_never_replaced(tmp_path):
    path = tmp_path / "photo.jpg"
    path.write_bytes(b"a photo")
    with pytest.raises(OfficeFileError, match="not a training office"):
        make_demo(path, residents=5, villages=1)
    assert path.read_bytes() == b"a photo"


def test_a_training_office_is_not_replaced_under_an_open_desk(tmp_path):
    path = tmp_path / "t.tdo"
    open_desk = make_demo(path, residents=5, villages=1)
    with pytest.raises(OfficeFileError, match="Close every desk"):
        make_demo(path, residents=5, villages=1)
    open_desk.close()
