"""Setting up a round in the browser: from nothing to an open vote, and everything that is wrong."""

from datetime import UTC, datetime, timedelta

import pytest
from factories import make_account, make_area
from factories_rounds import make_round
from sqlmodel import select

from app.accounts.models import AuditRow
from app.db import read_tx, run_tx
from app.policy import ROUND_OFFICER
from app.rounds import queries, service
from app.rounds.models import RoundState
from app.town.models import AreaKind

START = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _morning(at) -> None:
    """The clock stands still, so that dates in the tests stay in the future."""
    at(START)


@pytest.fixture
def officer(browser):
    """The browser of a round officer."""
    return browser(make_account(ROUND_OFFICER))


@pytest.fixture
def second_officer(browser):
    return browser(make_account(ROUND_OFFICER))


def stored(slug: str):
    return read_tx(lambda session: queries.round_by_slug(session, slug))


def moment_fields(name: str, day: int, month: int, time: str = "9:00") -> dict[str, str]:
    parts = {"day": day, "month": month, "year": 2027, "time": time}
    return {f"{name}-{part}": str(value) for part, value in parts.items()}


DATES = {
    "proposals": "no",
    **moment_fields("voting_opens_at", 3, 5),
    **moment_fields("voting_closes_at", 17, 5, "18:00"),
    **moment_fields("results_at", 1, 6),
}


def test_a_round_from_nothing_to_an_open_vote(officer, second_officer, at) -> None:
    town = make_area()
    north = make_area("north", kind=AreaKind.DISTRICT, parent=town)

    page = officer.send(
        "/staff/rounds/new", {"title": "Barrios 2027", "summary": "For all who live here."}
    )
    assert page.h1.text == "Areas and budgets"  # on to the next step
    here = "/staff/rounds/barrios-2027"
    page = officer.send(
        f"{here}/setup/areas",
        {f"budget_{town.id.hex}": "100,000", f"budget_{north.id.hex}": "20 000.50"},
    )
    assert page.h1.text == "Categories"
    page = officer.send(f"{here}/setup/categories", {"names": "Parks\n\n Streets \nParks"})
    assert page.h1.text == "Dates"
    page = officer.send(f"{here}/setup/dates", DATES)
    assert page.h1.text == "The ballot"
    page = officer.send(f"{here}/setup/ballot", {"ballot_type": "approval", "number_max": "3"})
    assert page.h1.text == "How the money is allocated"
    page = officer.send(f"{here}/setup/rule", {"rule": "equal-shares", "completion": "add1"})
    assert page.h1.text == "Ties and the lot"
    page = officer.send(
        f"{here}/setup/ties", {"ties": "max-votes,min-cost,lot", "lot_source": "Five dice."}
    )
    assert page.h1.text == "Barrios 2027"
    assert "To do" not in page.select_one(".govuk-task-list").text

    officer.send(here, button="Announce the round")
    assert stored("barrios-2027").state == RoundState.REVIEW
    for title, cost in (("Benches", "5000"), ("Pool", "90,000")):
        project = {"title": title, "description": "Good for all.", "cost_minor": cost}
        officer.send(f"{here}/projects/new", project)
    north_pot = read_tx(lambda s: queries.pots(s, queries.round_by_slug(s, "barrios-2027").id))[1]
    officer.send(
        f"{here}/projects/new",
        {"title": "Trees", "description": "Shade.", "cost_minor": "100", "pot": str(north_pot.id)},
    )

    page = officer.send(here, button="Propose to fix rules and projects")
    assert "Waiting for a second officer." in page.text
    decide(second_officer, page)
    assert stored("barrios-2027").state == RoundState.FROZEN
    run_tx(lambda s: service.mark_roll_approved(s, queries.round_by_slug(s, "barrios-2027"), START))
    page = officer.send(here, button="Propose to open the vote")
    decide(second_officer, page)
    assert "It begins by itself on" in officer.open(here).text
    at(datetime(2027, 5, 3, 7, 0, tzinfo=UTC))  # 9:00 in the town
    officer.open("/")  # jobs run after a request

    row = stored("barrios-2027")
    assert row.state == RoundState.VOTING
    assert row.voting_closes_at == datetime(2027, 5, 17, 16, 0, tzinfo=UTC)
    assert row.rule["completion"] == "add1"
    assert row.rule["ties"] == ["max-votes", "min-cost", "lot"]
    assert row.ballot == {
        "ballot_type": "approval",
        "blank_allowed": True,
        "number_min": 0,
        "number_max": 3,
    }
    categories = read_tx(lambda s: queries.categories(s, row.id))
    assert [category.name for category in categories] == ["Parks", "Streets"]


