"""An election as the counting sees it: projects with costs, a budget, and ballots.

Amounts are whole numbers of the instance's smallest unit (`minor_per_unit` of them make one unit
of the currency: 1 for whole units, 100 for cents). Points are exact fractions.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from functools import cached_property

from allocation.ballot import Ballot
from allocation.ballot_table import BallotTable, ballot_table

__all__ = ["Ballot", "Instance", "Project", "VoteType"]


class VoteType(StrEnum):
    """The `vote_type` of the Pabulib format; a knapsack ballot is an approval with a cost limit."""

    APPROVAL = "approval"
    CHOOSE_1 = "choose-1"
    CUMULATIVE = "cumulative"
    SCORING = "scoring"
    ORDINAL = "ordinal"


@dataclass(frozen=True, slots=True)
class Project:
    """A project on the ballot. `fields` keeps the other columns of its row as written."""

    id: str
    cost: int
    name: str = ""
    category: str = ""
    area: str = ""
    selected: str = ""
    exclusive_group: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Instance:
    """One pot: what can be funded, with how much money, and everybody's ballot.

    `ballots` holds every ballot that counts in n, empty ones included: a tuple, or a table where
    there are many. `meta` keeps the META section as written, for export; `listed` order is the
    order of `projects`.
    """

    vote_type: VoteType
    budget: int
    projects: tuple[Project, ...]
    ballots: Sequence[Ballot]
    minor_per_unit: int = 1
    default_score: Fraction = Fraction(0)
    meta: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def project_by_id(self) -> Mapping[str, Project]:
        return {project.id: project for project in self.projects}

    @cached_property
    def table(self) -> BallotTable:
        """The ballots in columns."""
        return ballot_table(self.ballots, [project.id for project in self.projects])

    def cost_of(self, ids: "frozenset[str] | tuple[str, ...] | list[str] | set[str]") -> int:
        """Sum the costs of projects, in minor units."""
        return sum(self.project_by_id[id_].cost for id_ in ids)
