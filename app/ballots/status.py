"""Where a draft stands, in figures, for the bar that is always in sight."""

from collections.abc import Callable

import flask_babel

from app.i18n import money
from app.rounds.models import RoundRow
from voting.ballots import Standing
from voting.limits import BallotType
from voting.rules import BallotRules

_: Callable[..., str] = flask_babel.gettext
ngettext: Callable[..., str] = flask_babel.ngettext


def status_sentence(rules: BallotRules, standing: Standing, round_row: RoundRow) -> str:
    """Say what is chosen and what is left."""
    parts = [_chosen(rules, standing)]
    if standing.cost_left_minor is not None:
        parts.append(_cost_left(standing, rules, round_row))
    if standing.points_left is not None and standing.points_left >= 0:
        parts.append(ngettext("%(num)s point left.", "%(num)s points left.", standing.points_left))
    return " ".join(parts)


def _chosen(rules: BallotRules, standing: Standing) -> str:
    number, most = standing.number, rules.number_max
    limited = most < len(rules.costs_minor)
    match rules.ballot_type:
        case BallotType.POINTS:
            return ngettext(
                "%(num)s point of %(most)s given.",
                "%(num)s points of %(most)s given.",
                standing.points,
                most=rules.limits.sum_points_max,
            )
        case BallotType.SCORES:
            return ngettext("%(num)s project scored.", "%(num)s projects scored.", number)
        case BallotType.RANKING if limited:
            return _("%(number)s of %(most)s places filled.", number=number, most=most)
        case BallotType.RANKING:
            return ngettext(
                "%(num)s project in your order.", "%(num)s projects in your order.", number
            )
        case _ if limited:
            return _("%(number)s of %(most)s chosen.", number=number, most=most)
        case _:
            return ngettext("%(num)s project chosen.", "%(num)s projects chosen.", number)


def _cost_left(standing: Standing, rules: BallotRules, round_row: RoundRow) -> str:
    def in_words(amount_minor: int) -> str:
        return money(amount_minor, round_row.currency, round_row.minor_per_unit)

    left = standing.cost_left_minor or 0
    if left < 0:
        return _("%(amount)s too much.", amount=in_words(-left))
    return _(
        "%(left)s left of %(most)s.",
        left=in_words(left),
        most=in_words(rules.cost_max_minor or 0),
    )
