"""What nobody spent in time: it repays the cover, then helps others; nothing goes twice."""

import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from factories import make_account
from factories_vouchers import (
    EXPIRES,
    Held,
    issue,
    left_minor,
    make_programme_row,
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
from app.accounts.models import AccountRow
from app.db import read_tx, run_tx
from app.jobs import service as jobs
from app.jobs import worker
from app.jobs.models import JobRow, OutboxRow
from app.ledger import checking
from app.ledger import service as ledger
from app.ledger.entries import AccountKind, TransferKind
from app.programmes.models import Mode, ProgrammeRow
from app.vouchers import blocking, expiring, nights, replacing, tasks
from app.vouchers.models import BlockRow, VoucherRow
from app.vouchers.rules import GRACE_DAYS, REFUND_DAYS, Carrier, ReplacedFor, State

OVER = EXPIRES + timedelta(days=GRACE_DAYS)


@pytest.fixture(autouse=True)
def _context(app: Flask, noon: datetime) -> Iterator[None]:
    with app.test_request_context():
        yield


def night(on: date) -> None:
    """Let the nightly job of this day run as the worker runs it."""
    clock.use(lambda: datetime(on.year, on.month, on.day, 3, 30, tzinfo=UTC))
    run_tx(lambda s: jobs.add(s, nights.JOB, dedupe_key=f"test:{uuid.uuid4()}"))
    worker.run_due()


def balance(programme: uuid.UUID, kind: AccountKind, **more: Any) -> int:
    def read(session: Session) -> int:
        account = ledger.account(session, kind, subject_id=programme, **more)
        return ledger.balance_minor(session, account)

    return run_tx(read)


def cover(programme: uuid.UUID, promised_minor: int) -> None:
    """Let so much be promised from the cover, whose limit is 100.00."""

    def change(session: Session) -> None:
        row = session.get_one(ProgrammeRow, programme)
        row.mode, row.cover_minor = Mode.COVERED, 10_000
        session.add(row)
        account = ledger.account(
            session, AccountKind.COVER, subject_id=programme, floor_minor=-10_000
        )
        reserve = ledger.account(session, AccountKind.RESERVE, subject_id=programme)
        ledger.post(
            session, TransferKind.COVER, account, reserve, promised_minor, event_id=uuid.uuid4()
        )

    run_tx(change)


def offences() -> list[str | None]:
    return [one.offence for one in read_tx(checking.check_all) if one.offence]


def test_what_is_left_goes_to_the_pool_after_the_days_of_grace_and_not_a_day_before() -> None:
    programme = make_programme_row()
    held = make_voucher(10_000, programme_id=programme)
    pay(make_till(), held.charge(4_000))

    night(OVER - timedelta(days=1))
    before = left_minor(held)
    night(OVER)
    night(OVER + timedelta(days=1))

    assert (before, left_minor(held)) == (6_000, 0)
    assert stored(held).state == State.ENDED
    assert balance(programme, AccountKind.POOL) == 6_000
    assert offences() == []


def test_what_was_promised_above_the_fund_is_repaid_before_the_pool_gets_anything() -> None:
    programme = make_programme_row()
    cover(programme, 1_500)
    for value in (1_000, 1_000):
        make_voucher(value, programme_id=programme)

    night(OVER)

    assert balance(programme, AccountKind.COVER, floor_minor=-10_000) == 0
    assert balance(programme, AccountKind.POOL) == 500


def test_what_was_never_handed_over_goes_back_to_cover_and_fund() -> None:
    programme = make_programme_row(3_000)
    cover(programme, 500)
    made = issue(2_000, programme_id=programme)

    night(OVER)

    assert balance(programme, AccountKind.COVER, floor_minor=-10_000) == 0
    assert balance(programme, AccountKind.FUND) == 1_500
    assert balance(programme, AccountKind.RESERVE) == 1_500
    row = read_tx(lambda s: s.get_one(type(made.voucher), made.voucher.id))
    assert row.state == State.ENDED


def test_a_replacement_that_nobody_fetched_expires_like_the_voucher_it_replaces() -> None:
    programme = make_programme_row(1_000)
    held = make_voucher(1_000, programme_id=programme)
    run_tx(
        lambda s: replacing.replace(
            s, held.id, carrier=Carrier.PAPER, reason=ReplacedFor.LOST, actor="desk"
        )
    )

    night(OVER)

    assert balance(programme, AccountKind.POOL) == 1_000
    assert balance(programme, AccountKind.FUND) == 0


def test_money_that_came_back_late_is_spendable_60_days_and_expires_then() -> None:
    programme = make_programme_row()
    held = make_voucher(1_000, programme_id=programme)
    came_back = EXPIRES + timedelta(days=3)
    put(held.id, refunded_on=came_back)
    last = came_back + timedelta(days=REFUND_DAYS)

    night(last + timedelta(days=GRACE_DAYS - 1))
    before = left_minor(held)
    night(last + timedelta(days=GRACE_DAYS))

    assert (before, left_minor(held)) == (1_000, 0)


def test_an_expired_voucher_says_so_at_the_till_and_is_not_unknown() -> None:
    till, held = make_till(), make_voucher(1_000)
    put(held.id, expires_on=date(2027, 3, 1))

    night(date(2027, 3, 15))

    assert outcome(pay(till, held.charge(100))) == "expired"


def test_nothing_expires_while_it_is_not_known_whether_a_block_stays() -> None:
    held = make_voucher(1_000)
    own(held)
    put(held.id, state=State.BLOCKED)
    first, second = make_account(), make_account()

    def block(session: Session) -> None:
        session.add(
            BlockRow(
                voucher_id=held.id,
                reason="Why.",
                proposed_by=first.id,
                blocked_by=second.id,
                blocked_at=datetime(2028, 1, 10, tzinfo=UTC),
            )
        )

    run_tx(block)

    night(OVER)
    waits = left_minor(held)
    night(OVER + blocking.APPEAL_TIME)

    assert (waits, left_minor(held)) == (1_000, 0)


def test_a_run_that_was_killed_goes_on_where_it_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    programme = make_programme_row()
    vouchers = [make_voucher(100, programme_id=programme) for _ in range(5)]
    monkeypatch.setattr(expiring, "CHUNK", 2)
    real, times = expiring.expire_some, iter(range(9))

    def killed(session: Session, on: date) -> int:
        done = real(session, on)
        if next(times) == 1:
            raise KeyboardInterrupt
        return done

    monkeypatch.setattr(tasks, "STEPS", (killed,))
    with pytest.raises(KeyboardInterrupt):
        night(OVER)
    half = balance(programme, AccountKind.POOL)
    monkeypatch.setattr(tasks, "STEPS", (real,))
    night(OVER)

    assert (half, balance(programme, AccountKind.POOL)) == (200, 500)
    assert {left_minor(one) for one in vouchers} == {0}
    assert offences() == []


def test_each_night_plans_the_next_even_if_its_own_work_fails(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(_session: Session, _on: date) -> int:
        raise RuntimeError("a disk is full")

    monkeypatch.setattr(tasks, "STEPS", (broken,))
    night(date(2027, 3, 20))

    keys = read_tx(lambda s: s.exec(select(JobRow.dedupe_key)).all())
    assert f"{nights.JOB}:2027-03-21" in keys


def mails() -> list[str]:
    return [one.subject for one in read_tx(lambda s: s.exec(select(OutboxRow)).all())]


@pytest.fixture
def carmen() -> AccountRow:
    return make_account(name="Carmen")


def test_a_holder_is_reminded_30_and_7_days_before_once_each(carmen: AccountRow) -> None:
    held = make_voucher(1_000)
    own(held, carmen.id)

    counts = []
    for days in (31, 30, 29, 7, 6, 0, -1):
        night(EXPIRES - timedelta(days=days))
        counts.append(len(mails()))

    assert counts == [0, 1, 1, 2, 2, 2, 2]
    assert mails()[0] == "Your voucher can be used until 31 December 2027"


def test_who_has_nothing_left_is_not_reminded(carmen: AccountRow) -> None:
    held: Held = make_voucher(1_000)
    own(held, carmen.id)
    pay(make_till(), held.charge(1_000))

    night(EXPIRES - timedelta(days=5))

    assert mails() == []


def test_a_voucher_that_was_blocked_while_the_night_waited_for_it_keeps_its_money(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    held = make_voucher(1_000, programme_id=make_programme_row())
    put(held.id, state=State.BLOCKED)
    first, second = make_account(name="First").id, make_account(name="Second").id
    clock.use(lambda: datetime(OVER.year, OVER.month, OVER.day, 3, 30, tzinfo=UTC))
    find = expiring._next

    def find_then_block(session: Session, *asked: Any) -> list[VoucherRow]:
        found = find(session, *asked)
        session.add(
            BlockRow(
                voucher_id=held.id,
                reason="Why.",
                proposed_by=first,
                blocked_by=second,
                blocked_at=clock.now(),
            )
        )
        return found

    monkeypatch.setattr(expiring, "_next", find_then_block)
    run_tx(lambda s: expiring.expire_some(s, OVER))

    assert (stored(held).state, left_minor(held)) == (State.BLOCKED, 1_000)
