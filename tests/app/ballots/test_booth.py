"""The whole way of a voter, as a browser without scripts sees it."""

import json
from datetime import timedelta

import pytest
from browsing import Browser
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from factories import make_area
from factories_ballots import make_ballot, make_code, make_pass, make_roll, pass_cookie
from factories_rounds import MadeRound, make_round
from flask import Flask

from app.ballots import queries
from app.db import read_tx
from app.roll import passes
from app.roll.passes import VotingPass


def voter(app: Flask, round_: MadeRound, known: VotingPass | None = None) -> Browser:
    """A browser of somebody who is in the booth."""
    browser = Browser(app)
    known = known or make_pass(make_roll(round_)[0])
    browser.client.set_cookie(passes.COOKIE, pass_cookie(known))
    return browser


def fill(round_: MadeRound, pot: int = 0) -> str:
    return f"/ballot/{round_.slug}/{round_.pots[pot].id}"


def test_from_the_letter_to_the_tracking_code(app: Flask, browser) -> None:
    round_ = make_round()
    code = make_code(make_roll(round_)[0])
    person = browser()

    page = person.send(f"/ballot/{round_.slug}", {"code": code.lower().replace("-", " ")})
    assert "Not cast yet." in page.select_one("[data-ballot-bar]").text
    page = person.send(fill(round_), {"project": ["bench", "trees"]}, button="Check and cast")
    assert page.h1.text == "Check your ballot"
    assert "Not cast yet" in page.main.text
    page = person.send(f"{fill(round_)}/review", button="Cast this ballot")

    assert "Your ballot is cast" in page.h1.text
    assert len(page.select_one(".minga-code__code").text.strip()) == 19
    assert "show it to the town hall" in page.main.text
    assert "public list" not in page.main.text  # there is none to look it up on
    assert read_tx(lambda s: queries.turnout(s, round_.row)) == {round_.pot.id: 1}


@pytest.mark.parametrize(
    ("ballot_type", "fields", "said"),
    [
        ("approval", {"project": ["bench", "pool"]}, "2 projects chosen."),
        ("knapsack", {"project": ["bench", "pool"]}, "2 projects chosen. €6,000 left of €10,000."),
        (
            "points",
            {"points-bench": "4", "points-pool": "3"},
            "7 points of 10 given. 3",
        ),
        ("ranking", {"rank-pool": "1", "rank-bench": "5"}, "2 of 3 places filled."),
        ("scores", {"points-bench": "5", "points-pool": "0"}, "2 projects scored."),
    ],
)
def test_each_kind_of_ballot_can_be_filled_in_reviewed_and_cast(
    app: Flask, ballot_type: str, fields: dict, said: str
) -> None:
    round_ = make_round(ballot_type=ballot_type)
    person = voter(app, round_)

    page = person.send(fill(round_), fields, button="Save")
    assert said in page.select_one("[data-ballot-status]").text.replace("\xa0", " ")
    page = person.send(fill(round_), button="Check and cast")
    assert "Bench" in page.table.text
    assert "Pool" in page.table.text
    page = person.send(f"{fill(round_)}/review", button="Cast")

    assert "Your ballot is cast" in page.h1.text


def test_a_draft_may_break_a_limit_but_is_not_cast(app: Flask) -> None:
    round_ = make_round(limits={"number_max": 1})
    person = voter(app, round_)

    page = person.send(fill(round_), {"project": ["bench", "pool"]}, button="Check and cast")

    assert "at most 1 projects and have 2. Take out 1" in page.main.text
    assert page.select_one("[name=cast_key]") is None
    kept = person.open(fill(round_))
    assert {box["value"] for box in kept.select("input[checked]")} == {"bench", "pool"}


def test_a_forged_form_over_the_limit_is_refused_with_the_sentence(app: Flask) -> None:
    round_ = make_round(limits={"number_max": 1})
    person = voter(app, round_)
    person.send(fill(round_), {"project": ["bench"]}, button="Save")

    page = person.send(
        f"{fill(round_)}/review", {"project": ["bench", "pool"]}, button="Cast", status=422
    )

    assert page.h1.text == "Not cast"
    assert "Take out 1" in page.main.text
    assert read_tx(lambda s: queries.turnout(s, round_.row)) == {round_.pot.id: 0}


def test_a_number_that_cannot_be_read_is_shown_again_as_it_was_typed(app: Flask) -> None:
    round_ = make_round(ballot_type="points")
    person = voter(app, round_)

    page = person.send(
        fill(round_), {"points-bench": "ten", "points-pool": "2"}, button="Save", status=422
    )

    assert page.title.text.startswith("Error:")
    assert page.select_one("[name=points-bench]")["value"] == "ten"
    assert page.select_one("[name=points-pool]")["value"] == "2"
    assert "Bench" in page.select_one(".govuk-error-summary").text


