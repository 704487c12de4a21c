"""Why the ledger does not take a movement: sentences for people, names for programs."""

from http import HTTPStatus
from typing import ClassVar

from flask_babel import lazy_gettext as lazy

from app.errors import ConflictError, InvalidError, UserFacingError


class InsufficientError(UserFacingError):
    """The debited account would fall below its floor; nothing was moved."""

    code = "insufficient"

    def __init__(self) -> None:
        super().__init__(
            lazy("Not enough is left for this amount. Nothing was moved. Choose a smaller amount.")
        )


class KeyReusedError(InvalidError):
    """A key was sent a second time with other contents."""

    code = "key_reused"

    def __init__(self) -> None:
        super().__init__(
            lazy(
                "This key was used before for something else. Nothing was moved. "
                "Begin again with a new page or a new key."
            )
        )


class StillRunningError(ConflictError):
    """The first request with this key has not been answered yet."""

    code = "in_progress"
    status: ClassVar[HTTPStatus] = HTTPStatus.CONFLICT

    def __init__(self) -> None:
        super().__init__(
            lazy(
                "The same request is still under way. "
                "Send it again in a moment: it cannot be charged twice."
            )
        )


class LedgerError(Exception):
    """A program asked for a movement that can never be right. Nothing was moved."""


class ForbiddenPathError(LedgerError):
    """No rule leads from the one kind of account to the other by this kind of transfer."""


class MixedUnitsError(LedgerError):
    """The two accounts count different units."""


class EventReusedError(LedgerError):
    """The event has this movement already, with another amount."""


class OverReversedError(LedgerError):
    """More would be reversed than was posted, or something else than was posted."""


class HoldEndedError(ConflictError):
    """The hold was captured, released or timed out before."""

    code = "hold_ended"

    def __init__(self) -> None:
        super().__init__(
            lazy("This booking has ended already. Nothing was moved. Look at its receipt.")
        )
