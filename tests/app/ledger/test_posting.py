import uuid
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import Session
from town_ledger import balance, funded_voucher, move, open_town, open_voucher

from app.db import read_tx, run_tx
from app.ledger import holds, queries, service
from app.ledger.entries import AccountKind, TransferKind
from app.ledger.errors import (
    EventReusedError,
    ForbiddenPathError,
    HoldEndedError,
    InsufficientError,
    LedgerError,
    MixedUnitsError,
    OverReversedError,
)

T = TransferKind
ENDS = datetime(2027, 5, 1, tzinfo=UTC)


def test_the_worked_example_ends_with_the_balances_of_the_specification(database: str) -> None:
    town = open_town()
    a, b = open_voucher(town), open_voucher(town)

    move(T.APPROPRIATE, town.treasury, town.fund, 21_000_00)
    move(T.RESERVE, town.fund, town.reserve, 21_000_00)
    move(T.ISSUE, town.reserve, a, 120_00)
    redeemed = move(T.REDEEM, a, town.provider, 30_00)
    booked = run_tx(lambda s: holds.place(s, a, 3 * 16_00, ends_at=ENDS, event_id=uuid.uuid4()))
    assert (balance(a), balance(_account_of(booked))) == (42_00, 48_00)
    run_tx(lambda s: holds.capture(s, booked, town.provider, 2 * 16_00, event_id=uuid.uuid4()))
    assert balance(a) == 58_00
    move(T.REVERSE, town.provider, a, 10_00, reverses_id=redeemed.id)
    move(T.DONATE, a, town.pool, 20_00)
    move(T.EXPIRE, a, town.pool, 48_00)
    move(T.GRANT, town.pool, b, 40_00)
    move(T.FEE, town.provider, town.fees, 1_04)
    move(T.SETTLE, town.provider, town.paid, 50_96)

    ends = {name: balance(getattr(town, name)) for name in ENDS_WITH}
    assert ends == ENDS_WITH
    assert (balance(a), balance(b), balance(_account_of(booked))) == (0, 40_00, 0)
    assert sum(ends.values()) + 40_00 == 0


ENDS_WITH = {
    "treasury": -21_000_00,
    "fund": 0,
    "reserve": 20_880_00,
    "cover": 0,
    "pool": 28_00,
    "provider": 0,
    "fees": 1_04,
    "paid": 50_96,
}


def _account_of(hold_id: uuid.UUID) -> uuid.UUID:
    return read_tx(lambda session: queries.hold(session, hold_id).account_id)


def test_a_spend_above_the_balance_moves_nothing_and_may_be_caught(database: str) -> None:
    town = open_town()
    voucher = funded_voucher(town, 100)

    def try_and_go_on(session: Session) -> None:
        with pytest.raises(InsufficientError, match="Nothing was moved"):
            service.post(session, T.REDEEM, voucher, town.provider, 101, event_id=uuid.uuid4())

    run_tx(try_and_go_on)

    assert (balance(voucher), balance(town.provider)) == (100, 0)


def test_an_account_credited_before_the_short_one_gets_its_balance_back(database: str) -> None:
    """A grant locks the voucher first and finds the pool empty afterwards."""
    town = open_town()
    voucher = funded_voucher(town, 100)

    def try_and_go_on(session: Session) -> None:
        with pytest.raises(InsufficientError):
            service.post(session, T.GRANT, town.pool, voucher, 1, event_id=uuid.uuid4())

    run_tx(try_and_go_on)

    assert balance(voucher) == 100


def test_a_promise_above_the_fund_is_taken_down_to_the_adopted_limit(database: str) -> None:
    town = open_town(cover_minor=500)

    move(T.COVER, town.cover, town.reserve, 500)

    with pytest.raises(InsufficientError):
        move(T.COVER, town.cover, town.reserve, 1)
    run_tx(lambda session: service.set_floor(session, town.cover, -501))
    move(T.COVER, town.cover, town.reserve, 1)
    assert balance(town.cover) == -501
    with pytest.raises(InsufficientError):
        run_tx(lambda session: service.set_floor(session, town.cover, -500))


def test_a_provider_may_owe_after_a_refund_of_what_was_paid_out(database: str) -> None:
    town = open_town()
    voucher = funded_voucher(town, 100)
    spent = move(T.REDEEM, voucher, town.provider, 100)
    move(T.SETTLE, town.provider, town.paid, 100)

    move(T.REVERSE, town.provider, voucher, 30, reverses_id=spent.id)

    assert (balance(town.provider), balance(voucher)) == (-30, 30)


def test_the_same_movement_of_an_event_again_changes_nothing(database: str) -> None:
    town = open_town()
    voucher, event = funded_voucher(town, 100), uuid.uuid4()

    first = move(T.REDEEM, voucher, town.provider, 40, event_id=event)
    again = move(T.REDEEM, voucher, town.provider, 40, event_id=event)

    assert again.id == first.id
    assert balance(voucher) == 60
    with pytest.raises(EventReusedError):
        move(T.REDEEM, voucher, town.provider, 41, event_id=event)


