"""An election prepared for counting under one rule sheet: what every rule looks at."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

from allocation.errors import NoBallotsError
from allocation.instance import Ballot, Instance, Project
from allocation.options import Rule, Utility
from allocation.rule_fit import check_constraints, check_utility
from allocation.rule_sheet import RuleSheet
from allocation.tie_breaking import TieBreaker
from allocation.utilities import (
    Electorate,
    build_electorate,
    read_as_approval,
    refuse_negative_points,
    votes_or_scores,
)


@dataclass(frozen=True)
class Contest:
    """An instance and a rule sheet that fit together; made by `prepare`."""

    instance: Instance
    sheet: RuleSheet

    @cached_property
    def electorate(self) -> Electorate:
        return build_electorate(self.instance, self.utility)

    @cached_property
    def utility(self) -> Utility:
        if self.sheet.utility is None:
            raise ValueError(f"{self.sheet.rule} was asked for a utility that it does not have")
        return self.sheet.utility

    @property
    def plain_endowment(self) -> Fraction:
        """The budget divided by the ballots, in minor units."""
        return Fraction(self.instance.budget, len(self.instance.ballots))

    @cached_property
    def votes(self) -> dict[str, Fraction]:
        """Votes or scores by project, what ties, the fill and plain greedy go by."""
        return votes_or_scores(self.instance)

    @cached_property
    def tie_breaker(self) -> TieBreaker:
        return TieBreaker(self.instance, self.votes, self.sheet.ties, self.sheet.lot_seed)

    @cached_property
    def exclusive(self) -> tuple[frozenset[str], ...]:
        """Sets of projects of which at most one can be funded."""
        named: dict[str, set[str]] = {}
        for project in self.instance.projects:
            if project.exclusive_group:
                named.setdefault(project.exclusive_group, set()).add(project.id)
        listed = (group.projects for group in self.sheet.constraints.exclusive)
        return tuple(frozenset(group) for group in (*named.values(), *listed))

    def open_projects(self, funded: Collection[str]) -> list[Project]:
        """Projects not funded and not shut out by an exclusive group, in listed order."""
        gone = set(funded).union(*(group for group in self.exclusive if group & set(funded)))
        return [project for project in self.instance.projects if project.id not in gone]

    def money_left(self, funded: Collection[str]) -> int:
        """Money not spent, in minor units; below 0 when a run overspent."""
        return self.instance.budget - self.instance.cost_of(set(funded))

    def without_unsupported(self) -> "Contest":
        """Leave out projects without votes (or with a score of 0 or less), also on ballots."""
        supported = {id_ for id_, votes in self.votes.items() if votes > 0}
        projects = tuple(p for p in self.instance.projects if p.id in supported)
        ballots = tuple(_only(ballot, supported) for ballot in self.instance.ballots)
        return replace(self, instance=replace(self.instance, projects=projects, ballots=ballots))

    def under(self, sheet: RuleSheet) -> "Contest":
        """Prepare the same ballots for another rule."""
        return prepare(self.instance, sheet)


def _only(ballot: Ballot, ids: Collection[str]) -> Ballot:
    kept = [place for place, id_ in enumerate(ballot.choices) if id_ in ids]
    return replace(
        ballot,
        choices=tuple(ballot.choices[place] for place in kept),
        points=tuple(ballot.points[place] for place in kept) if ballot.points else (),
    )


def prepare(instance: Instance, sheet: RuleSheet) -> Contest:
    """Check that the rule sheet fits these ballots; an AllocationError says what does not."""
    if sheet.read_as_approval:
        instance = read_as_approval(instance)
    sheet = sheet.resolved(instance.vote_type)
    check_utility(instance.vote_type, sheet)
    check_constraints(instance, sheet)
    if sheet.rule is Rule.EQUAL_SHARES:
        refuse_negative_points(instance)
        if not instance.ballots:
            raise NoBallotsError
    return Contest(instance, sheet)
