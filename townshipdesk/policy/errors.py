"""What can be wrong with a policy or with a question put to it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from townshipdesk.domain.errors import DeskError, ExitStatus, UsageError
from townshipdesk.i18n import N_

if TYPE_CHECKING:
    from townshipdesk.policy.problems import Problem


class UnknownPolicyError(UsageError):
    """There is no built-in policy of this name and no such file."""

    code = "unknown-policy"

    def __init__(self, name: str, known: Sequence[str]) -> None:
        super().__init__(
            N_("There is no policy {name}. There are {known}, or give the path of a policy file."),
            name=name,
            known=", ".join(known),
        )


class UnknownIdentityError(UsageError):
    """An identity code that no policy knows."""

    code = "unknown-identity"


class PackError(DeskError):
    """A policy file that cannot be used; `problems` lists everything found, at once."""

    code = "policy-file"

    def __init__(self, origin: str, problems: Sequence[Problem]) -> None:
        super().__init__(
            N_("The policy file {origin} cannot be used. Problems: {count}."),
            origin=origin,
            count=len(problems),
        )
        self.origin = origin
        self.problems = tuple(problems)


class NotReadyError(DeskError):
    """A policy some of whose figures nobody has confirmed: it gives no answer yet."""

    code = "policy-not-ready"
    exit_status = ExitStatus.NOT_DONE

    def __init__(self, policy_id: str, waiting: Sequence[str]) -> None:
        super().__init__(
            N_(
                "The policy {policy} gives no answer yet: {count} figures are to be set or "
                "confirmed first, beginning with {first}."
            ),
            policy=policy_id,
            count=len(waiting),
            first="; ".join(waiting[:5]),
        )
