"""What the ballots say: entries that name projects, with points where the type has them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from allocation.ballot_table import NO_POINTS, BallotTable
from allocation.instance import VoteType
from allocation.pabulib.lists import Lists, Marked, marked, part_lists
from allocation.pabulib.lookup import NOWHERE, find
from allocation.pabulib.points import Points, read_points
from allocation.pabulib.problems import Finding, shown
from allocation.pabulib.rows import starts_of
from allocation.pabulib.texts import Places, Texts, texts_of


@dataclass(frozen=True, eq=False)
class Contents:
    """Cells with ballots, read: entry j names the project `projects[j]`, or NOWHERE.

    A ballot keeps the entries that name a project, each project the first time it is named.
    """

    listed: Lists
    points: Points | None
    projects: NDArray[np.int64]
    is_kept: NDArray[np.bool_]

    @cached_property
    def errors(self) -> NDArray[np.int64]:
        """For each content the number of its errors."""
        if not self.points:
            return np.zeros(len(self.listed), dtype=np.int64)
        return self._count(self.points.is_wrong) + self.points.is_uneven

    @cached_property
    def faults(self) -> NDArray[np.int64]:
        """For each content the number of its faults that can be mended."""
        faults = self._count(~self.is_kept) + self.listed.is_padded
        return faults + self.points.written.is_padded if self.points else faults

    @cached_property
    def is_empty(self) -> NDArray[np.bool_]:
        """Tell which contents choose nothing."""
        is_empty: NDArray[np.bool_] = self._count(self.is_kept) == 0
        return is_empty

    def findings(self, content: int, count_max: int) -> Iterator[Finding]:
        """Tell these errors and faults, of each kind as many as `count_max` or more."""
        yield from self.listed.findings(content)
        if self.points:
            yield from self.points.findings(content, count_max)
        for entry in self._dropped.of(content, count_max):
            name = shown(self.listed.entry(entry))
            if self.projects[entry] == NOWHERE:
                says = f"names project {name}, which is not in PROJECTS."
                hint, repair = "Correct the id, or add the project.", "Left that entry out."
                yield Finding("fault", "unknown_project", says, hint, repair)
            else:
                says = f"names project {name} twice."
                hint, repair = "Remove one of the two.", "Kept the first."
                yield Finding("fault", "repeated_project", says, hint, repair)

    @cached_property
    def _dropped(self) -> Marked:
        return marked(~self.is_kept, self.listed.starts)

    @property
    def may_be_alike(self) -> bool:
        """Tell whether two of them may mean the same although they are written differently."""
        has_spellings = self.points is not None and self.points.has_spellings
        return bool(self.faults.any()) or has_spellings

    def table(self, ids: Sequence[str]) -> BallotTable:
        """Put what is kept into columns, one ballot for each content."""
        kept = self.is_kept
        return BallotTable(
            ids=tuple(ids),
            starts=starts_of(self._count(kept)),
            choices=self.projects[kept].astype(np.int32),
            content_of=np.arange(len(self.listed), dtype=np.int32),
            points=self.points.values[kept] if self.points else NO_POINTS,
            point_scale=self.points.scale if self.points else 1,
        )

    def _count(self, is_meant: NDArray[np.bool_]) -> NDArray[np.int64]:
        return np.bincount(self.listed.owners[is_meant], minlength=len(self.listed))


def read_contents(
    vote: Texts, points: Texts | None, vote_type: VoteType | None, ids: Sequence[str]
) -> Contents:
    """Read what ballots say about the projects `ids`, with points where the type has them."""
    listed = part_lists(vote)
    projects = _projects(listed, ids)
    given = None
    if points is not None:
        is_negative_allowed = vote_type is not VoteType.CUMULATIVE
        given = read_points(part_lists(points), listed, negative_allowed=is_negative_allowed)
    return Contents(listed, given, projects, _kept(projects, listed.owners, len(ids)))


def _projects(listed: Lists, ids: Sequence[str]) -> Places:
    projects = find(listed.written, among=texts_of(ids))
    place = {id_: place for place, id_ in enumerate(ids)}
    for entry in listed.padded.tolist():
        projects[entry] = place.get(listed.entry(entry), NOWHERE)
    return projects


def _kept(
    projects: NDArray[np.int64], owners: NDArray[np.int64], projects_count: int
) -> NDArray[np.bool_]:
    """Mark the first time that a content names a project."""
    named = owners * projects_count + projects
    is_kept: NDArray[np.bool_] = projects != NOWHERE
    in_order = np.sort(named[is_kept])
    if (in_order[1:] == in_order[:-1]).any():
        known = np.flatnonzero(is_kept)
        order = known[np.argsort(named[known], kind="stable")]
        is_kept[order[1:][named[order[1:]] == named[order[:-1]]]] = False
    return is_kept
