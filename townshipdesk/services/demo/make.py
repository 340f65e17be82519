"""Making a training office from a seed."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Final

from townshipdesk import policy as policies
from townshipdesk.domain.dates import format_moment
from townshipdesk.domain.errors import OfficeFileError, UsageError
from townshipdesk.services.demo.calendar import BY_VILLAGE, WALK_IN, calendar_of
from townshipdesk.services.demo.collect import Collection
from townshipdesk.services.demo.lives import live
from townshipdesk.services.demo.places import villages as made_up_villages
from townshipdesk.services.demo.population import populate
from townshipdesk.services.demo.settle import settle
from townshipdesk.services.office import Office, create_office, move_training_clock, open_office
from townshipdesk.services.staff import without_password
from townshipdesk.services.work import work
from townshipdesk.store import copying, demo_rows
from townshipdesk.store.connection import connect, kind_of
from townshipdesk.store.uids import seeded

POLICY: Final = "longjie-2025"
RESIDENTS: Final = 3_000
VILLAGES: Final = 12
SEED: Final = 1
OFFICE_NAME: Final = "演练镇医保窗口"
MOST_RESIDENTS: Final = 1_000_000


def make_demo(
    path: Path,
    policy_id: str = POLICY,
    residents: int = RESIDENTS,
    villages: int = VILLAGES,
    seed: int = SEED,
    progress: Callable[[int, int], None] | None = None,
) -> Office:
    """Make a training office at `path` and open it; a training office there is replaced.

    `progress` is called with how many days of the collection are done, and of how many. Raises
    OfficeFileError when `path` holds anything but a training office nobody has open, UsageError
    for numbers that make no office.
    """
    _check(residents, villages)
    with copying.staged(path) as fresh:
        with seeded(seed):
            office = _made(fresh, policy_id, residents, villages, seed, progress)
        copying.make_single(office.database)
        if path.exists():
            _take_away(path)
        copying.put_in_place(fresh, path)
    return open_office(path)


def _made(
    path: Path,
    policy_id: str,
    residents: int,
    villages: int,
    seed: int,
    progress: Callable[[int, int], None] | None,
) -> Office:
    policy = policies.load(policy_id)
    calendar = calendar_of(policy)
    office = create_office(
        path, name=OFFICE_NAME, policy_id=policy_id, now=calendar.opened, training=True
    )
    with contextlib.ExitStack() as when_it_fails:
        when_it_fails.callback(office.close)
        demo_rows.hurry(office.conn)
        clerk = without_password(office.conn, "clerk")
        supervisor = without_password(office.conn, "supervisor")
        dice = Random(f"{seed} people")  # noqa: S311 - made-up people, no secret
        today = calendar.clock.date()
        everybody = populate(dice, made_up_villages(dice, villages), residents, today)
        if BY_VILLAGE in calendar.windows:
            for household in everybody.households:
                household.payer_group = BY_VILLAGE if household.id % 3 else WALK_IN
        settle(office, clerk, dice, everybody, live(dice, policy, everybody, today))
        dice = Random(f"{seed} money")  # noqa: S311 - as above
        Collection(office, clerk, supervisor, dice, calendar).take(everybody, progress)
        move_training_clock(office, calendar.clock)
        with work(office, clerk) as w:
            demo_rows.mark_all_seen(w.conn, format_moment(calendar.clock))
            w.leave_unchanged()
        demo_rows.finish(office.conn)
        when_it_fails.pop_all()
    return office


def _check(residents: int, villages: int) -> None:
    if not 1 <= residents <= MOST_RESIDENTS:
        raise UsageError("A training office has 1 to {most} residents.", most=MOST_RESIDENTS)
    if not 1 <= villages <= residents:
        raise UsageError("A training office has at least one village and somebody in each.")


def _take_away(path: Path) -> None:
    """Take an older training office away. Anything else of that name is left as it is."""
    there = None
    with contextlib.suppress(OfficeFileError):
        there = connect(path)
    if there is None or kind_of(there.conn) != "training":
        if there is not None:
            there.close()
        raise OfficeFileError(
            "{name} is there already and is not a training office. It was not touched.",
            code="exists",
            name=path.name,
        )
    with contextlib.closing(there):
        copying.make_single(there)
    copying.remove(path)
