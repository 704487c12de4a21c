"""What the demonstration shows of paying providers."""

from collections import Counter

from flask import Flask
from sqlmodel import Session, select

from app.db import read_tx
from app.settlement.models import BatchRow, DisputeRow, LineRow


def test_one_settlement_is_booked_one_waits_and_one_payment_is_disputed(demo: Flask) -> None:
    def states(session: Session) -> list[Counter[str]]:
        columns = (BatchRow.state, LineRow.state, DisputeRow.state)
        return [Counter(session.exec(select(one)).all()) for one in columns]

    settlements, lines, disputes = read_tx(states)

    assert settlements == {"booked": 1, "frozen": 1}
    assert {"booked", "due"} <= lines.keys()
    assert disputes == {"open": 1}
