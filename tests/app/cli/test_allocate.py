"""`minga allocate` and `minga compare`: the contract that people script against."""

import hashlib
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from pb_files import DATA, pb_file

from app.cli.main import main

APPROVAL = DATA / "approval.pb"
KEYS = {
    "format", "instance", "rule", "exact", "winners", "total_cost", "endowment", "completion",
    "ties", "runs", "decided_exactly", "timing", "warnings",
}  # fmt: skip
TIED = pb_file(votes=("voter_id;vote", "a;1", "b;2"), projects=("project_id;cost", "1;5", "2;5"))


def minga(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, list(map(str, arguments)), catch_exceptions=False)


def as_json(*arguments: str | Path) -> dict:
    result = minga(*arguments, "--json", "-")
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


@pytest.fixture
def tied(tmp_path: Path) -> Path:
    path = tmp_path / "tied.pb"
    path.write_text(TIED, encoding="utf-8")
    return path


def test_the_json_is_the_documented_format() -> None:
    document = as_json("allocate", APPROVAL)

    assert set(document) == KEYS
    assert document["format"] == "minga-allocation/1"
    assert document["instance"] == {
        "file": "approval.pb",
        "sha256": hashlib.sha256(APPROVAL.read_bytes()).hexdigest(),
        "projects": 8,
        "ballots": 15,
        "budget": "50000",
    }
    assert document["exact"] is True
    assert document["total_cost"] == "48500"
    assert document["endowment"] == {"exact": "4560", "decimal": "4560.0"}
    assert document["completion"] == {"added": []}
    assert document["ties"][0] == {
        "round": 1, "between": ["1", "5"], "decided_by": "min-cost", "chosen": "1",
    }  # fmt: skip
    assert set(document["timing"]) == {"parse_s", "solve_s"}


def test_every_option_comes_back_resolved() -> None:
    rule = as_json("allocate", APPROVAL, "--increment", "100", "--ties", "min-id")["rule"]

    assert rule == {
        "rule": "equal-shares",
        "utility": "cost",
        "completion": "add1u",
        "exhaustive_stop": True,
        "integral_start": True,
        "increment": 100,
        "ties": ["min-id"],
        "lot_seed": None,
        "read_as": None,
        "comparison": "none",
        "time_limit": None,
        "constraints": None,
        "exact_only": False,
    }


@pytest.mark.parametrize("name", ["approval", "choose_one", "cumulative", "ordinal", "scoring"])
@pytest.mark.parametrize("rule", ["equal-shares", "greedy", "knapsack"])
def test_every_ballot_type_is_counted_by_every_rule_of_ours(name, rule) -> None:
    result = minga("allocate", DATA / f"{name}.pb", "--rule", rule, "--lot-seed", "x")

    if (name, rule) == ("scoring", "equal-shares"):  # this file has points below 0
        assert result.exit_code == 1
        assert "Equal shares cannot count points below 0" in result.stderr
    else:
        assert result.exit_code == 0


def test_knapsack_says_how_good_and_whether_proven() -> None:
    document = as_json("allocate", APPROVAL, "--rule", "knapsack", "--lot-seed", "x")

    assert document["objective"] == "222000"
    assert document["proven_optimal"] is True
    assert document["endowment"] is None


def test_people_get_a_table_with_totals_and_ties() -> None:
    result = minga("allocate", APPROVAL)

    assert result.exit_code == 0
    assert " 1        Trees along the river  12000" in result.stdout
    assert "5 of 8 projects, 48500 of 50000." in result.stdout
    assert re.search(
        r"Each ballot started with 4560.0; \d+ runs, \d+ close calls decided in exact fractions\.",
        result.stdout,
    )
    assert "Tie in round 1 between 1, 5: 1 by min-cost." in result.stdout


def test_a_tie_that_only_a_lot_can_break_is_a_refusal_that_says_what_to_do(tied) -> None:
    result = minga("allocate", tied)

    assert result.exit_code == 1
    assert "1 and 2 are exactly tied in round 1" in result.stderr
    assert "--lot-seed" in result.stderr
    assert result.stdout == ""


def test_a_lot_with_its_seed_decides_and_is_on_the_record(tied) -> None:
    document = as_json("allocate", tied, "--lot-seed", "dice 4 2 6")

    assert document["rule"]["lot_seed"] == "dice 4 2 6"
    assert document["ties"][0]["decided_by"] == "lot"


def test_what_was_mended_is_a_warning_and_stands_in_the_json(tmp_path) -> None:
    path = tmp_path / "twice.pb"
    path.write_text(
        pb_file(votes=("voter_id;vote", "a;1,1", "b;2", "c;3", "d;1")), encoding="utf-8"
    )

    result = minga("allocate", path, "--lot-seed", "x", "--json", "-")

    assert "warning: " in result.stderr
    assert "repeated_project" in {w["code"] for w in json.loads(result.stdout)["warnings"]}


def test_constraints_come_from_a_file(tmp_path) -> None:
    constraints = tmp_path / "constraints.toml"
    constraints.write_text("[[at_most]]\nk = 1\n", encoding="utf-8")

    options = ("--rule", "knapsack", "--lot-seed", "x", "--constraints", constraints)
    document = as_json("allocate", APPROVAL, *options)

    assert len(document["winners"]) == 1
    assert document["rule"]["constraints"] == {"at_most": [{"k": 1, "projects": []}]}


