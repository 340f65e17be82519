"""Offices for tests: made once, copied for each test. Everybody in them is made up."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import POLICY, Desk
from townshipdesk import i18n
from townshipdesk.domain.dates import parse_moment
from townshipdesk.services.office import create_office, open_office


@pytest.fixture(autouse=True)
def _default_language(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Each test starts in Chinese and without an environment of the machine."""
    for name in ("TOWNSHIPDESK_NOW", "TOWNSHIPDESK_DB", "TOWNSHIPDESK_LANG", "TOWNSHIPDESK_KEY"):
        monkeypatch.delenv(name, raising=False)
    i18n.set_language(i18n.DEFAULT_LANGUAGE)
    yield
    i18n.set_language(i18n.DEFAULT_LANGUAGE)


@pytest.fixture(scope="session")
def training_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty training office under longjie-2025, its clock at 2025-03-17 09:00, closed."""
    path = tmp_path_factory.mktemp("office") / "training.tdo"
    office = create_office(
        path,
        name="演练镇医保窗口",
        policy_id=POLICY,
        now=parse_moment("2025-03-17T09:00"),
        training=True,
    )
    office.close()
    return path


@pytest.fixture
def desk(training_file: Path, tmp_path: Path) -> Iterator[Desk]:
    """A desk on a fresh copy of the training office, with two villages."""
    path = tmp_path / "office.tdo"
    shutil.copy(training_file, path)
    office = open_office(path)
    at_desk = Desk(office)
    at_desk.add_village("532399200201", "青杠村委会")
    at_desk.add_village("532399200202", "柿树村委会")
    yield at_desk
    office.close()
