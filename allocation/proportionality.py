"""Whether an outcome passed over a group of voters that was large enough to claim a project.

The axiom is EJR+ up to one project: Brill and Peters, "Robust and Verifiable Proportionality Axioms
for Multiwinner Voting", EC 2023, in its form for projects with costs and additive utilities. With n
ballots, budget B and utilities u_i, a project p that is not funded and a group S of its supporters
show that the group was passed over if

    u_i(W) + u_i(p) <= (B/n) * (sum of u_k(p) over S) / c_p    for every i in S,

where W is what is funded. The right side is the utility that the money of S, B/n each, buys at the
price at which S pays for p. With `cost` utility it is |S| * B/n: everybody in S has so little that
even with p it would be worth no more than the money of the group. With `cardinality` it is
|S| * B / (n * c_p), the number of projects like p that the group's money pays for; if all projects
cost the same this is EJR+ word for word. With points and Borda scores the paper has no axiom; the
statement is then the one above, and no more.

*Up to one* means that p itself counts as given. That is stricter than adding any project one
likes, and equal shares keeps it. Proof: let p be left by a run at endowment e >= B/n, S a group of
supporters, and r = c_p / (sum of u_k(p) over S). If everybody in S had kept r * u_i(p) to the end,
they could pay for p. So take the first i in S left with less. Up to then S could pay for p at r,
so nothing was bought at a price level above r; i spent more than e - r * u_i(p), hence got more
utility than e/r - u_i(p), so that u_i(W) + u_i(p) > e/r, which is at least the right side.
Completion adds projects to W or raises e, so it keeps the statement too. An `integral_start` that
is never raised leaves e a little below B/n; only then can equal shares fail by less than that.

Test in polynomial time: for fixed p, order the supporters by u_i(W) + u_i(p). If some group shows
a violation, so does the one with everybody up to its greatest value, since more members only raise
the right side. So one look at each prefix decides, and the longest that qualifies is the largest
group that was passed over. All numbers are whole.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from allocation.contest import Contest, prepare
from allocation.instance import Instance
from allocation.options import UTILITIES_OF, Rule, Utility
from allocation.outcome import Outcome
from allocation.utilities import Electorate


@dataclass(frozen=True, slots=True)
class PassedOver:
    """A project that is not funded although a group of its supporters could claim it.

    The largest such group has `ballots` members, whose money together, the budget divided by the
    ballots each, is `money` minor units; nobody of them has more than `funded_most` of the
    utility from what is funded (minor units, projects or points).
    """

    project: str
    ballots: int
    money: Fraction
    funded_most: Fraction


@dataclass(frozen=True, slots=True)
class Proportionality:
    """The checked statement: `passed_over` is empty if no group was passed over.

    `utility` is the measure of what a ballot got. Projects are listed by falling size of the group.
    """

    utility: Utility
    passed_over: tuple[PassedOver, ...]

    @property
    def holds(self) -> bool:
        return not self.passed_over


def proportionality(
    instance: Instance, outcome: Outcome, utility: Utility | None = None
) -> Proportionality:
    """Test EJR+ up to one project for any outcome, whatever the rule.

    `utility` None: that of the rule sheet if it is equal shares, else the default of the ballots.
    Negative points support nothing.
    Projects that an exclusive group shut out are left aside: nobody can claim them beside it.
    """
    contest = prepare(instance, outcome.sheet)
    instance = contest.instance
    if utility is None:
        own = outcome.sheet.utility if outcome.sheet.rule is Rule.EQUAL_SHARES else None
        utility = own or UTILITIES_OF[instance.vote_type][0]
    electorate = _electorate(contest, utility)
    claimable = {project.id for project in contest.open_projects(outcome.winners)}
    worth = _worth_of_funded(electorate, set(outcome.winners))
    found = (
        _largest_group(electorate, instance.budget, worth, project)
        for project, id_ in enumerate(electorate.ids)
        if id_ in claimable
    )
    passed_over = sorted((group for group in found if group), key=lambda group: -group.ballots)
    return Proportionality(utility, tuple(passed_over))


def _electorate(contest: Contest, utility: Utility) -> Electorate:
    if contest.sheet.rule is Rule.EQUAL_SHARES and contest.sheet.utility is utility:
        return contest.electorate
    return Contest(contest.instance, replace(contest.sheet, utility=utility)).electorate


def _worth_of_funded(electorate: Electorate, winners: set[str]) -> list[int]:
    """Sum what is funded is worth to a ballot of each group, in 1/scale of the utility."""
    worth_of_share = [
        unit if id_ in winners else 0
        for id_, unit in zip(electorate.ids, electorate.units, strict=True)
    ]
    return [
        sum(worth_of_share[project] * share for project, share in group.shares)
        for group in electorate.groups
    ]


def _largest_group(
    electorate: Electorate, budget: int, worth: Sequence[int], project: int
) -> PassedOver | None:
    unit, cost = electorate.units[project], electorate.costs[project]
    supporters = sorted(
        (worth[group] + share * unit, share, count, worth[group])
        for group, share, count in electorate.supporters[project]
        if share > 0
    )
    shares = ballots = most = 0
    found: PassedOver | None = None
    for with_project, share, count, without in supporters:
        shares += share * count
        ballots += count
        most = max(most, without)
        if with_project * electorate.ballots * cost <= budget * shares * unit:
            found = PassedOver(
                electorate.ids[project],
                ballots,
                Fraction(budget * ballots, electorate.ballots),
                Fraction(most, electorate.scale),
            )
    return found
