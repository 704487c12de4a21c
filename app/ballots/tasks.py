"""Jobs of the booth: drafts go when voting is over."""

import uuid

from app.ballots import drafts
from app.jobs.handlers import handler
from app.jobs.running import RunningJob


@handler("ballots.forget_drafts")
def forget_drafts(job: RunningJob) -> None:
    """Delete what was begun and never cast in a round that is closed."""
    job.write(lambda session: drafts.forget_all(session, uuid.UUID(job.args["round_id"])))
