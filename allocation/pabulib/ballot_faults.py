"""Everything that is wrong with the ballots, reported row by row."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from allocation.pabulib.ballot_limits import Limit
from allocation.pabulib.contents import Contents
from allocation.pabulib.problems import Finding, Report, shown
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

    def listed(self, content: int, count_max: int) -> tuple[list[Finding], int]:
        """List what is wrong with a content, as far as it can be told, and count the rest."""
        findings = [*self._findings(content, count_max)]
        counts = self.contents.errors, self.faults, self.contents.is_empty
        return findings, sum(int(count[content]) for count in counts) - len(findings)

    def _findings(self, content: int, count_max: int) -> Iterator[Finding]:
        yield from self.contents.findings(content, count_max)
        for limit, is_broken in zip(self.limits, self.broken, strict=True):
            if is_broken[content]:
                says = f"breaks the limit {limit.text}."
                hint, repair = "Correct the ballot or the limit in META.", "Read all the same."
                yield Finding("fault", "ballot_limit", says, hint, repair)
        if self.contents.is_empty[content]:
            yield Finding("warn", "empty_ballot", "is empty.", "It counts as a ballot for nothing.")


def report_ballots(
    ballots: BallotFaults, content_of: NDArray[np.int32], voters: VoterIds, report: Report
) -> None:
    """Report the faults of every row: first what the ballot says, then whose it is."""
    rows = report.rows_to_list(
        errors=ballots.contents.errors[content_of] + voters.is_unusable,
        faults=ballots.faults[content_of] + voters.is_renamed,
        warnings=ballots.contents.is_empty[content_of].astype(np.int64),
    )
    contents = content_of[rows].tolist()
    is_voter_at_fault = (voters.is_unusable | voters.is_renamed)[rows].tolist()
    found: dict[int, tuple[list[Finding], int]] = {}
    lines = voters.lines[rows].tolist()
    told = zip(rows, lines, contents, is_voter_at_fault, strict=True)
    for row, line, content, is_voter in told:
        if content not in found:
            found[content] = ballots.listed(content, report.problems_max)
        findings, unlisted = found[content]
        ballot = f"the ballot of voter {shown(voters.written[row])}"
        for finding in findings:
            report.tell(finding, line, ballot)
        report.unlisted += unlisted
        if is_voter:
            voters.tell(row, report)
