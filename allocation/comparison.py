"""Which of two outcomes more ballots prefer: the comparison step after equal shares."""

from collections.abc import Collection
from dataclasses import replace

import numpy as np

from allocation.ballot_sums import satisfaction
from allocation.contest import Contest
from allocation.greedy import greedy
from allocation.options import Comparison, Rule
from allocation.outcome import ComparisonReport, Outcome
from allocation.rule_sheet import RuleSheet


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
    table = contest.instance.table
    completed_set, greedy_set = frozenset(completed), frozenset(by_votes)
    mine = satisfaction(contest.instance, completed_set)
    other = satisfaction(contest.instance, greedy_set)
    ballots = table.ballots_of_content
    if compat_skip_zero:
        ballots = np.where((mine != 0) & (other != 0), ballots, 0)
    if measure is Comparison.EXCLUSION_RATIO:
        mine, other = mine > 0, other > 0
    return ComparisonReport(
        measure=measure,
        prefer_completed=int(ballots[mine > other].sum()),
        prefer_greedy=int(ballots[other > mine].sum()),
        only_completed=tuple(id_ for id_ in completed if id_ not in greedy_set),
        only_greedy=tuple(id_ for id_ in by_votes if id_ not in completed_set),
    )
