"""What the stored settings of a round mean to voting and to counting."""

from collections.abc import Mapping
from datetime import datetime
from itertools import pairwise
from typing import Any

from allocation.instance import VoteType
from allocation.rule_fit import check_utility
from allocation.rule_sheet import RuleSheet
from voting.errors import RulesError
from voting.limits import BallotType, Limits
from voting.votes import VOTE_TYPE

DATES = (
    "proposals_open_at",
    "proposals_close_at",
    "voting_opens_at",
    "voting_closes_at",
    "results_at",
)
"""The dates of a round, each after the one before it. The first two may be missing together."""


def vote_type(ballot_type: BallotType) -> VoteType:
    """Return how the counting calls ballots of this type.

    >>> str(vote_type(BallotType.KNAPSACK))
    'approval'
    """
    return VoteType(VOTE_TYPE[ballot_type])


def ballot_limits(stored: Mapping[str, Any]) -> Limits | None:
    """Read the limits of a round's ballot; None while they are not set, or not all of them.

    >>> ballot_limits({}) is None
    True
    """
    try:
        return Limits.from_canonical(stored)
    except (KeyError, TypeError, ValueError, RulesError):
        return None


def counting_rule(values: Mapping[str, Any], ballot_type: BallotType) -> RuleSheet:
    """Read the rule with every option filled in for these ballots.

    Raises RuleOptionError if an option is wrong or the ballots do not carry what the rule counts.
    """
    sheet = RuleSheet.from_dict(values).resolved(vote_type(ballot_type))
    check_utility(vote_type(ballot_type), sheet)
    return sheet


def first_out_of_order(dates: Mapping[str, datetime | None]) -> tuple[str, str] | None:
    """Return the first date that is not after the one before it, with that one; None: in order.

    >>> from datetime import UTC
    >>> june, july = (datetime(2027, month, 1, tzinfo=UTC) for month in (6, 7))
    >>> first_out_of_order({"voting_opens_at": july, "voting_closes_at": june})
    ('voting_closes_at', 'voting_opens_at')
    """
    given = [(name, moment) for name in DATES if (moment := dates.get(name)) is not None]
    for (before, earlier), (name, moment) in pairwise(given):
        if moment <= earlier:
            return name, before
    return None
