"""The worked figures of the design, section 5, and the promises over random populations."""

import random
from dataclasses import replace
from fractions import Fraction
from math import ceil

import pulp
import pytest
from populations import (
    KNOB,
    SCENARIO,
    SCENARIO_BUDGET,
    TRIAL,
    TRIAL_KNOTS,
    random_population,
    trial_town,
)

from app.programmes import knob, piecewise, preview, program, schedule
from app.programmes.households import (
    REFERENCE_HOUSEHOLDS,
    Household,
    Scale,
    equivalised_minor,
    members_per_scale,
    slope_max,
)
from app.programmes.infeasible import Infeasible
from app.programmes.knob import KnobRules, KnobSchedule
from app.programmes.piecewise import PiecewiseRules, PiecewiseSchedule, broken_promise
from app.programmes.population import of_groups

OECD, SQRT = Scale.OECD_MODIFIED, Scale.SQRT
FAMILY, PENSIONERS = Household(2, 2), Household(2)
LIMIT = Fraction(1, 10)


def _solved(rules: PiecewiseRules, euros: int, *, everybody: bool = False) -> PiecewiseSchedule:
    found = piecewise.solve(rules, trial_town(everybody=everybody), euros * 100)
    assert isinstance(found, PiecewiseSchedule)
    return found


def test_too_small_a_budget_is_answered_with_what_would_do_and_the_floor_that_fits() -> None:
    found = piecewise.solve(TRIAL, trial_town(), 100_000_00)

    assert isinstance(found, Infeasible)
    assert found.needed_minor is not None
    assert round(found.needed_minor / 100) == 134_790
    assert round(found.missing_minor / 100) == 34_790
    assert found.floor_that_fits_minor == 1_450


@pytest.mark.parametrize(
    ("euros", "values", "cost"),
    [
        (500_000, (20_000, 12_450, 8_450, 4_450, 2_000, 2_000, 2_000), 499_951),
        (700_000, (20_000, 16_500, 12_500, 8_500, 2_500, 2_000, 2_000), 699_081),
    ],
)
def test_the_trial_town_gets_the_values_of_the_design(
    euros: int, values: tuple[int, ...], cost: int
) -> None:
    found = _solved(TRIAL, euros)

    assert found.values_minor == values
    assert round(piecewise.cost(found, trial_town()) / 100) == cost
    assert float(found.dual) > 0


def test_face_value_is_what_everybody_together_could_spend() -> None:
    found = _solved(TRIAL, 500_000)

    assert round(preview.face_value_minor(found, trial_town()) / 100) == 1_364_604


def test_a_loss_limit_of_a_quarter_needs_more_money_and_one_of_two_fifths_does_not() -> None:
    last_year = _solved(TRIAL, 700_000).values_minor
    quarter = replace(TRIAL, last_year_minor=last_year, loss_max=Fraction(1, 4))

    refused = piecewise.solve(quarter, trial_town(), 500_000_00)

    assert isinstance(refused, Infeasible)
    assert refused.needed_minor is not None
    assert round(refused.needed_minor / 100) == 530_180
    assert refused.floor_that_fits_minor is None
    kept = _solved(replace(quarter, loss_max=Fraction(2, 5)), 500_000)
    assert all(v * 5 >= 3 * last for v, last in zip(kept.values_minor, last_year, strict=True))


def test_in_full_mode_the_trial_town_gets_110_and_30_and_then_the_floor() -> None:
    found = _solved(TRIAL, 500_000, everybody=True)

    assert found.values_minor == (11_000, 3_000, 2_000, 2_000, 2_000, 2_000, 2_000)
    refused = piecewise.solve(TRIAL, trial_town(everybody=True), 399_999_99)
    assert isinstance(refused, Infeasible)
    assert refused.needed_minor == 400_000_00


def test_with_one_knob_the_trial_town_starts_at_107_50() -> None:
    found = knob.solve(KNOB, trial_town(), 500_000_00)

    assert isinstance(found, KnobSchedule)
    assert found.top_minor == 10_750
    more = KnobSchedule(KNOB, found.top_minor + KNOB.grid_minor)
    assert knob.cost(found, trial_town()) <= 500_000_00 < knob.cost(more, trial_town())


def test_one_knob_that_no_budget_turns_says_what_the_floor_costs() -> None:
    found = knob.solve(KNOB, SCENARIO, 500_000)

    assert found == Infeasible(600_000, 500_000, 1_650)


