"""Booked visits on both engines: set aside once, paid once, given back once."""

import json
import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from factories import make_account
from factories_rounds import at_once
from factories_vouchers import (
    EXPIRES,
    Held,
    left_minor,
    make_till,
    make_voucher,
    outcome,
    own,
    pay,
    put,
    stored,
)
from flask import Flask
from sqlmodel import Session, select

from app import clock
from app.db import read_tx, run_tx
from app.errors import ConflictError, InvalidError, NotFoundError
from app.ledger import checking
from app.ledger.errors import HoldEndedError, InsufficientError
from app.policy import Actor
from app.providers.criteria import State as Accreditation
from app.providers.models import AccreditationRow
from app.vouchers import booking, paying, queries, replacing, tasks
from app.vouchers.booking import DayError
from app.vouchers.correcting import correct
from app.vouchers.models import BookingRow, RedemptionRow, VoucherRow
from app.vouchers.paying import Till
from app.vouchers.rules import REFUND_DAYS, Carrier, State, Visit, last_day
from app.vouchers.visits import Wanted

FRIDAY = date(2027, 3, 19)
THREE_HOURS = Wanted("home-care", FRIDAY, 4_800, minutes=180, hour_minor=1_600)


@pytest.fixture(autouse=True)
def _context(app: Flask, noon: datetime) -> Iterator[None]:
    with app.test_request_context():
        yield


def at(day: date) -> None:
    moment = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    clock.use(lambda: moment)


def book(held: Held, till: Till, wanted: Wanted = THREE_HOURS) -> BookingRow:
    carmen = own(held)
    return book_as(carmen, held, till, wanted)


def book_as(who: Actor, held: Held, till: Till, wanted: Wanted = THREE_HOURS) -> BookingRow:
    return run_tx(lambda s: booking.book(s, who, held.id, till.provider_id, wanted))


def record(till: Till, row: BookingRow, amount_minor: int) -> RedemptionRow:
    return run_tx(lambda s: booking.record(s, till, row.id, amount_minor))


def state_of(row: BookingRow) -> str:
    return read_tx(lambda s: s.get_one(BookingRow, row.id).state)


def night() -> None:
    while run_tx(lambda s: booking.lapse_some(s, clock.now().date())):
        pass


def offences() -> list[str | None]:
    return [one.offence for one in read_tx(checking.check_all) if one.offence]


def test_three_hours_are_set_aside_two_are_paid_and_one_comes_back() -> None:
    till, held = make_till(), make_voucher(12_000)

    row = book(held, till)
    set_aside = left_minor(held)
    at(FRIDAY)
    paid = record(till, row, 3_200)

    assert (set_aside, left_minor(held)) == (7_200, 8_800)
    assert (paid.amount_minor, paid.taken_on, paid.id) == (3_200, FRIDAY, row.id)
    assert state_of(row) == Visit.DONE
    assert offences() == []


def test_recording_again_pays_nothing_more_and_cancelling_then_is_refused() -> None:
    till, held = make_till(), make_voucher(12_000)
    row = book(held, till)
    at(FRIDAY)

    first, second = record(till, row, 3_200), record(till, row, 4_800)

    assert (first.id, second.amount_minor, left_minor(held)) == (second.id, 3_200, 8_800)
    with pytest.raises(HoldEndedError):
        run_tx(lambda s: booking.cancel(s, till, row.id))


def test_a_provider_books_with_the_holders_code_and_pin_as_it_takes_a_voucher() -> None:
    till, held = make_till(), make_voucher(12_000)
    charge = held.charge(4_800, visit=THREE_HOURS)

    missing = outcome(pay(till, held.charge(4_800, visit=THREE_HOURS, digits="")))
    answers = [pay(till, charge, "key-0001") for _ in range(2)]

    assert missing == "pin_needed"
    assert answers[0] == answers[1]
    assert set(json.loads(answers[0].body)) == {"outcome", "booking_id"}
    assert left_minor(held) == 7_200


def test_a_phone_without_its_code_books_nothing_and_pays_nothing() -> None:
    till, held = make_till(), make_voucher(12_000, Carrier.PHONE)

    answer = pay(till, held.charge(4_800, visit=THREE_HOURS))

    assert (outcome(answer), left_minor(held)) == ("pin_needed", 12_000)


