"""The same election with one project changed, and whether the whole rule then funds it.

Ballots are changed by their content (a row of `Instance.table`): which of several equal ballots
changes makes no difference to any count.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from allocation.ballot_table import BallotTable
from allocation.comparison import take_preferred
from allocation.completion import completed_equal_shares
from allocation.contest import Contest
from allocation.errors import AllocationError
from allocation.instance import Instance

# Content of the table -> how many of its ballots are meant.
BallotsByContent = Mapping[int, int]


def is_funded(contest: Contest, project: str) -> bool:
    """Count equal shares by the whole rule, completion and comparison included.

    A count that is refused funds nobody: the change may make a tie that the list leaves open.
    """
    try:
        outcome = take_preferred(contest, completed_equal_shares(contest, _silent))
    except AllocationError:
        return False
    return project in outcome.winners


def _silent(_runs: int, _spent: Fraction) -> None:
    """Progress that nobody watches."""


def changed(
    contest: Contest, instance: Instance, project: str, votes: Fraction | None = None
) -> Contest:
    """Put a changed instance in the place of a prepared one; only one project's votes differ.

    They are filled in where the cached property would be, so that no ballot is read again. `votes`
    None: they are as before.
    """
    made = replace(contest, instance=instance)
    own = {} if votes is None else {project: votes}
    vars(made)["votes"] = {**contest.votes, **own}
    return made


def votes_by_crosses(instance: Instance) -> dict[str, Fraction]:
    """Count the ballots that name each project."""
    table = instance.table
    ballots = np.repeat(table.ballots_of_content, np.diff(table.starts))
    votes = np.bincount(table.choices, weights=ballots, minlength=len(table.ids))
    return {id_: Fraction(int(number)) for id_, number in zip(table.ids, votes, strict=True)}


def with_cost(instance: Instance, project: str, cost: int) -> Instance:
    """Give one project another cost, in minor units."""
    projects = tuple(
        replace(each, cost=cost) if each.id == project else each for each in instance.projects
    )
    return replace(instance, projects=projects)


def with_added(instance: Instance, project: str, ballots: BallotsByContent) -> Instance:
    """Let ballots name a project too, after what they name; for ballots without points."""
    place = _place(instance, project)
    return _rewritten(instance, ballots, lambda said: _Said([*said.choices, place], said.points))


def without_support(instance: Instance, project: str, ballots: BallotsByContent) -> Instance:
    """Take a project off ballots, with its points."""
    place = _place(instance, project)

    def taken_off(said: "_Said") -> "_Said":
        kept = [at for at, choice in enumerate(said.choices) if choice != place]
        points = [said.points[at] for at in kept] if said.points else []
        return _Said([said.choices[at] for at in kept], points)

    return _rewritten(instance, ballots, taken_off)


def with_nothing_else(instance: Instance, project: str, ballots: BallotsByContent) -> Instance:
    """Let ballots name one project and no other; for ballots without points."""
    place = _place(instance, project)
    return _rewritten(instance, ballots, lambda _said: _Said([place], []))


def with_new_ballots(instance: Instance, project: str, number: int) -> Instance:
    """Add ballots that name one project and no other; for ballots without points."""
    table = _with_contents(instance.table, [_Said([_place(instance, project)], [])])
    content = len(table.starts) - 2
    added = np.full(number, content, dtype=table.content_of.dtype)
    content_of = np.concatenate([table.content_of, added])
    return replace(instance, ballots=replace(table, content_of=content_of, voter_ids=(), fields=()))


@dataclass(frozen=True, slots=True)
class _Said:
    """What a ballot says, as numbers of the table."""

    choices: list[int]
    points: list[Any]


def _place(instance: Instance, project: str) -> int:
    return instance.table.ids.index(project)


def _rewritten(instance: Instance, ballots: BallotsByContent, change: Any) -> Instance:
    """Let the first so many ballots of each content say something else."""
    table = instance.table
    contents = [content for content, number in ballots.items() if number]
    longer = _with_contents(table, [change(_said(table, content)) for content in contents])
    by_content = np.argsort(table.content_of, kind="stable")
    firsts = np.searchsorted(table.content_of[by_content], contents)
    content_of = table.content_of.copy()
    for new, (content, first) in enumerate(zip(contents, firsts.tolist(), strict=True)):
        moved = by_content[first : first + ballots[content]]
        content_of[moved] = len(table.starts) - 1 + new
    return replace(instance, ballots=_without_unused(replace(longer, content_of=content_of)))


def _without_unused(table: BallotTable) -> BallotTable:
    """Drop contents that no ballot has, so that nothing takes their projects for supported."""
    used = table.ballots_of_content > 0
    lengths = np.diff(table.starts)
    entries = np.repeat(used, lengths)
    return replace(
        table,
        starts=np.concatenate([[0], np.cumsum(lengths[used])]).astype(np.int64),
        choices=table.choices[entries],
        points=table.points[entries] if len(table.points) else table.points,
        content_of=(np.cumsum(used) - 1)[table.content_of].astype(table.content_of.dtype),
    )


def _said(table: BallotTable, content: int) -> _Said:
    place = slice(table.starts[content], table.starts[content + 1])
    return _Said(table.choices[place].tolist(), table.points[place].tolist())


def _with_contents(table: BallotTable, more: list[_Said]) -> BallotTable:
    lengths = [len(said.choices) for said in more]
    starts = np.concatenate([table.starts, table.starts[-1] + np.cumsum(lengths, dtype=np.int64)])
    return replace(
        table,
        starts=starts,
        choices=_longer(table.choices, [choice for said in more for choice in said.choices]),
        points=_longer(table.points, [points for said in more for points in said.points]),
    )


def _longer(numbers: NDArray[Any], more: list[Any]) -> NDArray[Any]:
    return np.concatenate([numbers, np.array(more, dtype=numbers.dtype)])
