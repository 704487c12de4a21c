"""The nightly job: forgetting what is not needed any more."""

from functools import partial

from app.db import read_tx
from app.entitlements import evidence_files, retention
from app.jobs.handlers import handler
from app.jobs.running import RunningJob


@handler(retention.JOB)
def forget(job: RunningJob) -> None:
    """Delete documents, then what was said, and see to it that the next night does."""
    for application_id in read_tx(retention.due):
        for file_id in read_tx(partial(retention.documents, application_id=application_id)):
            evidence_files.FILES.forget(file_id)
        job.write(partial(retention.forget, application_id=application_id))
    job.write(retention.plan)
