"""Runs are numbered before they are computed, counted once, and never lost."""

import re
from datetime import timedelta

import pytest
from factories import make_account
from factories_results import (
    OPERATOR,
    SEED,
    do_jobs,
    in_app,
    make_closed,
    make_count,
    make_published,
)
from factories_rounds import at_once
from sqlalchemy import text
from sqlmodel import Session, select

from app import clock
from app.accounts import approvals
from app.accounts.models import ApprovalRow, AuditRow
from app.db import read_tx, run_tx
from app.errors import ConflictError, InvalidError
from app.jobs import service as jobs
from app.jobs.models import JobRow, JobState
from app.jobs.running import LostJobError, RunningJob
from app.policy import ROUND_OFFICER, Actor
from app.results import child, publication, queries, rules, runs, seal
from app.results.counting import NoOutcome
from app.results.models import AllocationRunRow
from app.results.queries import Standing
from app.rounds import queries as rounds
from app.rounds import service
from app.rounds.models import RoundState

pytestmark = pytest.mark.usefixtures("app")

TIED = [("bench",)] * 10 + [("stage",)] * 10
TWINS = (("bench", 100_000), ("stage", 100_000))


def all_runs(round_) -> list[AllocationRunRow]:
    return read_tx(lambda session: queries.runs(session, round_.id))


def standing(run) -> Standing:
    return read_tx(lambda session: queries.standing(session, run))


def failure(run) -> str | None:
    return read_tx(lambda session: queries.failure(session, run))


@in_app
def what_if(round_, rule, reason="The council asked."):
    row = run_tx(
        lambda session: runs.request_what_if(session, OPERATOR, round_.id, rule, reason=reason)
    )
    do_jobs()
    return row


def test_numbers_have_no_gaps_and_each_hash_covers_the_run_before() -> None:
    round_ = make_closed()
    what_if(round_, {"rule": "greedy"})
    make_count(round_)
    what_if(round_, {"rule": "knapsack"})

    rows = all_runs(round_)

    assert [row.run_no for row in rows] == [1, 2, 3]
    assert [row.kind for row in rows] == ["what_if", "official", "what_if"]
    previous = rules.RUN_CHAIN_START
    for row in rows:
        assert row.prev_hash == previous
        assert row.hash == rules.run_hash(previous, runs.run_facts(row))
        previous = row.hash


def test_runs_and_results_cannot_be_changed_or_deleted(database: str) -> None:
    round_ = make_closed()
    make_count(round_)

    for statement in (
        "UPDATE allocation_run SET reason = 'other'",
        "DELETE FROM allocation_run",
        "UPDATE allocation_result SET failure = 'other'",
        "DELETE FROM count_file",
    ):
        with pytest.raises(Exception, match="insert-only"):
            run_tx(lambda session, s=statement: session.connection().execute(text(s)))


def test_a_run_names_the_rule_sheet_and_the_ballots_that_it_counts() -> None:
    round_ = make_closed()

    run = make_count(round_)
    sheet = read_tx(lambda session: rounds.rule_sheet(session, round_.id))
    close = read_tx(lambda session: seal.counted(session, round_.row))

    assert run.sheet_sha256 == sheet.sha256
    assert run.input_sha256 == close.counted_root
    assert run.rule["lot_seed"] == SEED
    assert close.ballots == {str(round_.pot.id): 24}


def test_an_official_run_is_made_once() -> None:
    round_ = make_closed()
    make_count(round_)

    with pytest.raises(ConflictError, match="already asked for"):
        make_count(round_)

    assert len(all_runs(round_)) == 1


def test_two_officers_ask_at_once_and_one_run_is_made(app) -> None:
    round_ = make_closed()

    def ask():
        return run_tx(lambda session: runs.request_official(session, OPERATOR, round_.id))

    outcomes = at_once(app, *[ask] * 6)

    assert sum(isinstance(one, AllocationRunRow) for one in outcomes) == 1
    assert sum(isinstance(one, ConflictError) for one in outcomes) == 5
    assert [row.run_no for row in all_runs(round_)] == [1]


