"""Write the lock files: every package the program needs, directly or not, with its version.

    python scripts/lock.py

Reads pyproject.toml and the metadata of what is installed in the running environment. A package
that only some machines need (colorama on Windows) keeps the condition it was asked for with.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator
from importlib import metadata
from pathlib import Path

from packaging.markers import Marker, default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

TOP = Path(__file__).resolve().parents[1]
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
SYSTEMS = (("linux", "Linux", "posix"), ("win32", "Windows", "nt"))
ONLY_ELSEWHERE = {"colorama": "0.4.6"}
"""Packages this machine does not install, with the version for those that do."""
NOT_NEEDED = {"pip"}
"""sqlite-utils asks for it to install plugins; an office's environment installs nothing."""

HEADER = """\
# Every package with its version, for `pip install --no-deps`. Written by scripts/lock.py from
# pyproject.toml; do not edit by hand.
"""


def environments() -> Iterator[dict[str, str]]:
    """Give the machines the program runs on, as markers see them."""
    for version in PYTHONS:
        for platform, system, os_name in SYSTEMS:
            yield {
                **{key: str(value) for key, value in default_environment().items()},
                "python_version": version,
                "python_full_version": f"{version}.0",
                "sys_platform": platform,
                "platform_system": system,
                "os_name": os_name,
            }


def wanted(requirement: Requirement, environment: dict[str, str], extras: Iterable[str]) -> bool:
    """Tell whether a requirement holds on a machine, for any of the extras asked for."""
    marker = requirement.marker
    return marker is None or any(
        marker.evaluate({**environment, "extra": extra}) for extra in (*extras, "")
    )


def closure(roots: Iterable[str], environment: dict[str, str]) -> set[str]:
    """Give the names of everything that must be installed on one machine."""
    found: set[str] = set()
    waiting = [Requirement(root) for root in roots]
    while waiting:
        requirement = waiting.pop()
        if not wanted(requirement, environment, ()):
            continue
        name = canonicalize_name(requirement.name)
        if name in NOT_NEEDED or (name in found and not requirement.extras):
            continue
        found.add(name)
        if name in ONLY_ELSEWHERE:
            continue
        for text in metadata.requires(name) or ():
            needed = Requirement(text)
            if wanted(needed, environment, requirement.extras):
                waiting.append(needed.__class__(str(needed).split(";")[0]))
    return found


def lock(roots: list[str], path: Path) -> None:
    """Write one lock file for the packages `roots` asks for."""
    machines = list(environments())
    closures = [closure(roots, machine) for machine in machines]
    lines = []
    for name in sorted(set().union(*closures)):
        machines_with = [m for m, names in zip(machines, closures, strict=True) if name in names]
        version = ONLY_ELSEWHERE.get(name) or metadata.version(name)
        lines.append(f"{name}=={version}{condition(machines_with, machines)}\n")
    path.write_text(HEADER + "".join(lines), encoding="utf-8")


def condition(machines_with: list[dict[str, str]], machines: list[dict[str, str]]) -> str:
    """Give the marker that holds on exactly these machines. Raises ValueError if none is known."""
    if len(machines_with) == len(machines):
        return ""
    for text in (
        'sys_platform == "win32"',
        'sys_platform != "win32"',
        *(f'python_version < "{version}"' for version in PYTHONS),
    ):
        if [m for m in machines if Marker(text).evaluate(m)] == machines_with:
            return f" ; {text}"
    raise ValueError("a package is needed on machines that no simple marker names")


def main() -> None:
    """Write both files."""
    with (TOP / "pyproject.toml").open("rb") as file:
        project = tomllib.load(file)
    runtime = project["project"]["dependencies"]
    extra = project["project"]["optional-dependencies"]["dev"]
    development = [*runtime, *extra, *project["build-system"]["requires"]]
    lock(runtime, TOP / "requirements.lock")
    lock(development, TOP / "requirements-dev.lock")


if __name__ == "__main__":
    main()
