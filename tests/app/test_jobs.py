from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlmodel import Session

from app import clock
from app.db import run_tx
from app.errors import InvalidError
from app.jobs import service, worker
from app.jobs.handlers import handler
from app.jobs.models import JobRow, JobState
from app.jobs.running import LostJobError, RunningJob
from app.providers.days import today
from app.town import queries as towns

done: list[str] = []


@handler("test.note")
def _note(job: RunningJob) -> None:
    job.progress("Writing it down", 50)
    done.append(job.args["word"])


@handler("test.day")
def _note_day(job: RunningJob) -> None:
    done.append(today().isoformat())


@handler("test.refuse")
def _refuse(job: RunningJob) -> None:
    raise InvalidError("The file is empty. Choose another.")


@handler("test.break")
def _break(job: RunningJob) -> None:
    raise RuntimeError("a mistake of ours")


@pytest.fixture(autouse=True)
def _forget() -> None:
    done.clear()


def _add(kind: str, key: str = "k", **args: str) -> JobRow:
    job_id = run_tx(lambda session: service.add(session, kind, dedupe_key=key, args=args))
    row = service.get(job_id)
    assert row
    return row


def test_a_job_added_twice_under_one_key_is_done_once(database: str) -> None:
    first = _add("test.note", word="hello")
    again = _add("test.note", word="hello")

    worker.run_due()
    worker.run_due()

    assert first.id == again.id
    assert done == ["hello"]
    row = service.get(first.id)
    assert row
    assert (row.state, row.progress, row.step) == (JobState.DONE, 100, "Writing it down")


def test_a_refusal_ends_the_job_with_its_sentence(database: str) -> None:
    row = _add("test.refuse")

    worker.run_due()

    ended = service.get(row.id)
    assert ended
    assert (ended.state, ended.error) == (JobState.FAILED, "The file is empty. Choose another.")


def test_a_fault_of_ours_is_tried_three_times(database: str) -> None:
    row = _add("test.break")

    for _ in range(5):
        worker.run_due()

    ended = service.get(row.id)
    assert ended
    assert (ended.state, ended.attempt) == (JobState.FAILED, 3)


def test_a_worker_that_lost_its_job_changes_nothing(database: str, at: object) -> None:
    row = _add("test.note", word="late")
    first = service.claim(row.id)
    assert first
    at(clock.now() + timedelta(minutes=5))
    second = service.claim(row.id)
    assert second

    with pytest.raises(LostJobError):
        RunningJob(first).write(lambda session: _spoil(session, row))

    RunningJob(second).progress("Going on", 10)
    kept = service.get(row.id)
    assert kept
    assert (kept.step, kept.fence) == ("Going on", 2)


def _spoil(session: Session, row: JobRow) -> None:
    raise AssertionError("the work of a lost job must not run")


def test_a_job_for_later_waits(database: str, at: object) -> None:
    noon = datetime(2027, 3, 17, 12, 0, tzinfo=UTC)
    at(noon)
    run_tx(
        lambda session: service.add(
            session,
            "test.note",
            dedupe_key="later",
            args={"word": "later"},
            run_after=noon + timedelta(hours=1),
        )
    )

    assert worker.run_due() == 0
    at(noon + timedelta(hours=1))
    assert worker.run_due() == 1
    assert done == ["later"]


@pytest.mark.parametrize(("hour", "day"), [(2, 17), (3, 18), (4, 18)])
def test_a_nightly_job_waits_for_the_next_time_that_it_is_that_hour(
    database: str, at: object, hour: int, day: int
) -> None:
    at(datetime(2027, 3, 17, hour, 0, tzinfo=UTC))

    def plan(session: Session) -> JobRow:
        again = [service.add_nightly(session, "test.note", hour=3) for _ in range(2)]
        assert again[0] == again[1]
        return session.get_one(JobRow, again[0])

    assert run_tx(plan).run_after == datetime(2027, 3, day, 3, 0, tzinfo=UTC)


def test_a_job_at_night_knows_which_day_it_is_in_the_town(app: Flask, at: object) -> None:
    def move_to_the_andes(session: Session) -> None:
        town = towns.town(session)
        assert town
        town.time_zone = "America/Lima"
        session.add(town)

    run_tx(move_to_the_andes)
    _add("test.day")
    at(clock.now().replace(year=2027, month=3, day=18, hour=3))

    app.extensions["minga_worker"].look()

    assert done == ["2027-03-17"]
