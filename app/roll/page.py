"""What the clerks' pages of the roll show, read in one go."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlmodel import Session

from app.accounts import approvals
from app.accounts.models import ApprovalRow
from app.jobs.models import JobRow, JobState
from app.roll import batches, imports, queries
from app.roll.models import LetterBatchRow, RollImportRow
from app.roll.queries import RollCounts
from app.rounds import queries as rounds
from app.rounds.models import RoundRow
from app.town.models import AreaKind, AreaRow


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
    def repeat_until(self) -> datetime | None:
        """When the file of letters that were taken away is deleted."""
        return self.batch.taken_at + batches.AGAIN_WITHIN if self.batch.taken_at else None

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
    placed: Mapping[AreaKind, int]
    """Of the file that waits: how many people it places in an area of each kind."""
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
    areas = rounds.areas(session, round_row)
    names = {area.code: area.name for area in areas}
    waiting = queries.waiting_import(session, round_row.id)
    return RollPage(
        round_row=round_row,
        district_names=names,
        counts=counts,
        no_ballot=[
            names[district]
            for district in counts
            if not rounds.eligible_pots(session, round_row, district)
        ],
        waiting=waiting,
        placed=_placed(areas, waiting.report) if waiting else {},
        approval=approvals.pending_for(session, imports.ACTION, slug),
        batches=[
            BatchPage(round_row, batch, batches.job_of(session, batch))
            for batch in queries.letter_batches(session, round_row.id)
        ],
        may_import=imports.may_import(round_row),
    )


def smallest_areas(session: Session, slug: str) -> list[str]:
    """Return the codes of the areas that hold no other: the best that a roll can name."""
    around = rounds.area_parents(session, rounds.round_by_slug(session, slug))
    return [code for code in around if code not in around.values()]


def _placed(areas: Sequence[AreaRow], report: Mapping[str, Any]) -> dict[AreaKind, int]:
    """Count the people of a file by the kind of area in which it places them."""
    kinds = {area.code: AreaKind(area.kind) for area in areas}
    found = dict.fromkeys(sorted({*kinds.values()}, key=[*AreaKind].index, reverse=True), 0)
    for code, people in report["districts"].items():
        if code in kinds:
            found[kinds[code]] += people
    return found


def batch_page(session: Session, slug: str, batch_id: uuid.UUID) -> BatchPage:
    round_row = rounds.round_by_slug(session, slug)
    batch = queries.letter_batch(session, round_row.id, batch_id)
    return BatchPage(round_row, batch, batches.job_of(session, batch))
