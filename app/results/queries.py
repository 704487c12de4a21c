"""Reading runs and what came of them. Every function joins the session it is given."""

import uuid
from enum import StrEnum

from sqlmodel import Session, col, select

from app.jobs import service as jobs
from app.jobs.models import JobRow, JobState
from app.results.models import AllocationResultRow, AllocationRunRow, CountFileRow, RunKind
from app.rounds.models import RoundRow, RoundState


class Standing(StrEnum):
    """What has come of a run."""

    UNDER_WAY = "under_way"
    COUNTED = "counted"
    NO_OUTCOME = "no_outcome"  # a sentence says why; the run stays in the list


def runs(session: Session, round_id: uuid.UUID) -> list[AllocationRunRow]:
    """Return all runs of a round, the first one first."""
    query = select(AllocationRunRow).where(AllocationRunRow.round_id == round_id)
    return list(session.exec(query.order_by(col(AllocationRunRow.run_no))).all())


def run(session: Session, round_id: uuid.UUID, run_no: int) -> AllocationRunRow | None:
    query = select(AllocationRunRow).where(
        AllocationRunRow.round_id == round_id, AllocationRunRow.run_no == run_no
    )
    return session.exec(query).first()


def latest_official(session: Session, round_id: uuid.UUID) -> AllocationRunRow | None:
    query = select(AllocationRunRow).where(
        AllocationRunRow.round_id == round_id, AllocationRunRow.kind == RunKind.OFFICIAL
    )
    return session.exec(query.order_by(col(AllocationRunRow.run_no).desc())).first()


def published_run(session: Session, round_row: RoundRow) -> AllocationRunRow | None:
    """Return the run whose result is public; None before, whatever has been counted."""
    if round_row.state != RoundState.PUBLISHED or round_row.published_run_no is None:
        return None
    return run(session, round_row.id, round_row.published_run_no)


def result(session: Session, run_id: uuid.UUID) -> AllocationResultRow | None:
    """Return what a run gave; None while it is not finished, and if its job broke down."""
    return session.get(AllocationResultRow, run_id)


def funded_references(session: Session, run_id: uuid.UUID) -> set[str]:
    """Return the references of the projects that a run funded; none while it has no outcome."""
    found = result(session, run_id)
    pots = found.outcome["pots"] if found and found.outcome else []
    return {one["reference"] for pot in pots for one in pot["projects"] if one["won"]}


def job_key(run_id: uuid.UUID) -> str:
    return f"run:{run_id}"


def job(session: Session, run_row: AllocationRunRow) -> JobRow | None:
    return jobs.find(session, job_key(run_row.id))


def standing(session: Session, run_row: AllocationRunRow) -> Standing:
    """Say what has come of a run. One whose job broke down three times has no outcome either."""
    found = result(session, run_row.id)
    if found is not None:
        return Standing.NO_OUTCOME if found.outcome is None else Standing.COUNTED
    work = job(session, run_row)
    broken = work is not None and work.state == JobState.FAILED
    return Standing.NO_OUTCOME if broken else Standing.UNDER_WAY


def failure(session: Session, run_row: AllocationRunRow) -> str | None:
    """Say why a run has no outcome; None if it has one or is under way."""
    found = result(session, run_row.id)
    if found is not None:
        return found.failure
    work = job(session, run_row)
    return work.error if work is not None and work.state == JobState.FAILED else None


def count_file(session: Session, run_id: uuid.UUID, pot_id: uuid.UUID) -> CountFileRow | None:
    return session.get(CountFileRow, (run_id, pot_id))


def count_files(session: Session, run_id: uuid.UUID) -> dict[uuid.UUID, CountFileRow]:
    """Return the files of a run by pot."""
    query = select(CountFileRow).where(CountFileRow.run_id == run_id)
    return {row.pot_id: row for row in session.exec(query).all()}