def test_no_more_is_reversed_than_was_paid(database: str) -> None:
    town = open_town()
    voucher = funded_voucher(town, 100)
    spent = move(T.REDEEM, voucher, town.provider, 40)
    move(T.REDEEM, voucher, town.provider, 40)
    move(T.REVERSE, town.provider, voucher, 30, reverses_id=spent.id)

    with pytest.raises(OverReversedError):
        move(T.REVERSE, town.provider, voucher, 11, reverses_id=spent.id)

    assert balance(voucher) == 50
    move(T.REVERSE, town.provider, voucher, 10, reverses_id=spent.id)
    assert balance(voucher) == 60


def test_a_reversal_cites_a_transfer_that_paid_its_debited_account(database: str) -> None:
    town, other = open_town(), open_town()
    voucher = funded_voucher(town, 100)
    spent = move(T.REDEEM, voucher, town.provider, 40)

    with pytest.raises(LedgerError, match="cites"):
        move(T.REVERSE, town.provider, voucher, 10)
    with pytest.raises(OverReversedError):
        move(T.REVERSE, other.provider, voucher, 10, reverses_id=spent.id)
    with pytest.raises(OverReversedError):
        move(T.REVERSE, town.provider, voucher, 10, reverses_id=uuid.uuid4())


def test_a_path_that_no_rule_allows_is_named(database: str) -> None:
    town = open_town()
    voucher = funded_voucher(town, 100)

    with pytest.raises(ForbiddenPathError, match="SETTLE does not lead from VOUCHER to PAID"):
        move(T.SETTLE, voucher, town.paid, 10)
    with pytest.raises(ForbiddenPathError, match="both accounts"):
        move(T.REPLACE, voucher, voucher, 10)


def test_units_do_not_mix(database: str) -> None:
    town = open_town()
    voucher = funded_voucher(town, 100)

    def open_in_hours(session: Session) -> uuid.UUID:
        service.open_unit(session, "HOUR")
        service.open_unit(session, "HOUR")
        return service.account(session, AccountKind.PROVIDER, unit="HOUR")

    hours = run_tx(open_in_hours)

    with pytest.raises(MixedUnitsError, match="EUR to HOUR"):
        move(T.REDEEM, voucher, hours, 10)


@pytest.mark.parametrize("amount", [0, -1, 10.0, True, "10"])
def test_an_amount_is_a_whole_number_above_zero(database: str, amount: int) -> None:
    town = open_town()

    with pytest.raises(LedgerError, match="whole number"):
        move(T.APPROPRIATE, town.treasury, town.fund, amount)


def test_there_is_one_account_of_a_kind_per_unit_party_and_subject(database: str) -> None:
    town = open_town()

    def find(session: Session) -> tuple[uuid.UUID, uuid.UUID]:
        same = service.account(session, AccountKind.POOL, subject_id=town.subject)
        return same, service.account(session, AccountKind.POOL, subject_id=uuid.uuid4())

    same, other = run_tx(find)

    assert same == town.pool != other


def test_vouchers_are_opened_one_by_one(database: str) -> None:
    with pytest.raises(LedgerError, match="open_account"):
        run_tx(lambda session: service.account(session, AccountKind.VOUCHER))
    with pytest.raises(LedgerError, match="one account"):
        run_tx(lambda session: service.open_account(session, AccountKind.POOL))
    with pytest.raises(LedgerError, match="needs a floor"):
        run_tx(lambda session: service.account(session, AccountKind.COVER))
    with pytest.raises(LedgerError, match="no floor of their own"):
        run_tx(lambda session: service.account(session, AccountKind.POOL, floor_minor=-1))


def test_a_hold_is_captured_once_and_the_rest_goes_back(database: str) -> None:
    town = open_town()
    voucher = funded_voucher(town, 100)
    booked = run_tx(lambda s: holds.place(s, voucher, 60, ends_at=ENDS, event_id=uuid.uuid4()))

    with pytest.raises(InsufficientError):
        run_tx(lambda s: holds.capture(s, booked, town.provider, 61, event_id=uuid.uuid4()))
    run_tx(lambda s: holds.capture(s, booked, town.provider, 45, event_id=uuid.uuid4()))

    assert (balance(voucher), balance(town.provider)) == (55, 45)
    for act in (
        lambda s: holds.capture(s, booked, town.provider, 1, event_id=uuid.uuid4()),
        lambda s: holds.release(s, booked, event_id=uuid.uuid4()),
        lambda s: holds.time_out(s, booked, event_id=uuid.uuid4()),
    ):
        with pytest.raises(HoldEndedError):
            run_tx(act)


def test_an_overdue_hold_gives_its_amount_back_also_to_a_replaced_voucher(database: str) -> None:
    town = open_town()
    voucher, renewed = funded_voucher(town, 100), open_voucher(town)
    booked = run_tx(lambda s: holds.place(s, voucher, 60, ends_at=ENDS, event_id=uuid.uuid4()))
    move(T.REPLACE, voucher, renewed, 40)

    early = read_tx(lambda session: holds.overdue(session, ENDS - timedelta(seconds=1)))
    due = read_tx(lambda session: holds.overdue(session, ENDS))
    run_tx(lambda s: holds.time_out(s, booked, event_id=uuid.uuid4(), back_to=renewed))

    assert (early, due) == ([], [booked])
    assert (balance(voucher), balance(renewed)) == (0, 100)
    assert read_tx(lambda session: holds.overdue(session, ENDS)) == []
