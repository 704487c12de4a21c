"""The jobs of counting: fixing the ballots at the close, and runs of a rule."""

import uuid
from fractions import Fraction

from flask_babel import gettext as _
from sqlmodel import Session

from allocation.errors import AllocationError, TieUnresolvedError
from allocation.rule_sheet import RuleSheet
from app.db import read_tx
from app.jobs.handlers import handler
from app.jobs.running import RunningJob
from app.results import runs, seal
from app.results.documents import FORMAT, PotCount, pot_document
from app.results.instance import pot_inputs
from app.results.models import AllocationRunRow
from app.rounds import queries as rounds


@handler("results.seal_count")
def seal_count(job: RunningJob) -> None:
    """Fix number and root of the counted ballots, before anything may be tallied."""
    round_id = uuid.UUID(job.args["round_id"])
    job.write(lambda session: seal.seal_count(session, rounds.round_by_id(session, round_id)))


@handler("results.run")
def run(job: RunningJob) -> None:
    """Count every pot by the run's rule and store the outcome, or the sentence why there is none.

    The input is read in one snapshot and checked against the digest that the run was written
    down with; nothing is computed inside a transaction.
    """
    run_id = uuid.UUID(job.args["run_id"])
    job.progress(_("Reading the ballots"), 5)
    row, counts = read_tx(lambda session: _read(session, run_id))
    try:
        sheet = RuleSheet.from_dict(row.rule)
        documents = []
        for number, count in enumerate(counts):
            watch = _Progress(job, count, number, len(counts))
            documents.append(pot_document(count, sheet, watch))
    except AllocationError as error:
        failure = _failure(error)
        job.write(lambda session: runs.store_result(session, run_id, failure=failure))
        return
    outcome = {"format": FORMAT, "run_no": row.run_no, "kind": row.kind, "pots": documents}
    job.write(lambda session: runs.store_result(session, run_id, outcome=outcome))


def _read(session: Session, run_id: uuid.UUID) -> tuple[AllocationRunRow, list[PotCount]]:
    row = session.get_one(AllocationRunRow, run_id)
    round_row = rounds.round_by_id(session, row.round_id)
    if seal.input_sha256(session, round_row) != row.input_sha256:
        raise RuntimeError("the ballots are not those that the run was asked for")
    counts = [
        PotCount(str(one.pot.id), one.pot.name, one.instance, row.input_sha256)
        for one in pot_inputs(session, round_row)
    ]
    return row, counts


def _failure(error: AllocationError) -> str:
    """Say why there is no outcome, in words of the page and not of the command line."""
    if isinstance(error, TieUnresolvedError):
        sentence = _(
            "Projects %(names)s are tied, and the rule's tie list ends without separating them. "
            "Enter a public draw, or decide by a rule whose tie list ends in a lot.",
            names=", ".join(error.projects),
        )
        return str(sentence)
    return str(error)


class _Progress:
    """Turns the counting's own measure, money spent by the last run, into a bar that only grows."""

    def __init__(self, job: RunningJob, count: PotCount, number: int, pots: int) -> None:
        self._job = job
        self._step = _("Counting %(pot)s", pot=count.name)
        self._base = 10 + 85 * number // pots
        self._width = 85 // pots
        self._shown = -1

    def __call__(self, _runs: int, spent: Fraction) -> None:
        percent = self._base + int(min(spent, Fraction(1)) * self._width)
        if percent > self._shown:
            self._shown = percent
            self._job.progress(self._step, percent)
