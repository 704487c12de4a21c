"""What is in the way of casting, in words: the limit, by how much, what to do."""

from collections.abc import Callable, Iterable, Mapping

import flask_babel

from app.i18n import money
from app.rounds.models import RoundRow
from voting.errors import Blocker, BlockerKind

_: Callable[..., str] = flask_babel.gettext
ngettext: Callable[..., str] = flask_babel.ngettext

PROJECTS_NAMED_MAX = 3


def blocker_sentences(
    blockers: Iterable[Blocker], titles: Mapping[str, str], round_row: RoundRow
) -> list[str]:
    """Say every limit in the way and by how much. `titles`: reference -> title."""
    return [_SENTENCES[b.kind](_Words(b, titles, round_row)) for b in blockers]


class _Words:
    """The parts that sentences are made of."""

    def __init__(self, blocker: Blocker, titles: Mapping[str, str], round_row: RoundRow) -> None:
        self.limit = blocker.limit or 0
        self.actual = blocker.actual or 0
        self.by = blocker.by or 0
        self.projects = _named([titles.get(p, p) for p in blocker.projects])
        self._round = round_row

    def money(self, amount_minor: int) -> str:
        return money(amount_minor, self._round.currency, self._round.minor_per_unit)


def _named(titles: list[str]) -> str:
    shown = ", ".join(f"“{title}”" for title in titles[:PROJECTS_NAMED_MAX])
    more = len(titles) - PROJECTS_NAMED_MAX
    if more > 0:
        return ngettext(
            "%(shown)s and %(num)s more", "%(shown)s and %(num)s more", more, shown=shown
        )
    return shown


def _blank(w: _Words) -> str:
    return ngettext(
        "Nothing is chosen yet. Choose at least %(num)s project.",
        "Nothing is chosen yet. Choose at least %(num)s projects.",
        w.limit,
    )


def _too_few(w: _Words) -> str:
    return ngettext(
        "You have chosen %(actual)s of at least %(limit)s projects. Add %(num)s more.",
        "You have chosen %(actual)s of at least %(limit)s projects. Add %(num)s more.",
        w.by,
        actual=w.actual,
        limit=w.limit,
    )


def _too_many(w: _Words) -> str:
    return ngettext(
        "You can choose at most %(limit)s projects and have %(actual)s. Take out %(num)s.",
        "You can choose at most %(limit)s projects and have %(actual)s. Take out %(num)s.",
        w.by,
        actual=w.actual,
        limit=w.limit,
    )


def _over_budget(w: _Words) -> str:
    return _(
        "Your projects cost %(actual)s together, %(by)s more than the budget of %(limit)s. "
        "Take something out.",
        actual=w.money(w.actual),
        by=w.money(w.by),
        limit=w.money(w.limit),
    )


def _cost_too_high(w: _Words) -> str:
    return _(
        "Your projects cost %(actual)s together, %(by)s more than the %(limit)s allowed. "
        "Take something out.",
        actual=w.money(w.actual),
        by=w.money(w.by),
        limit=w.money(w.limit),
    )


def _cost_too_low(w: _Words) -> str:
    return _(
        "Your projects cost %(actual)s together, %(by)s less than the %(limit)s needed. "
        "Add something.",
        actual=w.money(w.actual),
        by=w.money(w.by),
        limit=w.money(w.limit),
    )


def _points_over(w: _Words) -> str:
    return ngettext(
        "You have given %(actual)s points and have %(limit)s. Take back %(num)s point.",
        "You have given %(actual)s points and have %(limit)s. Take back %(num)s points.",
        w.by,
        actual=w.actual,
        limit=w.limit,
    )


def _points_unspent(w: _Words) -> str:
    return ngettext(
        "All %(limit)s points have to be given. Give %(num)s more.",
        "All %(limit)s points have to be given. Give %(num)s more.",
        w.by,
        limit=w.limit,
    )


def _points_too_few(w: _Words) -> str:
    return ngettext(
        "You have given %(actual)s of at least %(limit)s points. Give %(num)s more.",
        "You have given %(actual)s of at least %(limit)s points. Give %(num)s more.",
        w.by,
        actual=w.actual,
        limit=w.limit,
    )


def _project_points_over(w: _Words) -> str:
    return ngettext(
        "One project can get at most %(num)s point. Give less to %(projects)s.",
        "One project can get at most %(num)s points. Give less to %(projects)s.",
        w.limit,
        projects=w.projects,
    )


_SENTENCES: Mapping[BlockerKind, Callable[[_Words], str]] = {
    BlockerKind.BLANK_NOT_ALLOWED: _blank,
    BlockerKind.TOO_FEW: _too_few,
    BlockerKind.TOO_MANY: _too_many,
    BlockerKind.OVER_BUDGET: _over_budget,
    BlockerKind.COST_TOO_LOW: _cost_too_low,
    BlockerKind.COST_TOO_HIGH: _cost_too_high,
    BlockerKind.POINTS_OVER: _points_over,
    BlockerKind.POINTS_UNSPENT: _points_unspent,
    BlockerKind.POINTS_TOO_FEW: _points_too_few,
    BlockerKind.PROJECT_POINTS_OVER: _project_points_over,
    BlockerKind.NEGATIVE: lambda w: _(
        "Points cannot be below 0. Correct %(projects)s.", projects=w.projects
    ),
    BlockerKind.SCORE_TOO_LOW: lambda w: _(
        "The lowest score is %(limit)s. Correct %(projects)s.",
        limit=w.limit,
        projects=w.projects,
    ),
    BlockerKind.SCORE_TOO_HIGH: lambda w: _(
        "The highest score is %(limit)s. Correct %(projects)s.",
        limit=w.limit,
        projects=w.projects,
    ),
    BlockerKind.EQUAL_RANKS: lambda w: _(
        "Place %(rank)s is given to %(projects)s. Give each a place of its own.",
        rank=w.actual,
        projects=w.projects,
    ),
    BlockerKind.RANK_TOO_LOW: lambda w: _(
        "Places begin with 1. Correct %(projects)s.", projects=w.projects
    ),
    BlockerKind.NOT_INTEGER: lambda w: _(
        "Enter a whole number in figures, such as 3, for %(projects)s.", projects=w.projects
    ),
    BlockerKind.DUPLICATE: lambda w: _(
        "%(projects)s was sent twice. Load the page again and choose once.", projects=w.projects
    ),
    BlockerKind.UNKNOWN_PROJECT: lambda w: _(
        "%(projects)s is not on this ballot. Load the page again and choose from the list.",
        projects=w.projects,
    ),
}
