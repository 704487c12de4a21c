"""Elections and tie lists in the shape that pabutools expects."""

from collections.abc import Collection, Mapping, Sequence
from fractions import Fraction
from typing import Any

from pabutools.election import (
    Additive_Borda_Sat,
    Additive_Cardinal_Sat,
    ApprovalMultiProfile,
    ApprovalProfile,
    Cardinality_Sat,
    CardinalMultiProfile,
    Cost_Sat,
    FrozenApprovalBallot,
    FrozenCardinalBallot,
    FrozenOrdinalBallot,
    OrdinalMultiProfile,
)
from pabutools.election import Instance as PabutoolsInstance
from pabutools.election import Project as PabutoolsProject
from pabutools.fractions import frac
from pabutools.tiebreaking import TieBreakingRule

from allocation.contest import Contest
from allocation.instance import Ballot, Instance, VoteType
from allocation.options import Utility
from allocation.tie_breaking import Tie
from allocation.utilities import borda_scores, points_of

Projects = Mapping[str, Any]


def exact(number: Fraction | int) -> Any:
    """Turn a number into the exact fraction of pabutools."""
    whole = Fraction(number)
    return frac(whole.numerator, whole.denominator)


def to_pabutools(instance: Instance) -> tuple[Any, Projects]:
    """Convert projects and budget (minor units); give the converted projects by id too.

    Names are neutral: pabutools makes solver variables of them, where "a-1" would meet "a_1".
    """
    projects = {
        p.id: PabutoolsProject(f"p{index}", exact(p.cost))
        for index, p in enumerate(instance.projects)
    }
    return PabutoolsInstance(projects.values(), budget_limit=exact(instance.budget)), projects


def id_of(project: Any, ids: Sequence[str]) -> str:
    """Give the id behind a converted project."""
    return ids[int(project.name[1:])]


def approval_profile(instance: Instance, converted: Any, projects: Projects) -> Any:
    """Convert approval ballots, identical ones counted together."""
    ballots = [_approval(ballot, projects) for ballot in instance.ballots]
    return ApprovalMultiProfile(ballots, instance=converted)


def approval_list_profile(instance: Instance, converted: Any, projects: Projects) -> Any:
    """Convert approval ballots one by one, for rules that do not take groups."""
    ballots = [_approval(ballot, projects) for ballot in instance.ballots]
    return ApprovalProfile(ballots, instance=converted, ballot_validation=False)


def profile_and_satisfaction(contest: Contest, converted: Any, projects: Projects) -> Any:
    """Convert the ballots, and name pabutools' own measure for the utility of the rule sheet.

    pabutools has no measure for `borda` and `points-cost`; there the utilities go in as points.
    """
    instance, utility = contest.instance, contest.utility
    if utility in {Utility.COST, Utility.CARDINALITY}:
        measure = Cost_Sat if utility is Utility.COST else Cardinality_Sat
        return approval_profile(instance, converted, projects), measure
    if utility is Utility.BORDA0:
        rankings = [
            FrozenOrdinalBallot([projects[id_] for id_ in ballot.choices])
            for ballot in instance.ballots
        ]
        return OrdinalMultiProfile(rankings, instance=converted), Additive_Borda_Sat
    points = [
        FrozenCardinalBallot(
            {projects[id_]: exact(value) for id_, value in _points(ballot, contest).items()}
        )
        for ballot in instance.ballots
    ]
    return CardinalMultiProfile(points, instance=converted), Additive_Cardinal_Sat


def score_profile(instance: Instance, converted: Any, projects: Projects) -> Any:
    """Convert ballots so that utility per unit of money is the number of votes, or the score."""
    cost = {project.id: project.cost for project in instance.projects}
    ballots = [
        FrozenCardinalBallot(
            {
                projects[id_]: exact(value * cost[id_])
                for id_, value in _scores(ballot, instance).items()
                if id_ in projects
            }
        )
        for ballot in instance.ballots
    ]
    return CardinalMultiProfile(ballots, instance=converted)


def _scores(ballot: Ballot, instance: Instance) -> Mapping[str, Fraction | int]:
    if instance.vote_type is VoteType.ORDINAL:
        return dict(borda_scores(ballot, last=1))
    if instance.vote_type in {VoteType.CUMULATIVE, VoteType.SCORING}:
        return dict(points_of(ballot, instance))
    return dict.fromkeys(ballot.choices, 1)


def _approval(ballot: Ballot, projects: Projects) -> Any:
    return FrozenApprovalBallot(projects[id_] for id_ in ballot.choices)


def _points(ballot: Ballot, contest: Contest) -> dict[str, Fraction | int]:
    if contest.utility is Utility.BORDA:
        return dict(borda_scores(ballot, last=1))
    points = dict(points_of(ballot, contest.instance))
    if contest.utility is Utility.POINTS:
        return {**points}
    costs = contest.instance.project_by_id
    return {id_: value * costs[id_].cost for id_, value in points.items()}


class AlignedTies:
    """Our tie list in the place of a pabutools tie-breaking rule; what it decides is recorded.

    pabutools calls `order` or `untie` with converted projects and takes the first.
    """

    def __init__(self, contest: Contest, stage: str) -> None:
        self.ties: list[Tie] = []
        self._ids = [project.id for project in contest.instance.projects]
        self._tie_breaker = contest.tie_breaker
        self._stage = stage
        self._round = 0

    def order(self, _instance: Any, _profile: Any, tied: Collection[Any]) -> list[Any]:
        self._round += 1
        by_id = {id_of(project, self._ids): project for project in tied}
        if len(by_id) == 1:
            return list(tied)
        tie = self._tie_breaker.break_tie(by_id, stage=self._stage, round_number=self._round)
        self.ties.append(tie)
        first = by_id.pop(tie.chosen)
        return [first, *by_id.values()]

    def untie(self, instance: Any, profile: Any, tied: Collection[Any]) -> Any:
        return self.order(instance, profile, tied)[0]


def full_order(contest: Contest) -> Any:
    """Make our tie list a pabutools rule that orders any projects, for a second count."""
    ids = [project.id for project in contest.instance.projects]
    sort_key = contest.tie_breaker.sort_key
    return TieBreakingRule(lambda _instance, _profile, project: sort_key(id_of(project, ids)))
