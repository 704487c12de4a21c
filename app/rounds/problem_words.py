"""Why the rules of a ballot cannot stand, as a sentence beside the setting at fault."""

from flask_babel import gettext as _

from app.i18n import money
from app.rounds.models import RoundRow
from voting.errors import RuleProblem, RuleProblemKind

_AMOUNTS = frozenset({"sum_cost_min_minor", "sum_cost_max_minor", "costs_minor", "budget_minor"})
_NAMED_MAX = 3


def sentence(problem: RuleProblem, round_row: RoundRow) -> str:
    """Say what is wrong and what to do about it."""
    figures = {
        "limit": _figure(problem, problem.limit, round_row),
        "actual": _figure(problem, problem.actual, round_row),
        "projects": _named(problem.projects),
    }
    return str(
        {
            RuleProblemKind.LIMIT_FOREIGN: _(
                "This kind of ballot has no such limit. Leave it out."
            ),
            RuleProblemKind.LIMIT_MISSING: _("This kind of ballot needs a number here."),
            RuleProblemKind.NOT_INTEGER: _("Enter a whole number."),
            RuleProblemKind.TOO_LOW: _("Enter %(limit)s or more.", **figures),
            RuleProblemKind.MIN_ABOVE_MAX: _(
                "Enter %(limit)s or less, so that the lowest is not above the highest.", **figures
            ),
            RuleProblemKind.NO_PROJECTS: _("There are no projects on this ballot yet."),
            RuleProblemKind.PROJECT_ID_MALFORMED: _(
                "The numbers of these projects cannot stand on a ballot: %(projects)s. Give them "
                "numbers without commas or gaps at the ends.",
                **figures,
            ),
            RuleProblemKind.NUMBER_MIN_ABOVE_PROJECTS: _(
                "A ballot needs %(actual)s projects, but only %(limit)s are there to choose from. "
                "Lower the number.",
                **figures,
            ),
            RuleProblemKind.PROJECT_TOO_DEAR: _(
                "These projects cost more than one ballot may hold (%(limit)s), so nobody could "
                "choose them: %(projects)s. Lower their cost, or take them off the ballot.",
                **figures,
            ),
            RuleProblemKind.CHEAPEST_TOO_DEAR: _(
                "Even the cheapest projects that a ballot needs cost %(actual)s together, more "
                "than the %(limit)s allowed. Lower the number of projects.",
                **figures,
            ),
            RuleProblemKind.DEAREST_TOO_CHEAP: _(
                "No ballot can reach %(actual)s: the dearest projects cost %(limit)s together. "
                "Lower the amount.",
                **figures,
            ),
            RuleProblemKind.NO_COMBINATION: _(
                "No choice of projects costs from %(actual)s to %(limit)s together. Widen the "
                "limits.",
                **figures,
            ),
            RuleProblemKind.POINTS_MIN_OUT_OF_REACH: _(
                "Nobody could give %(actual)s points: with these limits %(limit)s is the most. "
                "Raise the points for one project.",
                **figures,
            ),
        }[problem.kind]
    )


def _figure(problem: RuleProblem, value: int | None, row: RoundRow) -> str:
    if value is None:
        return ""
    if problem.field in _AMOUNTS or problem.kind is RuleProblemKind.CHEAPEST_TOO_DEAR:
        return money(value, row.currency, row.minor_per_unit)
    return str(value)


def _named(projects: tuple[str, ...]) -> str:
    more = " …" if len(projects) > _NAMED_MAX else ""
    return ", ".join(projects[:_NAMED_MAX]) + more
