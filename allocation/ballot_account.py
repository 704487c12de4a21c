"""One ballot's own account: its share of the money, what it paid for, and what was left.

It follows from what the ballot says alone, so anybody can work it out for any ballot, and nobody
has to keep it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from allocation.contest import prepare
from allocation.instance import Ballot, Instance
from allocation.options import APPROVALS, Utility
from allocation.outcome import Outcome
from allocation.utilities import borda_scores, points_of


@dataclass(frozen=True, slots=True)
class Rate:
    """What a funded project took from each supporter: minor units per cross or point.

    Whoever had less left gave all of it. `cost` is in minor units.
    """

    project: str
    rate: Fraction
    cost: int


@dataclass(frozen=True, slots=True)
class Tariff:
    """All that is needed to work out any ballot's account: small, and about no ballot.

    `endowment` is what every ballot started with (minor units), `rates` stand in the order of the
    purchases. `added` are winners that the fill paid from the common rest, not from shares.
    """

    endowment: Fraction
    rates: tuple[Rate, ...]
    added: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Payment:
    """What one ballot paid for one funded project: minor units, and as a part of its cost."""

    project: str
    paid: Fraction
    part_of_cost: Fraction


@dataclass(frozen=True, slots=True)
class BallotAccount:
    """One ballot's money: `endowment` = the sum of what was paid + `rest`, in minor units.

    `payments` are for funded projects that the ballot supports, in the order of the purchases.
    `added` are supported winners of the fill: funded, at no charge to the share.
    """

    endowment: Fraction
    payments: tuple[Payment, ...]
    rest: Fraction
    added: tuple[str, ...]

    @property
    def paid(self) -> Fraction:
        return self.endowment - self.rest


def tariff_of(instance: Instance, outcome: Outcome) -> Tariff | None:
    """Take from an outcome what ballots paid; None where winners were not paid from shares."""
    if outcome.search is None or outcome.endowment is None:
        return None
    electorate = prepare(instance, outcome.sheet).electorate
    rates = tuple(
        Rate(
            electorate.ids[purchase.project],
            # An electorate's shares are points times its scale.
            purchase.payment_per_share * electorate.scale,
            electorate.costs[purchase.project],
        )
        for purchase in outcome.search.kept.purchases
    )
    return Tariff(outcome.search.kept.endowment, rates, outcome.added)


def account_of(tariff: Tariff, shares: Mapping[str, Fraction | int]) -> BallotAccount:
    """Work out a ballot's account; `shares` as `ballot_shares` gives them."""
    left = tariff.endowment
    payments = []
    for rate in tariff.rates:
        share = shares.get(rate.project, 0)
        if share > 0:
            paid = min(left, rate.rate * share)
            left -= paid
            payments.append(Payment(rate.project, paid, paid / rate.cost))
    added = tuple(id_ for id_ in tariff.added if shares.get(id_, 0) > 0)
    return BallotAccount(tariff.endowment, tuple(payments), left, added)


def ballot_shares(
    ballot: Ballot, instance: Instance, utility: Utility
) -> dict[str, Fraction | int]:
    """Say what a ballot gives each project that it supports: 1 for a cross, points, Borda points.

    `instance` is read for the type of its ballots only, so one without ballots will do.
    """
    if utility in APPROVALS:
        return dict.fromkeys(ballot.choices, 1)
    if utility in {Utility.BORDA, Utility.BORDA0}:
        scores = borda_scores(ballot, last=1 if utility is Utility.BORDA else 0)
        return {id_: score for id_, score in scores if score}
    return {id_: points for id_, points in points_of(ballot, instance) if points}
