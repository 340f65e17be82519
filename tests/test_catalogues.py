"""Both languages are complete: every sentence has its translation, with the same places."""

from __future__ import annotations

import ast
import gettext
import io
import string
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from townshipdesk import english, i18n

PACKAGE = Path(i18n.__file__).parent
TRANSLATED = [name for name in i18n.LANGUAGES if name != "en"]


def error_classes() -> set[str]:
    """Give the names of all classes whose first argument is a message key."""
    bases: dict[str, set[str]] = {}
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                bases[node.name] = {b.id for b in node.bases if isinstance(b, ast.Name)}
    found = {"DeskError"}
    while more := {name for name, of in bases.items() if of & found} - found:
        found |= more
    return found


def keys_in_code() -> dict[str, str]:
    """Give every message key the code names, with where it stands."""
    keywords = dict.fromkeys(("_", "N_", *error_classes())) | {"in_language": (2,)}
    found: dict[str, str] = {}
    for file, line, message, _comments, _context in extract_from_dir(
        PACKAGE, method_map=[("**.py", "python")], options_map={}, keywords=keywords
    ):
        key = message if isinstance(message, str) else message[0]
        if key:
            found.setdefault(key, f"{file}:{line}")
    return found


def catalogues(language: str) -> Iterator[tuple[Path, dict[str, str]]]:
    """Give every area's file of a language with its keys and translations."""
    for path in sorted((i18n.LOCALE_DIR / language / "LC_MESSAGES").glob("*.po")):
        with path.open("rb") as file:
            catalogue = read_po(file)
        yield path, {str(m.id): str(m.string) for m in catalogue if m.id}


def places(text: str) -> set[str]:
    """Give the {named} places of a sentence."""
    return {name for _text, name, _spec, _conversion in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_sentence_is_translated(language):
    known = {key for _path, texts in catalogues(language) for key, text in texts.items() if text}
    missing = [f"{where}: {key}" for key, where in keys_in_code().items() if key not in known]
    assert missing == []


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_no_translation_is_a_guess(language):
    fuzzy = []
    for path in (i18n.LOCALE_DIR / language / "LC_MESSAGES").glob("*.po"):
        with path.open("rb") as file:
            fuzzy += [f"{path.name}: {m.id}" for m in read_po(file) if m.id and m.fuzzy]
    assert fuzzy == []


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_a_translation_has_the_places_of_its_sentence(language):
    wrong = [
        f"{path.name}: {key}"
        for path, texts in catalogues(language)
        for key, text in texts.items()
        if text and places(key) != places(text)
    ]
    assert wrong == []


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_the_compiled_catalogues_are_those_of_the_sources(language):
    stale = []
    for path, _texts in catalogues(language):
        with path.open("rb") as file:
            compiled = io.BytesIO()
            write_mo(compiled, read_po(file))
        compiled.seek(0)
        wanted = gettext.GNUTranslations(compiled)._catalog
        with path.with_suffix(".mo").open("rb") as file:
            found = gettext.GNUTranslations(file)._catalog
        if {k: v for k, v in wanted.items() if k} != {k: v for k, v in found.items() if k}:
            stale.append(path.name)
    assert stale == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_two_areas_never_translate_one_sentence_differently(language):
    seen: dict[str, str] = {}
    differing = []
    for path, texts in catalogues(language):
        differing += [f"{path.name}: {k}" for k, t in texts.items() if seen.get(k, t) != t]
        seen |= texts
    assert differing == []


def test_what_english_says_of_one_belongs_to_a_sentence_of_the_code():
    keys = keys_in_code()
    wrong = [
        key
        for key, (place, text) in english.ONE.items()
        if key not in keys or place not in places(key) or places(key) != places(text)
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("language", "count", "said"),
    [
        ("en", "1", "1 row"),
        ("en", 1, "1 row"),
        ("en", "1,001", "1,001 rows"),
        ("en", 0, "0 rows"),
        ("zh_CN", 1, "1 行"),
    ],
)
def test_english_says_one_of_one(language, count, said):
    assert i18n.in_language(language, "{count} rows", count=count) == said


def test_a_ledger_of_a_school_is_not_given_back_to_a_village():
    """Schools and departments collect too: what the screens say of every ledger fits them all."""
    texts = {key: text for _path, found in catalogues("zh_CN") for key, text in found.items()}
    assert [key for key, text in texts.items() if "退村" in text or "村收" in text] == []
