"""Pages of programmes: an officer from the first page to the proposal, and what residents read."""

from collections.abc import Callable

import factories
import factories_programmes as made
import pytest
from browsing import Browser
from flask import Flask

from app.policy import ROUND_OFFICER
from app.programmes.models import ProgrammeState

Browse = Callable[..., Browser]
ABOUT = {
    "name": "Care at home",
    "summary": "Help in the household.",
    "services": "home-care",
    "eligibility": "Everybody registered in Valdeagua.",
    "starts_on-day": "1",
    "starts_on-month": "1",
    "starts_on-year": "2027",
    "ends_on-day": "31",
    "ends_on-month": "12",
    "ends_on-year": "2027",
}
PEOPLE = "600; 100; 100\n1800; 100; 100\n4000; 100; 100"
DESIGN = {"floor": "20", "cap": "200", "slope": "5", "start": "800", "kind": "knob"}
AT = "/staff/programmes/care-at-home"


@pytest.fixture
def officer(app: Flask, browser: Browse) -> Browser:
    return browser(factories.make_account(ROUND_OFFICER))


def test_an_officer_goes_from_the_first_page_to_a_proposal_and_a_second_approves(
    officer: Browser, browser: Browse
) -> None:
    officer.send("/staff/programmes/new", ABOUT)
    officer.send(f"{AT}/set-up/money", {"budget": "21000", "council_act": "7", "mode": "full"})
    page = officer.send(f"{AT}/set-up/people", {"people": PEOPLE, "people_source": "Register"})
    assert "Make a schedule" in page.main.text
    page = officer.send(f"{AT}/schedule", DESIGN, button="Show what it does")
    assert "€21,000" in page.select_one(".minga-figures").text
    page = officer.send(f"{AT}/schedule", DESIGN, button="Save this schedule")
    assert "Schedule number 1" in page.main.text
    page = officer.send(AT, button="Ask for approval", form="form[action$=propose]")
    assert "Waiting for a second officer" in page.main.text

    made.approve_last()

    page = officer.send(AT, form="form[action$=open]")
    assert "Residents can apply now" in page.text
    public = browser().open("/programmes/care-at-home")
    assert "Everybody gets at least €20" in public.main.text
    assert "Couple, 2 children under 14" in public.main.text


def test_an_impossible_wish_is_answered_beside_the_floor(officer: Browser) -> None:
    made.make_programme(scheduled=False, budget_minor=500_000)

    page = officer.send(f"{AT}/schedule", DESIGN, button="Save this schedule", status=422)

    assert "Add €1,300 or lower the floor to €15.50" in page.select_one("#floor-error").text
    assert page.select_one("#cap")["value"] == "200"
    assert made.programme("care-at-home").schedule_no is None


def test_values_at_knots_are_shown_with_what_they_do(officer: Browser) -> None:
    made.make_programme(scheduled=False)

    page = officer.send(
        f"{AT}/schedule", DESIGN | {"kind": "piecewise"}, button="Show what it does"
    )

    assert "Nowhere does the value fall by more than" in page.main.text
    assert page.select_one(".minga-chart svg")


@pytest.mark.parametrize(
    ("wrong", "field", "sentence"),
    [
        ({"floor": "0"}, "floor", "above zero"),
        ({"floor": "20.20"}, "floor", "in steps of 0.50"),
        ({"cap": "10"}, "cap", "not below the lowest"),
        ({"slope": "200"}, "slope", "from 0 to 100"),
        ({"kind": "piecewise", "knots": "5 5"}, "knots", "rise from 0"),
        ({"kind": "piecewise", "knots": "zero"}, "knots", "parted by spaces"),
        ({"kind": "piecewise", "last_year": "20 20"}, "last_year", "as many values"),
    ],
)
def test_a_wrong_rule_is_explained_beside_its_field(
    officer: Browser, wrong: dict[str, str], field: str, sentence: str
) -> None:
    made.make_programme(scheduled=False)

    page = officer.send(f"{AT}/schedule", DESIGN | wrong, button="Show what it does", status=422)

    assert sentence in page.select_one(f"#{field}-error").text


@pytest.mark.parametrize(
    ("step", "wrong", "field"),
    [
        ("about", {"name": ""}, "name"),
        ("about", {"ends_on-year": "2026"}, "ends_on"),
        ("money", {"budget": "-"}, "budget"),
        ("money", {"mode": "covered"}, "cover"),
        ("people", {"people": "600; some; 5"}, "people"),
        ("people", {"people": "600; 5"}, "people"),
    ],
)
def test_a_wrong_entry_is_explained_and_nothing_is_saved(
    officer: Browser, step: str, wrong: dict[str, str], field: str
) -> None:
    before = made.make_programme(scheduled=False, summary="Help.", eligibility="All.")

    page = officer.send(f"{AT}/set-up/{step}", wrong, status=422)

    assert page.select_one(f"#{field}-error")
    assert made.programme("care-at-home").version == before.version


def test_a_parameter_is_added_and_shown_with_its_source(officer: Browser) -> None:
    made.make_programme()
    data = {
        "name": "contingency", "value": "7.5", "legal_reference": "Ordinance 12",
        "adopted_by": "Council",
        "valid_from-day": "1", "valid_from-month": "1", "valid_from-year": "2027",
    }  # fmt: skip

    page = officer.send(f"{AT}/parameters", data)

    assert "Ordinance 12" in page.select_one("table").text
    page = officer.send(f"{AT}/parameters", data | {"value": "lots"}, status=422)
    assert page.select_one("#value-error")
    officer.send(f"{AT}/parameters", data, status=409)


def test_residents_see_no_draft_and_may_change_nothing(app: Flask, browser: Browse) -> None:
    made.make_programme()
    resident = browser(factories.make_account())

    resident.open("/programmes/care-at-home", status=404)
    resident.open(AT, status=403)
    assert "no programme yet" in resident.open("/programmes").main.text


def test_a_closed_programme_stays_readable(app: Flask, browser: Browse) -> None:
    made.make_programme(ProgrammeState.CLOSED)

    page = browser().open("/programmes")

    assert "Care at home" in page.main.text
    assert "Closed" in browser().open("/programmes/care-at-home").main.text
