"""The pure rules of applications, decisions and appeals."""

from datetime import UTC, datetime
from fractions import Fraction

import pytest

from app.entitlements import rules


def test_a_promise_needs_a_second_person_only_above_the_limit() -> None:
    assert not rules.needs_second(rules.FOUR_EYES_ABOVE_MINOR)
    assert rules.needs_second(rules.FOUR_EYES_ABOVE_MINOR + 1)


def test_the_lot_checks_ten_of_a_hundred() -> None:
    assert sum(rules.is_sampled(drawn) for drawn in range(100)) == 10


def test_an_appeal_has_thirty_days_and_so_has_its_answer() -> None:
    decided = datetime(2027, 3, 1, 12, tzinfo=UTC)

    assert rules.appeal_ends(decided) == datetime(2027, 3, 31, 12, tzinfo=UTC)
    assert rules.answer_due(decided) == datetime(2027, 3, 31, 12, tzinfo=UTC)


@pytest.mark.parametrize(("exact", "shown"), [(Fraction(1, 2), 1), (Fraction(800_000, 7), 114_286)])
def test_an_amount_is_shown_to_the_nearest_cent(exact: Fraction, shown: int) -> None:
    assert rules.written(exact) == shown
