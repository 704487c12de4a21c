"""A project of a round as a voucher programme: entered by an officer, fixed with the rule sheet."""

import json
from typing import Any

import pytest
from factories import make_account
from factories_rounds import make_round
from sqlalchemy.exc import DBAPIError

from app.db import read_tx, run_tx
from app.policy import ROUND_OFFICER
from app.rounds import queries, sheet
from app.rounds.models import ProjectProgrammeRow

GOOD = {
    "services": ["home-care", "childcare"],
    "starts_on-day": "1", "starts_on-month": "1", "starts_on-year": "2027",
    "ends_on-day": "31", "ends_on-month": "12", "ends_on-year": "2027",
    "floor": "20", "cap": "200", "slope": "5",
}  # fmt: skip


def programme_of(made: Any) -> Any:
    found = read_tx(lambda session: queries.programmes(session, made.id))
    return found.get(made.projects[0].id)


def test_an_officer_makes_a_project_a_programme_and_takes_that_back(browser) -> None:
    made = make_round("review", slug="meadow")
    officer = browser(make_account(ROUND_OFFICER))
    project = f"/staff/rounds/meadow/projects/{made.projects[0].id}"

    page = officer.send(f"{project}/programme", GOOD | {"floor": "0", "cap": "x"}, status=422)
    assert "above zero" in page.select_one("#floor-error").text
    assert page.select_one("#cap-error")
    assert programme_of(made) is None
    page = officer.send(f"{project}/programme", GOOD)
    assert "Home care, Childcare" in page.main.text
    assert "5 cents less per euro" in page.main.text
    assert programme_of(made).slope_millionths == 50_000
    officer.send(project, button="Make it a project like any other")
    assert programme_of(made) is None
    officer.send(f"{project}/programme", GOOD)
    officer.send(project, button="Remove the project")
    assert programme_of(made) is None


def test_the_terms_stand_in_the_rule_sheet_and_other_projects_have_no_word_of_them(app) -> None:
    made = make_round("review", projects=[
        {"reference": "care", "cost_minor": 5, "programme": {}},
        {"reference": "pool", "cost_minor": 5},
    ])  # fmt: skip

    content = json.loads(read_tx(lambda session: sheet.build(session, made.row)))

    care, pool = content["projects"]
    assert care["programme"]["floor_minor"] == 2_000
    assert care["programme"]["services"] == ["home-care"]
    assert "programme" not in pool


def test_after_the_freeze_the_database_keeps_the_terms(app) -> None:
    made = make_round("frozen", projects=[{"reference": "a", "cost_minor": 5, "programme": {}}])

    with pytest.raises(DBAPIError, match="frozen"):
        run_tx(
            lambda session: session.delete(session.get(ProjectProgrammeRow, made.projects[0].id))
        )

    assert programme_of(made) is not None
