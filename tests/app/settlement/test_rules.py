import uuid
from dataclasses import replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from app.settlement import rules
from app.settlement.rules import Item, Line, State, Unpaid, Waits

MONDAY = date(2026, 11, 16)
PROVIDER = uuid.UUID(int=7)
ITEM = Item(uuid.UUID(int=1), PROVIDER, date(2026, 11, 2), 3_000)


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
    due = Line(gross_minor=3_000 - 1_000 + 3_200, fee_basis_points=200)

    assert (due.fee_minor, due.pay_minor) == (104, 5_096)


@pytest.mark.parametrize(
    ("pay_minor", "has_bank", "right", "why"),
    [
        (1_000, True, True, None),
        (999, True, True, Unpaid.SMALL),
        (0, True, True, Unpaid.OWES),
        (-1, False, False, Unpaid.OWES),
        (1_000, False, False, Unpaid.NO_BANK),
        (1_000, True, False, Unpaid.BAD_IBAN),
    ],
)
def test_less_than_ten_a_debt_and_a_wrong_account_are_carried_over(
    pay_minor: int, has_bank: bool, right: bool, why: Unpaid | None
) -> None:
    assert rules.why_unpaid(pay_minor, has_bank=has_bank, iban_is_right=right) == why


def test_what_is_owed_back_is_offset_and_bears_no_fee() -> None:
    offset = Line(gross_minor=3_000, owed_back_minor=500, fee_basis_points=200)
    in_debt = Line(gross_minor=3_000, owed_back_minor=4_000, fee_basis_points=200)

    assert (offset.fee_minor, offset.pay_minor) == (50, 2_450)
    assert (in_debt.fee_minor, in_debt.pay_minor) == (0, -1_000)


def test_a_returned_payment_is_paid_again_without_a_second_fee() -> None:
    again = Line(gross_minor=1_000, again_minor=5_096, fee_basis_points=200)

    assert (again.fee_minor, again.pay_minor) == (20, 6_076)


def test_a_fee_is_rounded_down() -> None:
    assert Line(gross_minor=2_999, fee_basis_points=200).fee_minor == 59


@pytest.mark.parametrize(("appropriated_minor", "missing"), [(10_000, 0), (9_999, 1)])
def test_settlement_stops_when_payables_and_paid_exceed_what_was_appropriated(
    appropriated_minor: int, missing: int
) -> None:
    found = rules.missing_minor(3_000, appropriated_minor=appropriated_minor, paid_minor=7_000)

    assert found == missing


@pytest.mark.parametrize(
    ("times", "accredited", "invoice"),
    [(2, True, False), (3, True, True), (1, False, True), (0, False, False)],
)
def test_a_debt_becomes_an_invoice_after_three_batches_or_when_nothing_follows(
    times: int, accredited: bool, invoice: bool
) -> None:
    assert rules.needs_invoice(times, accredited=accredited) is invoice


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
