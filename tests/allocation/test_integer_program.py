"""What HiGHS says, and what is believed of it: each trap has a case that falls into it."""

from random import Random

import pulp
import pytest

from allocation import integer_program
from allocation.errors import SolverFailedError
from allocation.integer_program import (
    Row,
    UnprovenError,
    ZeroOneProgram,
    no_good_cut,
    row_prices,
    solve,
)


def tight_program() -> ZeroOneProgram:
    """A knapsack whose best value is within 0.01 % of what HiGHS is content with."""
    random = Random(8)
    costs = [random.randint(1000, 5000) for _ in range(40)]
    values = [cost + random.randint(0, 300) for cost in costs]
    return ZeroOneProgram(values, [Row(dict(enumerate(costs)), high=sum(costs) // 3)])


def hard_program() -> ZeroOneProgram:
    """Six budgets at once: sets are found in no time, a proof takes hours."""
    random = Random(5)
    costs = [[random.randint(100, 999) for _ in range(70)] for _ in range(6)]
    values = [sum(each) // 6 + random.randint(0, 50) for each in zip(*costs, strict=True)]
    return ZeroOneProgram(values, [Row(dict(enumerate(c)), high=sum(c) // 2) for c in costs])


def content_with_less(monkeypatch) -> None:
    """Take away the gaps that are asked for."""
    original = pulp.HiGHS

    def highs(*, gapRel, mip_abs_gap, **options):  # noqa: N803 (names of PuLP)
        return original(**options)

    monkeypatch.setattr(pulp, "HiGHS", highs)


def test_the_gap_that_is_asked_for_leaves_nothing_open() -> None:
    solution = solve(tight_program(), None)

    assert solution.proven
    assert solution.value == solution.bound == 40780


def test_a_set_within_the_gap_of_the_solver_is_no_proof(monkeypatch) -> None:
    content_with_less(monkeypatch)

    with pytest.raises(UnprovenError) as error:
        solve(tight_program(), None)

    assert error.value.incumbent.bound >= 40781


def test_when_time_runs_out_there_is_a_set_and_a_bound_but_no_proof() -> None:
    program = hard_program()

    with pytest.raises(UnprovenError) as error:
        solve(program, 1)

    incumbent = error.value.incumbent
    assert program.allows(incumbent.chosen)
    assert incumbent.value == program.value_of(incumbent.chosen)
    assert incumbent.value < incumbent.bound < sum(program.values)


@pytest.mark.parametrize("status", [pulp.LpSolutionIntegerFeasible, pulp.LpSolutionNoSolutionFound])
def test_a_set_without_proof_is_never_called_the_best(monkeypatch, status) -> None:
    original = pulp.LpProblem.solve

    def out_of_time(problem, solver):
        original(problem, solver)
        problem.sol_status = status  # while `status` goes on saying Optimal
        return problem.status

    monkeypatch.setattr(pulp.LpProblem, "solve", out_of_time)
    with pytest.raises(UnprovenError):
        solve(ZeroOneProgram([1, 2], [Row({0: 1, 1: 1}, high=1)]), 1)


def doctored(monkeypatch, change) -> None:
    """Let the solver return other levels of x than it found."""
    original = pulp.LpProblem.solve

    def solve_and_change(problem, solver):
        original(problem, solver)
        change(problem)
        return problem.status

    monkeypatch.setattr(pulp.LpProblem, "solve", solve_and_change)


def test_a_level_next_to_one_counts_as_one_and_a_half_as_a_failure(monkeypatch) -> None:
    program = ZeroOneProgram([3, 2], [Row({0: 1, 1: 1}, high=1)])
    level = {"x0": 0.9999999}
    doctored(monkeypatch, lambda problem: problem.assignVarsVals({**level, "x1": 0.0000001}))

    assert solve(program, None).chosen == {0}
    level["x0"] = 0.5
    with pytest.raises(SolverFailedError, match="fractions of projects"):
        solve(program, None)


def test_out_of_time_with_fractions_or_a_broken_row_there_is_no_set_at_all(monkeypatch) -> None:
    program = ZeroOneProgram([3, 2], [Row({0: 1, 1: 1}, high=1)])
    levels = {"x0": 0.5, "x1": 0.0}

    def change(problem):
        problem.assignVarsVals(levels)
        problem.sol_status = pulp.LpSolutionIntegerFeasible

    doctored(monkeypatch, change)
    for level in (0.5, 1.0):
        levels |= {"x0": level, "x1": level}
        with pytest.raises(UnprovenError) as error:
            solve(program, 1)
        assert error.value.incumbent is None


def test_a_set_that_breaks_a_row_is_cut_off_and_the_next_one_is_found(monkeypatch) -> None:
    original = integer_program._solve_once

    def careless(program, seconds_max):
        without_budget = [row for row in program.rows if row.high != 10]
        return original(ZeroOneProgram(program.values, without_budget), seconds_max)

    monkeypatch.setattr(integer_program, "_solve_once", careless)
    solution = solve(ZeroOneProgram([3, 2], [Row({0: 6, 1: 5}, high=10)]), None)

    assert solution.chosen == {0}


def test_a_solver_that_never_keeps_a_row_is_given_up(monkeypatch) -> None:
    original = integer_program._solve_once

    def careless(program, seconds_max):
        return original(ZeroOneProgram(program.values, ()), seconds_max)

    monkeypatch.setattr(integer_program, "_solve_once", careless)
    with pytest.raises(SolverFailedError, match="break a constraint by rounding"):
        solve(ZeroOneProgram([3, 2], [Row({0: 6, 1: 5}, high=10)]), None)


def test_a_no_good_cut_excludes_one_set_and_no_other() -> None:
    cut = no_good_cut(frozenset({0, 2}), range(3))

    sets = [frozenset(n for n in range(3) if bits >> n & 1) for bits in range(8)]
    assert [chosen for chosen in sets if not cut.holds(chosen)] == [{0, 2}]


def test_dividing_a_row_by_its_common_divisor_keeps_the_same_sets() -> None:
    assert Row({0: 4, 1: 6}, low=5, high=9).reduced() == Row({0: 2, 1: 3}, low=3, high=4)


def test_numbers_too_large_for_the_solver_are_divided_by_what_they_have_in_common() -> None:
    million = 10**15
    program = ZeroOneProgram(
        [3 * million, 2 * million], [Row({0: million, 1: million}, high=million)]
    )

    assert solve(program, None).value == 3 * million


def test_what_is_fixed_stays_and_where_nothing_keeps_the_rows_there_is_no_set() -> None:
    one = Row({0: 1, 1: 1}, high=1)

    assert solve(ZeroOneProgram([3, 2], [one], {1: 1}), None).chosen == {1}
    assert solve(ZeroOneProgram([3, 2], [one], {0: 0, 1: 1}), None).value == 2
    assert solve(ZeroOneProgram([3, 2], [one], {0: 1, 1: 1}), None) is None


def test_prices_say_which_row_binds_and_in_which_direction() -> None:
    rows = [Row({0: 2, 1: 2}, high=2), Row({0: 1, 1: 1}, high=9), Row({1: 3}, low=3)]

    # A unit more of the first row is worth 3 halves; a unit less of the third a third of 1.
    assert row_prices(ZeroOneProgram([3, 2], rows), unit=6) == [9, 0, -2]
