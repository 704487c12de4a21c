"""The whole way of a voter by keyboard alone."""

from collections.abc import Callable

import factories_ballots
import pytest
from factories_rounds import make_round
from keyboard import Keyboard
from playwright.sync_api import expect
from visiting import Visitor

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("database", ["sqlite"], indirect=True),
]


def test_a_voter_needs_no_mouse(visit: Callable[..., Visitor]) -> None:
    made = make_round(ballot_type="approval", limits={"number_max": 2})
    [entry] = factories_ballots.make_roll(made)
    voter = visit()
    keys = Keyboard(voter)

    voter.open("/")
    assert keys.tab() == "Skip to main content"
    voter.page.keyboard.press("Enter")
    keys.press("Vote now")
    keys.type("Your code", factories_ballots.make_code(entry))
    keys.press("Go to my ballot")
    for title in voter.page.locator(".minga-choice__title").all_inner_texts()[:2]:
        keys.mark(title)
    voter.sees("2 of 2 chosen.")
    keys.press("Check and cast")
    keys.press("Cast this ballot")

    assert voter.heading == "Your ballot is cast"
    keys.press("Change my ballot")
    keys.press("Finish and leave", key="Space")
    assert voter.heading == "You have left the booth"


def test_an_order_is_made_without_dragging(visit: Callable[..., Visitor]) -> None:
    made = make_round(ballot_type="ranking")
    [entry] = factories_ballots.make_roll(made)
    voter = visit()
    keys = Keyboard(voter)
    voter.open(f"/ballot/{made.slug}")

    keys.type("Your code", factories_ballots.make_code(entry))
    keys.press("Go to my ballot")
    keys.push("Add to my order Bench")
    keys.push("Add to my order Trees")
    expect(voter.page.locator(".minga-rank__items")).to_contain_text("Trees")
    voter.page.keyboard.press("Enter")  # the focus has gone along: up by one
    voter.sees("2 of 3 places filled.")

    items = voter.page.locator(".minga-rank__items > li")
    assert ["Trees" in text for text in items.all_inner_texts()] == [True, False]


def test_the_page_can_be_left_at_its_end(visit: Callable[..., Visitor]) -> None:
    made = make_round("proposals")
    reader = visit(wide=True)
    keys = Keyboard(reader)
    reader.open(f"/rounds/{made.slug}")

    stops = [keys.tab() for _ in range(60)]

    assert stops[0] == "Skip to main content"
    assert "" in stops  # back to the browser's own controls: nothing holds the focus
