"""The kind of ballot and its limits, and what voters will read about them."""

from typing import Any

from flask_babel import lazy_gettext as lazy
from wtforms import BooleanField, IntegerField, RadioField

from app.forms import MoneyField, Required, choice, filled
from app.rounds import ballot_words, problem_words
from app.rounds.models import RoundRow
from app.rounds.setup.forms import StepForm, WholeNumber
from app.rounds.setup.steps import Setup
from voting.errors import RulesError
from voting.limits import BallotType, Limits

PROJECTS_MAX = 1_000
POINTS_MAX = 1_000
SCORE_MAX = 100

_TYPES = {
    BallotType.APPROVAL: (
        lazy("Choose projects"),
        lazy("Voters mark what they want. Easiest to explain and quick on a phone."),
    ),
    BallotType.KNAPSACK: (
        lazy("Fill a basket within the budget"),
        lazy("Voters choose as the council has to: within the budget."),
    ),
    BallotType.POINTS: (
        lazy("Spread points"),
        lazy("Voters show how much they want each project. Needs a little arithmetic."),
    ),
    BallotType.RANKING: (
        lazy("Put projects in order"),
        lazy("Voters say what comes first. Tiring with many projects, so limit the number."),
    ),
    BallotType.SCORES: (
        lazy("Score projects"),
        lazy("Voters give each project a mark, as at school, whatever the others get."),
    ),
}
# The name of a limit -> the field at which to say what is wrong with it.
_FIELDS = {
    "sum_cost_max_minor": "cost_max",
    "sum_points_max": "points_total",
    "sum_points_min": "points_total",
    "project_points_max": "points_each",
    "score_min": "score_low",
    "score_max": "score_high",
    "score_default": "score_default",
    "number_min": "number_min",
    "number_max": "number_max",
}


class BallotForm(StepForm):
    ballot_type = RadioField(
        lazy("How do residents vote?"),
        [Required(lazy("Choose how residents vote."))],
        choices=[choice(kind.value, name, hint=hint) for kind, (name, hint) in _TYPES.items()],
    )
    cost_max = MoneyField(
        lazy("The most that the chosen projects may cost together"),
        description=lazy("Leave it empty if their cost does not matter to the ballot."),
    )
    points_total = IntegerField(lazy("Points for each voter"), [WholeNumber(1, POINTS_MAX)])
    points_all = BooleanField(lazy("All points have to be given"))
    points_each = IntegerField(
        lazy("Most points for one project"),
        [WholeNumber(1, POINTS_MAX)],
        description=lazy("Leave it empty if all points may go to one project."),
    )
    score_low = IntegerField(lazy("Lowest score"), [WholeNumber(-SCORE_MAX, SCORE_MAX)])
    score_high = IntegerField(lazy("Highest score"), [WholeNumber(-SCORE_MAX, SCORE_MAX)])
    score_default = IntegerField(
        lazy("Score of a project that a voter leaves out"),
        [WholeNumber(-SCORE_MAX, SCORE_MAX)],
        description=lazy("Leave it empty for 0."),
    )
    number_min = IntegerField(
        lazy("Fewest projects on a ballot"),
        [WholeNumber(0, PROJECTS_MAX)],
        description=lazy(
            "Leave it empty if one is enough. Every demand keeps some people from voting."
        ),
    )
    number_max = IntegerField(
        lazy("Most projects on a ballot"),
        [WholeNumber(1, PROJECTS_MAX)],
        description=lazy("Leave it empty for as many as a voter likes."),
    )
    blank_allowed = BooleanField(
        lazy("A voter may cast an empty ballot"),
        description=lazy("To want none of the projects is an answer too, and it is counted."),
    )

    def __init__(self, *args: Any, round_row: RoundRow, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.round_row = round_row

    def validate(self, extra_validators: Any = None) -> bool:
        if not super().validate(extra_validators):
            return False
        try:
            self.limits()
        except RulesError as error:
            for problem in error.problems:
                self.refuse(
                    problem_words.sentence(problem, self.round_row), field=_FIELDS[problem.field]
                )
            return False
        return True

    def limits(self) -> Limits:
        """Return the limits as typed; raises RulesError if they contradict each other."""
        kind = BallotType(str(filled(self.ballot_type)))
        return Limits(
            ballot_type=kind,
            blank_allowed=bool(self.blank_allowed.data),
            number_min=self.number_min.data or 0,
            number_max=self.number_max.data,
            **self._limits_of(kind),
        )

    def _limits_of(self, kind: BallotType) -> dict[str, int | None]:
        """Return the limits that only this kind has; fields of other kinds are not looked at."""
        match kind:
            case BallotType.APPROVAL:
                return {"sum_cost_max_minor": self.cost_max.data}
            case BallotType.POINTS:
                total = self.points_total.data
                return {
                    "sum_points_max": total,
                    "sum_points_min": total if self.points_all.data else None,
                    "project_points_max": self.points_each.data,
                }
            case BallotType.SCORES:
                return {
                    "score_min": self.score_low.data,
                    "score_max": self.score_high.data,
                    "score_default": self.score_default.data,
                }
        return {}

    def values(self) -> dict[str, Any]:
        return {"ballot": self.limits().to_canonical()}

    def preview(self) -> list[str]:
        """Return what voters will read; nothing while the limits do not hold together."""
        if self.ballot_type.data not in list(BallotType):
            return []
        try:
            return ballot_words.sentences(self.limits(), self.round_row)
        except (RulesError, TypeError):
            return []


def ballot(setup: Setup) -> BallotForm:
    row, limits = setup.row, setup.limits
    stored: dict[str, Any] = {"blank_allowed": True, "score_low": 0, "score_high": 5}
    if limits is not None:
        stored |= {
            "ballot_type": limits.ballot_type.value,
            "blank_allowed": limits.blank_allowed,
            "number_min": limits.number_min or None,
            "number_max": limits.number_max,
            "cost_max": limits.sum_cost_max_minor,
            "points_total": limits.sum_points_max,
            "points_all": limits.must_spend_all,
            "points_each": limits.project_points_max,
            "score_default": limits.score_default,
        }
        if limits.score_min is not None:
            stored |= {"score_low": limits.score_min, "score_high": limits.score_max}
    return BallotForm(
        round_row=row,
        data=stored,
        meta={"currency": row.currency, "minor_per_unit": row.minor_per_unit},
    )
