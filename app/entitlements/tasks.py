"""The nightly job: forgetting what is not needed any more."""

import uuid
from functools import partial

from sqlmodel import Session

from app.db import read_tx
from app.entitlements import evidence_files, retention
from app.jobs.handlers import handler
from app.jobs.running import RunningJob


@handler(retention.JOB)
def forget(job: RunningJob) -> None:
    """Delete documents, then what was said, and see to it that the next night does."""
    for application_id in read_tx(retention.due):
        for file_id in read_tx(partial(_documents, application_id)):
            evidence_files.forget(file_id)
        job.write(partial(_forget, application_id))
    job.write(retention.plan)


def _documents(application_id: uuid.UUID, session: Session) -> list[uuid.UUID]:
    return retention.documents(session, application_id)


def _forget(application_id: uuid.UUID, session: Session) -> None:
    retention.forget(session, application_id)
