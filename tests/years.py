"""An office that has gone on to the next year, for tests of two years at once."""

from __future__ import annotations

import re
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.support import Desk
from townshipdesk.services import policies


def write_next_year(desk: Desk, folder: Path) -> Path:
    """Write the office's policy as it would be a year later, and give the file."""
    later = re.sub(r"20(2[3-6])", lambda found: f"20{int(found[1]) + 1}", desk.office.policy.text)
    path = folder / f"longjie-{desk.office.year + 1}.toml"
    path.write_text(later, encoding="utf-8")
    return path


def adopt_next_year(desk: Desk) -> None:
    """Let the office go on to the next year."""
    with TemporaryDirectory() as folder:
        path = write_next_year(desk, Path(folder))
        policies.adopt(desk.office, desk.supervisor, str(path), "新年度文件")
