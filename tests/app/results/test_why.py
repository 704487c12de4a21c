"""The page that says why one project won or lost."""

import re

import pytest
from factories_results import OPERATOR, do_jobs, in_app, make_closed, make_count, make_published

from app.db import run_tx
from app.results import child, counting, runs
from app.results.counting import Counted

SPLIT = [("bench", "pool")] * 9 + [("bench", "trees")] * 8 + [("library",)] * 6 + [()]


def said(page) -> str:
    return re.sub(r"\s+", " ", page.select_one("main").get_text(" ")).replace("\xa0", " ")


@in_app
def what_if(round_, rule):
    row = run_tx(lambda s: runs.request_what_if(s, OPERATOR, round_.id, rule, reason="To see."))
    do_jobs()
    return row


def test_a_loser_s_page_says_who_chose_it_what_they_had_and_what_was_missing(stranger) -> None:
    make_published(make_closed(SPLIT, slug="meadow"))

    page = stranger.open("/rounds/meadow/results/projects/library")
    text = said(page)

    assert page.select_one("h1").text == "Library"
    assert "why it was not funded" in text
    assert "6 people chose this project. It costs €4,000." in text
    assert re.search(r"Everybody who voted had the same share of the money, €[\d.,]+\.", text)
    assert re.search(r"so €[\d.,]+ was missing from the start", text)
    assert re.search(r"needed the whole shares of at least \d+ people", text)
    assert "By the rule: Not funded: too few people chose it" in text


def test_a_loser_s_page_names_what_its_supporters_paid_for_instead(stranger) -> None:
    ballots = [("bench", "pool")] * 12 + [("pool",)] * 2 + [("trees",)] * 10
    projects = [("bench", 110_000), ("pool", 100_000), ("trees", 90_000)]
    rule = {"rule": "equal-shares", "completion": "none"}
    round_ = make_closed(
        ballots, slug="meadow", projects=projects, pots={"town": 240_000}, rule=rule
    )
    make_published(round_)

    page = stranger.open("/rounds/meadow/results/projects/pool")
    bench = stranger.open("/rounds/meadow/results/projects/bench")
    lost = page if "why it was not funded" in said(page) else bench
    winner = "“Bench”" if lost is page else "“Pool”"

    assert "The same people had chosen other projects too" in said(lost)
    assert winner in said(lost)
    assert re.search(
        r"Then €[\d.,]+ of their shares was left, and €[\d.,]+ was missing", said(lost)
    )
    table = lost.find("caption", string=re.compile("had paid before")).find_parent("table")
    assert table.select("tbody a[href*='/results/projects/']")


def test_a_loser_s_page_says_that_later_steps_took_more_of_the_shares(stranger) -> None:
    projects = [("bench", 10_000), ("trees", 10_000), ("pool", 21_000)]
    rule = {"rule": "equal-shares", "completion": "none"}
    ballots = [("bench", "trees", "pool")] * 10
    make_published(
        make_closed(ballots, slug="meadow", projects=projects, pots={"town": 30_000}, rule=rule)
    )

    text = said(stranger.open("/rounds/meadow/results/projects/pool"))

    assert "Then €200 of their shares was left, and €10 was missing." in text
    assert "In the end €100 was left of the whole budget, too little for this project." in text
    assert "still more of their shares went to other projects: down to €100." in text


def test_a_loser_that_would_fit_into_what_is_left_is_told_that_only_shares_pay(stranger) -> None:
    projects = [("bench", 10_000), ("trees", 10_000), ("pool", 21_000)]
    rule = {"rule": "equal-shares", "completion": "none"}
    ballots = [("bench", "trees")] * 10 + [("pool",)] * 10
    make_published(
        make_closed(ballots, slug="meadow", projects=projects, pots={"town": 41_000}, rule=rule)
    )

    text = said(stranger.open("/rounds/meadow/results/projects/pool"))
    result = said(stranger.open("/rounds/meadow/results"))

    assert "In the end €210 was left of the whole budget. By the rule sheet it goes to no" in text
    assert "€210 of the budget is not spent. A project that lost may cost less" in result


def test_raised_shares_are_told_beside_the_budget_divided_by_the_voters(stranger) -> None:
    make_published(make_closed(SPLIT, slug="meadow", pots={"town": 700_000}))

    text = said(stranger.open("/rounds/meadow/results/projects/library"))

    assert re.search(r"The budget divided by the number of voters is €291\.66\. .* to €\d+", text)


def test_the_sentence_and_the_table_round_effective_votes_alike(stranger) -> None:
    projects = [("bench", 180_000), ("pool", 118_000)]
    rule = {"rule": "equal-shares", "completion": "none"}
    ballots = [("bench", "pool")] * 20 + [("pool",)] * 5 + [("bench",)] * 10
    make_published(
        make_closed(ballots, slug="meadow", projects=projects, pots={"town": 350_000}, rule=rule)
    )

    page = stranger.open("/rounds/meadow/results/projects/pool")

    assert "as much as 16 full votes" in said(page)
    assert page.select("figure tbody tr")[-1].select("td")[-2].text == "16"


