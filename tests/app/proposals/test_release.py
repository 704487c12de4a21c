"""The release: sealed until then, all at once, by two officers, exactly what both saw."""

import re
from collections.abc import Callable
from datetime import datetime

import pytest
from browsing import Browser
from factories import make_account
from factories_proposals import make_proposal, stored
from factories_rounds import MadeRound, make_round
from sqlmodel import select

from app.accounts.models import AccountRow
from app.db import read_tx
from app.jobs.models import OutboxRow
from app.rounds import queries as rounds

BROWSER = Callable[..., Browser]
SECRETS = (
    "The secret reason",
    "777,777",  # of euros, as pages say it, and the same in minor units, as data does:
    "77777700",  # long enough that no random token says it by chance
    "Twelve trees",
    "Can be done",
    "Cannot be done",
    "feasible",
)


@pytest.fixture
def round_(app: object, noon: datetime) -> MadeRound:
    return make_round(
        "review", projects=(), pots={"town": 100_000_000, "north": 500_000}, slug="2027"
    )


@pytest.fixture
def officers(app: object, browser: BROWSER) -> tuple[Browser, Browser]:
    return browser(make_account("round_officer")), browser(make_account("round_officer"))


def propose(officer: Browser) -> None:
    officer.send("/staff/rounds/2027/proposals/release", button="Ask a second officer")


def decide(officer: Browser, *, status: int = 200) -> str:
    link = officer.open("/staff/decisions").select_one("main a[href*='/staff/decisions/']")
    return officer.send(str(link["href"]), button="Approve", status=status).text


def walk(visitor: Browser) -> dict[str, str]:
    """Follow every link of this site from the home page; returns address -> what it said."""
    waiting, seen = ["/", "/account/proposals"], {}
    while waiting:
        path = waiting.pop()
        if path in seen or len(seen) > 120:
            continue
        answer = visitor.client.get(path, follow_redirects=True)
        # Packed bytes, such as the program's source, say any three digits by chance.
        packed = answer.mimetype == "application/zip"
        seen[path] = "" if packed else answer.get_data().decode(errors="replace")
        links = re.findall(r'href="(/[^"#]*)"', seen[path])
        waiting += [link.replace("&amp;", "&") for link in links if "/static/" not in link]
    return seen


def test_nothing_of_a_verdict_shows_anywhere_before_the_release(
    browser: BROWSER, round_: MadeRound
) -> None:
    marta = make_account(name="Marta")
    make_proposal(round_, marta, verdict="feasible", cost_minor=77_777_700)
    make_proposal(round_, marta, verdict="not_feasible")

    for visitor in (browser(), browser(marta), browser(make_account())):
        pages = walk(visitor)
        assert any("/proposals/" in path for path in pages)
        for path, text in pages.items():
            told = [secret for secret in SECRETS if secret in text]
            assert not told, f"{path} tells {told}"


def test_the_walk_finds_the_verdict_after_the_release(
    browser: BROWSER, round_: MadeRound, officers: tuple[Browser, Browser]
) -> None:
    """Otherwise the test above would pass for want of looking."""
    make_proposal(round_, verdict="feasible", cost_minor=77_777_700)
    propose(officers[0])
    decide(officers[1])

    text = "".join(walk(browser()).values())

    assert all(secret in text for secret in (SECRETS[0], SECRETS[1], SECRETS[3]))


def test_all_answers_appear_at_once_and_what_can_be_done_is_on_the_ballot(
    browser: BROWSER, round_: MadeRound, officers: tuple[Browser, Browser]
) -> None:
    marta, luis = make_account(name="Marta"), make_account(name="Luis")
    north = round_.pots[1]
    yes = make_proposal(
        round_, marta, verdict="feasible", cost_minor=30_000, area_id=north.area_id, number=4
    )
    no = make_proposal(round_, luis, verdict="not_feasible", number=7)
    make_proposal(round_, state="withdrawn")

    propose(officers[0])
    waiting = browser().open(f"/rounds/2027/proposals/{no.number}").text
    decide(officers[1])

    assert "The secret reason" not in waiting, "one officer publishes nothing"
    [project] = read_tx(lambda s: rounds.projects(s, round_.id))
    assert (project.reference, project.cost_minor, project.pot_id) == ("P4", 30_000, north.id)
    assert project.proposal_id == yes.id
    assert "Who benefits" in project.description
    assert (stored(yes.id).state, stored(no.id).state) == ("adopted", "decided")
    assert "It cannot be done" in browser().open(f"/rounds/2027/proposals/{no.number}").text
    assert "€300" in browser().open(f"/rounds/2027/proposals/{yes.number}").text
    assert "The secret reason" in browser(luis).open(f"/account/proposals/{no.id}").text
    subjects = read_tx(lambda s: s.exec(select(OutboxRow.recipient, OutboxRow.subject)).all())
    assert set(subjects) == {
        (marta.email, "The answer to your proposal"),
        (luis.email, "The answer to your proposal"),
    }


