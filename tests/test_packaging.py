"""What an office gets: pinned packages, a start with nothing but Python and pip, a whole wheel."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
import tomllib
import zipfile
from importlib import metadata
from pathlib import Path
from types import ModuleType

import pytest

TOP = Path(__file__).resolve().parents[1]
PINNED = re.compile(r'[a-z0-9-]+==[0-9][^ ;@/]*(?: ; [a-z_]+ [<>=!]+ "[^"]+")?')


def locked(name: str) -> dict[str, str]:
    """Give the packages of a lock file with their versions."""
    lines = (TOP / name).read_text(encoding="utf-8").splitlines()
    entries = [line for line in lines if line and not line.startswith("#")]
    assert [line for line in entries if not PINNED.fullmatch(line)] == []
    return dict(line.split(" ;")[0].split("==") for line in entries)


def named(requirement: str) -> tuple[str, str]:
    package, version = requirement.split("==")
    return package.lower().replace("_", "-"), version


def test_every_package_is_pinned_and_the_lock_files_follow_the_project():
    project = tomllib.loads((TOP / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    office, development = locked("requirements.lock"), locked("requirements-dev.lock")
    wanted = dict(map(named, project["dependencies"]))
    extra = dict(map(named, project["optional-dependencies"]["dev"]))
    assert wanted.items() <= office.items()
    assert (office | extra).items() <= development.items()


def test_what_runs_the_tests_is_what_the_lock_file_says():
    elsewhere = {"colorama"}
    differing = {
        package: version
        for package, version in locked("requirements-dev.lock").items()
        if package not in elsewhere and metadata.version(package) != version
    }
    assert differing == {}


@pytest.fixture
def starter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """run.py as a module, as if it stood in an empty folder."""
    spec = importlib.util.spec_from_file_location("run", TOP / "run.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for name in ("requirements.lock", "requirements-dev.lock", "pyproject.toml"):
        (tmp_path / name).write_bytes((TOP / name).read_bytes())
    (tmp_path / ".venv").mkdir()
    monkeypatch.setattr(module, "TOP", str(tmp_path))
    monkeypatch.setattr(module, "STAMP", str(tmp_path / ".venv" / "set-up-for"))
    monkeypatch.setattr(module, "PYTHON", sys.executable)
    return module


def test_a_second_start_sets_nothing_up_until_the_lock_file_changes(starter, tmp_path):
    assert not starter.is_set_up("office")
    (tmp_path / ".venv" / "set-up-for").write_text(starter.wanted_stamp("development"))
    assert starter.is_set_up("office")
    assert starter.is_set_up("development")
    with (tmp_path / "requirements-dev.lock").open("a") as file:
        file.write("another-package==1.0\n")
    assert not starter.is_set_up("office")


def test_an_old_python_is_told_what_is_missing(starter, monkeypatch):
    monkeypatch.setattr(starter.sys, "version_info", (3, 8, 10))
    monkeypatch.setattr(starter.shutil, "which", lambda _name: None)
    with pytest.raises(starter.CannotGoOn) as told:
        starter.use_a_new_enough_python()
    assert all("3.11" in text and "3.8.10" in text for text in told.value.args)


def test_a_newer_python_of_the_machine_is_used(starter, monkeypatch):
    handed: list[list[str]] = []
    monkeypatch.setattr(starter.sys, "version_info", (3, 8, 10))
    monkeypatch.setattr(starter.shutil, "which", lambda name: f"/opt/{name}")
    monkeypatch.setattr(starter, "is_usable", lambda python: python.endswith("3.12"))
    monkeypatch.setattr(starter, "hand_over", handed.append)
    with pytest.raises(starter.CannotGoOn):  # only because the hand-over is a stand-in
        starter.use_a_new_enough_python()
    assert handed[0][0] == "/opt/python3.12"


def test_no_pip_and_no_network_are_told_apart(starter, monkeypatch):
    monkeypatch.setattr(starter, "has_pip", lambda: False)
    monkeypatch.setattr(starter, "has_ensurepip", lambda: False)
    with pytest.raises(starter.CannotGoOn, match="python3-pip"):
        starter.make_environment()
    monkeypatch.setattr(starter.subprocess, "call", lambda *_arguments, **_options: 1)
    with pytest.raises(starter.CannotGoOn, match="wheels"):
        starter.pip("install", "anything")


def test_packages_brought_along_are_used_without_a_network(starter, monkeypatch, tmp_path):
    called: list[list[str]] = []
    (tmp_path / "wheels").mkdir()
    monkeypatch.setattr(starter, "WHEELS", str(tmp_path / "wheels"))
    monkeypatch.setattr(
        starter.subprocess, "call", lambda command, **_o: called.append(command) or 0
    )
    starter.pip("install", "anything")
    assert called[0][-3:] == ["--no-index", "--find-links", str(tmp_path / "wheels")]


def test_the_starter_can_be_read_by_every_python_3():
    text = (TOP / "run.py").read_text(encoding="utf-8")
    compile(text, "run.py", "exec", dont_inherit=True)
    newer = re.findall(r":=|\bmatch \w+:|^from __future__.*|\blist\[|\bdict\[| \| None", text, re.M)
    assert newer == []


def test_the_wheel_is_whole(tmp_path):
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=TOP,
        check=True,
        capture_output=True,
    )
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        packed = set(wheel.namelist())
    needed = {
        f"townshipdesk/{path.relative_to(TOP / 'townshipdesk').as_posix()}"
        for path in (TOP / "townshipdesk").rglob("*")
        if path.suffix in (".py", ".toml", ".mo", ".tcss", ".txt", ".html", ".css", ".js")
    } | {f"townshipdesk/_migrations/{path.name}" for path in (TOP / "migrations").glob("*.sql")}
    assert needed - packed == set()
