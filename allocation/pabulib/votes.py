"""The section VOTES: one ballot per row."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from allocation.ballot_table import BallotTable
from allocation.instance import VoteType
from allocation.pabulib.alike import merge_alike
from allocation.pabulib.ballot_faults import BallotFaults, report_ballots
from allocation.pabulib.ballot_limits import BallotLimits
from allocation.pabulib.contents import read_contents
from allocation.pabulib.fields import POINT_TYPES, VOTE_ORDER, VOTE_REQUIRED
from allocation.pabulib.lookup import different
from allocation.pabulib.problems import Report
from allocation.pabulib.rows import CELL_END
from allocation.pabulib.sections import Section
from allocation.pabulib.tables import Columns, Table, read_table
from allocation.pabulib.voter_ids import read_voter_ids


def read_ballots(
    section: Section, vote_type: VoteType | None, limits: BallotLimits, report: Report
) -> BallotTable | None:
    """Read all ballots in the order of the file; None if the header is unusable."""
    table = read_table(section, columns_of(vote_type), report)
    if table is None:
        return None
    if not len(table.rows):
        report.warn(table.line, "no_ballots", "VOTES has no rows.", "Nobody can win without votes.")
    return _read_rows(table, vote_type, limits, report)


def columns_of(vote_type: VoteType | None) -> Columns:
    points = ("points",) if vote_type in POINT_TYPES else ()
    return Columns(required=(*VOTE_REQUIRED, *points), known=VOTE_ORDER)


def _read_rows(
    table: Table, vote_type: VoteType | None, limits: BallotLimits, report: Report
) -> BallotTable:
    voters = read_voter_ids(table.texts(["voter_id"]), table.rows.lines)
    says = [name for name in table.place if name in columns_of(vote_type).required[1:]]
    # Many ballots say the same, and what they say is read once.
    firsts, content_of = different(table.texts(says))
    said = {name: table.texts([name]).take(firsts) for name in says}
    contents = read_contents(said["vote"], said.get("points"), vote_type, [*limits.projects])
    ballots = replace(
        contents.table([*limits.projects]),
        content_of=content_of.astype(np.int32),
        voter_ids=voters.kept,
        fields=_fields(table, vote_type),
    )
    faults = BallotFaults(contents, limits.limits, [*limits.broken_by(ballots)])
    report_ballots(faults, ballots.content_of, voters, report)
    return merge_alike(ballots) if contents.may_be_alike else ballots


def _fields(table: Table, vote_type: VoteType | None) -> Sequence[Mapping[str, str]]:
    """Gather the further columns of each ballot, without empty cells.

    Age, sex and the like repeat from row to row; one mapping for all saves the memory.
    """
    names = [name for name in table.place if name not in columns_of(vote_type).required]
    if not names:
        return ()
    rows = table.texts(names)
    firsts, number = different(rows)
    shared = [
        {name: cell for name, cell in zip(names, row.split(CELL_END), strict=True) if cell}
        for row in rows.take(firsts).strings()
    ]
    return [*map(shared.__getitem__, number.tolist())]
