"""Every real election: read leniently, refused strictly only for known reasons, written back."""

from collections import Counter
from pathlib import Path
from random import Random

import pytest
from corpus import corpus_files

from allocation.instance import Instance
from allocation.pabulib import check, parse, write

pytestmark = pytest.mark.corpus

# What a strict reading refuses, and why; all other files pass.
PER_CATEGORY = {"ballot_limit"}  # ballots over the limits that META sets per category
KNAPSACK = {"ballot_limit"}  # one or two ballots that cost more than max_sum_cost
TOO_FEW_POINTS = {"ballot_limit"}  # ballots under min_sum_points
TWICE = {"repeated_project", "votes"}  # projects twice on a ballot, and counted twice
BLANKS = {"padding"}  # blanks at the end of two names
REFUSED = {
    "Hungary_Budapest_2025_VIII_Jozsefvaros": BLANKS,
    "Netherlands_Amsterdam_212": PER_CATEGORY,
    "Netherlands_Amsterdam_332": PER_CATEGORY,
    "Poland_Warszawa_2018_Szczesliwice": KNAPSACK,
    "Poland_Warszawa_2018_Ursynow_Wysoki_Poludniowy": KNAPSACK,
    "Poland_Warszawa_2018_rejon_8": KNAPSACK,
    "Poland_Warszawa_2026_Brodno": TWICE,
    "Poland_Warszawa_2026_Choszczowka_Dabrowka_Szlachecka_Henrykow_Bialoleka_Dworska_Szamocin"
    "_Zeran": TWICE,
    "Poland_Warszawa_2026_Szczesliwice": TWICE,
    "Poland_Warszawa_2026_Tarchomin": TWICE,
    "Poland_Warszawa_2026_Wierzbno_Ksawerow": TWICE,
    "Worldwide_Mechanical_Turk_Utilities_3": TOO_FEW_POINTS,
    "Worldwide_Mechanical_Turk_Utilities_6": TOO_FEW_POINTS,
}

LARGE_BYTES = 2_500_000
"""Larger files take most of the time and show nothing new: they have their turn in the long run."""


def _in_its_run(path: Path) -> object:
    marks = [pytest.mark.long] if path.stat().st_size > LARGE_BYTES else []
    return pytest.param(path, id=path.stem, marks=marks)


every_file = pytest.mark.parametrize("path", [_in_its_run(path) for path in corpus_files()])


@every_file
def test_a_published_file_is_read_and_written_back_as_the_same_election(path: Path) -> None:
    original, _ = parse(path.read_bytes(), "lenient")

    text = write(original, rule=original.meta["rule"], rng=Random(1))

    again, warnings = parse(text, "lenient")
    assert again.projects == original.projects
    assert (again.budget, again.minor_per_unit) == (original.budget, original.minor_per_unit)
    assert limits_of(again) == limits_of(original)
    assert ballots_of(again) == ballots_of(original)
    # What was mended is gone; what ballots say, limits or not, stays.
    assert {warning.code for warning in warnings} <= {"ballot_limit", "withdrawn"}


@every_file
def test_a_strict_reading_refuses_only_known_faults(path: Path) -> None:
    codes = {problem.code for problem in check(path.read_bytes()) if problem.is_error}

    assert codes == REFUSED.get(path.stem, set())


def limits_of(instance: Instance) -> dict[str, str]:
    return {key: value for key, value in instance.meta.items() if key[:4] in {"min_", "max_"}}


def ballots_of(instance: Instance) -> Counter[object]:
    return Counter(
        (ballot.choices, ballot.points, *ballot.fields.items()) for ballot in instance.ballots
    )