@pytest.mark.parametrize(
    ("income", "household", "scale", "value"),
    [
        (60_000, Household(1), OECD, 12_000),
        (90_000, Household(1), OECD, 11_500),
        (180_000, Household(1), OECD, 7_000),
        (400_000, Household(1), OECD, 2_000),
        (240_000, FAMILY, OECD, 10_250),
        (240_000, FAMILY, SQRT, 10_000),
        (250_000, FAMILY, OECD, 10_000),
        (200_000, PENSIONERS, OECD, 9_300),
        (200_000, PENSIONERS, SQRT, 8_900),
        (None, FAMILY, OECD, 2_000),
    ],
)
def test_each_household_of_the_scenarios_gets_its_value(
    income: int | None, household: Household, scale: Scale, value: int
) -> None:
    found = knob.solve(KNOB, SCENARIO, SCENARIO_BUDGET)

    assert isinstance(found, KnobSchedule)
    assert found.top_minor == 12_000
    assert knob.cost(found, SCENARIO) == SCENARIO_BUDGET
    assert schedule.value_of(found, income, household, scale).value_minor == value


def test_equivalised_incomes_are_those_of_the_scenarios() -> None:
    assert round(equivalised_minor(240_000, FAMILY)) == 114_286
    assert round(equivalised_minor(250_000, FAMILY)) == 119_048
    assert equivalised_minor(240_000, FAMILY, SQRT) == 120_000
    assert round(equivalised_minor(200_000, PENSIONERS)) == 133_333
    assert int(equivalised_minor(200_000, PENSIONERS, SQRT)) == 141_421


def test_a_family_of_four_loses_nearly_twice_what_one_voucher_loses() -> None:
    assert round(float(Fraction(1, 20) * members_per_scale(FAMILY, OECD)), 3) == 0.095
    steep = KnobSchedule(replace(KNOB, slope=LIMIT), 12_000)
    assert round(float(schedule.household_loss(steep, FAMILY, OECD)), 2) == 0.19
    assert FAMILY in schedule.over_limit(steep, LIMIT, OECD)


def test_a_taper_never_falls_more_steeply_at_higher_income_and_stays_on_the_grid() -> None:
    found = _solved(replace(TRIAL, taper=True), 500_000)

    slopes = found.slopes()
    assert list(slopes) == sorted(slopes, reverse=True)
    assert len(set(slopes)) > 2
    assert all(value % 50 == 0 for value in found.values_minor)


def test_the_wish_for_a_bearable_rest_comes_before_the_weighted_sum() -> None:
    """With a need of 160 and 2 % of income, 4,500 a month should still leave 70 to the voucher."""
    wish = replace(TRIAL, need_minor=16_000, out_of_pocket_max=Fraction(2, 100))

    found = _solved(wish, 900_000)

    assert found.values_minor[-1] >= 7_000
    assert _solved(TRIAL, 900_000).values_minor[-1] < 7_000


@pytest.mark.parametrize(("settled", "unproven"), [(0, "worth"), (1, "last"), (2, "even")])
def test_what_is_not_proven_in_time_is_said_and_every_promise_is_kept(
    monkeypatch: pytest.MonkeyPatch, settled: int, unproven: str
) -> None:
    tapered, known = replace(TRIAL, taper=True), program.run
    best = _solved(tapered, 500_000)
    solved = iter([True] + [True] * settled + [False])  # first what is needed at least

    def slow(problem: pulp.LpProblem) -> int:
        status = known(problem)
        return status if next(solved) else int(pulp.LpSolutionIntegerFeasible)

    monkeypatch.setattr(program, "run", slow)
    found = _solved(tapered, 500_000)

    users = piecewise.users_at_knots(TRIAL_KNOTS, trial_town())
    assert (best.unproven, found.unproven) == ("", unproven)
    assert broken_promise(found, users, 500_000_00) is None
    assert schedule.from_document(found.to_document()) == found


def test_a_wish_for_which_nothing_is_found_leaves_what_the_one_before_has_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    known, solved = program.run, iter([True, True, False])

    def lost(problem: pulp.LpProblem) -> int:
        return known(problem) if next(solved) else int(pulp.LpSolutionNoSolutionFound)

    monkeypatch.setattr(program, "run", lost)

    found = _solved(TRIAL, 500_000)

    assert (found.unproven, found.gap) == ("last", "")
    assert sum(found.values_minor) == sum((20_000, 12_450, 8_450, 4_450, 2_000, 2_000, 2_000))


def test_with_nothing_found_at_all_there_is_no_schedule(monkeypatch: pytest.MonkeyPatch) -> None:
    known, solved = program.run, iter([True, False])

    def lost(problem: pulp.LpProblem) -> int:
        return known(problem) if next(solved) else int(pulp.LpSolutionNoSolutionFound)

    monkeypatch.setattr(program, "run", lost)

    with pytest.raises(piecewise.SolverFailedError, match="worth"):
        _solved(TRIAL, 500_000)


def test_rules_that_contradict_each_other_are_met_by_no_budget() -> None:
    twice = replace(TRIAL, last_year_minor=(40_000,) * 7, loss_max=Fraction(1, 10))

    found = piecewise.solve(twice, trial_town(), 10**12)

    assert isinstance(found, Infeasible)
    assert found.needed_minor is None


