"""Folders somebody chose last on this machine: a convenience beside the office, not part of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

_FILE: Final = "folders.json"


def last_folder(what: str) -> Path:
    """Give the folder chosen last for `what`, the user's home where none is, or it is gone."""
    folder = Path(_kept().get(what, ""))
    return folder if folder.is_absolute() and folder.is_dir() else Path.home()


def remember_folder(what: str, folder: Path) -> bool:
    """Remember a folder; tell whether that was possible. Nothing depends on it."""
    kept = _kept()
    if kept.get(what) == str(folder):
        return True
    kept[what] = str(folder)
    place = _place()
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(json.dumps(kept, ensure_ascii=False), encoding="utf-8")
    except OSError:
        return False
    return True


def _place() -> Path:
    import platformdirs

    return Path(platformdirs.user_state_dir("townshipdesk", appauthor=False)) / _FILE


def _kept() -> dict[str, str]:
    try:
        found = json.loads(_place().read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(k): str(v) for k, v in found.items()} if isinstance(found, dict) else {}