def decide(browser, page) -> None:
    """Approve what waits, from the page that says that it waits."""
    link = next(a["href"] for a in page.select("a") if "/staff/decisions/" in a.get("href", ""))
    browser.send(link, button="Approve")


def test_a_town_without_areas_gets_the_one_that_is_all_of_it(officer) -> None:
    page = officer.send("/staff/rounds/new", {"title": "First", "summary": "S"})

    assert "Valdeagua" in page.select_one("main form").text


BAD = {
    "basics": [
        ({"title": ""}, "title", "Enter a name"),
        ({"slug": "Big Words"}, "slug", "small letters"),
        ({"slug": "-x"}, "slug", "small letters"),
        ({"slug": "taken"}, "slug", "Another round has this address"),
        ({"summary": "x" * 2001}, "summary", "2,000 characters"),
    ],
    "areas": [
        ({"budget": "many"}, "budget", "Enter an amount in figures"),
        ({"budget": "-5"}, "budget", "Enter an amount in figures"),
        ({"budget": "0"}, "budget", "above 0"),
        ({"budget": ""}, "budget", "at least one area"),
        ({"proposal_budget_max_minor": "99999"}, "proposal_budget_max_minor", "largest budget"),
    ],
    "categories": [({"names": "x" * 81}, "names", "80 characters")],
    "dates": [
        ({"voting_opens_at-day": "31", "voting_opens_at-month": "2"}, "voting_opens_at", "real"),
        ({"voting_closes_at-time": "25:00"}, "voting_closes_at", "0:00 to 23:59"),
        ({"voting_closes_at-year": "2026"}, "voting_closes_at", "after “Voting opens”"),
        (moment_fields("results_at", 16, 5), "results_at", "after “Voting closes”"),
        ({"proposals": "yes"}, "proposals_open_at", "Enter this date"),
        ({"proposals": "maybe"}, "proposals", "Not a valid choice"),
    ],
    "ballot": [
        ({"ballot_type": "dictatorship"}, "ballot_type", "Not a valid choice"),
        ({"number_max": "x"}, "number_max", "whole number from 1 to 1000"),
        ({"number_max": "0"}, "number_max", "whole number from 1 to 1000"),
        ({"number_min": "4", "number_max": "3"}, "number_min", "Enter 3 or less"),
        ({"ballot_type": "points"}, "points_total", "needs a number here"),
        ({"ballot_type": "scores", "score_low": "6"}, "score_low", "Enter 5 or less"),
        ({"cost_max": "lots"}, "cost_max", "Enter an amount in figures"),
    ],
    "rule": [
        ({"rule": "dice"}, "rule", "Not a valid choice"),
        ({"increment": "none"}, "increment", "Enter a number above 0"),
        ({"increment": "0"}, "increment", "Enter a number above 0"),
        ({"rule": "greedy", "votes_min": "-1"}, "votes_min", "whole number"),
    ],
    "ties": [
        ({"lot_source": ""}, "lot_source", "Describe the public draw"),
        ({"ties": "age"}, "ties", "Not a valid choice"),
    ],
}


@pytest.mark.parametrize("step", BAD)
def test_what_is_wrong_is_said_beside_its_field_and_what_was_typed_stays(
    officer, step: str
) -> None:
    make_round("draft", slug="taken")
    made = make_round("draft", slug="round", pots={"town": 1_000_000})
    officer.send("/staff/rounds/round/setup/dates", DATES)
    before = stored("round").version
    names = {"budget": f"budget_{made.pot.area_id.hex}"}

    for typed, field, sentence in BAD[step]:
        data = {names.get(name, name): value for name, value in typed.items()}
        page = officer.send(f"/staff/rounds/round/setup/{step}", data, status=422)
        said = page.select_one(f"#{names.get(field, field)}-error")
        assert said is not None, f"{typed}: nothing at {field}"
        assert sentence in said.text
        assert page.title.text.startswith("Error:")
    assert stored("round").version == before, "something was saved"