@pytest.mark.parametrize(
    ("changed", "broken"),
    [
        ((20_000, 12_450, 8_450, 4_450, 2_000, 2_000, 1_950), "floor"),
        ((20_000, 12_450, 8_450, 4_450, 2_000, 2_000, 2_010), "grid"),
        ((20_050, 12_450, 8_450, 4_450, 2_000, 2_000, 2_000), "cap"),
        ((20_000, 12_000, 7_950, 4_450, 2_000, 2_000, 2_000), "no cliff"),
        ((12_000, 12_450, 8_450, 4_450, 2_000, 2_000, 2_000), "never rises"),
        ((20_000, 12_500, 8_500, 4_500, 2_000, 2_000, 2_000), "budget"),
    ],
)
def test_the_exact_check_names_the_broken_promise(changed: tuple[int, ...], broken: str) -> None:
    users = piecewise.users_at_knots(TRIAL_KNOTS, trial_town())

    assert broken_promise(PiecewiseSchedule(TRIAL, changed), users, 500_000_00) == broken


@pytest.mark.parametrize(
    "wrong",
    [
        {"floor_minor": 0},
        {"floor_minor": 2_010},
        {"cap_minor": 1_500},
        {"knots_minor": (0, 5, 5)},
        {"knots_minor": (10, 50)},
        {"loss_max": Fraction(1, 4)},
        {"slope": Fraction(2)},
    ],
)
def test_rules_that_cannot_be_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"must|needs|out of bounds"):
        replace(TRIAL, **wrong)  # type: ignore[arg-type]


def test_a_stored_schedule_gives_the_same_values() -> None:
    for found in (_solved(TRIAL, 500_000), KnobSchedule(KNOB, 10_750)):
        again = schedule.from_document(found.to_document())

        assert again == found


def test_the_tenths_hold_everybody_once() -> None:
    people = of_groups([(60_000, 7, 1_000_000), (180_000, 12, 500_000), (400_000, 4, 0)])
    found = KnobSchedule(KNOB, 12_000)

    tenths = preview.tenths(found, people)

    assert len(tenths) == 10
    assert sum(one.spent_minor for one in tenths) == 7 * 12_000 + 12 * 7_000 // 2
    assert (tenths[0].income_from_minor, tenths[-1].income_to_minor) == (60_000, 400_000)


def test_costs_move_with_take_up_but_never_above_everybody() -> None:
    found = KnobSchedule(KNOB, 12_000)

    costs = [cost for _part, cost in preview.cost_range(found, SCENARIO)]

    assert costs == [SCENARIO_BUDGET * 3 // 4, SCENARIO_BUDGET, SCENARIO_BUDGET]


def _keeps_promises(seed: int) -> None:
    chance = random.Random(seed)
    people = random_population(chance)
    scale = chance.choice([OECD, SQRT])
    slope = slope_max(Fraction(chance.randrange(1, 30), 100), LIMIT, scale)
    floor, cap = chance.randrange(1, 80) * 50, chance.randrange(80, 600) * 50
    knots = (0, *sorted(chance.sample(range(10_000, 600_000, 7), chance.randrange(1, 8))))
    margin = Fraction(chance.randrange(16), 100)
    piece = PiecewiseRules(
        knots, floor, cap, slope, contingency=margin, taper=chance.random() < 0.3,
        aversion=Fraction(chance.randrange(5), 2),
    )  # fmt: skip
    one_knob = KnobRules(floor, cap, slope, chance.randrange(200_000), contingency=margin)
    least = (1 + margin) * people.users_total * floor
    budget = ceil(least * chance.randrange(50, 600) / 100)
    for rules in (piece, one_knob):
        found = schedule.solve(rules, people, budget)
        if isinstance(found, Infeasible):
            assert found.needed_minor == ceil(least) > budget
            continue
        assert budget >= least
        assert schedule.cost(found, people) <= budget
        assert schedule.over_limit(found, LIMIT, scale) == []
        incomes = sorted({0, *knots, *people.incomes_minor.tolist(), 10**7})
        values = [found.value_minor(Fraction(income)) for income in incomes]
        assert min(values) >= floor
        assert max(values) <= cap
        for here, there, a, b in zip(incomes, incomes[1:], values, values[1:], strict=False):
            # Rounding down to the grid moves a value by less than one step.
            assert 0 <= a - b < slope * (there - here) + rules.grid_minor
        home = REFERENCE_HOUSEHOLDS[seed % len(REFERENCE_HOUSEHOLDS)]
        assert schedule.value_of(found, None, home, scale).value_minor == floor


def test_every_schedule_keeps_its_promises_over_a_hundred_populations() -> None:
    for seed in range(100):
        _keeps_promises(seed)


@pytest.mark.long
def test_every_schedule_keeps_its_promises_over_a_thousand_populations() -> None:
    for seed in range(1_000):
        _keeps_promises(seed)