def test_what_if_runs_asked_for_at_once_get_numbers_without_a_gap(app) -> None:
    round_ = make_closed()

    def ask():
        return run_tx(
            lambda s: runs.request_what_if(s, OPERATOR, round_.id, {"rule": "greedy"}, reason="x")
        )

    at_once(app, *[ask] * 5)

    rows = all_runs(round_)
    assert [row.run_no for row in rows] == [1, 2, 3, 4, 5]
    assert [row.prev_hash for row in rows[1:]] == [row.hash for row in rows[:-1]]


def _officer() -> Actor:
    account = make_account(ROUND_OFFICER)
    return Actor(account_id=account.id, roles=frozenset({ROUND_OFFICER}), level="full")


def propose_publication(round_) -> ApprovalRow:
    actor = _officer()
    return in_app(run_tx)(lambda s: publication.propose_publication(s, actor, round_.id))


def test_publication_proposed_and_approved_at_once_happens_once(app) -> None:
    round_ = make_closed()
    make_count(round_)
    officers = [_officer() for _ in range(4)]

    def propose(actor: Actor):
        return lambda: run_tx(
            lambda session: publication.propose_publication(session, actor, round_.id)
        )

    proposed = at_once(app, *[propose(actor) for actor in officers])
    [row] = [one for one in proposed if isinstance(one, ApprovalRow)]
    others = [actor for actor in officers if actor.account_id != row.proposed_by]

    def approve(actor: Actor):
        return lambda: run_tx(lambda session: approvals.approve(session, actor, row.id))

    approved = at_once(app, *[approve(actor) for actor in others])

    assert sum(isinstance(one, ConflictError) for one in proposed) == 3
    assert sum(isinstance(one, ApprovalRow) for one in approved) == 1
    query = select(AuditRow).where(AuditRow.action == "results.publish.approved")
    assert len(read_tx(lambda session: list(session.exec(query).all()))) == 1
    state = read_tx(lambda session: rounds.round_by_id(session, round_.id).state)
    assert state == RoundState.PUBLISHED


def test_the_draw_is_entered_once_by_two_officers(app) -> None:
    round_ = make_closed(lot_seed=None)
    first, second = _officer(), _officer()

    with pytest.raises(ConflictError, match="public draw"):
        make_count(round_)
    row = in_app(run_tx)(lambda s: publication.propose_draw(s, first, round_.id, "3  1 6"))
    in_app(run_tx)(lambda session: approvals.approve(session, second, row.id))
    with pytest.raises(ConflictError, match="already entered"):
        in_app(run_tx)(lambda s: publication.propose_draw(s, first, round_.id, "6 6 6"))

    run = make_count(round_)
    sheet = read_tx(lambda session: rounds.rule_sheet(session, round_.id))
    assert run.rule["lot_seed"] == rules.lot_seed(
        sheet_sha256=sheet.sha256, counted_root=run.input_sha256, draw="3 1 6"
    )


def test_the_draw_waits_until_the_ballots_are_fixed(app) -> None:
    round_ = make_closed(lot_seed=None, sealed=False)
    first, second = _officer(), _officer()
    row = in_app(run_tx)(lambda s: publication.propose_draw(s, first, round_.id, "3 1 6"))

    with pytest.raises(ConflictError, match="being fixed"):
        in_app(run_tx)(lambda session: approvals.approve(session, second, row.id))

    do_jobs()
    in_app(run_tx)(lambda session: approvals.approve(session, second, row.id))


def test_a_tie_that_nothing_decides_is_said_in_words_and_can_be_counted_again(officer) -> None:
    round_ = make_closed(
        TIED,
        slug="twins",
        projects=TWINS,
        pots={"town": 100_000},
        rule={"rule": "equal-shares", "ties": ["min-cost", "max-votes"]},
    )

    first = make_count(round_)
    assert standing(first) is Standing.NO_OUTCOME
    assert failure(first) == (
        "Bench and Stage are exactly tied, and the published order for ties does not separate "
        "them. Nothing was decided."
    )
    page = officer.open("/staff/rounds/twins/count")
    assert "Bench and Stage are exactly tied" in page.text
    assert page.find("button", string=re.compile("Run the official count"))

    make_count(round_)
    assert [row.run_no for row in all_runs(round_)] == [1, 2]
    with pytest.raises(ConflictError, match="no official result"):
        propose_publication(round_)


