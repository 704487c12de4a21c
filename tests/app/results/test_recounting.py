"""Whoever follows the page counts the same winners at home."""

import shlex
from pathlib import Path

from click.testing import CliRunner
from factories_results import make_closed, make_published

from app.cli.main import main

TOWN = [("bench",)] * 20 + [("trees",)] * 4
NORTH = [("pool",)] * 25


def test_the_commands_of_the_pages_give_the_same_winners_and_reasons(
    stranger, tmp_path: Path, monkeypatch
) -> None:
    rule = {"rule": "equal-shares", "completion": "add1"}
    pots = {"town": 300_000, "north": 350_000}
    make_published(make_closed(TOWN, slug="meadow", rule=rule, pots=pots, more={"North": NORTH}))
    monkeypatch.chdir(tmp_path)
    page = stranger.open("/rounds/meadow/results")
    details = page.find("summary", string="How to count again").find_parent("details")
    for link in details.select("a"):
        answer = stranger.client.get(link["href"])
        name = answer.headers["Content-Disposition"].partition("filename=")[2].strip('"')
        (tmp_path / name).write_bytes(answer.data)
    typed = [shlex.split(code.text) for code in details.select("code")]
    why = stranger.open("/rounds/meadow/results/projects/trees")
    typed.append(shlex.split(why.select_one("code.minga-command").text))

    town, north, trees = [
        CliRunner().invoke(main, command[1:], catch_exceptions=False).stdout for command in typed
    ]

    winners = [one.text.strip() for one in page.select(".minga-results--won .govuk-link")]
    assert [command[1] for command in typed] == ["allocate", "allocate", "explain"]
    assert ("Bench" in winners, "Pool" in winners, "Trees" in winners) == (True, True, False)
    assert ("Bench" in town, "Pool" in north, "Trees" in town) == (True, True, False)
    assert "It costs 2500 EUR and was not funded." in trees


def test_where_ballots_are_not_published_no_command_is_promised(stranger) -> None:
    make_published(make_closed([("bench",)] * 19, slug="meadow"))

    assert not stranger.open("/rounds/meadow/results").select("code.minga-command")
    assert not stranger.open("/rounds/meadow/results/projects/bench").select("code.minga-command")
