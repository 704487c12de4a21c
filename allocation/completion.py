"""What equal shares does with money left over: more endowment, and a fill by votes."""

from collections.abc import Callable
from fractions import Fraction

from allocation.contest import Contest
from allocation.equal_shares import Run
from allocation.greedy import fund_in_order
from allocation.options import Completion
from allocation.outcome import Outcome, Search, SearchEnd
from allocation.runs import Stretch, runs_of

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
        decided_exactly=search.decided_exactly,
        search=search,
    )


def _ids(contest: Contest, run: Run) -> list[str]:
    return [contest.instance.projects[place].id for place in run.winners]


class _Search:
    """Raises the endowment until a run overspends or nothing more can be bought."""

    def __init__(self, contest: Contest, progress: Progress) -> None:
        self._contest = contest
        self._progress = progress
        self._runs = runs_of(contest)

    def run(self) -> Search:
        instance, sheet = self._contest.instance, self._contest.sheet
        share = self._contest.plain_endowment
        if sheet.completion not in RAISES_ENDOWMENT:
            return self._ended(self._only_run(share), SearchEnd.SINGLE_RUN)
        if instance.cost_of(set(instance.project_by_id)) <= instance.budget:
            return self._ended(self._only_run(share), SearchEnd.ALL_AFFORDABLE)
        return self._raise_endowment(self._start(share))

    def _start(self, share: Fraction) -> Fraction:
        """Round the plain share down to whole currency units if the rule sheet says so."""
        unit = self._contest.instance.minor_per_unit
        return Fraction(share // unit * unit) if self._contest.sheet.integral_start else share

    def _raise_endowment(self, start: Fraction) -> Search:
        instance = self._contest.instance
        step = self._contest.sheet.increment * instance.minor_per_unit
        reached = self._stretch(start, step)
        while True:
            if reached.cost > instance.budget:  # never at the start itself
                kept = self._runs.at(reached.first - step)
                ended_by = self._runs.at(reached.first)
                return self._ended(kept, SearchEnd.NEXT_OVERSPENDS, ended_by)
            end = self._reason_to_stop(reached)
            if end is not None:
                return self._ended(self._runs.at(reached.first), end)
            reached = self._stretch(reached.last + step, step)

    def _reason_to_stop(self, reached: Stretch) -> SearchEnd | None:
        contest = self._contest
        funded = [contest.instance.projects[place].id for place in reached.winners]
        still_open = contest.open_projects(funded)
        left = contest.money_left(funded)
        if contest.sheet.exhaustive_stop and not any(p.cost <= left for p in still_open):
            return SearchEnd.EXHAUSTIVE
        # Without this the search never ends when the supported projects fit, but all do not.
        if not any(project.id in self._runs.supported for project in still_open):
            return SearchEnd.ALL_SUPPORTED_FUNDED
        return None

    def _only_run(self, endowment: Fraction) -> Run:
        run = self._runs.at(endowment)
        self._tell(run.cost)
        return run

    def _stretch(self, first: Fraction, step: Fraction) -> Stretch:
        stretch = self._runs.stretch(first, step)
        self._tell(stretch.cost)
        return stretch

    def _tell(self, cost: int) -> None:
        spent = Fraction(cost, self._contest.instance.budget)
        self._progress(self._runs.made, min(Fraction(1), spent))

    def _ended(self, kept: Run, end: SearchEnd, ended_by: Run | None = None) -> Search:
        return Search(kept, end, ended_by, self._runs.made, self._runs.decided_exactly)
