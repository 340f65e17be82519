"""Words of the field as data: which headings and which words in cells mean what.

Two text files, `headings.txt` and `words.txt`, each in sections `[name]` of lines `code: word …`.
A new spelling met in an office is one more word in a file.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

Lines = tuple[tuple[str, tuple[str, ...]], ...]


@cache
def _sections(file: str) -> dict[str, Lines]:
    found: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
    section = ""
    text = (Path(__file__).parent / f"{file}.txt").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line.startswith("["):
            section = line.strip("[]")
            found[section] = []
        elif line and not line.startswith("#"):
            code, _colon, words = line.partition(":")
            found[section].append((code, tuple(words.split())))
    return {name: tuple(lines) for name, lines in found.items()}


def vocabulary(file: str, section: str) -> Lines:
    """Give the lines of a section: code and its words, in their order.

    Raises KeyError for a section the file does not have.
    """
    return _sections(file)[section]


def vocabulary_words(file: str, section: str, code: str) -> tuple[str, ...]:
    """Give the words of one code of a section."""
    return next(words for name, words in vocabulary(file, section) if name == code)
