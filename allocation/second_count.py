"""The same count by pabutools: other people's code, exact fractions, our tie list spelled out.

pabutools steps no endowments here: its own completion always stops when exhaustive. It repeats
the run that was kept and the run that ended the search, and the fill; the report says which.
Made by the tests and the benchmarks so far. A difference is never corrected on either side.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from importlib.metadata import version
from typing import Any

from pabutools.election import Additive_Cardinal_Sat
from pabutools.rules import (
    BudgetAllocation,
    greedy_utilitarian_welfare,
    max_additive_utilitarian_welfare,
    sequential_phragmen,
)
from pabutools.rules.mes.mes_rule import method_of_equal_shares_scheme

from allocation.contest import Contest, prepare
from allocation.equal_shares import Run
from allocation.errors import ConstraintNotSupportedError
from allocation.instance import Instance
from allocation.options import APPROVALS, Rule
from allocation.outcome import Outcome
from allocation.pabutools_adapter import (
    approval_profile,
    exact,
    full_order,
    id_of,
    profile_and_satisfaction,
    score_profile,
    to_pabutools,
)


@dataclass(frozen=True, slots=True)
class Recount:
    """One thing counted twice: `ours` and `theirs` are project ids, or a single value.

    `what` is kept-run, ending-run, fill, greedy, phragmen or knapsack-value; `endowment` is in
    minor units.
    """

    what: str
    ours: tuple[str, ...]
    theirs: tuple[str, ...]
    endowment: Fraction | None = None

    @property
    def agrees(self) -> bool:
        return self.ours == self.theirs


@dataclass(frozen=True, slots=True)
class SecondCount:
    """Everything that was counted again, and by what."""

    counted_by: str
    recounts: tuple[Recount, ...]

    @property
    def agrees(self) -> bool:
        return all(recount.agrees for recount in self.recounts)


def second_count(instance: Instance, outcome: Outcome) -> SecondCount:
    """Count again with pabutools what led to an outcome.

    Raises ConstraintNotSupportedError where pabutools cannot follow: side constraints, exclusive
    groups, greedy with a threshold or a stop, and maximin, which pabutools counted already.
    """
    contest = prepare(instance, outcome.sheet)
    if contest.exclusive or contest.sheet.constraints:
        raise ConstraintNotSupportedError("pabutools cannot count again with constraints.")
    recounts = {
        Rule.EQUAL_SHARES: _equal_shares,
        Rule.GREEDY: _greedy,
        Rule.KNAPSACK: _knapsack,
        Rule.PHRAGMEN: _phragmen,
    }.get(contest.sheet.rule)
    if recounts is None:
        raise ConstraintNotSupportedError(f"{contest.sheet.rule} was counted by pabutools itself.")
    return SecondCount(f"pabutools {version('pabutools')}", tuple(recounts(contest, outcome)))


def recount_run(contest: Contest, endowment: Fraction) -> tuple[str, ...]:
    """Run equal shares once in pabutools; the winners in the order in which they were bought."""
    instance, projects = to_pabutools(contest.instance)
    profile, measure = profile_and_satisfaction(contest, instance, projects)
    bought = method_of_equal_shares_scheme(
        instance,
        profile,
        profile.as_sat_profile(measure),
        exact(endowment),
        BudgetAllocation(),
        full_order(contest),
        binary_sat=contest.utility in APPROVALS,
    )
    return _ids(contest, bought)


def _equal_shares(contest: Contest, outcome: Outcome) -> list[Recount]:
    if outcome.search is None:
        raise ValueError("an outcome of equal shares carries its runs")
    kept, ended_by = outcome.search.kept, outcome.search.ended_by
    recounts = [_recount_run("kept-run", contest, kept)]
    if ended_by is not None:
        recounts.append(_recount_run("ending-run", contest, ended_by))
    if outcome.added:
        bought = recounts[0].ours
        recounts.append(Recount("fill", outcome.added, _fund_in_order(contest, bought)))
    return recounts


def _recount_run(what: str, contest: Contest, run: Run) -> Recount:
    ours = tuple(contest.electorate.ids[project] for project in run.winners)
    return Recount(what, ours, recount_run(contest, run.endowment), run.endowment)


def _greedy(contest: Contest, outcome: Outcome) -> list[Recount]:
    sheet = contest.sheet
    if sheet.stop_at_misfit or sheet.votes_min is not None:
        raise ConstraintNotSupportedError("pabutools has no greedy with a stop or a threshold.")
    if sheet.fund_unsupported:
        return [Recount("greedy", outcome.winners, _fund_in_order(contest))]
    return [Recount("greedy", outcome.winners, _fund_in_order(contest.without_unsupported()))]


def _fund_in_order(contest: Contest, bought: Sequence[str] = ()) -> tuple[str, ...]:
    """Fund by falling votes, or by a named utility per unit of money, beside what was bought."""
    instance, projects = to_pabutools(contest.instance)
    by_utility = contest.sheet.rule is Rule.GREEDY and contest.sheet.utility is not None
    profile, measure = (
        profile_and_satisfaction(contest, instance, projects)
        if by_utility
        else (score_profile(contest.instance, instance, projects), Additive_Cardinal_Sat)
    )
    funded = greedy_utilitarian_welfare(
        instance,
        profile,
        measure,
        is_sat_additive=True,
        tie_breaking=full_order(contest),
        initial_budget_allocation=[projects[id_] for id_ in bought],
    )
    return _ids(contest, funded)[len(bought) :]


def _phragmen(contest: Contest, outcome: Outcome) -> list[Recount]:
    contest = contest.without_unsupported()  # pabutools would fund the others last
    instance, projects = to_pabutools(contest.instance)
    profile = approval_profile(contest.instance, instance, projects)
    funded = sequential_phragmen(instance, profile, tie_breaking=full_order(contest))
    # It tells them in no order of choice.
    ours, theirs = (tuple(sorted(ids)) for ids in (outcome.winners, _ids(contest, funded)))
    return [Recount("phragmen", ours, theirs)]


def _knapsack(contest: Contest, outcome: Outcome) -> list[Recount]:
    instance, projects = to_pabutools(contest.instance)
    profile, measure = profile_and_satisfaction(contest, instance, projects)
    best = max_additive_utilitarian_welfare(instance, profile, measure)
    ours, theirs = (
        sum(contest.electorate.total_utility(contest.electorate.ids.index(id_)) for id_ in ids)
        for ids in (outcome.winners, _ids(contest, best))
    )
    return [Recount("knapsack-value", (str(ours),), (str(theirs),))]


def _ids(contest: Contest, funded: Any) -> tuple[str, ...]:
    ids = [project.id for project in contest.instance.projects]
    return tuple(id_of(project, ids) for project in funded)