def test_the_lot_decides_what_nothing_else_does() -> None:
    round_ = make_closed(TIED, projects=TWINS, pots={"town": 100_000})

    run = make_count(round_)
    [pot] = read_tx(lambda session: queries.result(session, run.id)).outcome["pots"]

    assert [tie["decided_by"] for tie in pot["allocation"]["ties"]] == ["lot"]
    assert len(pot["allocation"]["winners"]) == 1


def test_a_tie_is_not_told_to_the_public_before_the_result(stranger) -> None:
    round_ = make_closed(
        TIED,
        slug="twins",
        projects=TWINS,
        pots={"town": 100_000},
        rule={"rule": "equal-shares", "ties": ["min-cost"]},
    )
    make_count(round_)

    page = stranger.open("/rounds/twins/runs")

    assert "No outcome." in page.text
    assert "Bench" not in page.select_one("main").text


def test_a_worker_that_dies_is_replaced_and_the_late_one_changes_nothing(at, monkeypatch) -> None:
    round_ = make_closed()
    run = run_tx(lambda session: runs.request_official(session, OPERATOR, round_.id))
    at(clock.now())
    dead = jobs.claim(run.job_id)
    assert jobs.claim(run.job_id) is None

    at(clock.now() + timedelta(seconds=61))
    do_jobs()
    stored = read_tx(lambda session: queries.result(session, run.id))
    assert stored.outcome is not None

    late = RunningJob(dead)
    with pytest.raises(LostJobError):
        late.write(lambda session: runs.store_result(session, run.id, failure="too late"))
    run_tx(lambda session: runs.store_result(session, run.id, failure="twice"))
    assert read_tx(lambda session: queries.result(session, run.id)).failure is None


def test_a_count_that_breaks_down_three_times_can_be_asked_for_again(monkeypatch) -> None:
    round_ = make_closed()

    def die(*_):
        raise RuntimeError("the counting process ended without an answer")

    with monkeypatch.context() as patched:
        patched.setattr(child, "count_apart", die)
        broken = make_count(round_)

    assert standing(broken) is Standing.NO_OUTCOME
    assert "failed three times" in failure(broken)
    assert standing(make_count(round_)) is Standing.COUNTED


def test_ballots_that_are_not_those_of_the_close_are_not_counted(monkeypatch) -> None:
    round_ = make_closed()
    monkeypatch.setattr(seal.ballots, "commitments", lambda *_: [b"x" * 32])

    run = make_count(round_)

    assert "not those that were fixed at the close" in failure(run)


def test_an_unproven_optimum_is_no_outcome(monkeypatch) -> None:
    round_ = make_closed(rule={"rule": "knapsack"})
    monkeypatch.setattr(child, "count_apart", lambda *_: NoOutcome("not_proven", "x"))

    run = make_count(round_)

    assert "without proof is never published" in failure(run)


def test_what_if_runs_need_a_reason_and_a_rule_that_fits_the_ballots() -> None:
    round_ = make_closed([{"bench": 3}] * 20, ballot_type="points")

    with pytest.raises(InvalidError, match="why this count is made"):
        what_if(round_, {"rule": "greedy"}, reason="  ")
    with pytest.raises(InvalidError, match="phragmen counts approvals"):
        what_if(round_, {"rule": "phragmen"})
    assert all_runs(round_) == []


def test_a_what_if_run_breaks_ties_as_the_round_does() -> None:
    round_ = make_closed(rule={"rule": "equal-shares", "ties": ["max-cost", "lot"]})

    run = what_if(round_, {"rule": "greedy"})

    assert run.rule["ties"] == ["max-cost", "lot"]
    assert run.rule["lot_seed"] == SEED


