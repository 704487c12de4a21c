"""Who got something out of a result: figures that compare outcomes of the same ballots."""

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from allocation.contest import Contest, prepare
from allocation.equal_shares import Run
from allocation.instance import Ballot, Instance, Project, VoteType
from allocation.outcome import Outcome
from allocation.purses import Purses
from allocation.tie_breaking import stable_id_key
from allocation.utilities import points_of


@dataclass(frozen=True, slots=True)
class LabelFigures:
    """Votes and money of one area or category ("" where a project has none).

    `vote_share` splits each ballot equally over its projects; `votes` counts namings.
    """

    label: str
    votes: int
    vote_share: Fraction
    spent: int
    spending_share: Fraction


@dataclass(frozen=True, slots=True)
class Payments:
    """What single ballots paid in the accepted run of equal shares, in minor units."""

    least: Fraction
    mean: Fraction
    most: Fraction


@dataclass(frozen=True, slots=True)
class Representation:
    """Figures about an outcome; amounts in minor units.

    `funded_per_ballot` pairs a number of funded projects with the ballots that have so many.
    `share_represented` of the ballots have at least one; the rest is the exclusion ratio.
    `plain_endowment` is the budget divided by the ballots, None without ballots.
    """

    ballots: int
    share_represented: Fraction
    exclusion_ratio: Fraction
    funded_per_ballot: tuple[tuple[int, int], ...]
    mean_funded_per_ballot: Fraction
    by_area: tuple[LabelFigures, ...]
    by_category: tuple[LabelFigures, ...]
    spent: int
    unspent: int
    endowment: Fraction | None
    plain_endowment: Fraction | None
    payments: Payments | None


def represent(instance: Instance, outcome: Outcome) -> Representation:
    """Compute the figures of one outcome."""
    contest = prepare(instance, outcome.sheet)
    instance = contest.instance
    ballots = len(instance.ballots)
    winners = frozenset(outcome.winners)
    supported = Counter(supported_by(ballot, instance) for ballot in instance.ballots)
    histogram: Counter[int] = Counter()
    for ids, count in supported.items():
        histogram[len(winners.intersection(ids))] += count
    represented = Fraction(ballots - histogram[0], ballots or 1)
    total = sum(funded * count for funded, count in histogram.items())
    return Representation(
        ballots=ballots,
        share_represented=represented,
        exclusion_ratio=1 - represented,
        funded_per_ballot=tuple(sorted((n, count) for n, count in histogram.items() if count)),
        mean_funded_per_ballot=Fraction(total, ballots or 1),
        by_area=_by_label(instance, winners, supported, lambda project: project.area),
        by_category=_by_label(instance, winners, supported, lambda project: project.category),
        spent=outcome.total_cost,
        unspent=instance.budget - outcome.total_cost,
        endowment=outcome.endowment,
        plain_endowment=Fraction(instance.budget, ballots) if ballots else None,
        payments=_payments(contest, outcome),
    )


def supported_by(ballot: Ballot, instance: Instance) -> tuple[str, ...]:
    """List the projects that a ballot names; with points, those that get more than 0."""
    if instance.vote_type in {VoteType.CUMULATIVE, VoteType.SCORING}:
        return tuple(id_ for id_, points in points_of(ballot, instance) if points > 0)
    return ballot.choices


def _by_label(
    instance: Instance,
    winners: frozenset[str],
    supported: Counter[tuple[str, ...]],
    label_of: Callable[[Project], str],
) -> tuple[LabelFigures, ...]:
    labels = {project.id: label_of(project) for project in instance.projects}
    votes: Counter[str] = Counter()
    # Per label: how many namings on ballots of each length, so that fractions come last.
    by_length: dict[str, Counter[int]] = defaultdict(Counter)
    for ids, count in supported.items():
        for id_ in ids:
            votes[labels[id_]] += count
            by_length[labels[id_]][len(ids)] += count
    voters = sum(count for ids, count in supported.items() if ids) or 1
    spent: Counter[str] = Counter()
    for project in instance.projects:
        spent[labels[project.id]] += project.cost if project.id in winners else 0
    total_spent = sum(spent.values()) or 1
    return tuple(
        LabelFigures(
            label=label,
            votes=votes[label],
            vote_share=sum(
                (Fraction(n, length) for length, n in by_length[label].items()), Fraction(0)
            )
            / voters,
            spent=spent[label],
            spending_share=Fraction(spent[label], total_spent),
        )
        for label in sorted(spent, key=stable_id_key)
    )


def _payments(contest: Contest, outcome: Outcome) -> Payments | None:
    if outcome.endowment is None or outcome.search is None:
        return None
    run = outcome.search.kept
    groups = contest.electorate.groups
    paid = [run.endowment - left for left in _money_left(contest, run)]
    total = sum((p * group.count for p, group in zip(paid, groups, strict=True)), Fraction(0))
    return Payments(min(paid), total / contest.electorate.ballots, max(paid))


def _money_left(contest: Contest, run: Run) -> list[Fraction]:
    purses = Purses(contest.electorate, run.endowment)
    for purchase in run.purchases:
        purses.buy(purchase.project, purchase.payment_per_share)
    return purses.amounts_of_groups()
