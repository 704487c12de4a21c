"""What the page of a project shows beyond its reason, kept small: whole units, no fractions."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import ceil
from typing import Any

from allocation.ballot_account import tariff_of
from allocation.explanation import TOP_RIVALS, ProjectExplanation, Reason, RoundFigures, Why
from allocation.instance import Instance
from allocation.options import Utility
from allocation.outcome import Outcome
from allocation.utilities import UTILITIES_WITH_COST

PAID_FOR_MAX = 12
"""More names would be no explanation; what went to others is one sum."""


def tariff(instance: Instance, outcome: Outcome) -> dict[str, Any] | None:
    """Return what any ballot paid, about no ballot; None where winners are not paid from shares.

    `rates`: each step of the kept run, a project and what it took for a cross or point; whoever
    had less left gave all of it. Exact, in minor units.
    """
    found = tariff_of(instance, outcome)
    if found is None:
        return None
    return {
        "endowment_minor": str(found.endowment),
        "rates": [[one.project, str(one.rate)] for one in found.rates],
    }


def project_details(
    instance: Instance, explained: ProjectExplanation, outcome: Outcome
) -> dict[str, Any]:
    """Return what equal shares has to tell about a project; nothing under another rule.

    `by_round` has a place per round up to the project's purchase, or to the end: the money of its
    supporters, and effective votes in tenths (null: they could no longer pay together). Where the
    rule goes by what a project asks for a cross or point, that amount stands there instead.
    `paid_for` names what they had helped to pay for until they paid for this project, or no longer
    could: the largest first, the rest as one sum.
    """
    if not explained.rounds:
        return {}
    paid = sorted(_paid_before(instance, explained, outcome), key=lambda entry: -entry[1])
    rest = sum((amount for _, amount in paid[PAID_FOR_MAX:]), Fraction(0))
    return {
        "by_round": {
            "money_minor": [int(one.money_behind) for one in explained.rounds],
            **_worth(instance, explained.rounds, outcome.sheet.utility),
        },
        "dropped_out": explained.dropped_out,
        "paid_for": [[id_, ceil(amount)] for id_, amount in paid[:PAID_FOR_MAX]],
        "paid_rest_minor": ceil(rest),
    }


def rivals(reason: Reason, more: Mapping[str, Any]) -> dict[str, Any]:
    """Name where the money went before a loser could no longer be paid; later payments, which
    would not have helped it, are no reason.
    """
    if reason.why is not Why.MONEY_WENT_TO_OTHERS or "paid_for" not in more:
        return {}
    return {"rivals": [[id_, str(amount)] for id_, amount in more["paid_for"][:TOP_RIVALS]]}


def _paid_before(
    instance: Instance, explained: ProjectExplanation, outcome: Outcome
) -> list[tuple[str, Fraction]]:
    purchases = outcome.search.kept.purchases if outcome.search else ()
    last = explained.dropped_out or len(explained.rounds)
    before = {instance.projects[one.project].id for one in purchases[: last - 1]}
    return [(id_, amount) for id_, amount in explained.paid_for if amount and id_ in before]


def _worth(
    instance: Instance, rounds: Sequence[RoundFigures], utility: Utility | None
) -> dict[str, list[int | None]]:
    worth = [one.effective_votes for one in rounds]
    if utility in UTILITIES_WITH_COST:
        return {"effective_tenths": [None if one is None else int(10 * one) for one in worth]}
    return {"asked_minor": [_turned(instance, one) for one in worth]}


def _turned(instance: Instance, worth: Fraction | None) -> int | None:
    """Turn support per unit of money into money per unit of support, in minor units."""
    return ceil(instance.minor_per_unit / worth) if worth else None
