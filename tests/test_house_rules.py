"""The habits of this project that a machine can check, so that nobody has to remember them."""

from __future__ import annotations

import ast
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

TOP = Path(__file__).resolve().parents[1]
SOURCES = sorted((TOP / "townshipdesk").rglob("*.py"))
LONGEST_FILE, LONGEST_FUNCTION = 450, 70
MACHINE_PATH = re.compile(r"/(?:work|farm)/[a-z.]+|/root/|/home/[a-z]+/")


def named(path: Path) -> str:
    return str(path.relative_to(TOP))


def test_files_and_functions_stay_short_enough_to_read():
    long = []
    for path in SOURCES:
        text = path.read_text(encoding="utf-8")
        lines = text.count("\n")
        if lines > LONGEST_FILE:
            long.append(f"{named(path)}: {lines} lines")
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                size = (node.end_lineno or 0) - node.lineno + 1
                if size > LONGEST_FUNCTION:
                    long.append(f"{named(path)}:{node.lineno} {node.name}: {size} lines")
    assert long == []


def test_an_exemption_from_a_check_says_why():
    silent = []
    for path in [*SOURCES, *(TOP / "tests").rglob("*.py"), TOP / "run.py"]:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            found = re.search(r"# (?:noqa|type: ignore)[^ ]*(?: [A-Z]+[0-9]+,?)*(.*)", line)
            if found and "re.search" not in line and len(found.group(1).strip(" -#")) < 8:
                silent.append(f"{named(path)}:{number}")
    assert silent == []


def test_no_locality_of_a_policy_is_named_in_the_code():
    names = set()
    for pack in (TOP / "townshipdesk" / "policy" / "packs").glob("*.toml"):
        locality = tomllib.loads(pack.read_text(encoding="utf-8")).get("locality", "")
        names |= set(re.findall(r"[\u4e00-\u9fff]{2,}", str(locality)))
    found = [
        f"{named(path)}: {name}"
        for path in SOURCES
        for name in names
        if name in path.read_text(encoding="utf-8")
    ]
    assert found == []


def test_nothing_in_the_tree_points_at_one_persons_machine():
    if not (TOP / ".git").exists():
        pytest.skip("not a git checkout: there is no list of files to look at")
    listed = subprocess.run(
        ["git", "ls-files"], cwd=TOP, capture_output=True, text=True, check=True
    )
    found = []
    for name in listed.stdout.splitlines():
        path = TOP / name
        if not name or path == Path(__file__) or path.suffix in (".mo", ".png", ".ttf"):
            continue
        if path.is_file():
            text = path.read_text(encoding="utf-8", errors="replace")
            found += [f"{name}: {hit}" for hit in MACHINE_PATH.findall(text)]
    assert found == []
