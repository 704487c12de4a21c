"""What equal shares does with money left over: more endowment, and a fill by votes."""

from collections.abc import Callable, Sequence
from fractions import Fraction

from allocation.contest import Contest
from allocation.equal_shares import Run, equal_shares
from allocation.greedy import fund_in_order
from allocation.options import Completion
from allocation.outcome import Outcome, Search, SearchEnd

# Told after each run: runs made so far, and the share of the budget that the last one spent.
Progress = Callable[[int, Fraction], None]

RAISES_ENDOWMENT = frozenset({Completion.ADD1, Completion.ADD1U})
FILLS_UP = frozenset({Completion.UTILITARIAN, Completion.ADD1U})


def completed_equal_shares(contest: Contest, progress: Progress) -> Outcome:
    """Run equal shares and complete it as the rule sheet says."""
    search = _Search(contest, progress).run()
    bought = _ids(contest, search.kept)
    fills_up = contest.sheet.completion in FILLS_UP
    added, fill_ties = (
        fund_in_order(contest, contest.votes, bought, stage="fill") if fills_up else ([], [])
    )
    winners = [*bought, *added]
    return Outcome(
        sheet=contest.sheet,
        winners=tuple(winners),
        total_cost=contest.instance.cost_of(winners),
        endowment=search.kept.endowment,
        added=tuple(added),
        ties=(*search.kept.ties, *fill_ties),
        runs=search.runs,
        search=search,
    )


def _ids(contest: Contest, run: Run) -> list[str]:
    return [contest.electorate.ids[project] for project in run.winners]


class _Search:
    """Raises the endowment step by step until a run overspends or nothing more can be bought."""

    def __init__(self, contest: Contest, progress: Progress) -> None:
        self._contest = contest
        self._progress = progress
        self._runs = 0
        index = {id_: place for place, id_ in enumerate(contest.electorate.ids)}
        self._exclusive: Sequence[frozenset[int]] = [
            frozenset(index[id_] for id_ in group) for group in contest.exclusive
        ]

    def run(self) -> Search:
        instance, sheet = self._contest.instance, self._contest.sheet
        share = self._contest.plain_endowment
        if sheet.completion not in RAISES_ENDOWMENT:
            return Search(self._equal_shares(share), SearchEnd.SINGLE_RUN, None, self._runs)
        if instance.cost_of(set(instance.project_by_id)) <= instance.budget:
            return Search(self._equal_shares(share), SearchEnd.ALL_AFFORDABLE, None, self._runs)
        return self._raise_endowment(self._start(share))

    def _start(self, share: Fraction) -> Fraction:
        """Round the plain share down to whole currency units if the rule sheet says so."""
        unit = self._contest.instance.minor_per_unit
        return Fraction(share // unit * unit) if self._contest.sheet.integral_start else share

    def _raise_endowment(self, start: Fraction) -> Search:
        instance = self._contest.instance
        step = self._contest.sheet.increment * instance.minor_per_unit
        kept = self._equal_shares(start)
        while True:
            end = self._reason_to_stop(kept)
            if end is not None:
                return Search(kept, end, None, self._runs)
            following = self._equal_shares(kept.endowment + step)
            if following.cost > instance.budget:
                return Search(kept, SearchEnd.NEXT_OVERSPENDS, following, self._runs)
            kept = following

    def _reason_to_stop(self, run: Run) -> SearchEnd | None:
        contest = self._contest
        funded = _ids(contest, run)
        still_open = contest.open_projects(funded)
        left = contest.money_left(funded)
        if contest.sheet.exhaustive_stop and not any(p.cost <= left for p in still_open):
            return SearchEnd.EXHAUSTIVE
        supported = {
            id_
            for id_, count in zip(
                contest.electorate.ids, contest.electorate.supporter_counts, strict=True
            )
            if count
        }
        # Without this the search never ends when the supported projects fit, but all do not.
        if not any(project.id in supported for project in still_open):
            return SearchEnd.ALL_SUPPORTED_FUNDED
        return None

    def _equal_shares(self, endowment: Fraction) -> Run:
        contest = self._contest
        run = equal_shares(contest.electorate, endowment, contest.tie_breaker, self._exclusive)
        self._runs += 1
        self._progress(self._runs, min(Fraction(1), Fraction(run.cost, contest.instance.budget)))
        return run
