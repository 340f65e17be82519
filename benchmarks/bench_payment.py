"""What one durable payment costs, beside a bare fdatasync on the same disk in the same run.

    python benchmarks/bench_payment.py [PAYMENTS]

Prints medians and the 99th percentile in milliseconds, and the ratio of the medians.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.support import POLICY, Desk, made_up_number
from townshipdesk.domain.dates import parse_moment
from townshipdesk.services.office import create_office
from townshipdesk.services.payments import PaymentOrder, pay
from townshipdesk.services.quotes import quote_for


def timed(work: list, call) -> list[float]:  # type: ignore[no-untyped-def, type-arg]
    found = []
    for item in work:
        start = time.perf_counter()
        call(item)
        found.append((time.perf_counter() - start) * 1000)
    return found


def _born(number: int) -> date:
    """Give a birthday: there are not a thousand numbers for one day."""
    return date(1980, 1, 1) + timedelta(days=number // 900)


def shown(name: str, times: list[float]) -> float:
    times.sort()
    median = statistics.median(times)
    print(f"{name:<28} median {median:7.3f} ms   p99 {times[int(len(times) * 0.99)]:7.3f} ms")
    return median


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    with tempfile.TemporaryDirectory(dir=".") as folder:
        bare = os.open(Path(folder) / "bare", os.O_RDWR | os.O_CREAT)

        def sync(_item: int) -> None:
            os.write(bare, b"x" * 4096)
            os.fdatasync(bare)

        office = create_office(
            Path(folder) / "office.tdo",
            name="演练",
            policy_id=POLICY,
            now=parse_moment("2025-03-17T09:00"),
            training=True,
        )
        desk = Desk(office)
        desk.add_village("532399200201", "青杠村委会")
        office.conn.execute("BEGIN")
        people = [
            desk.add_resident(f"人{n}", number=made_up_number(_born(n), n % 900 + 1))
            for n in range(count)
        ]
        for person in people[::3]:
            desk.add_identity(person, "subsistence-allowance")
        office.conn.execute("COMMIT")
        clerk = desk.clerk
        bare_ms = shown("bare fdatasync", timed(list(range(count)), sync))
        shown("quote from the record", timed(people, lambda p: quote_for(office, p)))
        paid_ms = shown(
            "payment, one transaction",
            timed(people, lambda p: pay(office, clerk, PaymentOrder((p,), "cash"))),
        )
        print(f"payment / fdatasync = {paid_ms / bare_ms:.2f}")
        office.close()
        os.close(bare)


if __name__ == "__main__":
    main()
