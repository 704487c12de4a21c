"""The columns `votes` and `score`, counted from the ballots."""

from collections import Counter
from collections.abc import Iterable
from fractions import Fraction

from allocation.instance import Ballot, VoteType
from allocation.pabulib.fields import POINT_TYPES


def count_votes(ballots: Iterable[Ballot]) -> Counter[str]:
    """Count the ballots that name each project."""
    votes: Counter[str] = Counter()
    for ballot in ballots:
        votes.update(ballot.choices)
    return votes


def sum_scores(ballots: Iterable[Ballot], vote_type: VoteType) -> dict[str, Fraction]:
    """Sum the points on the ballots; of k projects in ranked order the first has k, the last 1."""
    scores: dict[str, Fraction] = {}
    for ballot in ballots:
        points: Iterable[Fraction | int] = ballot.points
        if vote_type not in POINT_TYPES:
            points = range(len(ballot.choices), 0, -1)
        for id_, value in zip(ballot.choices, points, strict=True):
            scores[id_] = scores.get(id_, Fraction(0)) + value
    return scores
