"""A disk that is full or broken, from any step of a payment on: a clear message, nothing half done.

A process of its own takes the same payment again and again over the recording file layer, each time
with the disk failing one step later, until it gets through. After each failure the disk is well
again, and the payment is asked for once more.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import asdict, dataclass, field
from pathlib import Path

from benchmarks.faults.ground import clerk_of, key_of, make_ground, pay_for
from benchmarks.faults.recorder import FULL, IOERR_SYNC, IOERR_WRITE, OK, Event, Recorder
from townshipdesk.domain.errors import OfficeFileError
from townshipdesk.services.office import Office, open_office
from townshipdesk.services.verify import verify
from townshipdesk.store.driver import sqlite3

OFFICE = "office.tdo"
FAULTS = {
    "full": ("write", FULL),
    "write-error": ("write", IOERR_WRITE),
    "sync-error": ("sync", IOERR_SYNC),
}


@dataclass
class Failed:
    """What happened at every step: `unclear` and `problems` must be nothing."""

    refused: int = 0
    codes: list[str] = field(default_factory=list)
    unclear: list[str] = field(default_factory=list)
    half_done: int = 0
    problems: list[str] = field(default_factory=list)


def failing_disk(folder: Path, fault: str) -> Failed:
    """Let the disk fail at each step of a payment in turn; FAULTS names the faults."""
    make_ground(folder / OFFICE, 400)
    command = [sys.executable, "-m", "benchmarks.faults.disk", str(folder), fault]
    done = subprocess.run(
        command, check=True, cwd=Path(__file__).parents[2], capture_output=True, text=True
    )
    return Failed(**json.loads(done.stdout))


def try_every_step(folder: Path, fault: str) -> Failed:
    """Take payments over a disk that fails one step later each time, until one gets through."""
    recorder = Recorder(folder.resolve())
    recorder.install()
    office = open_office(folder.resolve() / OFFICE)
    what, answer = FAULTS[fault]
    found = Failed()
    for resident_id in range(1, 400):
        left = [resident_id - 1]

        def refuse(event: Event, left: list[int] = left) -> int:
            if event.what != what:
                return OK
            left[0] -= 1
            return answer if left[0] < 0 else OK

        recorder.refuse = refuse
        got_through = _try(office, resident_id, found)
        recorder.refuse = None
        if got_through:
            break
        if office.conn.in_transaction:
            found.half_done += 1
        pay_for(office, clerk_of(office), resident_id)
    found.problems = [problem.to_json()["text"] for problem in verify(office)]
    office.close()
    return found


def _try(office: Office, resident_id: int, found: Failed) -> bool:
    try:
        pay_for(office, clerk_of(office), resident_id)
    except OfficeFileError as error:
        found.refused += 1
        if error.code not in found.codes:
            found.codes.append(error.code)
    except sqlite3.Error as error:
        found.unclear.append(f"{type(error).__name__}: {error}")
    else:
        return True
    kept = office.conn.execute(
        "SELECT count(*) FROM operation WHERE key = ?", (key_of(resident_id),)
    ).fetchone()[0]
    found.half_done += kept
    return False


if __name__ == "__main__":
    print(json.dumps(asdict(try_every_step(Path(sys.argv[1]), sys.argv[2]))))
