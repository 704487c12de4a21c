"""How close it was: what would have made a loser win, and how much a winner could have lost.

The measures follow Boehmer, Faliszewski, Janeczko, Peters, Pierczyński, Schierreich, Skowron and
Szufa, "Evaluation of Project Performance in Participatory Budgeting", arXiv 2312.14723. Each is
computed in the last count, the accepted run with its endowment held fixed, and then tried in a
recount of the whole rule. Only what a recount confirmed is said to have been enough.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache, cached_property

from allocation.added_supporters import enough_added, fewest_added, richest_others
from allocation.ballot import Ballot
from allocation.ballot_account import ballot_shares
from allocation.contest import Contest, prepare
from allocation.cost_margin import greatest_cost
from allocation.equal_shares import Run
from allocation.instance import Instance
from allocation.last_count import LastCount
from allocation.lost_supporters import least_generous, most_losable, surely_losable
from allocation.new_ballots import fewest_new
from allocation.options import APPROVALS, Utility
from allocation.outcome import Outcome
from allocation.recount import (
    changed,
    is_funded,
    votes_by_crosses,
    with_added,
    with_cost,
    with_new_ballots,
    with_nothing_else,
    without_support,
)
from allocation.replay import Replay, RoundMoney
from allocation.runs import Runs, runs_of
from allocation.search_path import ChangedProject, SearchPath

# A figure that a recount does not confirm is changed by this part of the way, try after try.
TRIES_STEPS = 20


@dataclass(frozen=True, slots=True)
class Margin:
    """A margin in the last count, and the figure at which a recount gave the other outcome.

    `in_last_count` None: nothing of this kind would have changed the last count. `confirmed` None:
    no recount that was made came out that way. Nothing is claimed about figures in between or
    beyond, because a recount may find another endowment: a cheaper project can lose again.
    """

    in_last_count: int | None
    confirmed: int | None = None


@dataclass(frozen=True, slots=True)
class Bracket:
    """A whole number that lies from `low` to `high`, both included; `high` None: no known end."""

    low: int
    high: int | None

    @property
    def exact(self) -> bool:
        return self.low == self.high


@dataclass(frozen=True, slots=True)
class LoserMargins:
    """What would have funded a project that lost; None: not defined for these ballots or rule.

    - `cost_red`: the greatest cost below its own, in minor units, at which it is funded.
    - `optimist_add`: the fewest ballots, of those that do not support it, that fund it by naming
      it too, if the most helpful ones do.
    - `pessimist_add`: the fewest that fund it whichever ballots they are; in the last count only,
      since not every choice can be recounted.
    - `singleton_add`: the fewest new ballots for this project alone that fund it, the budget as it
      is, so that everybody's share falls.
    - `rivalry`: a number of supporters that fund it by voting for nothing else, those who had least
      left at the end first; one fewer of them does not. Another choice may do with fewer.
    """

    id: str
    cost_red: Margin | None = None
    optimist_add: Margin | None = None
    pessimist_add: Bracket | None = None
    singleton_add: Margin | None = None
    rivalry: Margin | None = None


@dataclass(frozen=True, slots=True)
class WinnerMargins:
    """How much a funded project could lose and still be funded; None: not defined here.

    - `cost`: the greatest cost at which it is funded, in minor units.
    - `losable`: the most supporters that it can lose, if those leave who matter least.
    - `losable_any`: the most that it can lose whoever leaves; in the last count only.

    A confirmed figure of a winner was recounted and still funded.
    """

    id: str
    cost: Margin | None = None
    losable: Margin | None = None
    losable_any: Bracket | None = None


def margins(
    instance: Instance,
    outcome: Outcome,
    ids: Iterable[str] | None = None,
    *,
    tries: int = 1,
    rivalry: bool = False,
    seconds_max: float = 0,
) -> Iterator[LoserMargins | WinnerMargins]:
    """Measure how close it was for some projects, or for all in listed order.

    `tries` is how many recounts are made for each figure at most; with 0 nothing is confirmed.
    `rivalry` needs a dozen runs for each project, so it is measured on demand only. `seconds_max`
    may be spent for each project on narrowing the bracket of `pessimist_add` by integer programs.
    Of rules other than equal shares there is nothing to tell.
    """
    greedy_taken = outcome.comparison is not None and outcome.comparison.greedy_taken
    if outcome.search is None or greedy_taken:
        return
    study = _Study(
        prepare(instance, outcome.sheet), outcome, outcome.search.kept, tries, rivalry, seconds_max
    )
    wanted = None if ids is None else set(ids)
    for project in instance.projects:
        if wanted is None or project.id in wanted:
            yield study.of(project.id)


@dataclass(frozen=True, eq=False)
class _Study:
    """An outcome of equal shares under study; what all projects share is computed once."""

    contest: Contest
    outcome: Outcome
    kept: Run
    tries: int
    rivalry: bool
    seconds_max: float

    def of(self, id_: str) -> LoserMargins | WinnerMargins:
        project = self._place[id_]
        if id_ in self.outcome.winners:
            return self._winner(self._without(project))
        return self._loser(self._last_count(self.kept, project))

    def _loser(self, last: LastCount) -> LoserMargins:
        utility = self.contest.utility
        crosses = utility in APPROVALS
        return LoserMargins(
            id=last.id,
            cost_red=self._cost(last, greatest_cost(last, below=last.cost), downwards_to=0),
            optimist_add=self._added(last) if crosses else None,
            pessimist_add=self._whoever(last) if crosses else None,
            singleton_add=self._new(last) if crosses or utility is Utility.BORDA else None,
            rivalry=self._rivalry(last) if crosses and self.rivalry else None,
        )

    def _winner(self, last: LastCount) -> WinnerMargins:
        lost_points_are_known = self.contest.utility not in {Utility.BORDA, Utility.BORDA0}
        most = most_losable(last) if lost_points_are_known else None
        surely = surely_losable(last) if lost_points_are_known else None
        return WinnerMargins(
            id=last.id,
            cost=self._cost(last, greatest_cost(last), downwards_to=last.cost),
            losable=None if most is None else self._lost(last, *most),
            losable_any=None if most is None or surely is None else Bracket(surely, most[0]),
        )

    def _cost(self, last: LastCount, cost: int | None, *, downwards_to: int) -> Margin:
        if cost is None:
            return Margin(None)
        to_try = (cost - (cost - downwards_to) * part // TRIES_STEPS for part in range(self.tries))
        return Margin(cost, self._first(last, to_try, self._costing(last), self._of_cost(last)))

    def _costing(self, last: LastCount) -> Callable[[int], Contest]:
        def costing(cost: int) -> Contest:
            return changed(self.contest, with_cost(self.contest.instance, last.id, cost), last.id)

        return costing

    def _of_cost(self, last: LastCount) -> Callable[[int], ChangedProject]:
        lost = last.id not in self.outcome.winners
        supporters = self._supporters(last)
        return lambda cost: ChangedProject(last.project, cost, supporters, lost=lost)

    def _supporters(self, last: LastCount) -> dict[int, int]:
        entries = self._replay.electorate.supporters[last.project]
        return {group: ballots for group, _, ballots in entries}

    def _added(self, last: LastCount) -> Margin:
        found = fewest_added(last)
        if found is None:
            return Margin(None)
        fewest, money = found

        def added(number: int) -> Contest:
            groups = richest_others(last, money, number)
            instance = with_added(self.contest.instance, last.id, self._by_content(groups))
            return changed(self.contest, instance, last.id, last.votes + number)

        def more(number: int) -> ChangedProject:
            supporters = self._supporters(last) | richest_others(last, money, number)
            votes = last.votes + number
            return ChangedProject(last.project, last.cost, supporters, votes=votes)

        return Margin(fewest, self._first(last, self._upwards(fewest), added, more))

    def _whoever(self, last: LastCount) -> Bracket | None:
        found, enough = fewest_added(last), enough_added(last)
        if found is None or enough is None:
            return None
        low, high = found[0], enough
        if low < high and self.seconds_max:
            # Loaded only where it is wanted: a solver takes a moment.
            from allocation.whoever import narrowed  # noqa: PLC0415

            low, high = narrowed(last, low, high, self.seconds_max)
        return Bracket(low, high)

    def _new(self, last: LastCount) -> Margin:
        fewest = fewest_new(last, self._runs.at)
        if fewest is None:
            return Margin(None)

        def with_new(number: int) -> Contest:
            instance = with_new_ballots(self.contest.instance, last.id, number)
            return changed(self.contest, instance, last.id, last.votes + number)

        def new(number: int) -> ChangedProject:
            votes = last.votes + number
            return ChangedProject(
                last.project, last.cost, self._supporters(last), number, votes=votes
            )

        return Margin(fewest, self._first(last, self._upwards(fewest), with_new, new))

    def _rivalry(self, last: LastCount) -> Margin:
        def only_for_it(number: int) -> Contest:
            groups = least_generous(last, last.rounds[-1], number)
            instance = with_nothing_else(self.contest.instance, last.id, self._by_content(groups))
            made = replace(self.contest, instance=instance)
            vars(made)["votes"] = votes_by_crosses(instance)
            return made

        @cache
        def suffice(number: int) -> bool:
            contest = only_for_it(number)
            run = runs_of(contest).at(self.kept.endowment)
            if last.project in run.winners:
                return True
            return LastCount(contest, self._replay, run, (), last.project).fills()

        supporters = self._replay.electorate.supporter_counts[last.project]
        numbers = range(1, supporters + 1)
        place = bisect_left(numbers, x=True, key=suffice)
        if place == len(numbers):
            return Margin(None)
        to_try = (n for n in self._upwards(numbers[place]) if n <= supporters)
        return Margin(numbers[place], self._first(last, to_try, only_for_it))

    def _lost(self, last: LastCount, most: int, money: RoundMoney) -> Margin:
        def left(number: int) -> Contest:
            groups = least_generous(last, money, number)
            instance = without_support(self.contest.instance, last.id, self._by_content(groups))
            if self.contest.utility in APPROVALS:
                return changed(self.contest, instance, last.id, last.votes - number)
            return replace(self.contest, instance=instance)

        def fewer(number: int) -> ChangedProject:
            supporters = Counter(self._supporters(last))
            supporters.subtract(least_generous(last, money, number))
            return ChangedProject(
                last.project, last.cost, supporters, votes=last.votes - number, lost=False
            )

        to_try = (most - most * part // TRIES_STEPS for part in range(self.tries))
        crosses = self.contest.utility in APPROVALS
        return Margin(most, self._first(last, to_try, left, fewer if crosses else None))

    def _first(
        self,
        last: LastCount,
        to_try: Iterable[int],
        change: Callable[[int], Contest],
        quick: Callable[[int], ChangedProject] | None = None,
    ) -> int | None:
        """Find the first figure with which a recount of the whole rule funds the project.

        `quick` tells what changes about the project, where that is all, so that its recounts may be
        quick.
        """

        def funded(number: int) -> bool:
            known = quick and self._path.funds(quick(number), lambda: change(number))
            return is_funded(change(number), last.id) if known is None else known

        return next((n for n in to_try if funded(n)), None)

    def _upwards(self, fewest: int) -> Iterator[int]:
        # Rounded up, so that each is another number.
        return (fewest - (-fewest * part // TRIES_STEPS) for part in range(self.tries))

    # What all projects share

    def _last_count(self, run: Run, project: int) -> LastCount:
        rounds = self._kept_rounds if run is self.kept else self._replay.rounds(run)
        return LastCount(self.contest, self._replay, run, rounds, project)

    def _without(self, project: int) -> LastCount:
        """Run once more without a winner: as if it cost more than everybody has together."""
        if project not in self.kept.winners:
            return self._last_count(self.kept, project)
        everything = int(self.kept.endowment * self._replay.electorate.ballots)
        id_ = self.contest.instance.projects[project].id
        dearer = ChangedProject(project, everything + 1, {})
        runs = self._path.runs_with(
            dearer,
            lambda: changed(self.contest, with_cost(self.contest.instance, id_, dearer.cost), id_),
        )
        return self._last_count(runs.at(self.kept.endowment), project)

    @cached_property
    def _place(self) -> dict[str, int]:
        return {project.id: place for place, project in enumerate(self.contest.instance.projects)}

    @cached_property
    def _runs(self) -> Runs:
        return runs_of(self.contest)

    @cached_property
    def _path(self) -> SearchPath:
        return SearchPath(self.contest, self._replay, self._runs, self.kept)

    @cached_property
    def _replay(self) -> Replay:
        return Replay(self.contest.electorate)

    @cached_property
    def _kept_rounds(self) -> list[RoundMoney]:
        return self._replay.rounds(self.kept)

    def _by_content(self, groups: dict[int, int]) -> dict[int, int]:
        """Find contents of the table for numbers of ballots by group of the electorate."""
        ballots = self.contest.instance.table.ballots_of_content
        found: dict[int, int] = {}
        for group, number in groups.items():
            left = number
            for content in self._contents_of_group[group]:
                found[content] = min(left, int(ballots[content]))
                left -= found[content]
        return found

    @cached_property
    def _contents_of_group(self) -> list[list[int]]:
        electorate, instance = self._replay.electorate, self.contest.instance
        group_of = {group.shares: index for index, group in enumerate(electorate.groups)}
        contents: list[list[int]] = [[] for _ in electorate.groups]
        for content, said in enumerate(instance.table.contents):
            if not instance.table.ballots_of_content[content]:
                continue
            shares = ballot_shares(Ballot(*said), instance, self.contest.utility).items()
            listed = ((self._place[id_], int(share * electorate.scale)) for id_, share in shares)
            contents[group_of[tuple(sorted(listed))]].append(content)
        return contents
