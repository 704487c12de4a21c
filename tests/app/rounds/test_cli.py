"""`minga round …` on the command line."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from factories_rounds import make_round

from app import clock
from app.db import read_tx
from app.rounds import cli, opening, queries
from app.rounds.models import RoundState

pytestmark = pytest.mark.usefixtures("context")


def run(*words: str) -> Result:
    return CliRunner().invoke(cli.round_group, words)


def refusal(*words: str) -> str:
    """Return the sentence of a refusal; `minga` turns it into exit 1."""
    return str(run(*words).exception)


def test_rounds_are_listed_for_people_and_as_json() -> None:
    make_round("voting", slug="one", title="The first")

    assert "one" in run("list").output
    [found] = json.loads(run("list", "--json", "-").output)["rounds"]
    assert (found["round"], found["phase"], found["projects"]) == ("one", "voting", 4)


def test_no_rounds_is_an_answer_too() -> None:
    assert run("list").output == "There are no rounds yet.\n"
    assert json.loads(run("list", "--json", "-").output) == {"rounds": []}


def test_a_round_is_shown_with_its_digest(tmp_path: Path) -> None:
    made = make_round("frozen", slug="one")

    assert "Voting opens on" in run("show", "one").output
    run("show", "one", "--json", str(tmp_path / "one.json"))

    facts = json.loads((tmp_path / "one.json").read_text())
    sheet = read_tx(lambda session: queries.rule_sheet(session, made.id))
    assert facts["rule_sheet_sha256"] == sheet.sha256


def test_a_file_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    make_round("frozen", slug="one")

    result = run("show", "one", "--json", str(tmp_path / "no" / "such" / "folder.json"))

    assert result.exit_code == 1
    assert "cannot be written" in result.output


@pytest.mark.parametrize("command", ["show", "open", "close"])
def test_a_round_that_is_not_there_is_one_sentence(command: str) -> None:
    assert "There is no such round" in refusal(command, "nowhere")


def test_opening_needs_two_officers_in_the_browser(officer, approve) -> None:
    opens = clock.now() + timedelta(days=1)
    make_round("frozen", slug="one", roll_approved_at=clock.now(), voting_opens_at=opens)

    assert "needs two officers" in refusal("open", "one")
    approval = opening.propose_open(officer, "one")
    assert "waits for a second officer" in refusal("open", "one")
    approve(approval)

    result = run("open", "one")
    assert result.exit_code == 0
    assert "opens by itself on" in result.output


def test_an_approved_vote_opens_on_its_date_also_without_a_worker(officer, approve, at) -> None:
    at(clock.now())
    opens = clock.now() + timedelta(days=1)
    made = make_round("frozen", slug="one", roll_approved_at=clock.now(), voting_opens_at=opens)
    approve(opening.propose_open(officer, "one"))
    at(opens)

    assert "is open" in run("open", "one").output
    assert "is open" in run("open", "one").output  # safe to repeat

    row = read_tx(lambda session: queries.round_by_id(session, made.id))
    assert row.state == RoundState.VOTING


def test_the_end_of_a_vote_comes_at_its_date_or_by_two_officers(at) -> None:
    made = make_round("voting", slug="one")
    assert "needs two officers" in refusal("close", "one")

    at(made.row.voting_closes_at)
    assert "is closed" in run("close", "one").output
    assert "is closed" in run("close", "one").output
    assert "it cannot be opened again" in refusal("open", "one")


def test_what_has_not_been_open_cannot_end() -> None:
    make_round("review", slug="one")

    assert "has not been open yet" in refusal("close", "one")
    assert "not fixed yet" in refusal("open", "one")
