"""Where a payment stands on its way to the bank. Pure."""

import uuid
from datetime import UTC, date, datetime

import pytest

from app.settlement.models import BatchRow, LineRow
from app.settlement.rules import State
from app.settlement.statements import sums, total
from app.settlement.taken import Month, Taken, Where
from app.vouchers.models import RedemptionRow

DAY = date(2027, 3, 8)
ID = uuid.UUID(int=1)


def taken(back_minor: int = 0, state: State | None = None, *, disputed: bool = False) -> Taken:
    row = RedemptionRow(
        id=ID,
        voucher_id=ID,
        provider_id=ID,
        transfer_id=ID,
        service="home-care",
        amount_minor=1_000,
        taken_on=DAY,
        redeemed_at=datetime(2027, 3, 8, tzinfo=UTC),
        actor="device/1",
    )
    return Taken(row, back_minor, None, BatchRow(state=state) if state else None, disputed)


@pytest.mark.parametrize(
    ("one", "today", "where"),
    [
        (taken(), date(2027, 3, 15), Where.IN_WINDOW),
        (taken(), date(2027, 3, 16), Where.NEXT),
        (taken(disputed=True), date(2027, 3, 16), Where.DISPUTED),
        (taken(1_000), date(2027, 3, 16), Where.TAKEN_BACK),
        (taken(999), date(2027, 3, 16), Where.NEXT),
        (taken(state=State.DRAFT), date(2027, 3, 16), Where.PREPARED),
        (taken(state=State.FROZEN), date(2027, 3, 16), Where.PREPARED),
        (taken(1_000, State.BOOKED), date(2027, 3, 16), Where.SETTLED),
        (taken(state=State.RELEASED), date(2027, 3, 16), Where.SETTLED),
    ],
)
def test_a_payment_stands_in_one_place(one: Taken, today: date, where: Where) -> None:
    assert one.where(today) == where


def test_months_follow_each_other_over_the_years_end() -> None:
    december = Month.of(date(2026, 12, 31))

    assert (december.name, december.after.name, december.after.before) == (
        "2026-12",
        "2027-01",
        december,
    )


@pytest.mark.parametrize(
    ("amounts", "unpaid", "name"),
    [
        ((5_000, 700, 300, 100), None, "Paid out"),
        ((900, 0, 0, 0), "small", "Carried over to the next settlement"),
        ((900, 0, 2_000, 0), "owes", "Owed to the town"),
    ],
)
def test_the_parts_of_a_statement_add_up_to_what_is_paid(
    amounts: tuple[int, ...], unpaid: str | None, name: str
) -> None:
    gross, again, back, fee = amounts
    pay = gross + again - back - fee
    line = LineRow(
        gross_minor=gross,
        again_minor=again,
        owed_back_minor=back,
        fee_minor=fee,
        pay_minor=pay,
        unpaid=unpaid,
    )

    assert sum(amount for _name, amount in sums(line)) == pay
    assert total(line) == (name, pay)
