"""Drafts: sealed, under a name of their own, gone when cast and when voting is over."""

import pytest
from factories_ballots import make_ballot, make_pass, make_roll
from factories_rounds import make_round
from flask import Flask
from sqlalchemy import select

from app import clock
from app.ballots import drafts, filling
from app.ballots.models import ballot_draft
from app.db import read_tx, run_tx
from app.jobs import worker
from app.roll.sign_in import NotOpenError
from app.rounds import service
from voting.limits import BallotType


@pytest.fixture(autouse=True)
def _in_app(app: Flask):
    with app.test_request_context():
        yield


def _rows() -> list:
    return read_tx(lambda s: s.connection().execute(select(ballot_draft)).all())


def test_a_draft_tells_a_reader_of_the_database_nothing() -> None:
    round_ = make_round()
    known = make_pass(make_roll(round_)[0])

    filling.save_draft(known, round_.pot.id, {"project": ["bench", "pool"]})
    filling.save_draft(known, round_.pot.id, {"project": ["bench"]})

    [row] = _rows()
    slot = known.slots[round_.pot.id]
    assert row.draft_id != slot
    assert b"bench" not in row.sealed
    read = read_tx(lambda s: drafts.load(s, round_.id, slot, BallotType.APPROVAL))
    assert read.ids == ("bench",)


def test_drafts_of_much_and_of_little_are_equally_long() -> None:
    round_ = make_round()
    lengths = set()
    for entry, projects in zip(make_roll(round_, 2), ([], ["bench", "pool", "trees"]), strict=True):
        filling.save_draft(make_pass(entry), round_.pot.id, {"project": projects})
        lengths = {len(row.sealed) for row in _rows()}

    assert len(lengths) == 1


def test_a_draft_is_gone_once_it_is_cast() -> None:
    round_ = make_round()
    known = make_pass(make_roll(round_)[0])
    filling.save_draft(known, round_.pot.id, {"project": ["bench"]})

    make_ballot(known, round_.pot.id, {"project": ["bench"]})

    assert _rows() == []


def test_a_form_sent_again_leaves_a_newer_draft_alone() -> None:
    round_ = make_round()
    known = make_pass(make_roll(round_)[0])
    make_ballot(known, round_.pot.id, {"project": ["bench"]}, cast_key=bytes(16))
    make_ballot(known, round_.pot.id, {"project": ["pool"]})
    filling.save_draft(known, round_.pot.id, {"project": ["trees"]})

    make_ballot(known, round_.pot.id, {"project": ["bench"]}, cast_key=bytes(16))

    assert len(_rows()) == 1


def test_what_was_never_cast_is_deleted_at_the_close_and_nothing_comes_after() -> None:
    round_ = make_round()
    known = make_pass(make_roll(round_)[0])
    filling.save_draft(known, round_.pot.id, {"project": ["bench"]})

    run_tx(lambda s: service.close(s, s.merge(round_.row), clock.now()))
    worker.run_due()

    assert _rows() == []
    with pytest.raises(NotOpenError):
        filling.save_draft(known, round_.pot.id, {"project": ["bench"]})


def test_what_cannot_be_read_is_not_kept() -> None:
    round_ = make_round(ballot_type="points")
    known = make_pass(make_roll(round_)[0])

    entered = filling.save_draft(known, round_.pot.id, {"points-bench": ["many"]})

    assert entered.blockers
    assert _rows() == []