def test_a_winner_s_page_says_that_its_supporters_paid_for_it(stranger) -> None:
    make_published(make_closed(slug="meadow"))

    page = stranger.open("/rounds/meadow/results/projects/bench")

    assert "why it was funded" in said(page)
    assert "17 people chose this project" in said(page)
    assert "Then they paid the whole cost together: each €58.83." in said(page)


def test_the_steps_stand_in_a_picture_and_in_its_table(stranger) -> None:
    make_published(make_closed(slug="meadow"))

    page = stranger.open("/rounds/meadow/results/projects/library")
    [figure] = page.select("figure:has(svg)")
    rows = figure.select("tbody tr")

    assert len(figure.select("svg rect")) == len(rows) > 1
    assert rows[0].select("td")[-1].text == "Bench"
    assert "none: nothing more could be paid" in rows[-1].text


def test_the_list_leads_to_every_project_and_each_leads_on(stranger) -> None:
    make_published(make_closed(slug="meadow"))

    links = stranger.open("/rounds/meadow/results").select(".minga-results__more a")
    addresses = [link["href"] for link in links]
    walked = [addresses[0]]
    while following := stranger.open(walked[-1]).select_one("a[rel=next]"):
        walked.append(following["href"])
    back = stranger.open(walked[-1]).select_one(".govuk-back-link")["href"]

    assert walked == addresses
    assert len(walked) == 4
    assert back == "/rounds/meadow/results#project-library"


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        ({"rule": "greedy"}, "By votes it was number 1 of all projects"),
        ({"rule": "knapsack"}, "17 people chose this project"),
        ({"rule": "phragmen"}, "17 people chose this project"),
        ({"rule": "equal-shares", "utility": "cardinality"}, "paid the whole cost together:"),
    ],
)
def test_every_rule_has_a_page_with_what_it_has(stranger, rule, sentence) -> None:
    make_published(make_closed(slug="meadow", rule=rule))

    page = stranger.open("/rounds/meadow/results/projects/bench")

    assert sentence in said(page)
    assert "None" not in said(page)


def test_by_most_votes_first_the_page_says_what_was_left(stranger) -> None:
    round_ = make_closed(slug="meadow", rule={"rule": "greedy"}, pots={"town": 350_000})
    make_published(round_)

    text = said(stranger.open("/rounds/meadow/results/projects/pool"))

    assert "When its turn came, €2,500 of the budget was left, and €500 was missing." in text


def test_a_project_that_nobody_chose_has_a_page(stranger) -> None:
    make_published(make_closed([("bench",)] * 20, slug="meadow"))

    assert "Nobody chose this project" in said(
        stranger.open("/rounds/meadow/results/projects/pool")
    )


def test_before_the_result_is_public_no_page_says_why(stranger, officer) -> None:
    round_ = make_closed(slug="meadow")
    make_count(round_)

    stranger.open("/rounds/meadow/results/projects/bench", status=404)
    stranger.open("/rounds/meadow/runs/1/projects/bench", status=404)
    assert stranger.client.get("/staff/rounds/meadow/count/1/projects/bench").status_code == 303
    assert "Count 1, the official one." in said(
        officer.open("/staff/rounds/meadow/count/1/projects/bench")
    )


def test_another_run_says_that_it_is_not_the_result(stranger) -> None:
    round_ = make_published(make_closed(slug="meadow"))
    what_if(round_, {"rule": "greedy"})

    page = stranger.open("/rounds/meadow/runs/2/projects/bench")

    assert "what another rule would give. It is not the result." in said(page)
    assert page.select_one(".govuk-back-link")["href"] == "/rounds/meadow/runs/2#project-bench"


@pytest.mark.parametrize("reference", ["nothing", "bench/1", "%00", "x" * 300])
def test_a_project_that_is_not_there_is_not_found(stranger, reference: str) -> None:
    make_published(make_closed(slug="meadow"))

    stranger.open(f"/rounds/meadow/results/projects/{reference}", status=404)
    stranger.open(f"/rounds/meadow/runs/1/projects/{reference}", status=404)


def test_results_of_the_first_format_still_show(stranger, monkeypatch) -> None:
    def count_as_before(order, show):
        answer = counting.count(order, show)
        return Counted(tuple(_as_before(one) for one in answer.documents), answer.files)

    monkeypatch.setattr(child, "count_apart", count_as_before)
    round_ = make_published(make_closed(slug="meadow"))

    result = stranger.open("/rounds/meadow/results")
    page = stranger.open("/rounds/meadow/results/projects/library")

    assert "Step by step" not in said(result)
    assert "Who got something" in said(result)
    assert "6 people chose this project" in said(page)
    assert not page.select("figure")
    stranger.open(f"/rounds/meadow/results/{round_.pot.id}/share", status=404)
    assert stranger.client.get("/api/v1/rounds/meadow/results").status_code == 200


def _as_before(document):
    kept = ("pot", "name", "budget_minor", "minor_per_unit", "spent_minor", "allocation")
    one = {name: document[name] for name in (*kept, "representation")}
    fields = ("reference", "won", "votes", "supporters", "reason", "support", "missing_minor")
    one["projects"] = [{name: project[name] for name in fields} for project in document["projects"]]
    return one
