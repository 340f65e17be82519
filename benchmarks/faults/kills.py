"""kill -9 in the middle of payments: what was acknowledged must be there, nothing half done."""

from __future__ import annotations

import os
import random
import select
import signal
import struct
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.faults.ground import POLICY, clerk_of, key_of, make_ground, pay_for, warm_up
from townshipdesk import policy
from townshipdesk.services.office import open_office
from townshipdesk.services.verify import verify

WRITERS = 4
LIFE_AFTER_FIRST_SECONDS = 0.05
SLOW_START_SECONDS = 5.0
EARLY_SHARE = 0.1
PEOPLE_PER_KILL = 40
_ACKNOWLEDGED = struct.Struct("<I?")


@dataclass(frozen=True)
class Killed:
    """What the experiment found; `lost` and `problems` must be nothing.

    `committed_unacknowledged` were in the ledger when their desk died without having said so: the
    desk that came back was told that they are done.
    """

    kills: int
    acknowledged: int
    lost: int
    committed_unacknowledged: int
    problems: list[str]
    seconds: float


@dataclass
class _Writer:
    pid: int
    pipe: int
    first: int
    next: int
    dies_at: float
    said_nothing: bool = True


@dataclass
class _Heard:
    """Who has paid, as the writers said, and of whom a writer that came back heard it is done."""

    paid: set[int]
    done_before: set[int]


def kills(folder: Path, times: int, seed: int = 1) -> Killed:
    """Kill writers so many times; each pays for its own people, on from where it was acknowledged.

    A writer that comes back asks first for the person it was killed at, under the same operation
    key, as a desk does after a power cut.
    """
    path = folder / "office.tdo"
    warm_up(folder)
    make_ground(path, times * PEOPLE_PER_KILL // WRITERS * WRITERS + WRITERS)
    known = policy.load(POLICY)  # read once; the writers are forked with it
    dice = random.Random(seed)
    share = times * PEOPLE_PER_KILL // WRITERS
    began = time.monotonic()
    writers = [_start(path, known, n * share + 1, n * share + 1, dice) for n in range(WRITERS)]
    heard = _Heard(set(), set())
    done = 0
    while done < times:
        _listen(writers, heard, dice)
        for place, writer in enumerate(writers):
            if time.monotonic() >= writer.dies_at and done < times:
                os.kill(writer.pid, signal.SIGKILL)
                _bury(writer, heard)
                done += 1
                writers[place] = _start(path, known, writer.first, writer.next, dice)
    for writer in writers:
        os.kill(writer.pid, signal.SIGKILL)
        _bury(writer, heard)
    return _found(path, done, heard, time.monotonic() - began)


def _start(path: Path, known: Any, first: int, next_one: int, dice: random.Random) -> _Writer:
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reading)
        _write(path, known, next_one, writing)
        os._exit(0)
    os.close(writing)
    early = dice.random() < EARLY_SHARE
    dies_at = (
        time.monotonic() + dice.random() * (0.05 if early else 0) + SLOW_START_SECONDS * (not early)
    )
    return _Writer(pid, reading, first, next_one, dies_at)


def _write(path: Path, known: Any, resident_id: int, pipe: int) -> None:
    """Pay for one person after the other until killed; say of each that it is done."""
    office = open_office(path)
    office._policy = known
    actor = clerk_of(office, f"desk-{resident_id}")
    while True:
        payment = pay_for(office, actor, resident_id)
        os.write(pipe, _ACKNOWLEDGED.pack(resident_id, payment.already))
        resident_id += 1


def _listen(writers: list[_Writer], heard: _Heard, dice: random.Random) -> None:
    """Hear who has paid; who has paid the first time is killed soon, at a moment by chance."""
    soonest = max(0.0, min(writer.dies_at for writer in writers) - time.monotonic())
    ready, _writing, _error = select.select([w.pipe for w in writers], [], [], min(soonest, 0.02))
    for writer in writers:
        if writer.pipe in ready and _read(writer, heard) and writer.said_nothing:
            writer.said_nothing = False
            writer.dies_at = time.monotonic() + dice.random() * LIFE_AFTER_FIRST_SECONDS


def _read(writer: _Writer, heard: _Heard) -> bool:
    data = os.read(writer.pipe, 4095 // _ACKNOWLEDGED.size * _ACKNOWLEDGED.size)
    for resident_id, already in _ACKNOWLEDGED.iter_unpack(data):
        heard.paid.add(resident_id)
        if already:
            heard.done_before.add(resident_id)
        writer.next = resident_id + 1
    return bool(data)


def _bury(writer: _Writer, heard: _Heard) -> None:
    os.waitpid(writer.pid, 0)
    while _read(writer, heard):
        pass
    os.close(writer.pipe)


def _found(path: Path, done: int, heard: _Heard, seconds: float) -> Killed:
    office = open_office(path)
    kept = {row[0] for row in office.conn.execute("SELECT key FROM operation")}
    problems = [problem.to_json()["text"] for problem in verify(office)]
    office.close()
    said = {key_of(resident_id) for resident_id in heard.paid}
    return Killed(
        kills=done,
        acknowledged=len(said),
        lost=len(said - kept),
        committed_unacknowledged=len(heard.done_before) + len(kept - said),
        problems=problems,
        seconds=seconds,
    )
