"""Jobs of the voter roll: making letters, and forgetting letters that were taken away."""

import uuid

from flask_babel import gettext as _
from sqlmodel import Session

from app.db import read_tx
from app.jobs.handlers import handler
from app.jobs.running import RunningJob
from app.roll import batches, issuing, letter_files, letters
from app.roll.models import LetterBatchRow
from app.rounds import queries as rounds

_HASHED_PERCENT = 75
_DRAWN_PERCENT = 95


@handler(batches.JOB)
def make_letters(job: RunningJob) -> None:
    """Draw codes, hash them, set the letters. Codes become valid at the very end, all together."""
    batch_id = uuid.UUID(job.args["batch_id"])
    who = read_tx(lambda session: _addressees(session, batch_id))
    total = len(who.entry_ids)

    def hashed(done: int) -> None:
        step = _("Making codes: %(done)s of %(total)s", done=done, total=total)
        job.progress(step, _HASHED_PERCENT * done // total)

    def drawn(done: int) -> None:
        step = _("Setting letters: %(done)s of %(total)s", done=done, total=total)
        span = _DRAWN_PERCENT - _HASHED_PERCENT
        job.progress(step, _HASHED_PERCENT + span * done // total)

    issued = issuing.make_codes(who.round_row.id, who.entry_ids, hashed)
    pdf = letters.make_pdf(who.letters(issued), who.texts, drawn)
    letter_files.save(batch_id, job.attempt, pdf)
    job.write(lambda session: batches.finish(session, batch_id, who, issued))


@handler(batches.FORGET_JOB)
def forget_letters(job: RunningJob) -> None:
    """Delete the letters some time after they were taken away."""
    letter_files.forget(uuid.UUID(job.args["batch_id"]))


def _addressees(session: Session, batch_id: uuid.UUID) -> batches.Addressees:
    batch = session.get_one(LetterBatchRow, batch_id)
    round_row = rounds.round_by_id(session, batch.round_id)
    return batches.addressees(session, round_row, batch.district)
