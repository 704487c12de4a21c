"""Equal shares and its completions once more, slowly and word by word, as an oracle.

One amount per ballot, every project looked at in every round, nothing grouped, nothing skipped.
"""

from collections.abc import Callable
from fractions import Fraction

from allocation.instance import Ballot, Instance, VoteType
from allocation.options import Completion, Utility
from allocation.rule_sheet import RuleSheet

BreakTie = Callable[[list[str]], str]


def utility_of(instance: Instance, ballot: Ballot, id_: str, utility: Utility) -> Fraction:
    """What a funded project is worth to a ballot."""
    cost = instance.project_by_id[id_].cost
    points = dict(zip(ballot.choices, ballot.points, strict=False))
    if instance.vote_type is VoteType.SCORING:
        points = {p.id: points.get(p.id, instance.default_score) for p in instance.projects}
    listed = id_ in ballot.choices
    if utility is Utility.COST:
        return Fraction(cost if listed else 0)
    if utility is Utility.CARDINALITY:
        return Fraction(1 if listed else 0)
    if utility is Utility.POINTS:
        return Fraction(points.get(id_, 0))
    if utility is Utility.POINTS_COST:
        return Fraction(points.get(id_, 0)) * cost
    if not listed:
        return Fraction(0)
    rank = ballot.choices.index(id_) + 1
    return Fraction(len(ballot.choices) - rank + (1 if utility is Utility.BORDA else 0))


def votes_of(instance: Instance, id_: str) -> Fraction:
    """Votes, or the score of points and rankings."""
    by_points = {VoteType.CUMULATIVE: Utility.POINTS, VoteType.SCORING: Utility.POINTS}
    measure = {**by_points, VoteType.ORDINAL: Utility.BORDA}.get(
        instance.vote_type, Utility.CARDINALITY
    )
    return sum((utility_of(instance, b, id_, measure) for b in instance.ballots), Fraction(0))


def literal_run(
    instance: Instance, utility: Utility, endowment: Fraction, break_tie: BreakTie
) -> list[str]:
    """Equal shares at one endowment; winners in order."""
    money = [endowment] * len(instance.ballots)
    u = {
        p.id: [utility_of(instance, ballot, p.id, utility) for ballot in instance.ballots]
        for p in instance.projects
    }
    cost = {p.id: Fraction(p.cost) for p in instance.projects}
    left = [id_ for id_ in u if any(u[id_])]
    winners: list[str] = []
    while True:
        levels = {}
        for id_ in left:
            supporters = [i for i, worth in enumerate(u[id_]) if worth > 0]
            if sum(money[i] for i in supporters) >= cost[id_]:
                levels[id_] = _price_level(cost[id_], [(money[i], u[id_][i]) for i in supporters])
        if not levels:
            return winners
        best = min(levels.values())
        tied = [id_ for id_ in levels if levels[id_] == best]
        winner = tied[0] if len(tied) == 1 else break_tie(tied)
        winners.append(winner)
        left.remove(winner)
        money = [m - min(m, best * u[winner][i]) for i, m in enumerate(money)]


def _price_level(cost: Fraction, purses: list[tuple[Fraction, Fraction]]) -> Fraction:
    """The unique level at which the supporters' capped payments sum up to the cost."""
    for level_cap in sorted({money / worth for money, worth in purses}):
        if sum(min(money, level_cap * worth) for money, worth in purses) >= cost:
            poor = [(m, w) for m, w in purses if m / w < level_cap]
            rich = [w for m, w in purses if m / w >= level_cap]
            return (cost - sum(m for m, _ in poor)) / sum(rich)
    raise AssertionError("asked for the price of something unaffordable")


def literal_outcome(
    instance: Instance, sheet: RuleSheet, break_tie: BreakTie
) -> tuple[list[str], Fraction]:
    """Equal shares with completion; winners in order, and the endowment kept."""

    def run(endowment: Fraction) -> list[str]:
        return literal_run(instance, sheet.utility, endowment, break_tie)

    def fits(id_: str, winners: list[str]) -> bool:
        return id_ not in winners and instance.cost_of([*winners, id_]) <= instance.budget

    ids = [p.id for p in instance.projects]
    supported = {
        id_
        for id_ in ids
        if any(utility_of(instance, b, id_, sheet.utility) for b in instance.ballots)
    }
    endowment = Fraction(instance.budget, len(instance.ballots))
    raises = sheet.completion in {Completion.ADD1, Completion.ADD1U}
    if not raises or instance.cost_of(ids) <= instance.budget:
        winners = run(endowment)
    else:
        if sheet.integral_start:
            unit = instance.minor_per_unit
            endowment = Fraction(endowment // unit * unit)
        winners = run(endowment)
        while not (sheet.exhaustive_stop and not any(fits(id_, winners) for id_ in ids)):
            if set(winners) == supported:
                break
            step = sheet.increment * instance.minor_per_unit
            following = run(endowment + step)
            if instance.cost_of(following) > instance.budget:
                break
            endowment, winners = endowment + step, following
    if sheet.completion in {Completion.UTILITARIAN, Completion.ADD1U}:
        while fitting := [id_ for id_ in ids if fits(id_, winners)]:
            most = max(votes_of(instance, id_) for id_ in fitting)
            tied = [id_ for id_ in fitting if votes_of(instance, id_) == most]
            winners = [*winners, tied[0] if len(tied) == 1 else break_tie(tied)]
    return winners, endowment
