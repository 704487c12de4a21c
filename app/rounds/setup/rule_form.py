"""The allocation rule and its options, each with what it means for the result."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy
from wtforms import BooleanField, IntegerField, RadioField, StringField

from allocation.amounts import exact_number
from allocation.errors import RuleOptionError
from allocation.options import UTILITIES_OF, Comparison, Completion, Rule, Utility
from allocation.rule_sheet import RuleSheet
from app.forms import Required, choice, filled
from app.rounds import rule_words, rules
from app.rounds.setup.forms import StepForm, WholeNumber
from app.rounds.setup.steps import Setup
from voting.limits import BallotType

OFFERED = (Rule.EQUAL_SHARES, Rule.GREEDY, Rule.KNAPSACK)
VOTES_MAX = 1_000_000

_RULE_NAMES = {
    Rule.EQUAL_SHARES: lazy("Method of Equal Shares (recommended)"),
    Rule.GREEDY: lazy("Most votes first"),
    Rule.KNAPSACK: lazy("Most support within the budget"),
}
_RULE_HINTS = {
    Rule.EQUAL_SHARES: lazy(
        "Every voter decides about an equal share of the money. Small groups that agree win "
        "something too. Needs a page of explanation; Minga brings it."
    ),
    Rule.GREEDY: lazy(
        "Simple to explain. A large group that agrees can decide about all of the money, and "
        "costly popular projects leave little for others."
    ),
    Rule.KNAPSACK: lazy(
        "Finds the set of projects with the most support in total. One more vote can change the "
        "whole set, which is hard to explain."
    ),
}
_COMPLETION_NAMES = {
    Completion.ADD1U: lazy("Raise everybody’s share step by step, then fund what fits by votes"),
    Completion.ADD1: lazy("Raise everybody’s share step by step, and keep what is left"),
    Completion.UTILITARIAN: lazy("Fund what fits by votes"),
    Completion.NONE: lazy("Leave it unspent"),
}
_COMPLETION_HINTS = {
    Completion.ADD1U: lazy("Spends nearly all of the budget, most of it by equal shares."),
    Completion.ADD1: lazy("Spends most of the budget, all of it by equal shares."),
    Completion.UTILITARIAN: lazy("Spends nearly all, but large groups decide about the rest."),
    Completion.NONE: lazy(
        "In Wieliczka (Poland) in 2023 more than half of the budget would have stayed unspent."
    ),
}
_UTILITY_NAMES = {
    Utility.COST: lazy("In proportion to its cost"),
    Utility.CARDINALITY: lazy("Every project counts the same"),
    Utility.POINTS: lazy("Its points"),
    Utility.POINTS_COST: lazy("Its points times its cost"),
    Utility.BORDA: lazy("Its place in the voter’s order"),
    Utility.BORDA0: lazy("Its place in the voter’s order, the last one counting nothing"),
}
_COMPARISON_NAMES = {
    Comparison.NONE: lazy("No"),
    Comparison.SATISFACTION: lazy("Yes: take the result that more ballots have more projects in"),
    Comparison.EXCLUSION_RATIO: lazy("Yes: take the result with fewer ballots left empty-handed"),
}


class RuleForm(StepForm):
    rule = RadioField(
        lazy("How is the money allocated?"),
        [Required(lazy("Choose how the money is allocated."))],
        choices=[choice(r.value, _RULE_NAMES[r], hint=_RULE_HINTS[r]) for r in OFFERED],
    )
    completion = RadioField(
        lazy("Equal shares leave some money unspent. What happens with it?"),
        choices=[
            choice(c.value, name, hint=_COMPLETION_HINTS[c])
            for c, name in _COMPLETION_NAMES.items()
        ],
    )
    exhaustive_stop = RadioField(
        lazy("When do the steps end?"),
        description=lazy(
            "This switch alone changed the winners in 33 of 232 real elections. It matters, so "
            "decide it before you know the votes."
        ),
        choices=[
            choice(
                "yes",
                lazy("As soon as no further project fits"),
                hint=lazy("Shares rise no further than needed."),
            ),
            choice(
                "no",
                lazy("Only when the next step would cost more than the budget"),
                hint=lazy(
                    "Winners can still change on the way. In Wieliczka (Poland) in 2023 it made "
                    "30 winners instead of 31, and spent 995,079 instead of 984,579."
                ),
            ),
        ],
    )
    utility = RadioField(lazy("What is a chosen project worth to its voter?"))
    integral_start = BooleanField(
        lazy("Start the steps at a whole amount"),
        description=lazy(
            "The budget divided by the number of ballots, rounded down. Easier to recount by hand."
        ),
    )
    increment = StringField(
        lazy("Size of a step, in units of the currency per ballot"),
        description=lazy("Usually 1. Larger steps are faster to count and less exact."),
    )
    comparison = RadioField(
        lazy("Compare the result with “most votes first”?"),
        description=lazy(
            "If more voters would be better served by the other result, it is taken instead."
        ),
        choices=[choice(c.value, name) for c, name in _COMPARISON_NAMES.items()],
    )
    stop_at_misfit = BooleanField(
        lazy("End at the first project that does not fit"),
        description=lazy(
            "Otherwise it is passed over and cheaper ones further down the list can still win."
        ),
    )
    votes_min = IntegerField(
        lazy("Fewest votes that a project needs"),
        [WholeNumber(1, VOTES_MAX)],
        description=lazy("Leave it empty if there is no such threshold."),
    )

    def __init__(self, *args: Any, ballot_type: BallotType, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ballot_type = ballot_type
        offered = UTILITIES_OF[rules.vote_type(ballot_type)]
        self.utility.choices = [
            choice(u.value, _UTILITY_NAMES[u], hint=rule_words.utility(u)) for u in offered
        ]

    def validate(self, extra_validators: Any = None) -> bool:
        if not super().validate(extra_validators):
            return False
        try:
            self.sheet()
        except RuleOptionError as error:
            field = "increment" if str(error).startswith("increment") else "rule"
            sentence = (
                _("Enter a number above 0, such as 1 or 0.5.") if field == "increment" else error
            )
            self.refuse(sentence, field=field)
            return False
        return True

    def sheet(self) -> RuleSheet:
        """Return the rule as chosen; raises RuleOptionError."""
        return rules.counting_rule(self._options(), self.ballot_type)

    def values(self) -> dict[str, Any]:
        given = self.sheet().to_dict()
        return {"rule": {name: v for name, v in given.items() if v is not None and name != "ties"}}

    def _options(self) -> dict[str, Any]:
        """Return the options of the chosen rule; those of the others are not looked at."""
        rule = Rule(str(filled(self.rule)))
        match rule:
            case Rule.EQUAL_SHARES:
                own = {
                    "utility": self.utility.data,
                    "completion": self.completion.data,
                    "exhaustive_stop": self.exhaustive_stop.data != "no",
                    "integral_start": bool(self.integral_start.data),
                    "increment": self._increment(),
                    "comparison": self.comparison.data,
                }
            case Rule.KNAPSACK:
                own = {"utility": self.utility.data}
            case _:
                own = {
                    "stop_at_misfit": bool(self.stop_at_misfit.data),
                    "votes_min": self.votes_min.data,
                }
        return {"rule": rule.value, **own}

    def _increment(self) -> str:
        written = (self.increment.data or "1").replace(",", ".")
        try:
            return str(exact_number(written, "increment"))
        except ValueError as error:
            raise RuleOptionError(str(error)) from error

    def preview(self) -> list[rule_words.Answer]:
        """Return what residents will read; nothing while the choices do not hold together."""
        try:
            return rule_words.answers(self.sheet())
        except (RuleOptionError, ValueError):
            return []


def rule(setup: Setup) -> RuleForm:
    stored = RuleSheet()
    if setup.row.rule:
        try:
            stored = rules.counting_rule(setup.row.rule, setup.ballot_type)
        except RuleOptionError:
            stored = RuleSheet()  # the ballot has changed since; the page asks again
    resolved = stored.resolved(rules.vote_type(setup.ballot_type))
    default = UTILITIES_OF[rules.vote_type(setup.ballot_type)][0]
    return RuleForm(
        ballot_type=setup.ballot_type,
        data={
            "rule": resolved.rule.value,
            "utility": (resolved.utility or default).value,
            "completion": resolved.completion.value,
            "exhaustive_stop": "yes" if resolved.exhaustive_stop else "no",
            "integral_start": resolved.integral_start,
            "increment": str(resolved.increment),
            "comparison": resolved.comparison.value,
            "stop_at_misfit": resolved.stop_at_misfit,
            "votes_min": int(resolved.votes_min) if resolved.votes_min is not None else None,
        },
    )
