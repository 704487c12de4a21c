"""Who may be given how much of the shared pool, and where a request stands. Pure.

Source: the specification of vouchers, sections 2 (shared pool) and 4 (DONATE, GRANT).
"""

from enum import StrEnum

WORDS_LENGTH_MAX = 1_000
REASON_LENGTH_MAX = 1_000


class Need(StrEnum):
    """What the help is needed for, in groups that tell no more than the officers have to know."""

    ILLNESS = "illness"
    CARER_AWAY = "carer_away"
    MORE_HOURS = "more_hours"
    OTHER = "other"


class State(StrEnum):
    """Where a request stands."""

    DRAFT = "draft"
    SENT = "sent"
    DECIDED = "decided"
    WITHDRAWN = "withdrawn"


UNDER_WAY = (State.DRAFT, State.SENT)


def is_complete(need: str | None, amount_minor: int | None) -> bool:
    """Say whether all is told that has to be; words of one's own need not be."""
    return need is not None and amount_minor is not None


def possible_minor(asked_minor: int, pool_minor: int) -> int:
    """Return how much can be granted: never more than was asked for, nor than the pool holds.

    >>> possible_minor(4_000, 10_000), possible_minor(4_000, 2_500), possible_minor(4_000, 0)
    (4000, 2500, 0)
    """
    return min(asked_minor, pool_minor)
