"""Blocking: two people, a reason that the holder reads, and an appeal that others answer."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from factories import make_account
from factories_vouchers import Held, make_till, make_voucher, outcome, own, pay, stored
from flask import Flask
from sqlmodel import Session

from app import clock
from app.accounts import approvals
from app.db import read_tx, run_tx
from app.errors import ForbiddenError, NotFoundError
from app.policy import CLERK, ROUND_OFFICER, Actor
from app.vouchers import blocking, replacing
from app.vouchers.blocking import MovedOnError
from app.vouchers.models import BlockRow
from app.vouchers.rules import Carrier, State


@pytest.fixture(autouse=True)
def _context(app: Flask, noon: datetime) -> Iterator[None]:
    with app.test_request_context():
        yield


def staff(role: str = CLERK) -> Actor:
    account = make_account(name="Staff")
    return Actor(account_id=account.id, roles=frozenset({role}), level="full")


def by(who: Actor, work: Callable[[Session, Actor], Any]) -> Any:
    return run_tx(lambda session: work(session, who))


def act(held: Held, action: str, reason: str = "Two of the same visits on one day.") -> None:
    serial = stored(held).serial
    asked = by(staff(), lambda s, who: blocking.propose(s, who, action, serial, reason).id)
    by(staff(), lambda s, who: approvals.approve(s, who, asked))


def block_of(held: Held) -> BlockRow:
    found = read_tx(lambda s: blocking.last_block(s, held.id))
    assert found is not None
    return found


def appealed() -> tuple[Held, Actor]:
    held = make_voucher(10_000)
    carmen = own(held)
    act(held, blocking.BLOCK)
    run_tx(lambda s: blocking.appeal(s, carmen, held.id, "Both visits took place."))
    return held, carmen


def test_a_voucher_pays_no_more_once_a_second_person_agrees_and_again_after_two_more() -> None:
    till, held = make_till(), make_voucher(10_000)
    serial = stored(held).serial
    first = staff()
    asked = run_tx(lambda s: blocking.propose(s, first, blocking.BLOCK, serial, "Why.").id)

    with pytest.raises(ForbiddenError):
        run_tx(lambda s: approvals.approve(s, first, asked))
    before = outcome(pay(till, held.charge(1_000)))
    by(staff(), lambda s, who: approvals.approve(s, who, asked))
    blocked = outcome(pay(till, held.charge(1_000)))
    act(held, blocking.UNBLOCK, "It was a mistake.")

    assert (before, blocked) == ("accepted", "unknown")
    assert outcome(pay(till, held.charge(1_000))) == "accepted"
    assert (block_of(held).reason, block_of(held).lifted_because) == ("Why.", "It was a mistake.")


def test_a_block_meets_the_voucher_that_its_holder_reports_as_lost_meanwhile() -> None:
    held = make_voucher(10_000)
    carmen, serial = own(held), stored(held).serial
    asked = by(staff(), lambda s, who: blocking.propose(s, who, blocking.BLOCK, serial, "Why.").id)
    new_id = run_tx(lambda s: replacing.report_lost(s, carmen, held.id, Carrier.PHONE).id)

    by(staff(), lambda s, who: approvals.approve(s, who, asked))

    found = read_tx(lambda s: blocking.open_block(s, new_id))
    assert found is not None
    assert found.reason == "Why."


def test_only_the_holder_appeals_once_and_within_30_days(noon: datetime) -> None:
    held, carmen = appealed()
    with pytest.raises(MovedOnError):
        run_tx(lambda s: blocking.appeal(s, carmen, held.id, "Again."))
    eve = Actor(account_id=make_account(name="Eve").id, level="link")
    with pytest.raises(NotFoundError):
        run_tx(lambda s: blocking.appeal(s, eve, held.id, "Mine."))
    late = make_voucher(10_000)
    hers = own(late)
    act(late, blocking.BLOCK)
    clock.use(lambda: noon + timedelta(days=31))

    with pytest.raises(MovedOnError):
        run_tx(lambda s: blocking.appeal(s, hers, late.id, "Too late."))


def test_who_blocked_does_not_answer_and_an_appeal_that_is_right_unblocks_at_once() -> None:
    held, _carmen = appealed()
    serial, row = stored(held).serial, block_of(held)
    for involved in (row.proposed_by, row.blocked_by):
        clerk = Actor(account_id=involved, roles=frozenset({CLERK}), level="full")
        with pytest.raises(ForbiddenError):
            run_tx(lambda s, who=clerk: blocking.answer(s, who, serial, upheld=True, text="Yes."))

    by(staff(), lambda s, who: blocking.answer(s, who, serial, upheld=True, text="You are right."))

    assert stored(held).state == State.ACTIVE
    assert (block_of(held).upheld, block_of(held).answer) == (True, "You are right.")


def test_who_holds_a_voucher_neither_unblocks_it_nor_answers_the_own_appeal() -> None:
    held, carmen = appealed()
    serial = stored(held).serial
    hers = replace(carmen, roles=frozenset({CLERK}), level="full")
    with pytest.raises(ForbiddenError, match="your own voucher"):
        run_tx(lambda s: blocking.answer(s, hers, serial, upheld=True, text="I am right."))
    with pytest.raises(ForbiddenError, match="your own voucher"):
        run_tx(lambda s: blocking.propose(s, hers, blocking.UNBLOCK, serial, "I am right."))
    asked = by(staff(), lambda s, who: blocking.propose(s, who, blocking.UNBLOCK, serial, "Ok.").id)

    with pytest.raises(ForbiddenError, match="your own voucher"):
        run_tx(lambda s: approvals.approve(s, hers, asked))

    assert stored(held).state == State.BLOCKED


def test_an_appeal_that_is_wrong_leaves_the_block_and_after_30_days_an_officer_answers(
    noon: datetime,
) -> None:
    held, _carmen = appealed()
    serial = stored(held).serial
    clock.use(lambda: noon + timedelta(days=31))
    with pytest.raises(ForbiddenError):
        by(staff(), lambda s, who: blocking.answer(s, who, serial, upheld=False, text="No."))

    officer = staff(ROUND_OFFICER)
    run_tx(lambda s: blocking.answer(s, officer, serial, upheld=False, text="No."))

    assert stored(held).state == State.BLOCKED
    with pytest.raises(MovedOnError):
        by(staff(), lambda s, who: blocking.answer(s, who, serial, upheld=True, text="Yes."))


def test_what_is_not_in_use_cannot_be_blocked_and_nothing_else_unblocked() -> None:
    held = make_voucher(10_000)
    serial = stored(held).serial

    with pytest.raises(MovedOnError):
        by(staff(), lambda s, who: blocking.propose(s, who, blocking.UNBLOCK, serial, "Why."))
    with pytest.raises(NotFoundError):
        by(
            staff(),
            lambda s, who: blocking.propose(s, who, blocking.BLOCK, "V-0", "Why."),
        )
