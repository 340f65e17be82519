"""`townshipdesk demo`: make a training office and open the desk on it."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from townshipdesk.cli import print_json, say
from townshipdesk.cli.common import add_db
from townshipdesk.domain.dates import format_moment
from townshipdesk.domain.errors import ExitStatus
from townshipdesk.i18n import _

if TYPE_CHECKING:
    from townshipdesk.services.office import Office


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the arguments."""
    from townshipdesk.services.demo import make

    add_db(parser)
    parser.add_argument("--policy", default=make.POLICY, metavar="ID")
    parser.add_argument("--residents", type=int, default=make.RESIDENTS, metavar="N")
    parser.add_argument("--villages", type=int, default=make.VILLAGES, metavar="N")
    parser.add_argument(
        "--seed", type=int, default=make.SEED, metavar="N", help=_("same seed, same office")
    )
    parser.add_argument(
        "--no-desk", action="store_true", help=_("only make the office and say what is in it")
    )


def run(args: argparse.Namespace) -> int:
    """Make the office; open the desk, or print what was made."""
    from townshipdesk.services.demo import make_demo

    path = args.db or default_training_db()
    say(_("Making a training office of {count} made-up people …", count=args.residents))
    if path.exists():
        say(_("The training office that is there already is replaced by the new one."))
    office = make_demo(path, args.policy, args.residents, args.villages, args.seed, _tell)
    if args.no_desk:
        print_json(_summary(office, args.seed))
        office.close()
        return ExitStatus.DONE
    office.close()
    from townshipdesk.cli.desk import open_desk

    return open_desk(path)


def default_training_db() -> Path:
    """Give the training office in the user's data folder; a live one never has this name."""
    import platformdirs

    return Path(platformdirs.user_data_dir("townshipdesk", appauthor=False)) / "training.tdo"


def _tell(done: int, total: int) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{done * 100 // total:3d} % " + "\n" * (done == total))
        sys.stderr.flush()


def _summary(office: Office, seed: int) -> dict[str, object]:
    from townshipdesk.services.totals import totals

    whole = totals(office)
    return {
        "db": str(office.database.path),
        "office": office.name,
        "kind": office.kind,
        "policy": office.policy_id,
        "clock": format_moment(office.now()),
        "seed": seed,
        "villages": len(whole.villages),
        "township": whole.to_json()["township"],
    }