def test_a_cost_that_the_rule_chose_is_in_the_table_and_in_the_json(tmp_path) -> None:
    constraints = tmp_path / "constraints.toml"
    constraints.write_text(
        '[[adjustable]]\nproject = "1"\nmin = 11000\nmax = 12500\nstep = 500\n', encoding="utf-8"
    )
    options = ("--rule", "knapsack", "--lot-seed", "x", "--constraints", constraints)

    costs = as_json("allocate", APPROVAL, *options)["costs"]

    assert costs == {"1": "12500"}
    assert "Trees along the river  12500" in minga("allocate", APPROVAL, *options).stdout


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (["nowhere.pb"], 1, "There is no file nowhere.pb"),
        ([APPROVAL, "--utility", "borda"], 1, "does not fit approval ballots"),
        ([APPROVAL, "--rule", "greedy", "--completion", "add1"], 1, "no option completion"),
        ([APPROVAL, "--time-limit", "3"], 1, "no option time_limit"),
        ([APPROVAL, "--increment", "zero"], 1, "increment: 'zero' is not a number"),
        ([APPROVAL, "--ties", "coin"], 1, "ties: 'coin' is not one of"),
        ([APPROVAL, "--constraints", "nowhere.toml"], 1, "There is no file nowhere.toml"),
        ([APPROVAL, "--rule", "dictator"], 2, "dictator"),
        ([], 2, "Missing argument"),
    ],
)
def test_a_wrong_request_is_one_sentence(arguments, code, sentence) -> None:
    result = minga("allocate", *arguments)

    assert result.exit_code == code
    assert sentence in result.stderr
    assert result.stdout == ""


def test_the_help_names_the_defaults() -> None:
    text = " ".join(minga("allocate", "--help").stdout.split())

    assert "[equal-shares|greedy|knapsack|phragmen|maximin]" in text
    assert "[default: add1u]" in text
    assert "[default: min-cost,max-votes,lot]" in text.replace("- ", "-")


def test_the_same_input_gives_the_same_bytes_on_any_hash_seed(tmp_path) -> None:
    documents = set()
    for seed in ("0", "1", "77"):
        target = tmp_path / f"{seed}.json"
        arguments = [APPROVAL, "--rule", "knapsack", "--lot-seed", "x", "--json", target]
        subprocess.run(
            [sys.executable, "-c", "from app.cli.main import main; main()", "allocate", *arguments],
            env={**os.environ, "PYTHONHASHSEED": seed},
            check=True,
            capture_output=True,
        )
        document = json.loads(target.read_text(encoding="utf-8"))
        document.pop("timing")
        documents.add(json.dumps(document))
    assert len(documents) == 1


def test_counting_equal_shares_loads_neither_solver_nor_web() -> None:
    code = (
        "import sys; from click.testing import CliRunner; from app.cli.main import main;"
        f"CliRunner().invoke(main, ['allocate', {str(APPROVAL)!r}], catch_exceptions=False);"
        "print([m for m in ('pabutools', 'pulp', 'altair', 'flask', 'sqlalchemy')"
        " if m in sys.modules])"
    )

    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=True, text=True
    )

    assert loaded.stdout.strip() == "[]"


def test_compare_shows_every_rule_and_what_differs() -> None:
    result = minga("compare", APPROVAL, "--lot-seed", "x")

    assert result.exit_code == 0
    for rule in ("equal shares, completed", "greedy", "knapsack", "Phragmén", "maximin support"):
        assert rule in result.stdout
    assert "against equal shares, completed:" in result.stdout


def test_compare_goes_on_when_a_rule_refuses() -> None:
    document = as_json("compare", DATA / "ordinal.pb", "--lot-seed", "x")

    by_name = {entry["name"]: entry for entry in document["rules"]}
    assert "--read-as approval" in by_name["Phragmén"]["refused"]
    assert by_name["greedy"]["winners"]
    assert set(by_name["greedy"]["represented"]) == {"exact", "decimal"}


def test_compare_shows_an_open_tie_in_place_of_an_outcome(tied) -> None:
    entries = as_json("compare", tied)["rules"]

    assert all("exactly tied" in entry["refused"] for entry in entries[:2])


def test_compare_says_of_each_rule_whether_a_group_was_passed_over() -> None:
    result = minga("compare", APPROVAL, "--lot-seed", "x")

    assert "greedy: passed over 4, which 2 ballots with 6666 of the budget could claim" in (
        result.stdout
    )
    assert "equal shares, completed: no group large enough to claim a project was passed over" in (
        result.stdout
    )


def test_compare_has_the_figures_of_representation_in_its_json() -> None:
    by_name = {entry["name"]: entry for entry in as_json("compare", APPROVAL)["rules"]}
    completed, greedy = by_name["equal shares, completed"], by_name["greedy"]

    assert completed["proportionality"] == {"utility": "cost", "holds": True, "passed_over": []}
    assert greedy["proportionality"]["passed_over"][0]["project"] == "4"
    assert completed["endowment_rise"]["decimal"] == "1.368"
    assert greedy["payments"] is None
    assert set(completed["payments"]) == {
        "least", "lower_quartile", "median", "upper_quartile", "most", "mean",
    }  # fmt: skip
    assert sum(int(row["spent"]) for row in completed["by_category"]) == 48500
