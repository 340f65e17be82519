"""Many desks on one office at once: no errors, no gaps, nobody paid twice; how long they wait."""

from __future__ import annotations

import json
import os
import time
from dataclasses import dataclass
from pathlib import Path

from benchmarks.faults.ground import POLICY, clerk_of, make_ground, pay_for, warm_up
from townshipdesk import policy
from townshipdesk.domain.errors import DeskError
from townshipdesk.services.office import open_office
from townshipdesk.services.payments import PaymentOrder, QuoteRefusedError, pay
from townshipdesk.services.verify import verify
from townshipdesk.store.driver import sqlite3

DESKS = 8


@dataclass(frozen=True)
class Worked:
    """What the experiment found. Waits are of whole payments, in milliseconds."""

    payments: int
    errors: list[str]
    receipts: int
    refused_kindly: int
    problems: list[str]
    median_ms: float
    p99_ms: float
    worst_ms: float
    seconds: float


def desks(folder: Path, payments: int, think_seconds: float = 0.0, racing: int = 0) -> Worked:
    """Let eight desks take so many payments each, and all of them race for `racing` more people."""
    path = folder / "office.tdo"
    warm_up(folder)
    make_ground(path, payments * DESKS + racing)
    known = policy.load(POLICY)
    began = time.monotonic()
    children = []
    for desk in range(DESKS):
        reading, writing = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(reading)
            found = _work(path, known, desk, payments, think_seconds, racing)
            with os.fdopen(writing, "w") as pipe:
                json.dump(found, pipe)
            os._exit(0)
        os.close(writing)
        children.append((pid, reading))
    waits: list[float] = []
    errors: list[str] = []
    refused = 0
    for pid, reading in children:
        with os.fdopen(reading) as pipe:
            found = json.load(pipe)
        os.waitpid(pid, 0)
        waits += found["waits"]
        errors += found["errors"]
        refused += found["refused"]
    return _summed(path, waits, errors, refused, time.monotonic() - began)


def _work(
    path: Path, known: object, desk: int, payments: int, think_seconds: float, racing: int
) -> dict[str, object]:
    office = open_office(path)
    office._policy = known  # type: ignore[assignment] # forked with the policy already read
    actor = clerk_of(office, f"desk-{desk}")
    waits: list[float] = []
    errors: list[str] = []
    refused = 0
    last = payments * DESKS
    everybody = [*range(desk * payments + 1, (desk + 1) * payments + 1)]
    contested = [*range(last + 1, last + racing + 1)]
    for resident_id in everybody + contested:
        time.sleep(think_seconds)
        started = time.perf_counter()
        try:
            if resident_id > last:
                pay(office, actor, PaymentOrder((resident_id,), "cash"))
            else:
                pay_for(office, actor, resident_id)
        except QuoteRefusedError as error:
            refused += error.quote.reason == "already-enrolled"
        except (DeskError, sqlite3.Error) as error:
            errors.append(f"{type(error).__name__}: {error}")
        waits.append((time.perf_counter() - started) * 1000)
    office.close()
    return {"waits": waits, "errors": errors, "refused": refused}


def _summed(
    path: Path, waits: list[float], errors: list[str], refused: int, seconds: float
) -> Worked:
    office = open_office(path)
    receipts = office.conn.execute("SELECT count(*), max(number) FROM receipt").fetchone()
    problems = [problem.to_json()["text"] for problem in verify(office)]
    office.close()
    if receipts[0] != receipts[1]:
        problems.append("receipt numbers have gaps")
    ordered = sorted(waits)
    return Worked(
        payments=len(waits),
        errors=errors,
        receipts=receipts[0],
        refused_kindly=refused,
        problems=problems,
        median_ms=ordered[len(ordered) // 2],
        p99_ms=ordered[len(ordered) * 99 // 100],
        worst_ms=ordered[-1],
        seconds=seconds,
    )
