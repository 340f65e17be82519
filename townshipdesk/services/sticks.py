"""Where a USB stick or another disk shows up, to be offered as a folder for backups."""

from __future__ import annotations

import os
import string
from pathlib import Path
from typing import Final

_MOUNTS: Final = ("/media/*/*", "/run/media/*/*", "/mnt/*")
_FIRST_DRIVE: Final = "D"


def sticks() -> list[str]:
    """Give the folders of disks that are plugged in, as far as the system says so."""
    if os.name == "nt":
        drives = string.ascii_uppercase[string.ascii_uppercase.index(_FIRST_DRIVE) :]
        return [f"{drive}:\\" for drive in drives if Path(f"{drive}:\\").is_dir()]
    found = []
    for pattern in _MOUNTS:
        found += [str(path) for path in Path("/").glob(pattern[1:]) if path.is_dir()]
    return sorted(found)
