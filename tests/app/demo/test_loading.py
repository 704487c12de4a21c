"""The demonstration as a whole: what it holds, and that it is what it pretends to be."""

import hashlib
import re
import shutil
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import factories
import pytest
from browsing import Browser
from click.testing import CliRunner
from factories_demo import load, settings_for
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, select

from app import clock
from app.accounts.models import ApprovalRow, AuditRow
from app.ballots import queries as ballots
from app.cli.main import main
from app.config import Settings
from app.db import read_tx, run_tx
from app.demo import loading, sign_ins
from app.demo.people import invent
from app.demo.places import metres
from app.demo.proposing import idea_place
from app.demo.seed import TownSeed
from app.demo.sign_ins import VotingCode
from app.errors import ConflictError
from app.factory import make_app
from app.proposals.models import ProposalRow, ReviewRow
from app.results import queries as counts
from app.results import seal
from app.roll.models import RollEntryRow, RollEntryState
from app.rounds import queries as rounds
from app.rounds.models import ProjectRow, RoundRow
from app.town import queries as towns
from app.town import service as town_service
from voting import canonical, merkle


def of_state(state: str) -> list[RoundRow]:
    return read_tx(lambda s: [row for row in rounds.all_rounds(s) if row.state == state])


def test_there_is_a_round_for_every_phase_and_a_vote_for_every_kind_of_ballot(demo: Flask) -> None:
    kinds = {row.ballot["ballot_type"] for row in of_state("voting")}

    assert [len(of_state(state)) for state in ("published", "proposals", "review")] == [1, 1, 1]
    assert kinds == {"approval", "knapsack", "points", "ranking", "scores"}


def test_proposals_stand_in_every_state(demo: Flask) -> None:
    states = read_tx(lambda s: Counter(s.exec(select(ProposalRow.state)).all()))
    verdicts = read_tx(lambda s: Counter(s.exec(select(ReviewRow.verdict)).all()))

    assert states.keys() == {
        *("draft", "submitted", "in_review", "question", "decided"),
        *("merged", "adopted", "withdrawn"),
    }
    assert sum(states.values()) == 62
    assert verdicts["feasible"] == 40
    assert verdicts["not_feasible"] == 7


def test_3000_people_are_on_the_roll_and_30_of_them_have_a_code(demo: Flask) -> None:
    [row] = [one for one in of_state("voting") if one.ballot["ballot_type"] == "approval"]
    states = read_tx(
        lambda s: Counter(s.exec(select(RollEntryRow.state).where(RollEntryRow.round_id == row.id)))
    )

    assert states == {RollEntryState.NO_CODE: 2_970, RollEntryState.ACTIVE: 30}


def test_ballots_are_cast_where_voting_is_open_or_over(demo: Flask) -> None:
    def turnout(row: RoundRow) -> int:
        return sum(read_tx(lambda session: ballots.turnout(session, row)).values())

    assert [turnout(row) for row in of_state("published")] == [1_800]
    assert all(turnout(row) > 80 for row in of_state("voting"))
    assert all(turnout(row) == 0 for row in (*of_state("proposals"), *of_state("review")))


def test_people_choose_what_is_near_more_often(demo: Flask, town: TownSeed) -> None:
    [row] = of_state("published")
    records = read_tx(lambda session: _records(session, row))
    titles = read_tx(lambda s: {one.reference: one.title for one in rounds.projects(s, row.id)})
    places = {idea.title: idea_place(town, idea) for idea in town.ideas_of("closed")}
    homes = {one.area: one.home for one in invent(town, year=2026)}

    chosen, all_offered = [], []
    for district, ids in records:
        offered = {
            reference: metres(homes[district], place)
            for reference, title in titles.items()
            if (place := places[title]) is not None
        }
        all_offered += offered.values()
        chosen += [offered[reference] for reference in ids if reference in offered]

    assert _mean(chosen) < 0.75 * _mean(all_offered)


def _records(session: Session, row: RoundRow) -> list[tuple[str, list[str]]]:
    found = session.connection().execute(
        text("SELECT record FROM ballot WHERE round_id = :id"),
        {"id": row.id.hex if session.bind.dialect.name == "sqlite" else row.id},
    )
    decoded = [canonical.decode(bytes(record)) for (record,) in found]
    return [(one["district"], one["choices"]) for one in decoded]


def _mean(numbers: list[float]) -> float:
    return sum(numbers) / len(numbers)


def test_the_published_result_is_the_count_of_the_sealed_ballots(demo: Flask) -> None:
    [row] = of_state("published")

    def check(session: Session) -> None:
        sheet = rounds.rule_sheet(session, row.id)
        run = counts.run(session, row.id, row.published_run_no)
        assert sheet.sha256 == hashlib.sha256(sheet.content).hexdigest() == run.sheet_sha256
        root = merkle.root(ballots.commitments(session, row.id)).hex()
        assert root == seal.input_sha256(session, row) == run.input_sha256
        [pot] = counts.result(session, run.id).outcome["pots"]
        assert 4 <= len(pot["allocation"]["winners"]) < 16
        assert pot["spent_minor"] <= pot["budget_minor"] == 25_000_000

    read_tx(check)


