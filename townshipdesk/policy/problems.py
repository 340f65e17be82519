"""What is wrong with a policy file, each with the line it stands on.

`tomllib` gives no line numbers. A small scanner of the text finds the line of every key, so that
a clerk can go straight to it; nothing else depends on it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from townshipdesk import i18n
from townshipdesk.policy.words import NO_VALUES, Sentence

Path = tuple[str | int, ...]


class Problem(NamedTuple):
    """One thing wrong: where, and a sentence a clerk understands.

    `warning` marks what does not keep the file from being used. `name` is the id of the part it
    stands in, where that part has one: a clerk counts no rows to find `ways[6]`.
    """

    line: int | None
    key: str
    message: str
    values: Mapping[str, object] = NO_VALUES
    warning: bool = False
    name: str = ""

    def text(self, language: str | None = None) -> str:
        """Give the sentence, in the language in force unless one is named."""
        return Sentence(self.message, self.values).text(language or i18n.language())

    @property
    def place(self) -> str:
        """Where it stands, as a clerk finds it: ways[3] (late-1)."""
        return f"{self.key} ({self.name})" if self.name else self.key

    def to_json(self, language: str | None = None) -> dict[str, object]:
        """Give line, key, the part's id, sentence and whether it is only a warning."""
        return {
            "line": self.line,
            "key": self.key,
            "id": self.name or None,
            "text": self.text(language),
            "warning": self.warning,
        }


_HEADER: Final = re.compile(r"\s*\[(\[)?\s*([^\]]+?)\s*\]\]?\s*(?:#.*)?$")
_ID: Final = re.compile(r"""\s*(?:id|code)\s*=\s*["']([^"']+)["']""")
_KEY: Final = re.compile(r"""\s*("[^"]*"|'[^']*'|[A-Za-z0-9_-]+)\s*=""")


class Lines:
    """Finds the line of a key in the text of a policy file."""

    def __init__(self, text: str) -> None:
        self._found: dict[Path, int] = {}
        self._names: dict[Path, str] = {}
        self._scan(text)

    def name(self, path: Path) -> str:
        """Give the id of the list part a path lies in; nothing where it has none."""
        return self._names.get(path[:2], "")

    def of(self, path: Path) -> int | None:
        """Give the line of a key, or of the nearest key around it."""
        for length in range(len(path), 0, -1):
            line = self._found.get(path[:length])
            if line is not None:
                return line
        return None

    def _scan(self, text: str) -> None:
        table: Path = ()
        counts: dict[str, int] = {}
        array: Path | None = None
        element = -1
        for number, line in enumerate(text.splitlines(), start=1):
            stripped = line.strip()
            if array is not None:
                if stripped.startswith("{"):
                    element += 1
                    self._found[(*array, element)] = number
                if stripped.startswith("]"):
                    array = None
                continue
            header = _HEADER.fullmatch(line)
            if header:
                name = header[2].strip("\"'")
                if header[1]:
                    counts[name] = counts.get(name, -1) + 1
                    table = (name, counts[name])
                else:
                    table = tuple(part.strip("\"' ") for part in name.split("."))
                self._found.setdefault(table, number)
                continue
            key = _KEY.match(line)
            if key:
                path = (*table, key[1].strip("\"'"))
                self._found.setdefault(path, number)
                named = _ID.match(line)
                if named and len(table) > 1 and isinstance(table[1], int):
                    self._names[table] = named[1]
                if stripped.split("#")[0].rstrip().endswith("["):
                    array, element = path, -1


def shown(path: Path) -> str:
    """Write a path as a clerk finds it in the file: ways[3].cover.months."""
    text = ""
    for part in path:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}" if text else part
    return text


@dataclass(slots=True)
class Log:
    """Collects everything wrong with one file, and what still waits to be confirmed."""

    lines: Lines
    problems: list[Problem] = field(default_factory=list)
    to_confirm: list[Path] = field(default_factory=list)

    def add(self, path: Path, message: str, /, **values: object) -> None:
        """Note a problem that keeps the file from being used."""
        self._note(path, message, values, warning=False)

    def warn(self, path: Path, message: str, /, **values: object) -> None:
        """Note something to look at that does not keep the file from being used."""
        self._note(path, message, values, warning=True)

    def _note(
        self, path: Path, message: str, values: Mapping[str, object], *, warning: bool
    ) -> None:
        line, name = self.lines.of(path), self.lines.name(path)
        self.problems.append(Problem(line, shown(path), message, values, warning, name))
