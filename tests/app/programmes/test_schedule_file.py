"""Schedules as files: the worked examples are there, give what they say, and can be loaded."""

from pathlib import Path

import factories_programmes as made
import pytest
from click.testing import CliRunner
from flask import Flask

from app.errors import InvalidError
from app.paths import resource_folder
from app.programmes import cli, schedule_file
from app.programmes.infeasible import Infeasible

FILES = sorted((resource_folder("seed_data") / "schedules").glob("*.toml"))
SCENARIOS = FILES[0]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_schedule_of_a_file_gives_what_its_cases_say(path: Path) -> None:
    given = schedule_file.read(path.read_bytes())

    found = given.solve()

    assert not isinstance(found, Infeasible)
    assert given.cases
    assert given.wrong_cases(found) == []


def test_a_case_that_does_not_come_out_is_named_with_what_does() -> None:
    text = SCENARIOS.read_text("utf-8").replace("value = 102.50", "value = 103")

    given = schedule_file.read(text.encode())
    found = given.solve()

    assert not isinstance(found, Infeasible)
    [(case, value)] = given.wrong_cases(found)
    assert (case.name, value) == ("Couple with two children, 2 400", 10_250)


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("budget = 21_000\n", "", "lacks “budget”"),
        ('kind = "knob"', 'kind = "wheel"', "neither knob nor knots"),
        ("floor = 20\n", "floor = 20.001\n", "two decimals"),
        ("ends_on = 2027-12-31", "ends_on = 2026-12-31", "not after the last"),
        ("[600, 100, 100]", "[600, 0, 100]", "at least one person"),
        ("[600, 100, 100]", "[600, 100]", "cannot be read"),
        ('services = ["home-care"]', 'services = ["gardens"]', "gardens"),
        ('name = "contingency"', 'name = "luck"', "luck"),
        ("[rules]", "[rules", "cannot be read"),
    ],
)
def test_what_is_wrong_with_a_file_is_said_in_a_sentence(old: str, new: str, sentence: str) -> None:
    text = SCENARIOS.read_text("utf-8")
    assert old in text

    with pytest.raises(InvalidError, match=sentence):
        schedule_file.read(text.replace(old, new, 1).encode())


def test_an_operator_checks_a_file_and_loads_it_as_a_draft(app: Flask) -> None:
    with app.test_request_context():
        shown = CliRunner().invoke(cli.programme, ["check", str(SCENARIOS)])
        loaded = CliRunner().invoke(cli.programme, ["load", str(SCENARIOS)])

    assert shown.exit_code == 0, shown.output
    assert "€21,000" in shown.output
    assert loaded.exit_code == 0, loaded.output
    assert "/staff/programmes/test-scenarios" in loaded.output
    row = made.programme("test-scenarios")
    assert (row.state, row.schedule_no, row.budget_minor) == ("draft", 1, 2_100_000)
