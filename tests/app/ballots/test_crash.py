"""A cast that dies at any statement leaves nothing half-done, and can be sent again."""

import secrets

import pytest
from factories_ballots import make_ballot, make_pass, make_roll
from factories_rounds import make_round
from flask import Flask
from sqlalchemy import event, func, select

from app.ballots import drafts
from app.ballots.models import ballot, ballot_draft, ballot_head
from app.db import engine, read_tx, run_tx
from voting.choices import Choices
from voting.limits import BallotType


class PowerCutError(Exception):
    pass


def _counts() -> tuple[int, ...]:
    tables = (ballot, ballot_head, ballot_draft)
    return read_tx(
        lambda s: tuple(
            s.connection().execute(select(func.count()).select_from(table)).scalar_one()
            for table in tables
        )
    )


@pytest.mark.parametrize("table", ["ballot_head", "ballot", "ballot_draft"])
def test_a_cast_cut_off_after_a_statement_leaves_nothing(app: Flask, table: str) -> None:
    round_ = make_round()
    known = make_pass(make_roll(round_)[0])
    key = secrets.token_bytes(16)
    choices = Choices.of_projects(BallotType.APPROVAL, ["bench"])
    with app.app_context():
        run_tx(lambda s: drafts.save(s, round_.id, known.slots[round_.pot.id], choices))

    def cut(_connection, _cursor, statement, *_rest) -> None:
        if f"INTO {table} " in statement or f"FROM {table} " in statement.partition("SELECT")[0]:
            raise PowerCutError

    event.listen(engine.current(), "after_cursor_execute", cut)
    try:
        with pytest.raises(PowerCutError):
            make_ballot(known, round_.pot.id, {"project": ["bench"]}, cast_key=key)
    finally:
        event.remove(engine.current(), "after_cursor_execute", cut)
    assert _counts() == (0, 0, 1)

    assert make_ballot(known, round_.pot.id, {"project": ["bench"]}, cast_key=key).counts
    assert _counts() == (1, 1, 0)