def test_a_provider_hears_no_more_about_a_visit_than_about_a_payment() -> None:
    till = make_till()
    small, ends = make_voucher(4_000), make_voucher(12_000, expires_on=FRIDAY - timedelta(days=1))

    said = [outcome(pay(till, one.charge(4_800, visit=THREE_HOURS))) for one in (small, ends)]

    assert said == ["insufficient", "expired"]


@pytest.mark.parametrize("day", [FRIDAY - timedelta(days=3), FRIDAY + timedelta(days=95)])
def test_nothing_is_set_aside_for_a_day_that_is_over_or_far_away(day: date) -> None:
    till, held = make_till(), make_voucher(12_000)
    wanted = Wanted("home-care", day, 4_800)

    with pytest.raises(DayError):
        book(held, till, wanted)
    with pytest.raises(DayError):
        pay(till, held.charge(4_800, visit=wanted))

    assert left_minor(held) == 12_000


def test_nobody_books_with_anothers_voucher_or_ends_anothers_visit() -> None:
    till, other, held = make_till(), make_till(), make_voucher(12_000)
    carmen = own(held)
    row = book_as(carmen, held, till)
    eve = Actor(account_id=make_account(name="Eve").id, level="link")
    at(FRIDAY)

    for act in (
        lambda s: booking.book(s, eve, held.id, till.provider_id, THREE_HOURS),
        lambda s: booking.cancel_own(s, eve, held.id, row.id),
        lambda s: booking.record(s, other, row.id, 100),
        lambda s: booking.cancel(s, other, row.id),
    ):
        with pytest.raises(NotFoundError):
            run_tx(act)

    assert left_minor(held) == 7_200


def test_its_holder_cancels_before_the_day_and_gets_all_of_it_back() -> None:
    till, held = make_till(), make_voucher(12_000)
    carmen = own(held)
    first, second = (book_as(carmen, held, till) for _ in range(2))

    run_tx(lambda s: booking.cancel_own(s, carmen, held.id, first.id))
    at(FRIDAY)
    with pytest.raises(ConflictError):
        run_tx(lambda s: booking.cancel_own(s, carmen, held.id, second.id))

    assert left_minor(held) == 7_200


def test_a_visit_is_not_recorded_before_its_day_nor_beyond_what_was_set_aside() -> None:
    till, held = make_till(), make_voucher(12_000)
    row = book(held, till)

    with pytest.raises(ConflictError):
        record(till, row, 4_800)
    at(FRIDAY)
    with pytest.raises(InvalidError):
        record(till, row, 4_801)

    assert (state_of(row), left_minor(held)) == (Visit.BOOKED, 7_200)


def test_what_nobody_recorded_comes_back_after_a_week() -> None:
    till, held = make_till(), make_voucher(12_000)
    row = book(held, till)

    at(FRIDAY + timedelta(days=7))
    night()
    before = left_minor(held)
    at(FRIDAY + timedelta(days=8))
    night()

    assert (before, left_minor(held), state_of(row)) == (7_200, 12_000, Visit.LAPSED)
    assert booking.lapse_some in tasks.STEPS
    assert offences() == []


def suspend(till: Till) -> None:
    def change(session: Session) -> None:
        query = select(AccreditationRow).where(AccreditationRow.provider_id == till.provider_id)
        row = session.exec(query).one()
        row.state, row.suspended_on = Accreditation.SUSPENDED, clock.now().date()
        session.add(row)

    run_tx(change)


def test_a_suspension_frees_what_was_set_aside_and_pays_no_visit_of_before() -> None:
    till, held = make_till(), make_voucher(12_000)
    row = book(held, till)
    at(FRIDAY)
    suspend(till)

    with pytest.raises(ConflictError):
        record(till, row, 4_800)
    night()

    assert (left_minor(held), state_of(row)) == (12_000, Visit.LAPSED)


def test_a_visit_survives_the_loss_of_the_voucher_and_its_rest_goes_to_the_new_one() -> None:
    till, held = make_till(), make_voucher(12_000)
    carmen = own(held)
    row = book_as(carmen, held, till)
    other = book_as(carmen, held, till, Wanted("home-care", FRIDAY, 1_000))
    new = run_tx(lambda s: replacing.report_lost(s, carmen, held.id, Carrier.PHONE))
    now = Held(new.id, new.account_id, "", "")

    run_tx(lambda s: booking.cancel_own(s, carmen, now.id, other.id))
    at(FRIDAY)
    record(till, row, 3_200)

    assert (left_minor(held), left_minor(now)) == (0, 8_800)
    correct(till, row.id, 3_000, key="key-0001")
    assert left_minor(now) == 9_000
    assert offences() == []


