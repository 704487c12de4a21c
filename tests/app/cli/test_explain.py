"""`minga explain`: one project's story, for people and for programs."""

import hashlib
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from pb_files import DATA, pb_file

from app.cli.main import main

APPROVAL = DATA / "approval.pb"
KEYS = {
    "format", "instance", "rule", "project", "won", "reason", "sentences", "endowment", "rounds",
    "dropped_out", "shortfall", "support", "missing", "paid_for", "margins", "passed_over",
    "warnings",
}  # fmt: skip


def minga(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, list(map(str, arguments)), catch_exceptions=False)


def as_json(*arguments: str | Path) -> dict:
    result = minga("explain", *arguments, "--json", "-")
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def test_a_loser_is_told_in_sentences_what_was_missing_and_what_would_have_helped() -> None:
    result = minga("explain", APPROVAL, "3")

    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[0].startswith("3 (Roof for")
    assert "It costs 30000 EUR and was not funded." in lines
    assert "4 ballots support this one; their shares together are 18240 EUR." in lines
    assert any("even before anything was spent, 11760 EUR were missing" in line for line in lines)
    assert any(line.startswith("3 ballots more naming it beside what they name") for line in lines)


def test_a_winner_is_told_its_round_its_price_and_what_it_could_have_cost() -> None:
    text = minga("explain", APPROVAL, "1").stdout

    assert "In round 1 it was the one that cost its supporters least" in text
    assert "each paid 2400 EUR" in text
    assert "It would still be funded at a cost of 17999 EUR; a recount confirmed it." in text


def test_both_sums_that_were_missing_say_which_they_are(tmp_path: Path) -> None:
    file = tmp_path / "city.pb"
    projects = ("project_id;cost", "a;10", "b;10", "c;12")
    named = ["a,c"] * 5 + ["a"] + ["b"] * 4
    votes = ("voter_id;vote", *(f"{n};{ids}" for n, ids in enumerate(named)))
    text = pb_file(projects=projects, votes=votes, budget="25", currency="EUR")
    file.write_text(text, encoding="utf-8")

    lines = minga("explain", file, "c", "--completion", "none").stdout.splitlines()

    assert any("4 EUR of their shares was left, 8 EUR less than it costs" in x for x in lines)
    assert any("of its cost at best, which is 2 EUR less than it costs" in x for x in lines)


def test_the_table_has_a_line_for_each_round_and_the_end() -> None:
    text = minga("explain", APPROVAL, "3").stdout

    numbered = [line.split()[:2] for line in text.splitlines() if line.strip()[:1].isdigit()]
    assert [row for row in numbered if len(row) == 2 and row[0].isdigit()][-6:] == [
        ["1", "1"], ["2", "2"], ["3", "5"], ["4", "8"], ["5", "4"], ["6", "nothing"],
    ]  # fmt: skip


def test_the_json_is_the_documented_format() -> None:
    document = as_json(APPROVAL, "3")

    assert set(document) == KEYS
    assert document["format"] == "minga-explanation/1"
    assert document["instance"] == {
        "file": "approval.pb",
        "sha256": hashlib.sha256(APPROVAL.read_bytes()).hexdigest(),
        "projects": 8,
        "ballots": 15,
        "budget": "50000",
    }
    assert document["won"] is False
    assert document["reason"]["why"] == "too-few-votes"
    assert document["shortfall"] == {"exact": "11760", "decimal": "11760.0"}
    assert document["rounds"][0] == {
        "round": 1,
        "bought": "1",
        "effective_votes_of_bought": {"exact": "5", "decimal": "5.0"},
        "money_behind": {"exact": "18240", "decimal": "18240.0"},
        "effective_votes": None,
        "cover": {"exact": "18240", "decimal": "18240.0"},
    }
    assert document["rounds"][-1]["bought"] is None
    assert document["margins"]["optimist_add"] == {"in_last_count": 3, "confirmed": 3}
    assert set(document["margins"]) == {
        "cost_red", "optimist_add", "pessimist_add", "singleton_add", "rivalry",
    }  # fmt: skip


def test_a_winner_has_margins_of_its_own() -> None:
    margins = as_json(APPROVAL, "1")["margins"]

    assert margins["cost"] == {"in_last_count": "17999", "confirmed": "17999"}
    assert set(margins) == {"cost", "losable", "losable_any"}


def test_an_unknown_project_is_refused_with_the_nearest_ids(tmp_path: Path) -> None:
    file = tmp_path / "city.pb"
    projects = ("project_id;cost", "park-1;5", "park-2;5", "pool;5")
    file.write_text(pb_file(projects=projects, votes=("voter_id;vote", "a;pool")), encoding="utf-8")

    result = minga("explain", file, "park-3")

    assert result.exit_code == 1
    assert result.stderr.splitlines()[-1] == (
        "Error: There is no project park-3 in city.pb. Did you mean park-2 or park-1?"
    )


@pytest.mark.parametrize("rule", ["greedy", "knapsack", "phragmen"])
def test_rules_without_shares_have_their_sentence_and_no_rounds(rule) -> None:
    document = as_json(APPROVAL, "3", "--rule", rule, "--lot-seed", "x")

    assert document["rounds"] == []
    assert document["margins"] is None
    assert len(document["sentences"]) >= 2


def test_points_are_explained_without_margins_that_only_crosses_have() -> None:
    margins = as_json(DATA / "cumulative.pb", "11", "--lot-seed", "x")["margins"]

    assert margins.get("optimist_add") is None


def test_the_document_goes_to_a_file_and_the_text_to_the_screen(tmp_path: Path) -> None:
    target = tmp_path / "why.json"

    result = minga("explain", APPROVAL, "1", "--json", target)

    assert result.stdout.startswith("1 (Trees along the river)")
    assert json.loads(target.read_text(encoding="utf-8"))["won"] is True
