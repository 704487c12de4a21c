"""Funding projects one after the other by a fixed value: the greedy rule, and the fill."""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from allocation.ballot_sums import total_shares
from allocation.contest import Contest
from allocation.outcome import Outcome
from allocation.tie_breaking import Tie
from allocation.utilities import UTILITIES_WITH_COST


def greedy(contest: Contest) -> Outcome:
    """Fund by falling votes (or score, or utility per unit of money) whatever still fits."""
    sheet = contest.sheet
    value = _value_by_project(contest)
    needed = sheet.votes_min
    candidates = {
        id_: value[id_]
        for id_, votes in contest.votes.items()
        if (votes > 0 or sheet.fund_unsupported) and (needed is None or votes >= needed)
    }
    winners, ties = fund_in_order(
        contest, candidates, stage="greedy", stop_at_misfit=sheet.stop_at_misfit
    )
    return Outcome(
        sheet=sheet,
        winners=tuple(winners),
        total_cost=contest.instance.cost_of(winners),
        ties=tuple(ties),
    )


def fund_in_order(
    contest: Contest,
    value: Mapping[str, Fraction],
    funded: Sequence[str] = (),
    *,
    stage: str,
    stop_at_misfit: bool = False,
) -> tuple[list[str], list[Tie]]:
    """Fund projects by falling value beside those already `funded`; return the added ones.

    A project that does not fit is skipped, or ends it with `stop_at_misfit`. Skipped projects
    never fit later, because money only goes down, so they take no part in ties.
    """
    added: list[str] = []
    ties: list[Tie] = []
    while candidates := [p for p in contest.open_projects([*funded, *added]) if p.id in value]:
        left = contest.money_left([*funded, *added])
        fitting = {p.id: p.cost <= left for p in candidates}
        if not stop_at_misfit:
            candidates = [p for p in candidates if fitting[p.id]]
        if not candidates:
            break
        best = max(value[p.id] for p in candidates)
        tied = [p.id for p in candidates if value[p.id] == best]
        chosen = tied[0]
        if len(tied) > 1:
            round_number = len(funded) + len(added) + 1
            ties.append(
                contest.tie_breaker.break_tie(
                    tied, stage=stage, round_number=round_number, value=best
                )
            )
            chosen = ties[-1].chosen
        if not fitting[chosen]:
            break
        added.append(chosen)
    return added, ties


def _value_by_project(contest: Contest) -> Mapping[str, Fraction]:
    utility = contest.sheet.utility
    if utility is None:
        return contest.votes
    projects = contest.instance.projects
    totals = total_shares(contest.instance, utility)
    with_cost = utility in UTILITIES_WITH_COST
    return {
        project.id: total if with_cost else total / project.cost
        for project, total in zip(projects, totals, strict=True)
    }