def test_what_is_undecided_is_listed_and_blocks(
    round_: MadeRound, officers: tuple[Browser, Browser]
) -> None:
    make_proposal(round_, verdict="feasible")
    make_proposal(round_, title="Still open")
    officer = officers[0]

    page = officer.open("/staff/rounds/2027/proposals/release")
    token = page.select_one("[name=csrf_token]")["value"]
    answer = officer.client.post("/staff/rounds/2027/proposals/release", data={"csrf_token": token})

    assert "Still open" in page.text
    assert answer.status_code == 409
    assert "1 proposals are not decided yet" in answer.text


def test_a_price_changed_after_the_proposal_stops_the_release(
    browser: BROWSER, round_: MadeRound, officers: tuple[Browser, Browser]
) -> None:
    row = make_proposal(round_, verdict="feasible")
    propose(officers[0])
    browser(make_account("reviewer")).send(
        f"/staff/rounds/2027/proposals/{row.number}/decide", {"cost": "501"}
    )

    assert "have changed since" in decide(officers[1], status=409)
    assert stored(row.id).state == "decided"


def test_an_officer_cannot_release_alone(
    round_: MadeRound, officers: tuple[Browser, Browser]
) -> None:
    row = make_proposal(round_, verdict="feasible")
    propose(officers[0])

    link = officers[0].open("/staff/decisions").select_one("main a[href*='/staff/decisions/']")
    page = officers[0].open(str(link["href"]))

    assert "Approve" not in [one.text.strip() for one in page.select("main button")]
    assert stored(row.id).state == "decided"


def test_proposing_twice_waits_once(round_: MadeRound, officers: tuple[Browser, Browser]) -> None:
    make_proposal(round_, verdict="feasible")
    page = officers[1].open("/staff/rounds/2027/proposals/release")
    token = page.select_one("[name=csrf_token]")["value"]
    propose(officers[0])

    answer = officers[1].client.post(
        "/staff/rounds/2027/proposals/release", data={"csrf_token": token}
    )

    assert answer.status_code == 409
    assert "already waits" in answer.text


def test_after_the_release_verdicts_stand(
    browser: BROWSER, round_: MadeRound, officers: tuple[Browser, Browser]
) -> None:
    luis = make_account()
    no = make_proposal(round_, luis, verdict="not_feasible")
    propose(officers[0])
    decide(officers[1])
    reviewer = browser(make_account("reviewer"))

    changed = reviewer.send(
        f"/staff/rounds/2027/proposals/{no.number}/decide", {"reason": "Other."}, status=409
    )
    shown = browser(luis).open(f"/account/proposals/{no.id}")

    assert "are public, so nothing was changed" in changed.text
    assert "Yes, withdraw it" not in shown.text


@pytest.mark.parametrize("state", ["proposals", "frozen"])
def test_answers_are_released_only_after_the_proposal_phase(
    app: object, officers: tuple[Browser, Browser], state: str
) -> None:
    round_ = (
        make_round(state, prices_released_at=None) if state == "proposals" else make_round(state)
    )
    make_proposal(round_, verdict="feasible")
    path = f"/staff/rounds/{round_.slug}/proposals/release"

    page = officers[0].open(path)

    assert not page.select("main form[method=post]")


def test_authors_of_joined_proposals_are_told_too(
    round_: MadeRound, officers: tuple[Browser, Browser]
) -> None:
    luis: AccountRow = make_account()
    target = make_proposal(round_, verdict="feasible")
    make_proposal(round_, luis, state="merged", merged_into_id=target.id)

    propose(officers[0])
    decide(officers[1])

    assert luis.email in read_tx(lambda s: s.exec(select(OutboxRow.recipient)).all())
