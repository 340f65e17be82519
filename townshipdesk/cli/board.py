"""`townshipdesk board`: the live figures as JSON, or on the wall in a browser."""

from __future__ import annotations

import argparse

from townshipdesk.cli import print_json, say
from townshipdesk.cli.common import add_db, open_for_reading
from townshipdesk.domain.errors import DeskError, ExitStatus
from townshipdesk.i18n import N_, _


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the options of `board`."""
    add_db(parser)
    parser.add_argument("--serve", action="store_true", help=_("serve the wall board"))
    parser.add_argument("--host", default="127.0.0.1", metavar="ADDRESS")
    parser.add_argument("--port", type=int, default=8765, metavar="N")


def run(args: argparse.Namespace) -> int:
    """Print the figures once, or serve them until stopped with Ctrl+C."""
    from townshipdesk.services.wall import figures

    with open_for_reading(args) as office:
        if not args.serve:
            print_json(figures(office))
            return ExitStatus.DONE
        from townshipdesk.cli.wall import WallServer

        try:
            server = WallServer(office, args.host, args.port)
        except OSError as error:
            raise DeskError(
                N_("The address {host}:{port} cannot be used. Choose another with --port."),
                host=args.host,
                port=args.port,
            ) from error
        say(
            _(
                "The wall board is at http://{host}:{port}/ — stop it with Ctrl+C.",
                host=args.host,
                port=server.server_address[1],
            )
        )
        with server:
            server.serve_forever(poll_interval=0.2)
    return ExitStatus.DONE
