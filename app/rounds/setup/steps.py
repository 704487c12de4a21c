"""The steps of setting up a round, and what each still lacks."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy
from sqlmodel import Session

from allocation.errors import RuleOptionError
from app.rounds import queries, rules
from app.rounds.models import CategoryRow, PotRow, RoundRow
from app.town.models import AreaRow
from voting.limits import BallotType, Limits


class Step(StrEnum):
    """One page each, in this order."""

    BASICS = "basics"
    AREAS = "areas"
    CATEGORIES = "categories"
    DATES = "dates"
    BALLOT = "ballot"
    RULE = "rule"
    TIES = "ties"


TITLES = {
    Step.BASICS: lazy("Name and description"),
    Step.AREAS: lazy("Areas and budgets"),
    Step.CATEGORIES: lazy("Categories"),
    Step.DATES: lazy("Dates"),
    Step.BALLOT: lazy("The ballot"),
    Step.RULE: lazy("How the money is allocated"),
    Step.TIES: lazy("Ties and the lot"),
}
OPTIONAL = frozenset({Step.CATEGORIES})


@dataclass(frozen=True)
class Setup:
    """A round with what belongs to its setting up, read in one go."""

    row: RoundRow
    areas: list[AreaRow] = field(default_factory=list)
    pots: list[PotRow] = field(default_factory=list)
    categories: list[CategoryRow] = field(default_factory=list)

    @property
    def limits(self) -> Limits | None:
        """The limits of the ballot; None while they are not set."""
        return rules.ballot_limits(self.row.ballot)

    @property
    def ballot_type(self) -> BallotType:
        """The kind of ballot; approval while none is chosen."""
        return self.limits.ballot_type if self.limits else BallotType.APPROVAL


def load(session: Session, row: RoundRow) -> Setup:
    return Setup(
        row=row,
        areas=queries.areas(session, row),
        pots=queries.pots(session, row.id),
        categories=queries.categories(session, row.id),
    )


def lacking(setup: Setup, step: Step) -> str | None:
    """Say what a step still lacks; None: it is complete."""
    return _CHECKS[step](setup)


def all_lacking(setup: Setup) -> dict[Step, str]:
    """Return every step that is not complete, with its sentence."""
    found = ((step, lacking(setup, step)) for step in Step)
    return {step: sentence for step, sentence in found if sentence is not None}


def next_step(setup: Setup, after: Step) -> Step | None:
    """Return the first incomplete step after one that was just done."""
    every = list(Step)
    later = every[every.index(after) + 1 :]
    return next((step for step in later if _wants_visit(setup, step)), None)


def _wants_visit(setup: Setup, step: Step) -> bool:
    if step is Step.CATEGORIES:
        return not setup.categories
    return lacking(setup, step) is not None


def _basics(setup: Setup) -> str | None:
    return None if setup.row.summary else str(_("Describe the round in a few sentences."))


def _areas(setup: Setup) -> str | None:
    return None if setup.pots else str(_("Give at least one area a budget."))


def _categories(_setup: Setup) -> str | None:
    return None


def _dates(setup: Setup) -> str | None:
    row = setup.row
    if row.voting_opens_at is None or row.voting_closes_at is None or row.results_at is None:
        return str(_("Set the dates of the round."))
    return None


def _ballot(setup: Setup) -> str | None:
    return None if setup.limits else str(_("Choose the kind of ballot."))


def _rule(setup: Setup) -> str | None:
    if not setup.row.rule:
        return str(_("Choose how the money is allocated."))
    try:
        rules.counting_rule(setup.row.rule, setup.ballot_type)
    except RuleOptionError:
        return str(_("The rule does not fit the ballot any more. Choose it again."))
    return None


def _ties(setup: Setup) -> str | None:
    if setup.row.lot_source:
        return None
    return str(_("Say how equal projects are told apart, and where the lot comes from."))


_CHECKS: dict[Step, Callable[[Setup], str | None]] = {
    Step.BASICS: _basics,
    Step.AREAS: _areas,
    Step.CATEGORIES: _categories,
    Step.DATES: _dates,
    Step.BALLOT: _ballot,
    Step.RULE: _rule,
    Step.TIES: _ties,
}
