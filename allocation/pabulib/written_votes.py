"""The section VOTES of a file that Minga writes."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import pairwise
from random import Random

from allocation.ballot_table import BallotTable
from allocation.instance import VoteType
from allocation.pabulib import cells, numbers
from allocation.pabulib.fields import POINT_TYPES, VOTE_ORDER, VOTE_REQUIRED

VOTER_IDS = range(10**9, 10**10)


def written_votes(table: BallotTable, vote_type: VoteType, rng: Random) -> Iterator[str]:
    """Write the header and a line for each ballot, in random order under random ids.

    What many ballots have in common is written once. Raises PbError for what cannot be written.
    """
    own = (*VOTE_REQUIRED, "points") if vote_type in POINT_TYPES else VOTE_REQUIRED
    fields = {id(fields): fields for fields in table.fields}
    used = {name for written in fields.values() for name, cell in written.items() if cell}
    others = [name for name in VOTE_ORDER if name in used and name not in own]
    yield cells.row([*own, *others])

    voter_ids = rng.sample(VOTER_IDS, len(table))
    ballots = rng.sample(range(len(table)), len(table))
    said = [*_said(table, vote_type)]
    content_of = table.content_of.tolist()
    further = {key: _further(written, others) for key, written in fields.items()}
    for voter_id, ballot in zip(voter_ids, ballots, strict=True):
        rest = further[id(table.fields[ballot])] if others else ""
        yield f"{voter_id};{said[content_of[ballot]]}{rest}"


def _said(table: BallotTable, vote_type: VoteType) -> Iterator[str]:
    """Write the cells `vote` and, where the type has them, `points` of each content."""
    named = [table.ids[choice] for choice in table.choices.tolist()]
    points = table.points.tolist()
    text_of = {
        value: numbers.points_text(Fraction(value, table.point_scale)) for value in {*points}
    }
    for start, stop in pairwise(table.starts.tolist()):
        if vote_type in POINT_TYPES:
            best_first = sorted(range(start, stop), key=lambda place: -points[place])
            given = ",".join([text_of[points[place]] for place in best_first])
            yield cells.row([",".join([named[place] for place in best_first]), given])
        else:
            yield cells.row([",".join(named[start:stop])])


def _further(written: Mapping[str, str], names: list[str]) -> str:
    """Write the other cells of a ballot, to follow upon its own."""
    return ";" + cells.row([written.get(name, "") for name in names])
