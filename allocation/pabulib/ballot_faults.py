"""Everything that is wrong with the ballots, reported row by row."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from allocation.pabulib.ballot_limits import Limit
from allocation.pabulib.contents import Contents
from allocation.pabulib.problems import Report, Where, shown
from allocation.pabulib.voter_ids import VoterIds


@dataclass(frozen=True, eq=False)
class BallotFaults:
    """What is wrong with each content; `broken[i]` tells which of them break `limits[i]`."""

    contents: Contents
    limits: Sequence[Limit]
    broken: Sequence[NDArray[np.bool_]]

    @cached_property
    def faults(self) -> NDArray[np.int64]:
        faults = self.contents.faults
        for is_broken in self.broken:
            faults = faults + is_broken
        return faults

    def tell(self, content: int, where: Where, report: Report) -> None:
        self.contents.tell(content, where, report)
        for limit, is_broken in zip(self.limits, self.broken, strict=True):
            if is_broken[content]:
                message = f"{where.ballot} breaks the limit {limit.text}."
                hint = "Correct the ballot or the limit in META."
                report.fault(where.line, "ballot_limit", message, hint, "Read all the same.")
        if self.contents.is_empty[content]:
            message = f"{where.ballot} is empty."
            hint = "It counts as a ballot for nothing."
            report.warn(where.line, "empty_ballot", message, hint)


def report_ballots(
    ballots: BallotFaults, content_of: NDArray[np.int32], voters: VoterIds, report: Report
) -> None:
    """Report the faults of every row: first what the ballot says, then whose it is."""
    is_unusable, is_renamed = voters.is_unusable, voters.is_renamed
    rows = report.rows_to_list(
        errors=ballots.contents.errors[content_of] + is_unusable,
        faults=ballots.faults[content_of] + is_renamed,
        warnings=ballots.contents.is_empty[content_of].astype(np.int64),
    )
    for row in rows:
        where = Where(voters.lines[row], f"the ballot of voter {shown(voters.written[row])}")
        ballots.tell(content_of[row], where, report)
        if is_unusable[row] or is_renamed[row]:
            voters.tell(row, report)
