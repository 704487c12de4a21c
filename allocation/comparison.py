"""Which of two outcomes more ballots prefer: the comparison step after equal shares."""

from collections.abc import Collection
from dataclasses import replace
from fractions import Fraction

from allocation.contest import Contest
from allocation.greedy import greedy
from allocation.instance import Ballot, Instance, VoteType
from allocation.options import Comparison, Rule
from allocation.outcome import ComparisonReport, Outcome
from allocation.rule_sheet import RuleSheet
from allocation.utilities import points_of

POINTS_BALLOTS = frozenset({VoteType.CUMULATIVE, VoteType.SCORING})


def take_preferred(contest: Contest, completed: Outcome) -> Outcome:
    """Keep equal shares unless more ballots prefer the greedy outcome on the full budget."""
    if contest.sheet.comparison is Comparison.NONE:
        return completed
    greedy_sheet = RuleSheet(
        rule=Rule.GREEDY,
        ties=contest.sheet.ties,
        lot_seed=contest.sheet.lot_seed,
        constraints=contest.sheet.constraints,
    )
    by_votes = greedy(contest.under(greedy_sheet))
    report = compare(contest, completed.winners, by_votes.winners)
    if not report.greedy_taken:
        return replace(completed, comparison=report)
    return replace(
        by_votes,
        sheet=contest.sheet,
        comparison=report,
        runs=completed.runs,
        search=completed.search,
    )


def compare(
    contest: Contest,
    completed: Collection[str],
    by_votes: Collection[str],
    *,
    compat_skip_zero: bool = False,
) -> ComparisonReport:
    """Count the ballots that are better off under each of two sets of winners.

    `compat_skip_zero` repeats a known defect of the public compute tool, which leaves out ballots
    with nothing funded under one of the outcomes; for tests against it only.
    """
    measure = contest.sheet.comparison
    instance = contest.instance
    completed_set, greedy_set = frozenset(completed), frozenset(by_votes)
    for_completed = for_greedy = 0
    for ballot in instance.ballots:
        mine = ballot_satisfaction(ballot, instance, completed_set)
        other = ballot_satisfaction(ballot, instance, greedy_set)
        if compat_skip_zero and not (mine and other):
            continue
        if measure is Comparison.EXCLUSION_RATIO:
            mine, other = Fraction(mine > 0), Fraction(other > 0)
        for_completed += mine > other
        for_greedy += other > mine
    return ComparisonReport(
        measure=measure,
        prefer_completed=for_completed,
        prefer_greedy=for_greedy,
        only_completed=tuple(id_ for id_ in completed if id_ not in greedy_set),
        only_greedy=tuple(id_ for id_ in by_votes if id_ not in completed_set),
    )


def ballot_satisfaction(ballot: Ballot, instance: Instance, funded: Collection[str]) -> Fraction:
    """Count the funded projects on a ballot; with points their sum; 0 if there are none."""
    if instance.vote_type in POINTS_BALLOTS:
        return sum((p for id_, p in points_of(ballot, instance) if id_ in funded), Fraction(0))
    return Fraction(sum(id_ in funded for id_ in ballot.choices))
