"""Work that runs beside the keys: what goes wrong in it is told, never shown as a traceback."""

from __future__ import annotations

import logging
from typing import Any

from textual.app import App
from textual.worker import Worker, WorkerState

from townshipdesk.domain.errors import DeskError
from townshipdesk.i18n import N_, _
from townshipdesk.store.connection import explained

LOG = logging.getLogger("townshipdesk.desk")

UNEXPECTED = N_("Something unexpected went wrong; this was not done. It is written in the log.")


def tell_failure(app: App[Any], event: Worker.StateChanged) -> None:
    """Tell a clerk that a piece of work failed. Unforeseen errors go to the log, without values."""
    if event.state is not WorkerState.ERROR:
        return
    error = explained(event.worker.error) if event.worker.error else None
    if isinstance(error, DeskError):
        app.notify(_(error.message, **error.values), severity="warning", markup=False)
        return
    LOG.error("unexpected in %s", event.worker.name, exc_info=error)
    app.notify(_(UNEXPECTED), severity="error", markup=False)
