"""A voter's way from the letter to the tracking code: each ballot, with scripts and without."""

from collections.abc import Callable

import factories_ballots
import pytest
from factories_rounds import MadeRound, make_round
from playwright.sync_api import expect
from sqlalchemy import select
from visiting import Visitor

from app.ballots import queries as ballots
from app.ballots.models import ballot
from app.db import read_tx
from voting.limits import BallotType
from voting.receipts import Record

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database", ["sqlite"], indirect=True),
]

Visit = Callable[..., Visitor]
Wishes = dict[str, int]

# Ballot -> limits; wishes beyond a limit; the words that say so; wishes within it.
ELECTIONS: dict[str, tuple[dict[str, int], Wishes, str, Wishes]] = {
    "approval": (
        {"number_max": 2},
        {"Bench": 1, "Pool": 1, "Trees": 1},
        "at most 2 projects and have 3. Take out 1.",
        {"Bench": 1, "Trees": 1},
    ),
    "knapsack": (
        {},
        {"Bench": 1, "Pool": 1, "Trees": 1, "Library": 1},
        "€500 more than the budget of €10,000",
        {"Bench": 1, "Pool": 1, "Trees": 1},
    ),
    "points": (
        {},
        {"Bench": 8, "Trees": 5},
        "You have given 13 points and have 10. Take back 3 points.",
        {"Bench": 8, "Trees": 2},
    ),
    "ranking": (
        {},
        {"Bench": 1, "Trees": 2, "Pool": 3, "Library": 4},
        "at most 3 projects and have 4. Take out 1.",
        {"Bench": 1, "Trees": 2, "Pool": 3},
    ),
    "scores": (
        {"number_max": 2},
        {"Bench": 5, "Trees": 4, "Pool": 3},
        "at most 2 projects and have 3. Take out 1.",
        {"Bench": 5, "Trees": 4},
    ),
}


def fill_in(voter: Visitor, kind: str, wishes: Wishes) -> None:
    """Fill in the ballot as these wishes say, from whatever stood there."""
    for title in ("Bench", "Pool", "Trees", "Library"):
        wish = wishes.get(title)
        if kind in ("approval", "knapsack"):
            voter.page.get_by_label(title, exact=True).set_checked(wish is not None)
        elif kind == "scores":
            voter.page.get_by_label(title, exact=True).select_option(str(wish or ""))
        elif kind == "ranking" and voter.scripts:
            order_by_buttons(voter, title, wanted=wish is not None)
        else:
            voter.page.get_by_label(title, exact=True).fill(str(wish or ""))


def order_by_buttons(voter: Visitor, title: str, *, wanted: bool) -> None:
    add = voter.page.get_by_role("button", name=f"Add to my order {title}")
    if add.is_visible() and wanted:
        add.click()
    elif not add.is_visible() and not wanted:
        voter.page.get_by_role("button", name=f"Take out {title}").click()


def update(voter: Visitor) -> None:
    """Without scripts the bar needs a press; with them it follows by itself."""
    if not voter.scripts:
        voter.press("Save")


def sloppy(code: str) -> str:
    """A code as it is typed from paper."""
    return code.lower().replace("-", "  ")


def vote_in(kind: str, limits: dict[str, int]) -> tuple[MadeRound, str]:
    made = make_round(ballot_type=kind, limits=limits)
    [entry] = factories_ballots.make_roll(made)
    return made, factories_ballots.make_code(entry)


def enter(voter: Visitor, code: str) -> None:
    voter.open("/")
    voter.press("Vote now")
    voter.write("Your code", sloppy(code))
    voter.press("Go to my ballot")


def cast(voter: Visitor, kind: str, *, at_first: Wishes, refusal: str, then: Wishes) -> None:
    """Go beyond a limit, read why, mend it and cast."""
    fill_in(voter, kind, at_first)
    update(voter)
    voter.sees(refusal)
    fill_in(voter, kind, then)
    update(voter)
    expect(voter.page.locator("[data-ballot-blockers]")).to_be_hidden()
    voter.press("Check and cast")
    voter.sees("Check your ballot", *then)
    voter.press("Cast this ballot")
    voter.sees("Your ballot is cast", "Tracking code")


@pytest.mark.parametrize("kind", ELECTIONS)
def test_a_code_a_ballot_a_slip_a_receipt_a_change(kind: str, visit: Visit) -> None:
    limits, too_much, sentence, within = ELECTIONS[kind]
    made, code = vote_in(kind, limits)

    on_a_phone = visit()
    enter(on_a_phone, code)
    cast(on_a_phone, kind, at_first=too_much, refusal=sentence, then=within)
    without_scripts = visit(scripts=False, wide=True)
    enter(without_scripts, code)
    without_scripts.press(made.pot.name)
    without_scripts.press("Change my ballot")
    cast(without_scripts, kind, at_first=too_much, refusal=sentence, then={"Pool": 3})

    assert list(read_tx(lambda tx: ballots.turnout(tx, made.row)).values()) == [1]


def at_the_review(voter: Visitor, made: MadeRound, code: str, *titles: str) -> None:
    voter.open(f"/ballot/{made.slug}#{code}")
    if not voter.scripts:
        voter.write("Your code", code)
    voter.press("Go to my ballot")
    for title in titles:
        voter.choose(title)
    voter.press("Check and cast")


def choices(made: MadeRound) -> list[tuple[str, ...]]:
    """Return what was cast, one entry for each time, the last one last."""
    query = select(ballot.c.record).order_by(ballot.c.version)
    records = read_tx(lambda tx: list(tx.connection().execute(query).scalars()))
    return [Record.decode(one, BallotType.APPROVAL).choices.ids for one in records]


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_two_clicks_and_the_way_back_cast_nothing_twice(visit: Visit, *, scripts: bool) -> None:
    made, code = vote_in("approval", {})
    voter = visit(scripts=scripts)
    at_the_review(voter, made, code, "Bench")

    voter.control("Cast this ballot").dblclick()
    expect(voter.page.locator("h1")).to_have_text("Your ballot is cast")
    voter.page.go_back()

    voter.sees("This is the ballot that you have cast. You need not cast it again.")
    assert choices(made) == [("bench",)]


def test_of_two_tabs_the_one_cast_last_counts(visit: Visit) -> None:
    made, code = vote_in("approval", {})
    voter = visit()
    at_the_review(voter, made, code, "Bench")
    other = voter.page.context.new_page()

    other.goto(f"/ballot/{made.slug}/{made.pot.id}")
    other.get_by_label("Pool", exact=True).check()
    expect(other.get_by_text("2 projects chosen.")).to_be_visible()
    other.get_by_role("button", name="Check and cast").click()
    other.get_by_role("button", name="Cast this ballot").click()
    expect(other.locator("h1")).to_have_text("Your ballot is cast")
    voter.press("Cast this ballot")

    assert choices(made) == [("bench", "pool"), ("bench",)]