def test_every_act_of_two_officers_was_decided_by_a_second_one(demo: Flask) -> None:
    rows = read_tx(lambda session: session.exec(select(ApprovalRow)).all())

    assert {row.action for row in rows} == {
        *("roll.import", "proposals.release", "round.freeze", "round.open"),
        *("results.draw", "results.publish"),
        *("programme.approve", "care.grant", "care.issue", "pool.grant"),
        *("accreditation.suspend", "settlement.release", "settlement.book"),
    }
    assert {row.action for row in rows if row.state == "pending"} == {
        *("proposals.release", "programme.approve", "settlement.release")
    }
    assert all(
        row.decided_by not in (None, row.proposed_by) for row in rows if row.state != "pending"
    )


def test_what_happened_happened_before_now(demo: Flask) -> None:
    moments = read_tx(lambda session: session.exec(select(AuditRow.at)).all())

    assert (max(moments) - min(moments)).days > 400
    assert max(moments) <= clock.now()


def test_a_code_that_was_printed_opens_the_booth(
    demo: Flask, visitor: Callable[..., Browser], codes: list[VotingCode]
) -> None:
    code = codes[0]
    [row] = [one for one in of_state("voting") if one.title == code.round]

    page = visitor().send(f"/ballot/{row.slug}", {"code": code.code})

    assert "Your ballots" in page.title.text
    assert len(codes) == 42


def test_no_mail_waits_to_leave_and_no_job_is_overdue(demo: Flask) -> None:
    waiting = read_tx(
        lambda s: (
            s.connection()
            .execute(text("SELECT kind FROM job WHERE state <> 'done'"))
            .scalars()
            .all()
        )
    )

    in_time = {"rounds.close", "rounds.end_proposals"}
    each_night = {"care.forget", "ledger.seal", "voucher.night", "provider.night"}
    assert set(waiting) == in_time | each_night


def test_a_full_database_is_left_alone_with_one_sentence(
    settings: Settings, town: TownSeed
) -> None:
    with make_app(settings).app_context():
        factories.make_town()

        with pytest.raises(loading.NotEmptyError) as refused:
            loading.load(town, lambda _line: None)

        assert not read_tx(towns.areas)
    assert "empty" in str(refused.value)


def test_half_a_demonstration_does_not_pass_for_a_whole_one(
    settings: Settings, town: TownSeed
) -> None:
    with make_app(settings).app_context():
        factories.make_town(demo=True)

        with pytest.raises(loading.HalfLoadedError):
            loading.is_loaded()
        with pytest.raises(loading.HalfLoadedError):
            loading.load(town, lambda _line: None)


def test_a_town_is_real_or_a_demonstration_for_good(app: Flask) -> None:
    values = {"country": "", "name": "V", "contact": "", "currency": "EUR", "time_zone": "UTC"}

    with pytest.raises(ConflictError):
        run_tx(lambda session: town_service.make_demo(session, **values))
    with pytest.raises(DBAPIError, match="a demo stays a demo"):
        run_tx(lambda s: s.connection().execute(text("UPDATE town SET demo = NOT demo")))


def test_the_command_says_who_can_sign_in_whenever_it_runs(
    demo: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings: Settings = demo.extensions["minga_settings"]
    monkeypatch.setenv("MINGA_INSTANCE", str(settings.instance))
    monkeypatch.setenv("DATABASE_URL", settings.database_url)

    again = CliRunner().invoke(main, ["demo", "load", "--if-empty"])
    refused = CliRunner().invoke(main, ["demo", "load"])

    assert again.exit_code == 0
    assert sign_ins.PASSWORD in again.output
    assert "/demo" in again.output
    assert len(re.findall(r"\w{4}(-\w{4}){3}", again.output)) == 15
    assert "officer@valdeagua.example" in again.output
    assert (refused.exit_code, refused.output.count("\n")) == (1, 1)


def test_the_command_is_quiet_in_a_real_town(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MINGA_INSTANCE", str(settings.instance))
    monkeypatch.setenv("DATABASE_URL", settings.database_url)
    factories.make_town()

    done = CliRunner().invoke(main, ["demo", "load", "--if-empty"])

    assert (done.exit_code, done.output) == (0, "")


def test_the_same_seed_gives_the_same_town(
    tmp_path: Path, sqlite_template: Path, town: TownSeed
) -> None:
    closed = replace(town.rounds[0], people=60)
    ideas = [replace(idea, picture=None) for idea in town.ideas_of("closed")[:6]]
    small = replace(town, residents=200, rounds=(closed,), ideas=tuple(ideas))

    first, second = (
        _content(tmp_path / name, sqlite_template, small) for name in ("first", "second")
    )

    assert first == second


def _content(folder: Path, template: Path, town: TownSeed) -> object:
    folder.mkdir()
    shutil.copy(template, folder / "minga.sqlite3")
    settings = settings_for(folder, f"sqlite:///{folder}/minga.sqlite3")
    load(settings, town)
    return read_tx(_content_of)


def _content_of(session: Session) -> object:
    [row] = rounds.all_rounds(session)
    projects = session.exec(select(ProjectRow.title, ProjectRow.cost_minor, ProjectRow.latitude))
    [pot] = rounds.pots(session, row.id)
    cast = Counter(one.ids for one in ballots.counted_ballots(session, row, pot))
    run = counts.run(session, row.id, row.published_run_no)
    winners = counts.result(session, run.id).outcome["pots"][0]["allocation"]["winners"]
    return sorted(projects.all()), cast, winners
