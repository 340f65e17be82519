"""Power cuts, played through: what was written and not synced may be lost, whole or in part.

A process of its own pays for people over the recording file layer, checkpoints included. Then a cut
is placed at many moments: everything synced by then is on the disk; of what was written since,
each write may have arrived, not arrived, or arrived up to some sector, in any order. The office is
opened on each such image. With `synchronous=FULL` every acknowledged payment must be in it; the
same cuts with NORMAL show that the experiment can tell the difference.
"""

from __future__ import annotations

import json
import pickle
import random
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from benchmarks.faults.ground import clerk_of, key_of, make_ground, pay_for
from benchmarks.faults.recorder import Event, Recorder
from townshipdesk.domain.errors import DeskError
from townshipdesk.services.office import open_office
from townshipdesk.services.verify import verify
from townshipdesk.store.driver import sqlite3

SECTOR = 512
OFFICE = "office.tdo"
CHECKPOINT_PAGES = 60


@dataclass(frozen=True)
class Cut:
    """How many images lost an acknowledged payment, could not be opened, or failed verify."""

    images: int
    acknowledged: int
    lost: int
    unusable: list[str]
    problems: list[str]


def power_cuts(folder: Path, images: int, *, full: bool = True, seed: int = 1) -> Cut:
    """Record some payments, then cut the power at `images` moments and look at what is left."""
    folder.mkdir(parents=True, exist_ok=True)
    make_ground(folder / OFFICE, 400)
    start = (folder / OFFICE).read_bytes()
    log = folder / "events"
    mode = "FULL" if full else "NORMAL"
    command = [sys.executable, "-m", "benchmarks.faults.power", str(folder), mode, str(log)]
    subprocess.run(command, check=True, cwd=Path(__file__).parents[2])
    events: list[Event] = pickle.loads(log.read_bytes())  # noqa: S301 - written by our own child
    dice = random.Random(seed)
    lost, unusable, problems = 0, [], []
    for number in range(images):
        place = dice.randrange(len(events) + 1)
        image = folder / f"image-{number}"
        _lay_out(image, {OFFICE: start}, events[:place], dice)
        said = [event.name for event in events[:place] if event.what == "acknowledged"]
        missing, wrong = _look(image / OFFICE, said)
        lost += missing > 0
        unusable += wrong[:1] if missing < 0 else []
        problems += wrong if missing >= 0 else []
    acknowledged = sum(event.what == "acknowledged" for event in events)
    return Cut(images, acknowledged, lost, unusable, problems)


def record(folder: Path, mode: str, log: Path) -> None:
    """Pay at two desks in turn over the recording layer, with frequent checkpoints."""
    recorder = Recorder(folder.resolve())
    recorder.install()
    offices = [open_office(folder.resolve() / OFFICE) for _desk in range(2)]
    for office in offices:
        office.conn.execute(f"PRAGMA synchronous = {mode}")
        office.conn.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")
    for resident_id in range(1, 61):
        office = offices[resident_id % 2]
        pay_for(office, clerk_of(office), resident_id)
        recorder.acknowledge(key_of(resident_id))
    log.write_bytes(pickle.dumps(recorder.events))  # the process ends here, as if pulled out


def _lay_out(
    image: Path, start: dict[str, bytes], events: list[Event], dice: random.Random
) -> None:
    """Write what the disk holds after the cut: the synced part, and a chance part of the rest."""
    files = {name: bytearray(content) for name, content in start.items()}
    loose: dict[str, list[Event]] = {}
    for event in events:
        if event.what == "acknowledged":
            continue
        if event.what == "delete":
            files.pop(event.name, None)
            loose.pop(event.name, None)
        elif event.what == "sync":
            for waiting in loose.pop(event.name, []):
                _apply(files.setdefault(event.name, bytearray()), waiting)
        else:
            loose.setdefault(event.name, []).append(event)
    share = dice.choice((0.0, 0.5, 0.9))
    for name, waiting in loose.items():
        content = files.setdefault(name, bytearray())
        for event in waiting:
            if dice.random() < share:
                _apply(content, _torn(event, dice))
    image.mkdir()
    for name, content in files.items():
        if not name.endswith("-shm"):
            (image / name).write_bytes(content)


def _apply(content: bytearray, event: Event) -> None:
    if event.what == "truncate":
        del content[event.offset :]
        return
    end = event.offset + len(event.data)
    if len(content) < end:
        content.extend(bytes(end - len(content)))
    content[event.offset : end] = event.data


def _torn(event: Event, dice: random.Random) -> Event:
    """Give a write that was cut off at a sector, in one case of three."""
    if event.what != "write" or dice.random() > 1 / 3:
        return event
    kept = dice.randrange(len(event.data) // SECTOR + 1) * SECTOR
    return Event("write", event.name, event.offset, event.data[:kept])


def _look(path: Path, said: list[str]) -> tuple[int, list[str]]:
    """Give how many acknowledged payments an image lacks (-1: it cannot be opened), and why."""
    try:
        office = open_office(path)
    except (DeskError, sqlite3.Error) as error:
        return -1, [str(error)]
    try:
        kept = {row[0] for row in office.conn.execute("SELECT key FROM operation")}
        wrong = [json.dumps(problem.to_json()) for problem in verify(office)]
    finally:
        office.close()
    return sum(key not in kept for key in said), wrong


if __name__ == "__main__":
    record(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]))
