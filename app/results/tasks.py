"""The jobs of counting: fixing the ballots at the close, and runs of a rule."""

import logging
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlmodel import Session

from app.db import read_tx
from app.jobs.handlers import handler
from app.jobs.running import RunningJob
from app.results import child, failures, runs, seal
from app.results.count_file import CountFile
from app.results.counting import Counted, NoOutcome, Order, Progress
from app.results.documents import FORMAT
from app.results.instance import pot_orders
from app.results.models import AllocationRunRow, RunKind
from app.rounds import queries as rounds

log = logging.getLogger("minga.results")

READ_PERCENT = 5
COUNTED_PERCENT = 95


@handler("results.seal_count")
def seal_count(job: RunningJob) -> None:
    """Fix number and root of the counted ballots, before anything may be tallied."""
    round_id = uuid.UUID(job.args["round_id"])
    job.write(lambda session: seal.seal_count(session, rounds.round_by_id(session, round_id)))


@handler("results.run")
def run(job: RunningJob) -> None:
    """Count every pot by the run's rule and store the outcome, or the sentence why there is none.

    The input is read in one snapshot and checked against the digest that the run was written
    down with; nothing is computed inside a transaction, nor in this process.
    """
    run_id = uuid.UUID(job.args["run_id"])
    job.progress(_("Reading the ballots"), READ_PERCENT)
    given = read_tx(lambda session: _read(session, run_id))
    answer = _count(job, given)
    if isinstance(answer, NoOutcome):
        sentence = failures.sentence(answer, given.titles)
        job.write(lambda session: runs.store_result(session, run_id, failure=sentence))
        return
    _log_faults(given.run, answer.files)
    outcome = {
        "format": FORMAT,
        "run_no": given.run.run_no,
        "kind": given.run.kind,
        "pots": list(answer.documents),
    }
    job.write(
        lambda session: runs.store_result(session, run_id, outcome=outcome, files=answer.files)
    )


def _count(job: RunningJob, given: "_Input") -> Counted | NoOutcome:
    if not given.intact:
        return NoOutcome("not_intact", "The ballots are not those that were fixed.")
    bar = _Bar(job, [pot.name for pot in given.order.pots])
    return child.count_apart(given.order, bar)


@dataclass(frozen=True)
class _Input:
    """What a run starts from; `intact`: the ballots are those that were fixed at the close."""

    run: AllocationRunRow
    order: Order
    titles: Mapping[str, str]
    intact: bool


def _read(session: Session, run_id: uuid.UUID) -> _Input:
    row = session.get_one(AllocationRunRow, run_id)
    round_row = rounds.round_by_id(session, row.round_id)
    order = Order(
        pots=tuple(pot_orders(session, round_row, row.input_sha256)),
        rule=row.rule,
        with_files=row.kind == RunKind.OFFICIAL,
    )
    projects = rounds.projects(session, round_row.id)
    titles = {project.reference: project.title for project in projects}
    return _Input(row, order, titles, intact=seal.is_unchanged(session, round_row))


def _log_faults(row: AllocationRunRow, files: Mapping[str, CountFile]) -> None:
    for pot_id, file in files.items():
        for fault in file.faults[:5]:
            log.error("run %s, pot %s: the file of ballots is faulty: %s", row.id, pot_id, fault)


class _Bar:
    """Turns the progress of single pots into one bar that only grows."""

    def __init__(self, job: RunningJob, pots: Sequence[str]) -> None:
        self._job = job
        self._pots = pots
        self._shown = READ_PERCENT

    def __call__(self, progress: Progress) -> None:
        done = progress.pot + progress.percent / 100
        percent = READ_PERCENT + int((COUNTED_PERCENT - READ_PERCENT) * done / len(self._pots))
        if percent > self._shown or not progress.percent:
            self._shown = max(percent, self._shown)
            self._job.progress(_("Counting %(pot)s", pot=self._pots[progress.pot]), self._shown)
