import uuid
from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from app.settlement import rules
from app.settlement.rules import Item, State, Waits

MONDAY = date(2026, 11, 16)
PROVIDER = uuid.UUID(int=7)
ITEM = Item(uuid.UUID(int=1), PROVIDER, date(2026, 11, 2), 3_000)


def line(*items: Item, owed_back_minor: int = 0, fee_basis_points: int = 0) -> rules.Line:
    return rules.line(
        PROVIDER,
        items,
        cut_off_on=MONDAY,
        owed_back_minor=owed_back_minor,
        fee_basis_points=fee_basis_points,
    )


@pytest.mark.parametrize(
    ("item", "why"),
    [
        (ITEM, None),
        (replace(ITEM, taken_on=date(2026, 11, 8)), None),
        (replace(ITEM, taken_on=date(2026, 11, 9)), Waits.IN_WINDOW),
        (replace(ITEM, disputed=True), Waits.DISPUTED),
        (replace(ITEM, batched=True), Waits.BATCHED),
        (replace(ITEM, taken_back_minor=3_000), Waits.TAKEN_BACK),
    ],
)
def test_a_redemption_waits_for_its_window_its_dispute_or_its_batch(
    item: Item, why: Waits | None
) -> None:
    assert rules.why_waits(item, cut_off_on=MONDAY) == why


@pytest.mark.parametrize(
    ("now", "begins"),
    [
        (datetime(2026, 11, 15, 22, 59, tzinfo=UTC), datetime(2026, 11, 8, 23, tzinfo=UTC)),
        (datetime(2026, 11, 15, 23, 0, tzinfo=UTC), datetime(2026, 11, 15, 23, tzinfo=UTC)),
        # The clocks went back on the Sunday between.
        (datetime(2026, 10, 25, 12, 0, tzinfo=UTC), datetime(2026, 10, 18, 22, tzinfo=UTC)),
    ],
)
def test_the_cut_off_is_monday_midnight_in_the_town(now: datetime, begins: datetime) -> None:
    assert rules.cut_off(now, ZoneInfo("Europe/Brussels")) == begins


def test_the_worked_example_of_the_specification_pays_50_96() -> None:
    captured = replace(ITEM, redemption_id=uuid.UUID(int=2), amount_minor=3_200)

    due = line(replace(ITEM, taken_back_minor=1_000), captured, fee_basis_points=200)

    assert (due.gross_minor, due.fee_minor, due.pay_minor) == (5_200, 104, 5_096)


def test_one_dispute_stops_its_own_item_only() -> None:
    disputed = replace(ITEM, redemption_id=uuid.UUID(int=2), disputed=True)

    assert line(ITEM, disputed).items == (ITEM,)


def test_items_of_another_provider_are_not_paid_to_this_one() -> None:
    assert line(replace(ITEM, provider_id=uuid.UUID(int=8))).items == ()


@pytest.mark.parametrize(("amount_minor", "paid"), [(999, False), (1_000, True)])
def test_less_than_ten_is_carried_over(amount_minor: int, paid: bool) -> None:
    assert line(replace(ITEM, amount_minor=amount_minor)).is_paid is paid


def test_what_is_owed_back_is_offset_and_never_a_negative_payment() -> None:
    offset, in_debt = line(ITEM, owed_back_minor=500), line(ITEM, owed_back_minor=4_000)

    assert (offset.pay_minor, offset.is_paid) == (2_500, True)
    assert (in_debt.pay_minor, in_debt.is_paid) == (-1_000, False)


def test_a_debt_bears_no_fee() -> None:
    assert line(ITEM, owed_back_minor=4_000, fee_basis_points=200).fee_minor == 0


def test_a_fee_is_rounded_down() -> None:
    assert line(replace(ITEM, amount_minor=2_999), fee_basis_points=200).fee_minor == 59


@pytest.mark.parametrize(("appropriated_minor", "missing"), [(10_000, 0), (9_999, 1)])
def test_settlement_stops_when_payables_and_paid_exceed_what_was_appropriated(
    appropriated_minor: int, missing: int
) -> None:
    lines = [line(ITEM), line(replace(ITEM, amount_minor=999))]

    found = rules.missing_minor(lines, appropriated_minor=appropriated_minor, paid_minor=7_000)

    assert found == missing


def test_a_batch_goes_step_by_step_and_never_back() -> None:
    allowed = {(a.value, b.value) for a in State for b in State if rules.may_become(a, b)}

    assert allowed == {
        ("draft", "frozen"),
        ("draft", "withdrawn"),
        ("frozen", "withdrawn"),
        ("frozen", "released"),
        ("released", "exported"),
        ("exported", "booked"),
    }
