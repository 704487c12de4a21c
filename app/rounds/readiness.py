"""What a round still lacks for its next act, as sentences with the page that helps."""

import os
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlmodel import Session

from allocation.options import Rule
from app import web
from app.errors import ConflictError
from app.rounds import problem_words, queries
from app.rounds.models import RoundRow
from app.rounds.setup.steps import Step, all_lacking, load
from voting.errors import RulesError
from voting.limits import Limits


@dataclass(frozen=True)
class Lack:
    """One thing to do first. `page`: which page helps: a step of the set-up, or a name."""

    sentence: str
    page: str = ""


class NotReadyError(ConflictError):
    """Something has to be done first; the sentences say what."""

    code = "not_ready"

    def __init__(self, lacks: list[Lack]) -> None:
        super().__init__(" ".join(lack.sentence for lack in lacks))


def require(lacks: list[Lack]) -> None:
    """Raise NotReadyError if anything is lacking."""
    if lacks:
        raise NotReadyError(lacks)


def for_announcing(session: Session, row: RoundRow, now: datetime) -> list[Lack]:
    """Everything that residents are told at the announcement has to be there."""
    lacks = [
        Lack(sentence, step.value) for step, sentence in all_lacking(load(session, row)).items()
    ]
    return lacks or _late(row, now)


def _late(row: RoundRow, now: datetime) -> list[Lack]:
    closes = row.proposals_close_at or row.voting_opens_at
    if closes is None or closes > now:
        return []
    if closes == row.proposals_close_at:
        sentence = _("The time for proposals would be over already. Change the dates.")
    else:
        sentence = _("Voting would have opened already. Change the dates.")
    return [Lack(sentence, Step.DATES.value)]


def for_freezing(session: Session, row: RoundRow, now: datetime) -> list[Lack]:
    """Rules and projects have to be able to stand before they are fixed."""
    lacks = [
        Lack(sentence, step.value) for step, sentence in all_lacking(load(session, row)).items()
    ]
    if row.proposals_open_at is not None and row.prices_released_at is None:
        lacks.append(Lack(_("Release the decisions and prices of all proposals first."), "review"))
    if row.voting_closes_at is not None and row.voting_closes_at <= now:
        lacks.append(Lack(_("Voting would be over already. Change the dates."), Step.DATES.value))
    return lacks or [*_impossible_ballots(session, row), *_uncountable_scores(row)]


def _uncountable_scores(row: RoundRow) -> list[Lack]:
    """Equal shares divides money, and nobody can have less than none to give."""
    limits = Limits.from_canonical(row.ballot)
    lowest = min(limits.score_min or 0, limits.score_default or 0)
    if lowest >= 0 or row.rule.get("rule") != Rule.EQUAL_SHARES:
        return []
    sentence = _(
        "Equal shares cannot count scores below 0. Let the scores begin at 0, or choose another "
        "rule."
    )
    return [Lack(sentence, Step.BALLOT.value)]


def _impossible_ballots(session: Session, row: RoundRow) -> list[Lack]:
    lacks = []
    for pot in queries.pots(session, row.id):
        try:
            queries.ballot_rules(session, row, pot)
        except RulesError as error:
            lacks += [
                Lack(f"{pot.name}: {problem_words.sentence(problem, row)}", _page(problem.field))
                for problem in error.problems
            ]
    return lacks


def _page(field: str) -> str:
    return "projects" if field == "costs_minor" else Step.BALLOT.value


def for_opening(row: RoundRow, now: datetime) -> list[Lack]:
    """Nobody votes without an approved roll, a time to vote in, and a place for the key."""
    lacks = []
    if row.roll_approved_at is None:
        lacks.append(
            Lack(_("The voter roll has to be imported and approved by a second person."), "roll")
        )
    if row.voting_closes_at is None or row.voting_closes_at <= now:
        lacks.append(Lack(_("The time for voting is over. This round cannot be opened any more.")))
    key_dir = web.settings().key_dir
    if not (key_dir.is_dir() and os.access(key_dir, os.W_OK)):
        lacks.append(
            Lack(
                _(
                    "The folder for keys cannot be written to, so ballots could not be sealed. "
                    "Ask the administrator to check MINGA_KEY_DIR."
                )
            )
        )
    return lacks
