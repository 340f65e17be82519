"""The two languages of the desk: Chinese (default) and English, switched while running.

Message keys are English sentences. Each area has its own catalogue,
`locale/<language>/LC_MESSAGES/<area>.po`, compiled beside it as `.mo`; all areas are merged at
run time. English is its own catalogue's key unless the catalogue says otherwise.
"""

from __future__ import annotations

import functools
import gettext
import os
from pathlib import Path
from typing import Final

from townshipdesk.english import for_one

LANGUAGES: Final = ("zh_CN", "en")
DEFAULT_LANGUAGE: Final = "zh_CN"
LOCALE_DIR: Final = Path(__file__).parent / "locale"

_translations: dict[str, gettext.NullTranslations] = {}
_current = DEFAULT_LANGUAGE


def language() -> str:
    """Give the language in force."""
    return _current


def set_language(name: str) -> None:
    """Make `name` the language from now on. Raises ValueError for an unknown one."""
    global _current
    if name not in LANGUAGES:
        raise ValueError(f"unknown language {name!r}; there are {', '.join(LANGUAGES)}")
    _current = name


def language_from_environment() -> str:
    """Give the language `TOWNSHIPDESK_LANG` names, else the default."""
    wanted = os.environ.get("TOWNSHIPDESK_LANG", "")
    return wanted if wanted in LANGUAGES else DEFAULT_LANGUAGE


def _load(name: str) -> gettext.NullTranslations:
    merged: gettext.NullTranslations = gettext.NullTranslations()
    for path in sorted((LOCALE_DIR / name / "LC_MESSAGES").glob("*.mo")):
        with path.open("rb") as file:
            found = gettext.GNUTranslations(file)
        found.add_fallback(merged)
        merged = found
    return merged


def _catalogue(name: str) -> gettext.NullTranslations:
    if name not in _translations:
        _translations[name] = _load(name)
    return _translations[name]


@functools.cache
def _found(name: str, message: str) -> str:
    """Look a message up once: the catalogues of all areas are asked one after another."""
    return _catalogue(name).gettext(message)


def _(message: str, /, **values: object) -> str:
    """Translate a message into the language in force and fill its {named} places."""
    return in_language(_current, message, **values)


def in_language(name: str, message: str, /, **values: object) -> str:
    """Translate a message into a given language, whatever is in force (receipts, exports)."""
    text = _found(name, message)
    if not values:
        return text
    return (for_one(text, values) if name == "en" else text).format(**values)


def N_(message: str) -> str:
    """Mark a message for translation where it stands; it is translated where it is shown."""
    return message
