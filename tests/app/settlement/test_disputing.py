"""Disputes on both engines: who may raise and decide them, what they stop, what goes back."""

import uuid
from collections.abc import Iterator
from datetime import date, datetime, timedelta

import factories
import pytest
from factories_providers import actor_of, person
from factories_settlement import (
    lines,
    make_care,
    make_taker,
    offences,
    officer,
    redemption,
    release,
    take,
)
from factories_vouchers import Held, left_minor, own, stored
from flask import Flask

from app.db import read_tx, run_tx
from app.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from app.policy import Actor
from app.settlement import disputing, queries
from app.settlement.models import DisputeRow
from app.vouchers.models import VoucherRow

RECENT = date(2027, 3, 10)


@pytest.fixture(autouse=True)
def _context(app: Flask, noon: datetime) -> Iterator[None]:
    with app.test_request_context():
        yield


def voucher_of(redemption_id: uuid.UUID) -> Held:
    voucher_id = redemption(redemption_id).voucher_id
    row = read_tx(lambda s: s.get_one(VoucherRow, voucher_id))
    return Held(row.id, row.account_id, "", "")


def holder_of(redemption_id: uuid.UUID) -> Actor:
    return own(voucher_of(redemption_id))


def dispute(who: Actor, redemption_id: uuid.UUID) -> DisputeRow:
    return run_tx(lambda s: disputing.open_dispute(s, who, redemption_id, reason="Nobody came."))


def decide(dispute_id: uuid.UUID, back_minor: int, by: Actor | None = None) -> None:
    boss = by or officer()
    run_tx(lambda s: disputing.decide(s, boss, dispute_id, back_minor=back_minor, answer="Seen."))


def test_a_dispute_stops_its_payment_only_until_a_person_decides(at, noon: datetime) -> None:
    care, provider = make_care(), make_taker()
    disputed, _other = take(care, provider, 3_000, 2_000, on=RECENT)
    opened = dispute(holder_of(disputed), disputed)
    at(noon + timedelta(days=14))
    monday = date(2027, 3, 29)

    first = release(care, monday)
    decide(opened.id, 1_000)
    second = release(care, monday)

    assert lines(first)[provider].pay_minor == 2_000
    assert lines(second)[provider].pay_minor == 2_000
    voucher = voucher_of(disputed)
    assert (left_minor(voucher), stored(voucher).refunded_on) == (1_000, date(2027, 3, 31))
    assert offences() == []


def test_holder_and_people_of_the_provider_may_dispute_within_seven_days_and_once() -> None:
    care, provider = make_care(), make_taker()
    [early] = take(care, provider, 1_500, on=date(2027, 3, 9))
    first, second = take(care, provider, 3_000, 2_000, on=RECENT)
    worker = factories.make_account()
    run_tx(lambda s: s.add(person(provider, worker.id, "clerk")))
    holder, clerk = holder_of(first), actor_of(worker)

    with pytest.raises(ConflictError, match="more than seven days"):
        dispute(clerk, early)
    with pytest.raises(NotFoundError):
        dispute(officer(), first)
    assert dispute(holder, first).side == "holder"
    assert dispute(clerk, second).side == "provider"
    with pytest.raises(ConflictError, match="disputed before"):
        dispute(clerk, first)


def test_who_takes_a_dispute_back_may_raise_it_again_and_nobody_else_takes_it_back() -> None:
    care, provider = make_care(), make_taker()
    [disputed] = take(care, provider, 3_000, on=RECENT)
    holder, boss = holder_of(disputed), officer()
    opened = dispute(holder, disputed)

    with pytest.raises(NotFoundError):
        run_tx(lambda s: disputing.withdraw(s, boss, opened.id))
    run_tx(lambda s: disputing.withdraw(s, holder, opened.id))
    with pytest.raises(ConflictError, match="decided or withdrawn"):
        decide(opened.id, 0)

    again = dispute(holder, disputed)
    decide(again.id, 0)
    found = read_tx(lambda s: queries.dispute_about(s, disputed))
    assert (found.state, found.answer, found.back_minor) == ("rejected", "Seen.", None)


def test_whoever_is_part_of_it_does_not_decide_and_no_more_goes_back_than_was_paid() -> None:
    care, provider = make_care(), make_taker()
    [disputed] = take(care, provider, 3_000, on=RECENT)
    holder, member = holder_of(disputed), factories.make_account("clerk")
    run_tx(lambda s: s.add(person(provider, member.id, "clerk")))
    opened = dispute(holder, disputed)

    with pytest.raises(ForbiddenError, match="about yourself"):
        decide(opened.id, 3_000, holder)
    with pytest.raises(ForbiddenError, match="belong to an organisation"):
        decide(opened.id, 0, actor_of(member, "clerk"))
    with pytest.raises(InvalidError, match="No more than what was paid"):
        decide(opened.id, 3_001)
    decide(opened.id, 3_000)
    with pytest.raises(ConflictError, match="decided or withdrawn"):
        decide(opened.id, 0)

    assert left_minor(voucher_of(disputed)) == 3_000
