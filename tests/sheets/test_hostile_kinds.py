"""Every kind of hostile file gives rows or a message, whichever it must be."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.sheets.hostile_kinds import HEADINGS, KINDS, PEOPLE
from tests.sheets.making import TODAY
from townshipdesk.domain.errors import BadFileError
from townshipdesk.sheets import reader
from townshipdesk.sheets.reader import read_roster
from townshipdesk.sheets.roster import RosterRow

Outcome = list[RosterRow] | Exception


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Outcome]:
    """Read them all, some at a time: each has a process of its own."""
    folder = tmp_path_factory.mktemp("hostile")

    def outcome(name: str) -> Outcome:
        path = folder / f"{list(KINDS).index(name)}.{KINDS[name].ending}"
        path.write_bytes(KINDS[name].make())
        try:
            return read_roster(path, today=TODAY).rows
        except Exception as error:  # noqa: BLE001 - which one it was is what the tests look at
            return error
        finally:
            path.unlink()

    with ThreadPoolExecutor(3) as pool:
        return dict(zip(KINDS, pool.map(outcome, KINDS), strict=True))


@pytest.mark.parametrize("name", KINDS)
def test_a_hostile_file_gives_its_people_or_a_message(
    name: str, outcomes: dict[str, Outcome]
) -> None:
    """No file is half understood: what is read are the people who stand in it."""
    found, wanted = outcomes[name], KINDS[name].read
    if wanted is None:
        assert isinstance(found, BadFileError), found
        return
    assert isinstance(found, list), found
    assert len(found) == wanted
    assert [row.number for row in found[:3]] == [number for _name, number, _village in PEOPLE]
    assert not any("root:" in row.name or "\x1b" in row.name for row in found)


def test_a_file_of_nothing_but_wrong_rows_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A desk's memory is not filled with a million reasons."""
    monkeypatch.setattr(reader, "MOST_REJECTED", 20)
    path = tmp_path / "a.csv"
    path.write_text(",".join(HEADINGS) + "\n" + "杨,1,村\n" * 21, encoding="utf-8")
    with pytest.raises(BadFileError, match="cannot be the right file"):
        read_roster(path, today=TODAY)


def test_a_name_without_end_is_not_taken(tmp_path: Path) -> None:
    """A whole page of text in the column of names would go out on every sheet."""
    (_name, number, village), *others = PEOPLE
    lines = [HEADINGS, ("杨" * 5_000, number, village), *others]
    path = tmp_path / "a.csv"
    path.write_text("\n".join(map(",".join, lines)), encoding="utf-8")
    found = read_roster(path, today=TODAY)
    assert [(r.row, r.column, r.reason) for r in found.rejections] == [(2, "姓名", "length")]
    assert len(found.rows) == 2