def test_the_second_of_two_tabs_gets_a_sentence_and_keeps_what_was_typed(
    officer, second_officer
) -> None:
    make_round("draft", slug="round")
    path = "/staff/rounds/round/setup/basics"
    stale = stored("round").version
    officer.send(path, {"title": "From the first tab"})

    page = second_officer.send(
        path, {"title": "From the second tab", "version": str(stale)}, status=409
    )

    assert "Somebody changed this round while you were typing" in page.text
    assert page.select_one("#title")["value"] == "From the second tab"
    assert stored("round").title == "From the first tab"
    fields = {f["name"]: f.get("value", "") for f in page.select("form input[name]")}
    fields["summary"] = "Saved again on purpose."
    second_officer.client.post(path, data=fields)
    assert stored("round").title == "From the second tab"


@pytest.mark.parametrize("version", ["", "0", "-1", "9" * 100, "x"])
def test_a_forged_version_saves_nothing(officer, version: str) -> None:
    make_round("draft", slug="round", title="Old")

    officer.send(
        "/staff/rounds/round/setup/basics", {"title": "New", "version": version}, status=409
    )

    assert stored("round").title == "Old"


@pytest.mark.parametrize("state", ["frozen", "voting", "published"])
def test_a_forged_post_after_the_freeze_is_refused_and_written_down(officer, state: str) -> None:
    make_round("draft", slug="open-one")
    made = make_round(state, slug="fixed")
    project = made.projects[0].id

    for step in ("basics", "areas", "categories", "dates", "ballot", "rule", "ties"):
        page = officer.send(
            f"/staff/rounds/open-one/setup/{step}",
            {"title": "Forged", "lot_source": "Mine"},
            to=f"/staff/rounds/fixed/setup/{step}",
            status=409,
        )
        assert "fixed and published" in page.text
    for path in ("new", str(project), f"{project}/remove"):
        officer.send(
            "/staff/rounds/open-one/setup/basics",
            to=f"/staff/rounds/fixed/projects/{path}",
            status=409,
        )

    row = stored("fixed")
    assert (row.version, row.title) == (made.row.version, made.row.title)
    query = select(AuditRow).where(AuditRow.action == "round.edit_refused")
    refused = read_tx(lambda s: list(s.exec(query).all()))
    assert [one.subject for one in refused] == ["fixed"] * 10
    assert all(one.actor_id for one in refused)


def test_the_steps_of_a_fixed_round_lead_to_its_rule_sheet(officer) -> None:
    make_round("frozen", slug="fixed")

    assert officer.open("/staff/rounds/fixed/setup/rule").h1.text == "Rules"


def test_after_the_announcement_the_address_of_a_round_stays(officer) -> None:
    make_round("proposals", slug="round")

    page = officer.send("/staff/rounds/round/setup/basics", {"slug": "other"}, status=422)

    assert "has to stay as it is" in page.select_one("#slug-error").text


def test_a_budget_that_projects_are_paid_from_cannot_be_taken_away(officer) -> None:
    made = make_round("review", slug="round", pots={"town": 1_000_000, "north": 500_000})
    north = made.pots[1]

    page = officer.send(
        "/staff/rounds/round/setup/areas", {f"budget_{north.area_id.hex}": ""}, status=409
    )

    assert "North has 2 projects on the ballot" in page.select_one(".govuk-error-summary").text
    assert len(read_tx(lambda s: queries.pots(s, made.id))) == 2


def test_a_category_in_use_stays_and_an_unused_one_goes(officer) -> None:
    made = make_round(
        "review",
        slug="round",
        projects=[{"reference": "1", "cost_minor": 1, "category": "Parks"}],
    )

    page = officer.send("/staff/rounds/round/setup/categories", {"names": "Art"}, status=422)
    assert "“Parks”, so it has to stay" in page.select_one("#names-error").text
    officer.send("/staff/rounds/round/setup/categories", {"names": "Art\nParks"})

    names = [one.name for one in read_tx(lambda s: queries.categories(s, made.id))]
    assert names == ["Art", "Parks"]