def test_what_if_runs_are_public_with_their_reason_and_never_the_result(officer, stranger) -> None:
    make_published(make_closed(slug="meadow"))

    page = officer.send(
        "/staff/rounds/meadow/count",
        {"rule": "greedy", "reason": "The council wants to compare."},
        button="Run it",
    )
    assert "It is not the result." in page.text
    page = stranger.open("/rounds/meadow/runs")
    assert "The council wants to compare." in page.text
    page = stranger.open("/rounds/meadow/runs/2")
    assert "It is not the result." in page.text
    assert "Funded: it was number 1 among the projects" in page.text
    assert "The council wants to compare." not in stranger.open("/rounds/meadow/results").text


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"rule": "", "reason": "Why not"}, "Choose the rule to try."),
        ({"rule": "dictator", "reason": "Why not"}, "Choose the rule to try."),
        ({"rule": "greedy", "reason": ""}, "Say why this count is made."),
        ({"rule": "greedy", "reason": "x" * 1001}, "1000"),
    ],
)
def test_forged_fields_of_a_what_if_run_return_to_the_form(officer, fields, sentence) -> None:
    round_ = make_closed(slug="meadow")

    page = officer.send("/staff/rounds/meadow/count", fields, button="Run it", status=422)

    assert sentence in page.select_one(".govuk-error-summary").text
    assert all_runs(round_) == []


def test_an_empty_draw_returns_to_the_form(officer) -> None:
    make_closed(slug="meadow", lot_seed=None)

    page = officer.send(
        "/staff/rounds/meadow/count", {"draw": " "}, button="Enter the draw", status=422
    )

    assert "Enter the outcome of the draw" in page.select_one(".govuk-error-summary").text


@pytest.mark.parametrize("run_no", ["7", "0", "99999999999999999999"])
def test_a_run_that_does_not_exist_is_not_found(officer, run_no: str) -> None:
    make_closed(slug="meadow")

    officer.open(f"/staff/rounds/meadow/count/{run_no}", status=404)
    officer.open(f"/staff/rounds/meadow/count/{run_no}/progress", status=404)


def test_a_pot_in_which_nobody_voted_funds_nothing_and_hinders_no_other() -> None:
    round_ = make_closed(
        [("bench",)] * 20,
        pots={"town": 500_000, "north": 500_000},
        projects=[
            {"reference": "bench", "cost_minor": 100_000, "pot": "town"},
            {"reference": "pool", "cost_minor": 100_000, "pot": "north"},
        ],
    )

    run = make_count(round_)
    stored = read_tx(lambda session: queries.result(session, run.id))

    assert [pot["allocation"]["winners"] for pot in stored.outcome["pots"]] == [["bench"], []]


def test_the_dashboard_names_what_waits_after_the_close(officer) -> None:
    round_ = make_closed(title="Meadow", lot_seed=None)
    assert "Enter the public draw of “Meadow”" in officer.open("/staff").text

    def enter(session: Session) -> None:
        row = rounds.round_by_id(session, round_.id)
        service.enter_lot_seed(session, row, SEED)

    run_tx(enter)
    assert "Count the ballots of “Meadow”" in officer.open("/staff").text
    make_count(round_)
    assert "Look at the draft result of “Meadow”" in officer.open("/staff").text
    propose_publication(round_)
    assert "Meadow” and publish it" not in officer.open("/staff").text


def test_a_job_that_is_under_way_shows_how_far_it_is(officer) -> None:
    round_ = make_closed(slug="meadow")
    run = run_tx(lambda session: runs.request_official(session, OPERATOR, round_.id))
    row = jobs.claim(run.job_id)
    RunningJob(row).progress("Counting Whole town", 40)

    answer = officer.client.get("/staff/rounds/meadow/count/1/progress").json

    assert (answer["percent"], answer["done"]) == (40, False)
    page = officer.open("/staff/rounds/meadow/count/1")
    assert page.select_one("progress")["value"] == "40"
    assert "The count is under way." in officer.open("/staff/rounds/meadow/count").text
    state = read_tx(lambda session: session.get(JobRow, run.job_id).state)
    assert state == JobState.RUNNING
