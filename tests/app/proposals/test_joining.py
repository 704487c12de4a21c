"""Joining proposals: every author agrees, or nothing changes; old pages lead on."""

from collections.abc import Callable
from datetime import datetime

import pytest
from browsing import Browser
from factories import make_account
from factories_proposals import make_proposal, stored
from factories_rounds import MadeRound, make_round

from app.accounts.models import AccountRow
from app.proposals.models import ProposalRow

BROWSER = Callable[..., Browser]
JOINT = {"title": "Shade for both stops", "description": "Two roofs.", "reason": "One street."}


class Street:
    """Two proposals of two authors, and a clerk who finds them alike."""

    def __init__(self, browser: BROWSER, round_: MadeRound) -> None:
        self.round = round_
        self.marta, self.luis = make_account(name="Marta"), make_account(name="Luis")
        self.first = make_proposal(round_, self.marta, title="A roof at the church", number=3)
        self.second = make_proposal(round_, self.luis, title="A roof at the school", number=5)
        self.clerk = browser(make_account("clerk"))
        self._browser = browser

    @property
    def form(self) -> str:
        return f"/staff/rounds/{self.round.slug}/proposals/join?with=5&with=3"

    def ask(self, *, status: int = 200) -> str:
        return self.clerk.send(self.form, JOINT, status=status).text

    def say(self, author: AccountRow, row: ProposalRow, word: str) -> str:
        return self._browser(author).send(f"/account/proposals/{row.id}", button=word).text

    def page(self, number: int) -> str:
        path = f"/rounds/{self.round.slug}/proposals/{number}"
        return self._browser().open(path).select_one("main").text


@pytest.fixture
def street(app: object, noon: datetime, browser: BROWSER) -> Street:
    return Street(browser, make_round("review", projects=()))


def test_they_become_one_when_all_authors_agree(street: Street) -> None:
    street.ask()
    said = street.say(street.luis, street.second, "Yes, join them")
    assert "Nothing changes until the other authors have agreed too." in said
    assert stored(street.second.id).state == "submitted", "one yes is not enough"

    street.say(street.marta, street.first, "Yes, join them")

    first, second = stored(street.first.id), stored(street.second.id)
    assert (first.title, first.description) == ("Shade for both stops", "Two roofs.")
    assert (second.state, second.merged_into_id) == ("merged", first.id)
    assert "A roof at the school" in street.page(5), "the old page stays"
    assert "Shade for both stops" in street.page(5)


def test_one_no_leaves_everything_as_it_is(street: Street) -> None:
    street.ask()
    street.say(street.luis, street.second, "Yes, join them")

    street.say(street.marta, street.first, "No, keep mine")

    assert (stored(street.first.id).title, stored(street.second.id).state) == (
        "A roof at the church",
        "submitted",
    )
    street.ask()  # and staff may ask again


def test_staff_can_take_the_wish_back(street: Street) -> None:
    street.ask()

    street.clerk.send(f"/staff/rounds/{street.round.slug}/proposals/3", button="Take the wish back")

    page = street._browser(street.luis).open(f"/account/proposals/{street.second.id}")
    assert "Yes, join them" not in page.text


def test_a_proposal_is_not_decided_while_its_authors_are_asked(street: Street) -> None:
    street.ask()
    reviewer = street._browser(make_account("reviewer"))

    page = reviewer.send(
        f"/staff/rounds/{street.round.slug}/proposals/3/decide",
        {"verdict": "not_feasible", "reason": "No."},
        status=409,
    )

    assert "Wait for their answer" in page.text


def test_withdrawing_one_ends_the_wish(street: Street) -> None:
    street.ask()

    street.say(street.luis, street.second, "Yes, withdraw it")

    page = street._browser(street.marta).open(f"/account/proposals/{street.first.id}")
    assert "Yes, join them" not in page.text
    assert stored(street.first.id).title == "A roof at the church"


def test_a_joint_proposal_passes_on_when_its_first_author_steps_back(street: Street) -> None:
    street.ask()
    street.say(street.luis, street.second, "Yes, join them")
    street.say(street.marta, street.first, "Yes, join them")

    street.say(street.marta, street.first, "Yes, withdraw it")

    row = stored(street.first.id)
    assert (row.state, row.author_id) == ("submitted", street.luis.id)


def test_they_are_not_asked_twice_at_once(street: Street) -> None:
    street.ask()

    assert "already being asked" in street.ask(status=409)


@pytest.mark.parametrize(
    "query", ["", "with=3", "with=x&with=3", "with=3&with=99", "with=" + "9" * 9]
)
def test_joining_needs_two_that_are_there(street: Street, query: str) -> None:
    path = f"/staff/rounds/{street.round.slug}/proposals/join?{query}"

    assert "Choose from 2" in street.clerk.open(path).text


@pytest.mark.parametrize("state", ["withdrawn", "decided", "adopted"])
def test_what_is_not_under_review_is_not_joined(street: Street, state: str) -> None:
    make_proposal(street.round, state=state, number=9)
    path = street.form + "&with=9"

    assert "P9 is not under review" in street.clerk.send(path, JOINT, status=409).text


def test_nobody_answers_for_another(street: Street) -> None:
    street.ask()
    marta = street._browser(street.marta)
    asked = marta.open(f"/account/proposals/{street.first.id}")
    action = asked.select_one("form[action*=join]")["action"]
    token = asked.select_one("[name=csrf_token]")["value"]

    for author in (make_account(), make_account("clerk")):
        other = street._browser(author)
        page = other.open("/rounds/x/propose", status=404)
        token = page.select_one("[name=csrf_token]")["value"]
        answer = other.client.post(action, data={"csrf_token": token, "agreed": "yes"})
        assert answer.status_code == 404
    cross = action.replace(str(street.first.id), str(street.second.id))
    token = asked.select_one("[name=csrf_token]")["value"]
    answer = marta.client.post(cross, data={"csrf_token": token, "agreed": "yes"})
    assert answer.status_code == 404
