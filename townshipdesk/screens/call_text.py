"""What a call to somebody who has not enrolled gave, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from townshipdesk.i18n import N_, _

if TYPE_CHECKING:
    from townshipdesk.services.calls import Call

CALL_REASONS: Final[Mapping[str, str]] = {
    "": N_("not said"),
    "death": N_("died"),
    "prison": N_("in prison"),
    "military": N_("in the army"),
    "employee-insurance": N_("employee insurance"),
    "elsewhere": N_("insured elsewhere"),
    "lost": N_("cannot be reached"),
    "refused": N_("does not want to"),
    "moved-out": N_("registration moved out"),
    "other": N_("other reason"),
}


def call_text(call: Call | None) -> str:
    """Say in a few words what a call gave: the reason, else the words of the caller."""
    if call is None:
        return ""
    if call.reason and call.result:
        return _("{reason}: {said}", reason=_(CALL_REASONS[call.reason]), said=call.result)
    return _(CALL_REASONS[call.reason]) if call.reason else call.result