def test_each_number_at_fault_has_its_own_message_and_a_link_to_it(app: Flask) -> None:
    round_ = make_round(ballot_type="points")
    person = voter(app, round_)

    page = person.send(
        fill(round_), {"points-bench": "-1", "points-pool": "x,y"}, button="Save", status=422
    )

    boxes = {box["name"]: box for box in page.select("input[name^=points-]")}
    for name, said in (("points-bench", "below 0"), ("points-pool", "whole number")):
        assert said in page.select_one(f"[id='{boxes[name]['id']}-error']").text
        assert said in page.select_one(f".govuk-error-summary a[href='#{boxes[name]['id']}']").text
    assert not page.select(f"[id='{boxes['points-trees']['id']}-error']")


def test_without_scripts_the_bar_says_that_its_figures_are_those_last_saved(app: Flask) -> None:
    round_ = make_round()

    bar = voter(app, round_).open(fill(round_)).select_one("[data-ballot-bar]")

    assert "As last saved: 0 projects chosen." in " ".join(bar.text.split())
    assert bar.select_one(".minga-without-script").text == "As last saved:"


def test_searching_keeps_what_is_chosen_elsewhere(app: Flask) -> None:
    projects = [(f"p{n}", 1000) for n in range(12)]
    round_ = make_round(projects=projects)
    person = voter(app, round_)
    person.send(fill(round_), {"project": ["p1", "p2"]}, button="Save")

    page = person.send(fill(round_), {"q": "p7"}, button="Show")
    assert [box["value"] for box in page.select("input[type=checkbox]")] == ["p7"]
    person.send(f"{fill(round_)}?q=p7", {"project": ["p1", "p2", "p7"]}, button="Save")
    page = person.open(fill(round_))

    assert {box["value"] for box in page.select("input[checked]")} == {"p1", "p2", "p7"}


def test_projects_stand_in_an_order_of_the_voters_own_that_stays(app: Flask) -> None:
    round_ = make_round(projects=[(f"p{n}", 1000) for n in range(12)])
    people = [voter(app, round_, make_pass(entry)) for entry in make_roll(round_, 2)]

    def order(person: Browser) -> list[str]:
        return [box["value"] for box in person.open(fill(round_)).select("input[type=checkbox]")]

    assert order(people[0]) == order(people[0])
    assert order(people[0]) != order(people[1])


def test_the_list_names_the_ballot_that_is_still_open(app: Flask) -> None:
    round_ = make_round(pots={"town": 500_000, "north": 500_000})
    known = make_pass(make_roll(round_, {"north": 1})[0])
    person = voter(app, round_, known)
    make_ballot(known, round_.pots[0].id, {"project": ["bench"]})

    page = person.open(f"/ballot/{round_.slug}/mine")

    tags = {
        row.a.text: row.select_one(".govuk-tag").text for row in page.select(".govuk-task-list li")
    }
    assert tags == {"North": "Open", "Whole town": "Cast"}
    assert "Not cast yet: North." in page.main.text


def test_a_cast_ballot_can_be_changed_and_shows_what_was_chosen(app: Flask) -> None:
    round_ = make_round()
    known = make_pass(make_roll(round_)[0])
    make_ballot(known, round_.pot.id, {"project": ["bench"]})
    person = voter(app, round_, known)

    page = person.open(fill(round_))
    assert [box["value"] for box in page.select("input[checked]")] == ["bench"]
    person.send(fill(round_), {"project": ["pool"]}, button="Save")
    page = person.open(f"/ballot/{round_.slug}/mine")

    assert "Cast, change not cast yet" in page.main.text
    assert f"Change not cast yet: {round_.pot.name}." in page.main.text
    assert "You have cast all your ballots" not in page.main.text


def test_a_script_keeps_the_draft_and_hears_where_it_stands(app: Flask) -> None:
    round_ = make_round(limits={"number_max": 1})
    person = voter(app, round_)
    token = person.open(fill(round_)).select_one("[name=csrf_token]")["value"]

    answer = person.client.post(
        f"{fill(round_)}/draft",
        data={"csrf_token": token, "project": ["bench", "pool"]},
        headers={"Accept": "application/json"},
    )

    assert answer.json["status"] == "2 of 1 chosen."
    assert not answer.json["castable"]
    assert "Take out 1" in answer.json["blockers"][0]


def test_leaving_names_what_is_not_cast_and_then_clears_the_device(app: Flask) -> None:
    round_ = make_round()
    person = voter(app, round_)
    person.send(fill(round_), {"project": ["bench"]}, button="Save")

    page = person.send(fill(round_), button="Finish and leave", form=".minga-leave")
    assert page.h1.text == "You have not cast everything"
    token = page.select_one("[name=csrf_token]")["value"]
    answer = person.client.post(
        f"/ballot/{round_.slug}/leave", data={"csrf_token": token, "anyway": "yes"}
    )

    assert answer.status_code == 303
    assert person.client.get_cookie(passes.COOKIE) is None
    assert "Enter your code" in person.open(fill(round_)).h1.text


