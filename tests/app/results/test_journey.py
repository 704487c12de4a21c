"""A round of one's own from the close to the published result, in the browser."""

import re

from factories_results import APPROVALS, do_jobs, make_closed
from sqlmodel import Session

from allocation import pabulib
from app.db import read_tx
from app.results import publication, queries
from app.rounds import queries as rounds

TEXT = re.compile(r"\s+")


def words(page) -> str:
    return TEXT.sub(" ", page.select_one("main").get_text(" ", strip=True))


def make_counted_in_browser(officer, approve):
    """Draw, count and leave the draft unpublished."""
    round_ = make_closed(lot_seed=None, slug="meadow", title="Meadow")
    officer.send("/staff/rounds/meadow/count", {"draw": "3 1 6 6 2"}, button="Enter the draw")
    approve(publication.DRAW, round_.id)
    officer.send("/staff/rounds/meadow/count", button="Run the official count")
    return round_


def test_close_draw_count_publish(officer, second_officer, approve, stranger) -> None:
    round_ = make_closed(lot_seed=None, slug="meadow", title="Meadow")

    page = officer.open("/staff/rounds/meadow/count")
    assert "Dice thrown in open session" in words(page)
    assert not page.find("button", string=re.compile("Run the official count"))

    page = officer.send(
        "/staff/rounds/meadow/count", {"draw": " 3 1  6 6 2 "}, button="Enter the draw"
    )
    assert "A second officer has to confirm the draw" in words(page)
    approve(publication.DRAW, round_.id)

    page = officer.send("/staff/rounds/meadow/count", button="Run the official count")
    assert officer.answer.request.path == "/staff/rounds/meadow/count/1"
    page = officer.open("/staff/rounds/meadow/count/1")
    assert "A draft: only staff see it" in words(page)
    assert officer.client.get("/staff/rounds/meadow/count/1/progress").json == {
        "percent": 100,
        "step": "Counting Whole town",
        "done": True,
        "url": "/staff/rounds/meadow/count/1",
    }

    page = officer.send("/staff/rounds/meadow/count", button="Propose to publish")
    assert "result becomes public when a second officer approves" in words(page)
    assert "is not public yet" in words(stranger.open("/rounds/meadow/results"))
    approve(publication.PUBLISH, round_.id)

    page = stranger.open("/rounds/meadow/results")
    assert [item["id"] for item in page.select(".minga-results--won li")] == [
        "project-bench",
        "project-pool",
        "project-trees",
    ]
    assert "€6,500" in words(page)
    assert "3 1 6 6 2" in words(page)


def test_the_public_page_says_all_that_there_is_to_say(officer, approve, stranger) -> None:
    projects = [
        {"reference": "bench", "cost_minor": 100_000, "category": "Parks", "area": "north"},
        {"reference": "pool", "cost_minor": 300_000, "category": "Streets", "area": "south"},
        {"reference": "trees", "cost_minor": 250_000, "category": "Parks", "area": "south"},
        {"reference": "library", "cost_minor": 400_000, "category": "Streets", "area": "north"},
    ]
    round_ = make_closed(slug="meadow", title="Meadow", projects=projects)
    officer.send("/staff/rounds/meadow/count", button="Run the official count")
    officer.send("/staff/rounds/meadow/count", button="Propose to publish")
    approve(publication.PUBLISH, round_.id)

    page = stranger.open("/rounds/meadow/results")
    said = words(page)
    sheet = read_tx(lambda session: rounds.rule_sheet(session, round_.id))

    assert "Funded in step 1: its supporters had enough left to pay for it." in said
    assert "A supporter counts as a full vote as long as" in said
    assert "A digest is the fingerprint of a file." in said
    assert "Not funded: " in said
    assert "Money by area" in said
    assert "Money by category" in said
    assert sheet.sha256 in said
    assert "24 ballots counted" in said or "ballots counted 24" in said
    assert "Method of Equal Shares" in said


def test_the_published_file_has_every_ballot_and_the_winners(officer, approve, stranger) -> None:
    round_ = make_counted_in_browser(officer, approve)
    officer.send("/staff/rounds/meadow/count", button="Propose to publish")
    approve(publication.PUBLISH, round_.id)

    link = stranger.open("/rounds/meadow/results").select_one("a[href*='ballots.pb']")
    answer = stranger.client.get(link["href"])
    again = stranger.client.get(link["href"])
    election, problems = pabulib.parse(answer.data, "strict")

    assert answer.headers["Content-Disposition"] == 'attachment; filename="meadow.pb"'
    assert answer.data == again.data
    assert [problem for problem in problems if problem.is_error] == []
    assert sorted(ballot.choices for ballot in election.ballots) == sorted(
        tuple(sorted(choices)) for choices in APPROVALS
    )
    assert {project.id for project in election.projects if project.selected == "1"} == {
        "bench",
        "pool",
        "trees",
    }


def test_a_draft_is_invisible_on_every_public_page(officer, approve, stranger) -> None:
    make_counted_in_browser(officer, approve)

    before = {
        path: stranger.client.get(path, follow_redirects=True)
        for path in (
            "/",
            "/rounds/meadow",
            "/rounds/meadow/results",
            "/rounds/meadow/runs",
            "/rounds/meadow/runs/1",
            "/rounds/meadow/ballots.pb",
            "/rounds/meadow/projects",
            "/rounds/meadow/projects/bench",
            "/rounds/meadow/rules",
            "/staff/rounds/meadow/count/1",
            "/staff/rounds/meadow/count/1/progress",
        )
    }

    for path, answer in before.items():
        said = answer.get_data(as_text=True)
        assert "Funded" not in said, path
        assert "effective votes" not in said, path
        assert "votes</span>" not in said, path
    assert before["/rounds/meadow/ballots.pb"].status_code == 404
    assert before["/rounds/meadow/runs/1"].status_code == 404
    assert "Count 1" in before["/rounds/meadow/runs"].get_data(as_text=True)
    assert "Counted" in before["/rounds/meadow/runs"].get_data(as_text=True)


def test_an_auditor_sees_the_draft_and_can_change_nothing(officer, approve, auditor) -> None:
    make_counted_in_browser(officer, approve)

    page = auditor.open("/staff/rounds/meadow/count")
    assert page.select("main button") == []
    assert "bench" in words(auditor.open("/staff/rounds/meadow/count/1")).lower()


def test_a_round_is_counted_and_published_once_without_a_trace_of_people(
    officer, approve, stranger
) -> None:
    round_ = make_counted_in_browser(officer, approve)
    officer.send("/staff/rounds/meadow/count", button="Propose to publish")
    approve(publication.PUBLISH, round_.id)

    def read(session: Session) -> tuple[int, str]:
        row = rounds.round_by_id(session, round_.id)
        return len(queries.runs(session, round_.id)), row.state

    do_jobs()
    assert read_tx(read) == (1, "published")
    page = officer.open("/staff/rounds/meadow/count")
    assert "The result is public." in words(page)
    assert not page.find("button", string=re.compile("Run the official count|Propose to publish"))
