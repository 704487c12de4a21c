"""What happens to a round by itself, on its dates."""

import uuid
from collections.abc import Callable

from sqlmodel import Session

from app.jobs.handlers import handler
from app.jobs.running import RunningJob
from app.rounds import announcing, closing, opening


@handler("rounds.end_proposals")
def end_proposals(job: RunningJob) -> None:
    _on(job, announcing.end_proposals_by_date)


@handler("rounds.open")
def open_vote(job: RunningJob) -> None:
    _on(job, opening.open_by_date)


@handler("rounds.close")
def close(job: RunningJob) -> None:
    _on(job, closing.close_by_date)


def _on(job: RunningJob, act: Callable[[Session, uuid.UUID], None]) -> None:
    round_id = uuid.UUID(job.args["round_id"])
    job.write(lambda session: act(session, round_id))
