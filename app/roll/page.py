"""What the clerks' pages of the roll show, read in one go."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session

from app.accounts import approvals
from app.accounts.models import ApprovalRow
from app.jobs.models import JobRow, JobState
from app.roll import batches, imports, queries
from app.roll.models import LetterBatchRow, RollImportRow
from app.roll.queries import RollCounts
from app.rounds import queries as rounds
from app.rounds.models import RoundRow


@dataclass(frozen=True)
class BatchPage:
    """A set of letters and how far it is."""

    round_row: RoundRow
    batch: LetterBatchRow
    job: JobRow | None

    @property
    def under_way(self) -> bool:
        return self.batch.ready_at is None and self.error is None

    @property
    def error(self) -> str | None:
        failed = self.job is not None and self.job.state == JobState.FAILED
        return (self.job.error or "") if failed and self.job else None

    @property
    def percent(self) -> int:
        return self.job.progress if self.job else 0

    @property
    def step(self) -> str:
        return self.job.step if self.job else ""


@dataclass(frozen=True)
class RollPage:
    """The roll of a round: who is on it, what waits, which letters were made."""

    round_row: RoundRow
    district_names: Mapping[str, str]
    counts: Mapping[str, RollCounts]
    no_ballot: Sequence[str]
    """Districts with people on the roll who have no pot to vote on."""
    waiting: RollImportRow | None
    approval: ApprovalRow | None
    batches: Sequence[BatchPage]
    may_import: bool

    @property
    def people(self) -> int:
        return sum(count.people for count in self.counts.values())

    @property
    def without_code(self) -> int:
        return sum(count.people - count.with_code for count in self.counts.values())


def roll_page(session: Session, slug: str) -> RollPage:
    round_row = rounds.round_by_slug(session, slug)
    counts = queries.counts_by_district(session, round_row.id)
    names = {area.code: area.name for area in rounds.areas(session, round_row)}
    return RollPage(
        round_row=round_row,
        district_names=names,
        counts=counts,
        no_ballot=[
            names[district]
            for district in counts
            if not rounds.eligible_pots(session, round_row, district)
        ],
        waiting=queries.waiting_import(session, round_row.id),
        approval=approvals.pending_for(session, imports.ACTION, slug),
        batches=[
            BatchPage(round_row, batch, batches.job_of(session, batch))
            for batch in queries.letter_batches(session, round_row.id)
        ],
        may_import=imports.may_import(round_row),
    )


def batch_page(session: Session, slug: str, batch_id: uuid.UUID) -> BatchPage:
    round_row = rounds.round_by_slug(session, slug)
    batch = queries.letter_batch(session, round_row.id, batch_id)
    return BatchPage(round_row, batch, batches.job_of(session, batch))