def test_what_comes_back_after_the_last_day_can_be_spent_for_60_days() -> None:
    till, held = make_till(), make_voucher(12_000)
    at(EXPIRES)
    row = book(held, till, Wanted("home-care", EXPIRES, 4_800))
    put(held.id, state=State.ENDED)
    at(EXPIRES + timedelta(days=2))

    run_tx(lambda s: booking.cancel(s, till, row.id))

    found = stored(held)
    assert found.state == State.ACTIVE
    known = paying.facts(found)
    assert known is not None
    assert last_day(known) == EXPIRES + timedelta(days=2 + REFUND_DAYS)
    assert outcome(pay(till, held.charge(4_000))) == "accepted"


def test_bookings_payments_and_a_cancellation_at_once_never_spend_more_than_there_is(
    app: Flask,
) -> None:
    till, held = make_till(), make_voucher(10_000)
    carmen = own(held)
    first = book_as(carmen, held, till, Wanted("home-care", FRIDAY, 3_000))
    at(FRIDAY)
    acts: list[Callable[[], object]] = [
        *[lambda: book_as(carmen, held, till, Wanted("home-care", FRIDAY, 3_000))] * 4,
        *[lambda: pay(till, held.charge(3_000))] * 4,
        lambda: run_tx(lambda s: booking.cancel(s, till, first.id)),
        lambda: record(till, first, 2_000),
    ]

    answers = at_once(app, *acts)

    ended = read_tx(lambda s: s.get_one(BookingRow, first.id)).state
    booked = sum(isinstance(one, BookingRow) for one in answers)
    paid = sum(b'"accepted"' in getattr(one, "body", b"") for one in answers)
    of_first = {Visit.DONE: 2_000, Visit.CANCELLED: 0}[Visit(ended)]
    assert left_minor(held) == 10_000 - of_first - 3_000 * (booked + paid)
    assert booked + paid >= 2
    assert sum(isinstance(one, HoldEndedError) for one in answers) == 1
    assert offences() == []


def test_too_little_is_said_to_the_holder_and_nothing_is_set_aside() -> None:
    till, held = make_till(), make_voucher(4_000)

    with pytest.raises(InsufficientError):
        book(held, till)

    assert left_minor(held) == 4_000


def test_booking_and_cancelling_in_the_extra_days_adds_no_further_ones() -> None:
    till, held = make_till(), make_voucher(12_000)
    ended, came_back = FRIDAY - timedelta(days=20), FRIDAY - timedelta(days=10)
    put(held.id, expires_on=ended, refunded_on=came_back)
    ends = came_back + timedelta(days=REFUND_DAYS)
    at(ends - timedelta(days=20))
    row = book(held, till, replace(THREE_HOURS, visit_on=ends))
    run_tx(lambda s: booking.cancel(s, till, row.id))
    cancelled = last_day(paying.facts(stored(held)))
    row = book(held, till, replace(THREE_HOURS, visit_on=ends))
    at(ends)
    record(till, row, 1_600)

    assert (cancelled, last_day(paying.facts(stored(held)))) == (ends, ends)


def test_a_visit_that_ends_while_the_night_waits_for_its_voucher_does_not_stop_the_night(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    till = make_till()
    rows = [book(make_voucher(12_000), till) for _ in range(2)]
    at(FRIDAY + timedelta(days=30))
    lock = queries.locked_now

    def lock_late(session: Session, voucher_id: uuid.UUID) -> VoucherRow:
        monkeypatch.undo()
        for row in rows:
            if row.voucher_id != voucher_id:
                booking.cancel(session, till, row.id)
        return lock(session, voucher_id)

    monkeypatch.setattr(queries, "locked_now", lock_late)
    run_tx(lambda s: booking.lapse_some(s, clock.now().date()))

    assert sorted(state_of(row) for row in rows) == [Visit.CANCELLED, Visit.LAPSED]