def test_a_preview_says_what_voters_will_read_and_saves_nothing(officer) -> None:
    make_round("draft", slug="round")
    before = stored("round")

    page = officer.send(
        "/staff/rounds/round/setup/ballot",
        {"ballot_type": "points", "points_total": "7", "points_all": "y"},
        button="Show what voters will read",
    )
    assert "You have 7 points" in page.select_one("#preview").text
    page = officer.send(
        "/staff/rounds/round/setup/rule",
        {"rule": "greedy", "votes_min": "20"},
        button="Show what residents will read",
    )
    assert "At least 20 votes" in page.select_one("#preview").text

    assert stored("round") == before


@pytest.mark.parametrize(
    ("ballot_type", "utility"),
    [("approval", "cost"), ("knapsack", "cost"), ("points", "points"), ("ranking", "borda")],
)
def test_equal_shares_takes_the_utility_that_the_ballots_carry(
    officer, ballot_type: str, utility: str
) -> None:
    make_round("draft", slug="round", ballot_type=ballot_type, rule={"rule": "greedy"})

    officer.send("/staff/rounds/round/setup/rule", {"rule": "equal-shares", "completion": "none"})

    assert stored("round").rule["utility"] == utility


def test_a_rule_that_no_longer_fits_the_ballot_is_asked_for_again(officer) -> None:
    make_round("draft", slug="round", rule={"rule": "equal-shares", "utility": "cost"})

    officer.send(
        "/staff/rounds/round/setup/ballot", {"ballot_type": "points", "points_total": "10"}
    )

    tasks = officer.open("/staff/rounds/round").select_one(".govuk-task-list").text
    assert "does not fit the ballot any more" in tasks
    officer.send("/staff/rounds/round/setup/rule")
    assert stored("round").rule["utility"] == "points"


def test_changed_proposal_dates_move_the_beginning_of_the_review(officer, at) -> None:
    made = make_round("draft", slug="round")
    officer.send("/staff/rounds/round", button="Announce the round")
    later = made.row.proposals_close_at + timedelta(days=5)
    officer.send(
        "/staff/rounds/round/setup/dates",
        moment_fields("proposals_close_at", later.day, later.month, "10:00"),
    )

    at(made.row.proposals_close_at)
    officer.open("/")
    assert stored("round").state == RoundState.PROPOSALS
    at(later + timedelta(hours=2))
    officer.open("/")
    assert stored("round").state == RoundState.REVIEW


def test_projects_are_entered_corrected_and_removed_by_hand(officer) -> None:
    made = make_round("review", slug="round", projects=[])
    here = "/staff/rounds/round/projects"
    typed = {"title": "Bench", "description": "To sit on.", "cost_minor": "1,250"}

    page = officer.send(f"{here}/new", typed)
    assert "The project was added." in page.text
    row = read_tx(lambda s: queries.project(s, made.id, "1"))
    assert (row.cost_minor, row.area_id) == (125_000, made.pot.area_id)
    officer.send(
        f"{here}/{row.id}",
        {"cost_minor": "900", "latitude": "40.5", "longitude": "-3.7", "reference": "B-1"},
    )
    row = read_tx(lambda s: queries.project(s, made.id, "B-1"))
    assert (row.cost_minor, row.latitude, row.longitude) == (90_000, 40.5, -3.7)
    page = officer.send(f"{here}/{row.id}", button="Remove the project")
    assert "There are no projects yet." in page.text


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({"title": ""}, "title", "Enter what the project is"),
        ({"description": ""}, "description", "Describe in a few sentences"),
        ({"cost_minor": ""}, "cost_minor", "Enter the cost"),
        ({"cost_minor": "0"}, "cost_minor", "above 0"),
        ({"cost_minor": "10,000.01"}, "cost_minor", "not above the budget"),
        ({"reference": "a,b"}, "reference", "no gaps or commas"),
        ({"reference": "taken"}, "reference", "Another project of this round"),
        ({"pot": "x"}, "pot", "Choose one of the list"),
        ({"area": "x"}, "area", "Choose one of the list"),
        ({"latitude": "91", "longitude": "1"}, "latitude", "−90 to 90"),
        ({"latitude": "NaN", "longitude": "1"}, "latitude", "−90 to 90"),
        ({"latitude": "40"}, "latitude", "both latitude and longitude"),
    ],
)
def test_a_project_that_cannot_be_taken_is_explained_beside_the_field(
    officer, typed, field, sentence
) -> None:
    made = make_round("review", slug="round", projects=[("taken", 100)])
    good = {"title": "T", "description": "D", "cost_minor": "1", "reference": "1"}

    page = officer.send("/staff/rounds/round/projects/new", {**good, **typed}, status=422)

    assert sentence in page.select_one(f"#{field}-error").text
    assert len(read_tx(lambda s: queries.projects(s, made.id))) == 1


