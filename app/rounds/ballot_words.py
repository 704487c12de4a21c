"""A ballot's rules as the sentences that voters read."""

from collections.abc import Iterator

from flask_babel import gettext as _
from flask_babel import ngettext

from app.i18n import money
from app.rounds.models import RoundRow
from voting.limits import BallotType, Limits


def name(ballot_type: BallotType) -> str:
    """Name a kind of ballot in a few words."""
    return str(
        {
            BallotType.APPROVAL: _("Choose projects"),
            BallotType.KNAPSACK: _("Fill a basket within the budget"),
            BallotType.POINTS: _("Spread points"),
            BallotType.RANKING: _("Put projects in order"),
            BallotType.SCORES: _("Score projects"),
        }[ballot_type]
    )


def sentences(limits: Limits, round_row: RoundRow) -> list[str]:
    """Say what a voter does and may do, one sentence per rule."""
    return [*_task(limits), *_numbers(limits), *_amounts(limits, round_row), _blank(limits)]


def _task(limits: Limits) -> Iterator[str]:
    match limits.ballot_type:
        case BallotType.APPROVAL:
            yield _("You mark every project that you want.")
        case BallotType.KNAPSACK:
            yield _("You fill a basket with the projects that you would pay for.")
            yield _("All projects in your basket together may not cost more than the budget.")
        case BallotType.POINTS:
            yield from _points(limits)
        case BallotType.RANKING:
            yield _("You put projects in your order, the one you want most first.")
        case BallotType.SCORES:
            yield from _scores(limits)


def _points(limits: Limits) -> Iterator[str]:
    total = limits.sum_points_max or 0
    yield ngettext(
        "You have %(num)s point and give it to a project you want.",
        "You have %(num)s points and spread them over the projects you want.",
        total,
    )
    if limits.must_spend_all:
        yield _("You have to give all of your points.")
    elif limits.sum_points_min:
        yield ngettext(
            "You have to give at least %(num)s point.",
            "You have to give at least %(num)s points.",
            limits.sum_points_min,
        )
    if limits.project_points_max is not None:
        yield ngettext(
            "One project can get at most %(num)s point.",
            "One project can get at most %(num)s points.",
            limits.project_points_max,
        )


def _scores(limits: Limits) -> Iterator[str]:
    yield _(
        "You give each project a score from %(low)s (worst) to %(high)s (best).",
        low=limits.score_min,
        high=limits.score_max,
    )
    yield _("A project that you leave out counts as %(score)s.", score=limits.score_default or 0)


def _numbers(limits: Limits) -> Iterator[str]:
    low, high = limits.number_min, limits.number_max
    if high is not None and low == high:
        yield ngettext("Choose exactly %(num)s project.", "Choose exactly %(num)s projects.", high)
    elif high is not None and low > 1:
        yield _("Choose from %(low)s to %(high)s projects.", low=low, high=high)
    elif high is not None:
        yield ngettext(
            "You can choose at most %(num)s project.",
            "You can choose at most %(num)s projects.",
            high,
        )
    elif low > 1:
        yield _("Choose at least %(low)s projects.", low=low)
    else:
        yield _("You can choose as many projects as you like.")


def _amounts(limits: Limits, row: RoundRow) -> Iterator[str]:
    if limits.sum_cost_max_minor is not None:
        yield _(
            "Together your projects may cost at most %(amount)s.",
            amount=money(limits.sum_cost_max_minor, row.currency, row.minor_per_unit),
        )
    if limits.sum_cost_min_minor:
        yield _(
            "Together your projects have to cost at least %(amount)s.",
            amount=money(limits.sum_cost_min_minor, row.currency, row.minor_per_unit),
        )


def _blank(limits: Limits) -> str:
    if limits.blank_allowed:
        return str(_("If you want none of them, you can cast an empty ballot. It is counted."))
    return str(_("An empty ballot cannot be cast."))
