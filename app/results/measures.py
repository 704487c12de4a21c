"""Measures of a whole outcome: whether a group was passed over, and what most votes first gives."""

from typing import Any

from allocation.errors import AllocationError
from allocation.instance import Instance
from allocation.options import Rule
from allocation.outcome import Outcome
from allocation.proportionality import proportionality
from allocation.representation import BesideGreedy, beside_greedy

PASSED_OVER_MAX = 10


def proportionality_document(instance: Instance, outcome: Outcome) -> dict[str, Any] | None:
    """Return the checked statement; None where it has no meaning (nobody voted, points below 0).

    `passed_over` counts the projects that a group could claim, `largest` describes the first ten.
    """
    if not instance.ballots:
        return None
    try:
        found = proportionality(instance, outcome)
    except AllocationError:
        return None
    return {
        "utility": found.utility.value,
        "passed_over": len(found.passed_over),
        "largest": [
            {
                "reference": one.project,
                "ballots": one.ballots,
                "money_minor": int(one.money),
            }
            for one in found.passed_over[:PASSED_OVER_MAX]
        ],
    }


def most_votes_first(instance: Instance, outcome: Outcome) -> dict[str, Any] | None:
    """Return what most votes first would give; None under that rule, or if it leaves a tie."""
    if outcome.sheet.rule is Rule.GREEDY or not instance.ballots:
        return None
    try:
        found: BesideGreedy = beside_greedy(instance, outcome)
    except AllocationError:
        return None
    return {
        "winners": list(found.greedy_outcome.winners),
        "spent_minor": found.greedy_outcome.total_cost,
        "share_represented": str(found.greedy.share_represented),
        "funded_per_ballot": [list(pair) for pair in found.greedy.funded_per_ballot],
    }
