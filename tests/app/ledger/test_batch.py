import uuid

import pytest
from sqlmodel import Session
from town_ledger import Town, balance, move, open_town, open_voucher

from app.db import run_tx
from app.ledger import service
from app.ledger.batch import Move, post_many
from app.ledger.entries import AccountKind, TransferKind
from app.ledger.errors import ForbiddenPathError, InsufficientError, LedgerError, MixedUnitsError

T = TransferKind
PEOPLE = 2_500


def _promise(amount_minor: int) -> Town:
    town = open_town()
    move(T.APPROPRIATE, town.treasury, town.fund, amount_minor)
    move(T.RESERVE, town.fund, town.reserve, amount_minor)
    return town


def _issue(session: Session, town: Town, people: int, each_minor: int) -> list[uuid.UUID]:
    vouchers = service.open_accounts(
        session, AccountKind.VOUCHER, party_ids=[None] * people, subject_id=town.subject
    )
    moves = (Move(town.reserve, voucher, each_minor, uuid.uuid4()) for voucher in vouchers)
    assert post_many(session, T.ISSUE, moves, actor="officer") == people
    return vouchers


def test_thousands_are_issued_and_settled_as_if_one_by_one(database: str) -> None:
    town = _promise(PEOPLE * 10)

    vouchers = run_tx(lambda session: _issue(session, town, PEOPLE, 10))
    spends = [Move(one, town.provider, 4, uuid.uuid4()) for one in vouchers]
    run_tx(lambda session: post_many(session, T.REDEEM, spends))

    assert balance(town.reserve) == 0
    assert balance(town.provider) == PEOPLE * 4
    assert {balance(one) for one in (vouchers[0], vouchers[1_000], vouchers[-1])} == {6}


def test_a_batch_is_posted_whole_or_not_at_all(database: str) -> None:
    town = _promise(2_000 * 10 - 1)

    with pytest.raises(InsufficientError):
        run_tx(lambda session: _issue(session, town, 2_000, 10))

    assert balance(town.reserve) == 2_000 * 10 - 1


def test_one_empty_voucher_stops_its_batch(database: str) -> None:
    town = _promise(20)
    full, empty = open_voucher(town), open_voucher(town)
    move(T.ISSUE, town.reserve, full, 20)
    spends = [Move(one, town.provider, 5, uuid.uuid4()) for one in (full, empty)]

    with pytest.raises(InsufficientError):
        run_tx(lambda session: post_many(session, T.REDEEM, spends))

    assert (balance(full), balance(town.provider)) == (20, 0)


def test_a_batch_keeps_to_paths_units_and_whole_amounts(database: str) -> None:
    town = _promise(20)
    voucher = open_voucher(town)

    def hours(session: Session) -> uuid.UUID:
        service.open_unit(session, "HOUR")
        return service.account(session, AccountKind.PROVIDER, unit="HOUR")

    in_hours = run_tx(hours)
    for kind, debit, credit, amount, error in (
        (T.REDEEM, town.reserve, voucher, 5, ForbiddenPathError),
        (T.REPLACE, voucher, voucher, 5, ForbiddenPathError),
        (T.REDEEM, voucher, in_hours, 5, MixedUnitsError),
        (T.REDEEM, voucher, uuid.uuid4(), 5, LedgerError),
        (T.REDEEM, voucher, town.provider, 0, LedgerError),
        (T.REVERSE, town.provider, voucher, 5, LedgerError),
    ):
        one = Move(debit, credit, amount, uuid.uuid4())
        with pytest.raises(error):
            run_tx(lambda session, kind=kind, one=one: post_many(session, kind, [one]))
