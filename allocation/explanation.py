"""Why each project won or lost, as data: a page or a command makes one sentence of it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction

from allocation.contest import Contest, prepare
from allocation.instance import Instance, Project
from allocation.options import Rule
from allocation.outcome import Outcome
from allocation.reporting_pass import ProjectViews, look_again
from allocation.utilities import UTILITIES_WITH_COST

TOP_RIVALS = 3


class Why(StrEnum):
    """The reason for one project; which fields of `Reason` go with it stands behind each."""

    WON = "won"  # round, effective_votes (equal shares)
    WON_BY_FILL = "won-by-fill"  # round
    NO_VOTES = "no-votes"
    OVER_BUDGET = "over-budget"  # shortfall: cost above the budget
    SHUT_OUT = "shut-out"  # rivals: the winner with which it could not be funded
    TOO_FEW_VOTES = "too-few-votes"  # shortfall: even untouched, supporters' money was short
    LOST_TIE = "lost-tie"  # round, rivals: the winner of the tie
    MONEY_WENT_TO_OTHERS = "money-went-to-others"  # round, shortfall, rivals: what they paid for
    DID_NOT_FIT = "did-not-fit"  # round: winners before it; shortfall in the money left
    BELOW_THRESHOLD = "below-threshold"
    AFTER_STOP = "after-stop"  # greedy had ended at a project that did not fit
    NOT_IN_BEST_SET = "not-in-best-set"  # knapsack
    NOT_CHOSEN = "not-chosen"  # Phragmén, maximin support


@dataclass(frozen=True, slots=True)
class Reason:
    """Why, with the figures that belong to it; amounts in minor units.

    `rivals` are winners with what this project's supporters paid for each, the most first.
    """

    why: Why
    round: int | None = None
    effective_votes: Fraction | None = None
    shortfall: Fraction | None = None
    rivals: tuple[tuple[str, Fraction], ...] = ()


@dataclass(frozen=True, slots=True)
class RoundFigures:
    """A project before a round; amounts in minor units.

    `effective_votes` are None where its supporters can no longer pay. `cover` is what they would
    give at the price level of the round's winner, or all they have where nobody won.
    """

    money_behind: Fraction
    effective_votes: Fraction | None
    cover: Fraction


@dataclass(frozen=True, slots=True)
class ProjectExplanation:
    """Everything known about one project; the fields after `reason` for equal shares only.

    `votes` is votes or score, `supporters` the ballots to which it is worth something.
    `dropped_out` is the first round in which its supporters could no longer pay, `shortfall` what
    was missing then. `support` is the greatest part of the cost that they would have covered at a
    winner's price level, `missing` the smallest amount by which they fell short.
    """

    id: str
    votes: Fraction
    supporters: int
    reason: Reason
    rounds: tuple[RoundFigures, ...] = ()
    dropped_out: int | None = None
    shortfall: Fraction | None = None
    paid_for: tuple[tuple[str, Fraction], ...] = ()
    support: Fraction | None = None
    missing: Fraction | None = None


@dataclass(frozen=True, slots=True)
class BoughtInRound:
    """What the accepted run of equal shares bought in a round.

    `effective_votes` as in `RoundFigures`; `most_paid` is what a supporter paid who had enough, per
    cross, point or Borda point, in minor units.
    """

    project: str
    effective_votes: Fraction
    most_paid: Fraction


def bought_by_round(instance: Instance, outcome: Outcome) -> tuple[BoughtInRound, ...]:
    """List the purchases of the accepted run; empty where winners were not paid from shares."""
    if outcome.search is None:
        return ()
    contest = prepare(instance, outcome.sheet)
    electorate = contest.electorate
    return tuple(
        BoughtInRound(
            electorate.ids[purchase.project],
            _effective_votes(contest, purchase.price_level),
            purchase.payment_per_share * electorate.scale,
        )
        for purchase in outcome.search.kept.purchases
    )


def explain(instance: Instance, outcome: Outcome) -> dict[str, ProjectExplanation]:
    """Explain every project of an outcome, in listed order."""
    contest = prepare(instance, outcome.sheet)
    greedy_taken = outcome.comparison is not None and outcome.comparison.greedy_taken
    if outcome.search is not None and not greedy_taken:
        return _explain_equal_shares(contest, outcome)
    reason_of = _reasons_by_rule(contest, outcome)
    supporters = _supporters(contest)
    return {
        project.id: ProjectExplanation(
            id=project.id,
            votes=contest.votes[project.id],
            supporters=supporters[project.id],
            reason=_common_reason(contest, outcome, project) or reason_of(project),
        )
        for project in contest.instance.projects
    }


def _supporters(contest: Contest) -> dict[str, int]:
    sheet = contest.sheet.resolved(contest.instance.vote_type)
    if sheet.utility is None:
        equal_shares = replace(sheet, rule=Rule.EQUAL_SHARES)
        sheet = equal_shares.resolved(contest.instance.vote_type)
    electorate = Contest(contest.instance, sheet).electorate
    return dict(zip(electorate.ids, electorate.supporter_counts, strict=True))


def _common_reason(contest: Contest, outcome: Outcome, project: Project) -> Reason | None:
    """Give the reasons that need no look at the rounds; None if there is none of them."""
    if project.id in outcome.winners:
        place = outcome.winners.index(project.id) + 1
        return Reason(Why.WON_BY_FILL if project.id in outcome.added else Why.WON, round=place)
    if contest.votes[project.id] <= 0:
        return Reason(Why.NO_VOTES)
    over = project.cost - contest.instance.budget
    if over > 0:
        return Reason(Why.OVER_BUDGET, shortfall=Fraction(over))
    for group in contest.exclusive:
        winners = group & set(outcome.winners)
        if project.id in group and winners:
            return Reason(Why.SHUT_OUT, rivals=tuple((id_, Fraction(0)) for id_ in sorted(winners)))
    return None


def _reasons_by_rule(contest: Contest, outcome: Outcome) -> Callable[[Project], Reason]:
    if contest.sheet.rule is Rule.KNAPSACK:
        return lambda _project: Reason(Why.NOT_IN_BEST_SET)
    if contest.sheet.rule in {Rule.PHRAGMEN, Rule.MAXIMIN}:
        return lambda _project: Reason(Why.NOT_CHOSEN)

    def greedy_reason(project: Project) -> Reason:
        needed = contest.sheet.votes_min
        if needed is not None and contest.votes[project.id] < needed:
            return Reason(Why.BELOW_THRESHOLD)
        left = contest.instance.budget
        for place, id_ in enumerate(outcome.winners, start=1):
            left -= contest.instance.project_by_id[id_].cost
            if project.cost > left:
                return Reason(Why.DID_NOT_FIT, round=place, shortfall=Fraction(project.cost - left))
        return Reason(Why.AFTER_STOP)

    return greedy_reason


def _explain_equal_shares(contest: Contest, outcome: Outcome) -> dict[str, ProjectExplanation]:
    if outcome.search is None:
        raise ValueError("an outcome of equal shares carries its runs")
    views = look_again(contest.electorate, outcome.search.kept)
    return {
        project.id: _explain_project(contest, outcome, index, views[index])
        for index, project in enumerate(contest.instance.projects)
    }


def _explain_project(
    contest: Contest, outcome: Outcome, index: int, views: ProjectViews
) -> ProjectExplanation:
    project = contest.instance.projects[index]
    unaffordable = (n for n, v in enumerate(views.rounds, start=1) if v.money_behind < project.cost)
    dropped_out = next(unaffordable, None)
    shortfall = project.cost - views.rounds[dropped_out - 1].money_behind if dropped_out else None
    paid_for = tuple((contest.electorate.ids[w], paid) for w, paid in views.paid_for.items())
    explained = ProjectExplanation(
        id=project.id,
        votes=contest.votes[project.id],
        supporters=contest.electorate.supporter_counts[index],
        reason=Reason(Why.NO_VOTES),
        rounds=tuple(
            RoundFigures(v.money_behind, effective_votes(contest, v.price_level), v.cover)
            for v in views.rounds
        ),
        dropped_out=dropped_out,
        shortfall=shortfall,
        paid_for=paid_for,
        support=max(v.cover for v in views.rounds) / project.cost,
        missing=min(project.cost - v.cover for v in views.rounds),
    )
    return replace(explained, reason=_equal_shares_reason(contest, outcome, project, explained))


def effective_votes(contest: Contest, price_level: Fraction | None) -> Fraction | None:
    """Turn a price level into effective votes: how many full payers bear the cost alone.

    Where the utility does not grow with the cost it is support per unit of money instead.
    """
    return None if price_level is None else _effective_votes(contest, price_level)


def _effective_votes(contest: Contest, price_level: Fraction) -> Fraction:
    grows_with_cost = contest.utility in UTILITIES_WITH_COST
    per_unit = 1 if grows_with_cost else contest.instance.minor_per_unit
    return per_unit / (price_level * contest.electorate.scale)


def _equal_shares_reason(
    contest: Contest, outcome: Outcome, project: Project, explained: ProjectExplanation
) -> Reason:
    common = _common_reason(contest, outcome, project)
    if common is not None and common.why is Why.WON:
        return replace(common, effective_votes=explained.rounds[-1].effective_votes)
    if common is not None:
        return common
    if not explained.supporters:
        return Reason(Why.NO_VOTES)
    if explained.dropped_out == 1:
        return Reason(Why.TOO_FEW_VOTES, round=1, shortfall=explained.shortfall)
    lost_tie = _lost_tie(outcome, project)
    if lost_tie is not None and explained.missing == 0:
        return lost_tie
    rivals = sorted(explained.paid_for, key=lambda entry: -entry[1])[:TOP_RIVALS]
    return Reason(
        Why.MONEY_WENT_TO_OTHERS,
        round=explained.dropped_out,
        shortfall=explained.shortfall,
        rivals=tuple(entry for entry in rivals if entry[1]),
    )


def _lost_tie(outcome: Outcome, project: Project) -> Reason | None:
    for tie in outcome.ties:
        if tie.stage == "run" and project.id in tie.between:
            return Reason(Why.LOST_TIE, round=tie.round, rivals=((tie.chosen, Fraction(0)),))
    return None
