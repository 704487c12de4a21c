"""Who got something out of a result: figures that compare outcomes of the same ballots."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from allocation.constraints import Constraints
from allocation.contest import Contest, prepare
from allocation.greedy import greedy
from allocation.instance import Ballot, Instance, Project, VoteType
from allocation.options import Rule
from allocation.outcome import Outcome
from allocation.replay import Replay
from allocation.rule_sheet import RuleSheet
from allocation.tie_breaking import stable_id_key
from allocation.utilities import points_of

# Completion by small steps usually ends below this many times the plain share.
LARGE_RISE = Fraction(3, 2)


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
    """What single ballots paid in the accepted run of equal shares, in minor units.

    Half of the ballots lie between the quartiles; a quartile is what the ballot at that place paid
    (ballots by rising payment, the earlier one where the place falls between two).
    """

    least: Fraction
    lower_quartile: Fraction
    median: Fraction
    upper_quartile: Fraction
    most: Fraction
    mean: Fraction


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

    @property
    def represented(self) -> int:
        """Ballots with at least one funded project."""
        return sum(ballots for funded, ballots in self.funded_per_ballot if funded)

    @property
    def endowment_rise(self) -> Fraction | None:
        """How many times the plain share every ballot had in the accepted run."""
        if self.endowment is None or self.plain_endowment is None:
            return None
        return self.endowment / self.plain_endowment

    @property
    def endowment_rose_much(self) -> bool:
        """Whether completion dealt out so much more than there is that it deserves a remark."""
        return self.endowment_rise is not None and self.endowment_rise >= LARGE_RISE


@dataclass(frozen=True, slots=True)
class BesideGreedy:
    """The figures of an outcome, and those of greedy by votes on the same ballots and budget."""

    outcome: Representation
    greedy: Representation
    greedy_outcome: Outcome


def beside_greedy(instance: Instance, outcome: Outcome) -> BesideGreedy:
    """Compute the figures of an outcome and of greedy, which most towns count by.

    Raises TieUnresolvedError if greedy leaves a tie that the rule sheet does not decide.
    """
    greedy_outcome = greedy(prepare(instance, greedy_sheet(outcome.sheet)))
    return BesideGreedy(
        represent(instance, outcome), represent(instance, greedy_outcome), greedy_outcome
    )


def greedy_sheet(sheet: RuleSheet) -> RuleSheet:
    """Give the sheet of greedy by votes that reads and decides ties as this one does."""
    return RuleSheet(
        rule=Rule.GREEDY,
        ties=sheet.ties,
        lot_seed=sheet.lot_seed,
        read_as_approval=sheet.read_as_approval,
        constraints=Constraints(exclusive=sheet.constraints.exclusive),
    )


def represent(instance: Instance, outcome: Outcome) -> Representation:
    """Compute the figures of one outcome."""
    contest = prepare(instance, outcome.sheet)
    instance = contest.instance
    ballots = len(instance.ballots)
    winners = frozenset(outcome.winners)
    # Where the rule chose a cost, that is what was spent, not the one in the list of projects.
    chosen = outcome.costs or {}
    paid = {id_: chosen.get(id_, instance.project_by_id[id_].cost) for id_ in outcome.winners}
    supported = _supported(instance)
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
        by_area=_by_label(instance, paid, supported, lambda project: project.area),
        by_category=_by_label(instance, paid, supported, lambda project: project.category),
        spent=outcome.total_cost,
        unspent=instance.budget - outcome.total_cost,
        endowment=outcome.endowment,
        plain_endowment=Fraction(instance.budget, ballots) if ballots else None,
        payments=_payments(contest, outcome),
    )


def _supported(instance: Instance) -> Counter[tuple[str, ...]]:
    """Count the ballots by the projects that they support."""
    table = instance.table
    supported: Counter[tuple[str, ...]] = Counter()
    for content, count in zip(table.contents, table.ballots_of_content.tolist(), strict=True):
        supported[supported_by(Ballot(*content), instance)] += count
    return supported


def supported_by(ballot: Ballot, instance: Instance) -> tuple[str, ...]:
    """List the projects that a ballot names; with points, those that get more than 0."""
    if instance.vote_type in {VoteType.CUMULATIVE, VoteType.SCORING}:
        return tuple(id_ for id_, points in points_of(ballot, instance) if points > 0)
    return ballot.choices


def _by_label(
    instance: Instance,
    paid: Mapping[str, int],
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
        spent[labels[project.id]] += paid.get(project.id, 0)
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
    replay = Replay(contest.electorate)
    last = replay.rounds(run)[-1]
    counts = np.bincount(last.place, weights=replay.ballots_of_group, minlength=len(last.amounts))
    # Who has most left paid least.
    by_payment = [
        (run.endowment - Fraction(amount, last.denominator), int(count))
        for amount, count in zip(reversed(last.amounts), counts[::-1].tolist(), strict=True)
    ]
    total = sum((paid * count for paid, count in by_payment), Fraction(0))
    ballots = contest.electorate.ballots
    lower, median, upper = (_paid_at(by_payment, ballots, quarter) for quarter in (1, 2, 3))
    return Payments(by_payment[0][0], lower, median, upper, by_payment[-1][0], mean=total / ballots)


def _paid_at(by_payment: Sequence[tuple[Fraction, int]], ballots: int, quarter: int) -> Fraction:
    seen = 0
    for paid, count in by_payment:
        seen += count
        if seen * 4 >= ballots * quarter:
            return paid
    raise ValueError("counted fewer ballots than there are")
