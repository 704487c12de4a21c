"""The fewest constraints that clash, and what is promised where there are too many to try."""

from allocation import conflict
from allocation.conflict import NamedRow, smallest_conflict
from allocation.integer_program import Row, UnprovenError, ZeroOneProgram

NOTHING_ELSE = ZeroOneProgram([0, 0, 0], ())
# "a to c" clash as three; "d" and "e" as two, and come last.
CLASHES = [
    NamedRow("a", Row({0: 1, 1: 1}, low=1)),
    NamedRow("b", Row({0: 1}, high=0)),
    NamedRow("c", Row({1: 1}, high=0)),
    NamedRow("d", Row({2: 1}, low=1)),
    NamedRow("e", Row({2: 1}, high=0)),
]


def test_of_two_clashes_the_one_of_fewer_constraints_is_named_whatever_the_order() -> None:
    backwards = [*reversed(CLASHES)]

    assert smallest_conflict(CLASHES, NOTHING_ELSE, None) == ["d", "e"]
    assert smallest_conflict(backwards, NOTHING_ELSE, None) == ["e", "d"]


def test_with_too_many_constraints_none_that_is_named_could_be_left_out(monkeypatch) -> None:
    monkeypatch.setattr(conflict, "CONSTRAINTS_MAX", 4)

    assert smallest_conflict([*reversed(CLASHES)], NOTHING_ELSE, None) == ["c", "b", "a"]


def test_what_always_holds_is_not_named() -> None:
    always = NOTHING_ELSE.and_also(CLASHES[3].row)

    assert smallest_conflict(CLASHES, always, None) == ["e"]


def test_when_time_runs_out_what_is_named_clashes_in_any_case(monkeypatch) -> None:
    def out_of_time(program, seconds_max):
        raise UnprovenError(None)

    monkeypatch.setattr(conflict, "solve", out_of_time)

    assert smallest_conflict(CLASHES, NOTHING_ELSE, 1) == ["a", "b", "c", "d", "e"]
