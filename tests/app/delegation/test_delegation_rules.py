"""What a delegation allows on which day."""

from datetime import date
from itertools import product

import pytest

from app.delegation import rules
from app.delegation.rules import Facts, Power, State

DAY = date(2027, 3, 17)


def facts(**changed: object) -> Facts:
    usual = {"starts_on": DAY, "ends_on": date(2027, 6, 30), "taken_up": True, "revoked": False}
    return Facts(**{**usual, **changed})


@pytest.mark.parametrize(
    ("changed", "on", "expected"),
    [
        ({}, DAY, State.ACTIVE),
        ({}, date(2027, 3, 16), State.LATER),
        ({}, date(2027, 6, 30), State.ACTIVE),
        ({}, date(2027, 7, 1), State.OVER),
        ({"taken_up": False}, DAY, State.INVITED),
        ({"taken_up": False}, date(2027, 7, 1), State.OVER),
        ({"revoked": True}, DAY, State.REVOKED),
        ({"revoked": True}, date(2027, 7, 1), State.REVOKED),
    ],
)
def test_a_delegation_stands_where_its_dates_and_people_put_it(
    changed: dict[str, object], on: date, expected: State
) -> None:
    assert rules.state(facts(**changed), on) is expected


@pytest.mark.parametrize("power", [None, *Power])
def test_nothing_is_allowed_outside_the_days_or_without_the_power(power: Power | None) -> None:
    days = [date(2027, 3, 16), DAY, date(2027, 6, 30), date(2027, 7, 1)]
    for on, taken_up, revoked, powers in product(
        days, (True, False), (True, False), ([], [Power.SHOW_CODE], list(Power))
    ):
        known = facts(taken_up=taken_up, revoked=revoked)
        granted = power is None or power in powers
        in_force = DAY <= on <= known.ends_on and taken_up and not revoked

        assert rules.allows(known, powers, power, on) == (granted and in_force)


def test_no_power_shows_income_or_what_a_value_comes_from() -> None:
    assert {power.value for power in Power} == {
        "show_code",
        "book",
        "confirm",
        "see_balance",
        "see_history",
        "donate",
        "appeal",
    }


@pytest.mark.parametrize(
    ("board", "expected"),
    [
        ([("total", 7), ("user_members", 4)], True),
        ([("total", 8), ("user_members", 4)], False),
        ([("total", 0), ("user_members", 0)], False),
        ([], False),
    ],
)
def test_only_an_organisation_whose_users_outvote_the_others_may_help(
    board: list[tuple[str, int]], expected: bool
) -> None:
    assert rules.is_run_by_users(board) is expected


def test_nobody_answers_for_a_holder_what_the_own_organisation_asks() -> None:
    assert rules.has_conflict(["a", "b"], "b")
    assert not rules.has_conflict(["a", "b"], "c")
