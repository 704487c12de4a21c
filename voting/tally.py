"""Totals of the ballots of one pot. For use after the close only: before it, nobody counts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from voting.choices import Choices
from voting.limits import BallotType
from voting.rules import BallotRules


@dataclass(frozen=True, slots=True)
class Tally:
    """Plain totals, blank ballots included; every project of the ballot has its place."""

    ballots: int
    blank: int
    votes: Mapping[str, int]
    """Ballots that name the project."""
    scores: Mapping[str, int]
    """Its points or scores added up, for a ranking its Borda score, otherwise its votes."""


def tally(rules: BallotRules, ballots: Iterable[Choices]) -> Tally:
    """Add up the ballots that count; what they name must be on the ballot (else KeyError)."""
    cast = blank = 0
    votes = dict.fromkeys(rules.costs_minor, 0)
    gained = dict.fromkeys(rules.costs_minor, 0)
    for choices in ballots:
        cast += 1
        blank += choices.is_blank
        for project, worth in _worth(choices).items():
            votes[project] += 1
            gained[project] += worth
    default = rules.limits.score_default or 0
    scores = {project: gained[project] + default * (cast - votes[project]) for project in votes}
    return Tally(cast, blank, votes, scores)


def _worth(choices: Choices) -> Mapping[str, int]:
    """What one ballot gives to each project that it names.

    >>> _worth(Choices.of_projects(BallotType.RANKING, ["pool", "arch"]))
    {'pool': 2, 'arch': 1}
    """
    if choices.points:
        return choices.numbers
    if choices.ballot_type is BallotType.RANKING:
        length = len(choices.ids)
        return {project: length - place for place, project in enumerate(choices.ids)}
    return dict.fromkeys(choices.ids, 1)
