"""The allocation rule as questions and answers that residents and councillors can read."""

from collections.abc import Iterator

from flask_babel import gettext as _

from allocation.amounts import fraction_text
from allocation.options import Comparison, Completion, Rule, TieCriterion, Utility
from allocation.rule_sheet import RuleSheet

Answer = tuple[str, str]


def name(rule: Rule) -> str:
    """Name a rule as people call it."""
    return str(
        {
            Rule.EQUAL_SHARES: _("Method of Equal Shares"),
            Rule.GREEDY: _("Most votes first"),
            Rule.KNAPSACK: _("Most support within the budget"),
            Rule.PHRAGMEN: _("Phragmén’s method"),
            Rule.MAXIMIN: _("Maximin support"),
        }[rule]
    )


def summary(rule: Rule) -> str:
    """Say in two or three sentences how projects win."""
    return str(
        {
            Rule.EQUAL_SHARES: _(
                "The budget is divided equally among all who vote. A project wins when those who "
                "chose it can pay for it together out of their shares; what they pay is gone, so "
                "that every group of voters gets a say over its fair part of the money."
            ),
            Rule.GREEDY: _(
                "The project with the most votes wins first, then the next, as long as the money "
                "lasts. A project that no longer fits is passed over. A large group that agrees "
                "can decide about all of the money."
            ),
            Rule.KNAPSACK: _(
                "Of all sets of projects that the budget can pay, the one with the most support in "
                "total wins. A large group that agrees can decide about all of the money."
            ),
            Rule.PHRAGMEN: _(
                "Voters earn money at the same pace; a project wins as soon as those who chose it "
                "have earned its cost together."
            ),
            Rule.MAXIMIN: _(
                "Projects are chosen so that the cost is spread over their supporters as evenly as "
                "possible."
            ),
        }[rule]
    )


def answers(sheet: RuleSheet) -> list[Answer]:
    """Explain a rule with every option that it has; `sheet` has its utility filled in."""
    return [
        (_("How do projects win?"), f"{name(sheet.rule)}. {summary(sheet.rule)}"),
        *_worth(sheet),
        *_equal_shares(sheet),
        *_greedy(sheet),
        (_("What if projects are exactly equal?"), ties(sheet.ties)),
    ]


def utility(value: Utility) -> str:
    """Say what a chosen project is worth to its voter."""
    return str(
        {
            Utility.COST: _(
                "Its cost: money spent on something I chose is worth the same to me, whether it is "
                "one large project or several small ones."
            ),
            Utility.CARDINALITY: _(
                "Every chosen project counts the same, whatever it costs. Small projects win more "
                "easily."
            ),
            Utility.POINTS: _("The points that I gave it."),
            Utility.POINTS_COST: _(
                "The points that I gave it, times its cost: points for large projects weigh more."
            ),
            Utility.BORDA: _(
                "Its place in my order: the last that I named counts 1, each above 1 more."
            ),
            Utility.BORDA0: _(
                "Its place in my order: the last that I named counts nothing, each above 1 more."
            ),
        }[value]
    )


def completion(value: Completion) -> str:
    """Say what happens with money that is left."""
    return str(
        {
            Completion.NONE: _("It stays in the town’s purse. Often that is a large part."),
            Completion.UTILITARIAN: _(
                "It goes to the projects with the most votes that still fit."
            ),
            Completion.ADD1: _(
                "Everybody’s share is raised step by step, as if there were more money, until the "
                "next step would cost more than the budget."
            ),
            Completion.ADD1U: _(
                "Everybody’s share is raised step by step, as if there were more money, until the "
                "next step would cost more than the budget. What is left then goes to the projects "
                "with the most votes that still fit."
            ),
        }[value]
    )


def ties(criteria: tuple[TieCriterion, ...]) -> str:
    """Say what decides between equal projects, in order."""
    words = {
        TieCriterion.MIN_COST: _("the lower cost"),
        TieCriterion.MAX_COST: _("the higher cost"),
        TieCriterion.MAX_VOTES: _("more votes"),
        TieCriterion.MIN_ID: _("the lower project number"),
        TieCriterion.LOT: _("a public lot"),
        TieCriterion.LISTED: _("the order of the list"),
    }
    first, *rest = [words[criterion] for criterion in criteria] or [_("nothing: the count stops")]
    if not rest:
        return str(_("What decides is %(first)s.", first=first))
    return str(
        _(
            "First %(first)s decides; if they are still equal, then %(rest)s.",
            first=first,
            rest=_(", then ").join(rest),
        )
    )


def _worth(sheet: RuleSheet) -> Iterator[Answer]:
    question = _("What is a chosen project worth to a voter?")
    if sheet.utility is not None:
        yield question, utility(sheet.utility)
    elif sheet.rule is Rule.GREEDY:
        yield question, _("Votes are added up; points, places or scores are added up likewise.")


def _equal_shares(sheet: RuleSheet) -> Iterator[Answer]:
    if sheet.rule is not Rule.EQUAL_SHARES:
        return
    yield _("What happens with money that is left?"), completion(sheet.completion)
    if sheet.completion in (Completion.ADD1, Completion.ADD1U):
        yield _("When do the steps end early?"), _stop(exhaustive=sheet.exhaustive_stop)
        yield _("Where do the steps start, and how large are they?"), _steps(sheet)
    if sheet.comparison is not Comparison.NONE:
        yield _("Is the result compared with another?"), comparison(sheet.comparison)


def _stop(*, exhaustive: bool) -> str:
    if exhaustive:
        return str(_("As soon as no further project would fit into the budget."))
    return str(_("Never: they go on until the next step would cost more than the budget."))


def _steps(sheet: RuleSheet) -> str:
    step = fraction_text(sheet.increment)
    if sheet.integral_start:
        return str(
            _(
                "At the budget divided by the number of ballots, rounded down to whole units; each "
                "step adds %(step)s per ballot.",
                step=step,
            )
        )
    return str(
        _(
            "At the exact budget divided by the number of ballots; each step adds %(step)s per "
            "ballot.",
            step=step,
        )
    )


def comparison(value: Comparison) -> str:
    """Say what the comparison step does."""
    return str(
        {
            Comparison.NONE: _("No."),
            Comparison.SATISFACTION: _(
                "Yes, with the projects that would win by most votes first. If more ballots have "
                "more of their projects there, that result is taken instead."
            ),
            Comparison.EXCLUSION_RATIO: _(
                "Yes, with the projects that would win by most votes first. If fewer ballots come "
                "away with nothing there, that result is taken instead."
            ),
        }[value]
    )


def _greedy(sheet: RuleSheet) -> Iterator[Answer]:
    if sheet.rule is not Rule.GREEDY:
        return
    if sheet.stop_at_misfit:
        yield (
            _("What if a project does not fit any more?"),
            _("The list ends there, even if cheaper projects further down would fit."),
        )
    if sheet.votes_min is not None:
        yield (
            _("How much support does a project need?"),
            _("At least %(votes)s votes.", votes=fraction_text(sheet.votes_min)),
        )
    if sheet.fund_unsupported:
        yield _("Can a project win without votes?"), _("Yes, if there is money left.")