def test_a_project_of_another_round_is_not_found(officer) -> None:
    make_round("review", slug="round")
    other = make_round("review", slug="other").projects[0]

    officer.open(f"/staff/rounds/round/projects/{other.id}", status=404)


@pytest.mark.parametrize(
    "path",
    ["/staff/rounds/nowhere", "/staff/rounds/nowhere/setup/basics", "/staff/rounds/r/setup/magic"],
)
def test_an_address_that_leads_nowhere_is_not_found(officer, path: str) -> None:
    make_round("draft", slug="r")

    officer.open(path, status=404)


def test_ending_early_without_a_reason_is_explained(officer) -> None:
    make_round("voting", slug="round")

    page = officer.send(
        "/staff/rounds/round", {"reason": ""}, button="Propose to end the voting early", status=422
    )

    assert "Enter the reason" in page.select_one("#reason-error").text


def test_reviewers_see_the_rounds_but_change_nothing(browser) -> None:
    make_round("draft", slug="round")
    reviewer = browser(make_account("reviewer"))

    page = reviewer.open("/staff/rounds/round")

    assert "A round officer can do this." in page.text
    reviewer.open("/staff/rounds/round/setup/basics", status=403)
    reviewer.open("/staff/rounds/new", status=403)


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("draft", "Announce the round"),
        ("proposals", "The review begins by itself on"),
        ("review", "Release the decisions and prices of all proposals first."),
        ("frozen", "The voter roll has to be imported"),
        ("voting", "Voting ends by itself on"),
        ("closed", "Next the ballots are counted"),
        ("published", "The rule sheet as everybody sees it"),
    ],
)
def test_the_officers_page_says_what_comes_next_and_what_is_missing(officer, state, words) -> None:
    make_round(state, slug="round")

    assert words in officer.open("/staff/rounds/round").select_one("main").text
    assert officer.open("/staff/rounds").select_one(".minga-round-line__title")


@pytest.mark.parametrize("page", ["projects/new", "project"])
def test_after_the_freeze_the_forms_of_projects_lead_to_the_rule_sheet(officer, page: str) -> None:
    round_ = make_round(slug="r", state="frozen")
    path = f"projects/{round_.projects[0].id}" if page == "project" else page

    shown = officer.open(f"/staff/rounds/r/{path}")

    assert officer.answer.request.path == "/rounds/r/rules"
    assert shown.select_one("main form[method=post]") is None


@pytest.mark.parametrize(
    ("dates", "field"),
    [
        (DATES | moment_fields("voting_opens_at", 3, 2), "voting_opens_at"),
        (
            DATES
            | {"proposals": "yes"}
            | moment_fields("proposals_open_at", 3, 1)
            | moment_fields("proposals_close_at", 3, 2),
            "proposals_close_at",
        ),
    ],
)
def test_a_date_that_would_be_over_at_the_announcement_is_refused_where_it_is_entered(
    officer, dates: dict[str, str], field: str
) -> None:
    make_round(slug="r", state="draft")

    page = officer.send("/staff/rounds/r/setup/dates", dates, status=422)

    assert "in the past" in page.select_one(f"#{field}-error").text


def test_an_announced_round_may_keep_dates_that_are_over(officer) -> None:
    round_ = make_round(slug="r", state="review")

    officer.send("/staff/rounds/r/setup/dates", {"results_at-year": "2028"})

    assert stored("r").results_at.year == 2028
    assert stored("r").proposals_close_at == round_.row.proposals_close_at


def test_a_date_before_the_one_it_follows_is_told_which(officer) -> None:
    make_round(slug="r", state="draft")
    dates = DATES | moment_fields("voting_closes_at", 2, 5)

    page = officer.send("/staff/rounds/r/setup/dates", dates, status=422)

    assert (
        "This comes after “Voting opens”: enter a date and time later than 3 May 2027"
        in page.select_one("#voting_closes_at-error").text
    )