def test_an_empty_ballot_is_cast_on_purpose(app: Flask) -> None:
    round_ = make_round()
    person = voter(app, round_)

    page = person.send(f"{fill(round_)}/review", button="Cast an empty ballot")

    assert "Your ballot is cast" in page.h1.text


def test_the_receipt_can_be_saved_and_checked(app: Flask) -> None:
    round_ = make_round()
    known = make_pass(make_roll(round_)[0])
    cast = make_ballot(known, round_.pot.id, {"project": ["bench"]})
    person = voter(app, round_, known)

    said = person.client.get(f"{fill(round_)}/receipt.json").json

    key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(said["public_key"]))
    key.verify(bytes.fromhex(said["signature"]), said["content"].encode())
    assert json.loads(said["content"]) == {
        "commitment": cast.commitment.hex(),
        "due": round_.row.voting_closes_at.date().isoformat(),
        "format": "minga-receipt/1",
        "round": str(round_.id),
    }


def test_the_booth_of_a_closed_round_says_so(app: Flask, at) -> None:
    round_ = make_round()
    known = make_pass(make_roll(round_)[0])
    at(round_.row.voting_closes_at)
    known = passes.renew(known)
    person = voter(app, round_, known)

    for path in (fill(round_), f"{fill(round_)}/review", f"/ballot/{round_.slug}"):
        assert person.open(path).h1.text == "Voting is over"


def test_a_round_that_has_not_opened_says_when_it_will(app: Flask, open_page) -> None:
    round_ = make_round("frozen")

    page = open_page(f"/ballot/{round_.slug}")

    assert page.h1.text == "Voting is not open yet"
    assert "It opens on" in page.main.text


def test_without_a_pass_every_page_of_the_booth_asks_for_the_code(app: Flask, open_page) -> None:
    round_ = make_round()

    for path in (fill(round_), f"{fill(round_)}/review", f"{fill(round_)}/done"):
        assert open_page(path).h1.text == "Enter your code"


def test_a_pass_is_over_after_twenty_minutes_without_use(app: Flask, at, noon, days) -> None:
    round_ = make_round()
    person = voter(app, round_)
    at(noon + timedelta(minutes=19))
    person.open(fill(round_))
    at(noon + timedelta(minutes=38))
    assert person.open(fill(round_)).h1.text == round_.pot.name
    at(noon + timedelta(minutes=59))

    page = person.open(fill(round_))

    assert page.h1.text == "Enter your code"
    assert "Your time in the booth is over" in page.text


def test_a_foreign_or_changed_pass_opens_nothing(app: Flask) -> None:
    round_, other = make_round(), make_round()
    sealed = pass_cookie(make_pass(make_roll(other)[0]))
    for cookie in (sealed, sealed[:-4] + "AAAA", "nonsense", "é" * 50, ""):
        person = Browser(app)
        person.client.set_cookie(passes.COOKIE, cookie)

        assert person.open(fill(round_)).h1.text == "Enter your code"


def test_a_district_without_a_budget_has_no_ballot(app: Flask) -> None:
    round_ = make_round(pots={"north": 500_000})
    make_area("south", kind="district")
    known = make_pass(make_roll(round_, {"south": 1})[0])

    page = voter(app, round_, known).open(f"/ballot/{round_.slug}/mine")

    assert page.h1.text == "There is no ballot for you"


def test_one_open_round_is_chosen_by_itself(app: Flask, open_page) -> None:
    make_round("closed")
    assert "no vote open" in open_page("/ballot").main.text
    make_round()
    assert open_page("/ballot").h1.text == "Enter your code"
    make_round()
    assert len(open_page("/ballot").select("main li a")) == 2


def test_a_form_from_an_older_tab_says_that_the_newer_vote_counts(app: Flask) -> None:
    round_ = make_round()
    person = voter(app, round_)
    person.send(fill(round_), {"project": ["bench"]}, button="Save")
    old = person.open(f"{fill(round_)}/review")
    old_form = {field["name"]: field["value"] for field in old.select("form [type=hidden]")}
    person.send(f"{fill(round_)}/review", old_form, button="Cast")
    person.send(fill(round_), {"project": ["pool"]}, button="Save")
    person.send(f"{fill(round_)}/review", button="Cast")

    answer = person.client.post(f"{fill(round_)}/cast", data=old_form, follow_redirects=True)

    assert "An older form was sent again" in answer.text
    page = person.open(fill(round_))
    assert [box["value"] for box in page.select("input[checked]")] == ["pool"]


@pytest.mark.parametrize("cast_key", ["", "short", "zz" * 16, None])
def test_a_form_without_its_random_bytes_casts_nothing(app: Flask, cast_key: str | None) -> None:
    round_ = make_round()
    person = voter(app, round_)

    page = person.send(f"{fill(round_)}/review", {"cast_key": cast_key}, button="Cast")

    assert "nothing was cast" in page.text
    assert read_tx(lambda s: queries.turnout(s, round_.row)) == {round_.pot.id: 0}
