"""Each unusual pattern by what shows it and by what just does not."""

import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from app.openbooks.flags import Pattern, Payment, flags

NOON = datetime(2027, 3, 17, 12, tzinfo=UTC)
HOLDER, VOUCHER, PROVIDER, OTHER = (uuid.UUID(int=number) for number in range(1, 5))
USUAL = Payment(
    id=uuid.UUID(int=100),
    holder_id=HOLDER,
    voucher_id=VOUCHER,
    provider_id=PROVIDER,
    amount_minor=1_650,
    at=NOON,
    local_hour=13,
    value_minor=50_000,
    handed_over_at=NOON - timedelta(days=20),
    confirmed_by="account/1",
    by_tariff=True,
    visit=timedelta(hours=1),
)


def many(number: int, apart: timedelta = timedelta(days=1), **values: object) -> list[Payment]:
    """So many usual payments of different holders, one after another."""
    return [
        replace(
            USUAL,
            id=uuid.UUID(int=299 - place),
            holder_id=uuid.UUID(int=300 + place),
            voucher_id=uuid.UUID(int=400 + place),
            at=NOON + place * apart,
            confirmed_by=f"account/{place}",
            **values,
        )
        for place in range(number)
    ]


def patterns(payments: list[Payment]) -> list[Pattern]:
    return [flag.pattern for flag in flags(payments)]


def test_a_month_of_usual_visits_shows_nothing() -> None:
    weekly = [
        replace(USUAL, id=uuid.UUID(int=500 + week), at=NOON + timedelta(days=7 * week))
        for week in range(5)
    ]

    assert flags(weekly + many(30)) == []


def test_round_sums_that_no_tariff_explains_are_flagged() -> None:
    round_ones = many(8, amount_minor=2_000, by_tariff=False)
    others = many(10)[8:]

    [flag] = flags(round_ones + others)

    assert (flag.pattern, flag.provider_id, len(flag.payments)) == (Pattern.ROUND, PROVIDER, 8)
    assert patterns([*round_ones[:7], *many(10)[7:]]) == []
    assert patterns(many(10, amount_minor=2_000, by_tariff=True)) == []
    assert patterns(round_ones) == []  # too few to say anything


def test_vouchers_that_are_spent_as_soon_as_they_are_handed_over_are_flagged() -> None:
    soon = many(
        3,
        timedelta(0),
        handed_over_at=NOON - timedelta(hours=47),
        value_minor=2_000,
        amount_minor=1_600,
    )

    assert patterns(soon) == [Pattern.BURST]
    assert patterns(soon[:2]) == []
    assert patterns([*soon[:2], replace(soon[2], amount_minor=1_599)]) == []
    later = replace(soon[2], handed_over_at=NOON - timedelta(hours=49))
    assert patterns([*soon[:2], later]) == []
    assert patterns([*soon[:2], replace(soon[2], provider_id=OTHER)]) == []


def test_three_payments_of_one_pair_in_a_day_are_flagged() -> None:
    three = [
        replace(USUAL, id=uuid.UUID(int=place), at=NOON + timedelta(hours=12 * place))
        for place in range(3)
    ]

    [flag] = flags(three)

    assert (flag.pattern, flag.payments) == (Pattern.PAIR, tuple(three))
    assert patterns([*three[:2], replace(three[2], at=NOON + timedelta(hours=25))]) == []
    elsewhere = replace(three[2], provider_id=OTHER, visit=None)
    assert patterns([*three[:2], elsewhere]) == []


def test_who_confirms_for_five_holders_within_minutes_is_flagged() -> None:
    five = [replace(one, confirmed_by="device/7") for one in many(5, timedelta(minutes=3))]

    assert patterns(five) == [Pattern.MANY]
    assert patterns(five[:4]) == []
    assert (
        patterns([replace(one, holder_id=HOLDER, visit=None) for one in five[:2]] + five[2:]) == []
    )
    slowly = [replace(one, confirmed_by="device/7") for one in many(5, timedelta(minutes=5))]
    assert patterns(slowly) == []


def test_a_holder_at_two_providers_at_a_time_is_flagged_at_both() -> None:
    second = replace(
        USUAL, id=uuid.UUID(int=101), provider_id=OTHER, at=NOON + timedelta(minutes=39)
    )

    found = flags([USUAL, second])

    assert {(flag.pattern, flag.provider_id) for flag in found} == {
        (Pattern.OVERLAP, PROVIDER),
        (Pattern.OVERLAP, OTHER),
    }
    assert len({flag.key for flag in found}) == 2
    assert flags([USUAL, replace(second, at=NOON + timedelta(minutes=40))]) == []
    assert flags([USUAL, replace(second, provider_id=PROVIDER)]) == []
    assert flags([USUAL, replace(second, visit=None)]) == []


def test_payments_by_night_are_flagged_from_the_third_on() -> None:
    night = [replace(one, local_hour=hour) for one, hour in zip(many(3), (22, 5, 0), strict=True)]

    assert patterns(night) == [Pattern.LATE]
    assert patterns(night[:2]) == []
    for hour in (6, 21):
        assert patterns(many(3, local_hour=hour)) == []


def test_one_more_payment_is_another_flag_and_the_order_of_rows_is_none() -> None:
    night = many(4, local_hour=23)

    [three], [four] = flags(night[:3]), flags(night)

    assert three.key != four.key
    assert [flag.key for flag in flags(night[::-1])] == [four.key]
