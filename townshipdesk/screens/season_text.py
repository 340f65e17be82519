"""The season of collection in words a clerk can repeat, short enough for one line."""

from __future__ import annotations

from datetime import time
from typing import TYPE_CHECKING

from townshipdesk.domain.money import format_yuan
from townshipdesk.domain.names import display_text
from townshipdesk.i18n import _, language
from townshipdesk.screens.naming import short_day

if TYPE_CHECKING:
    from townshipdesk.policy import Season


def season_text(season: Season, year: int) -> str:
    """Say which season it is, until when, at what price, and how long one waits.

    The price is left out where the season's own name holds it.
    """
    wanted = language()
    if season.name is None:
        return season.text(wanted)
    name = display_text(season.name.text(wanted))
    parts = []
    if season.assessed_to is not None:
        moment = f"{short_day(season.assessed_to.date(), year)} {season.assessed_to:%H:%M}"
        parts.append(_("only those assessed by {moment}", moment=moment))
    if season.waiting_months:
        parts.append(_("wait {months} months", months=season.waiting_months))
    if season.last is not None:
        last = short_day(season.last, year)
        if season.closes is not None and season.closes.time() != time.max:
            last += f" {season.closes:%H:%M}"
        parts.append(_("until {last}", last=last))
    if season.standard_fen is not None:
        price = format_yuan(season.standard_fen).removesuffix(".00")
        if price not in name.replace(",", ""):
            parts.append(_("{amount} yuan", amount=price))
    joint, colon = ("，", "：") if wanted == "zh_CN" else (", ", ": ")
    return name + colon + joint.join(parts) if parts else name
