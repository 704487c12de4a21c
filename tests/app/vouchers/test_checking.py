"""What is against the rules of vouchers is named, by its first row."""

from collections.abc import Callable, Iterator
from datetime import date, datetime

import pytest
from factories_vouchers import make_till, make_voucher, own, put, stored
from flask import Flask
from sqlmodel import Session

from app.db import read_tx, run_tx
from app.vouchers import booking, checking
from app.vouchers.models import BookingRow
from app.vouchers.rules import State, Visit
from app.vouchers.visits import Wanted


@pytest.fixture(autouse=True)
def _context(app: Flask, noon: datetime) -> Iterator[None]:
    with app.test_request_context():
        yield


@pytest.mark.parametrize(
    ("state", "check"),
    [(State.ENDED, checking.ended), (State.REPLACED, checking.replacements)],
)
def test_a_voucher_past_its_life_with_money_or_without_successor_is_named(
    state: State, check: Callable[[Session], str | None]
) -> None:
    held = make_voucher(1_000)
    before = read_tx(check)

    put(held.id, state=state)

    assert before is None
    assert stored(held).serial in str(read_tx(check))


def test_a_visit_that_does_not_fit_its_hold_is_named() -> None:
    till, held = make_till(), make_voucher(1_000)
    carmen, wanted = own(held), Wanted("home-care", date(2027, 3, 19), 500)
    row = run_tx(lambda s: booking.book(s, carmen, held.id, till.provider_id, wanted))
    before = read_tx(checking.visits)

    def change(session: Session) -> None:
        found = session.get_one(BookingRow, row.id)
        found.state, found.ended_at = Visit.CANCELLED, found.booked_at
        session.add(found)

    run_tx(change)

    assert before is None
    assert "cancelled, its hold is pending" in str(read_tx(checking.visits))
