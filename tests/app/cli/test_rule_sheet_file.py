"""`--rule-sheet`: the rule as a round published it; options that are there and say nothing."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from pb_files import DATA

from app.cli.main import main

APPROVAL = DATA / "approval.pb"


def minga(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, list(map(str, arguments)), catch_exceptions=False)


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    return tmp_path / "rules.json"


@pytest.mark.parametrize(
    "content",
    [
        {"format": "minga-rule-sheet/1", "rule": {"rule": "greedy"}, "title": "Round 5"},
        {"rule": "greedy"},
    ],
)
def test_the_rule_of_a_file_is_applied(sheet: Path, content) -> None:
    sheet.write_text(json.dumps(content), encoding="utf-8")

    result = minga("allocate", APPROVAL, "--rule-sheet", sheet, "--json", "-")

    assert json.loads(result.stdout)["rule"]["rule"] == "greedy"


def test_a_result_can_be_repeated_by_the_file_in_which_it_stands(sheet: Path) -> None:
    first = minga("allocate", APPROVAL, "--completion", "none", "--json", sheet)
    again = minga("allocate", APPROVAL, "--rule-sheet", sheet)

    assert again.stdout == first.stdout
    assert again.stdout != minga("allocate", APPROVAL).stdout


def test_the_lot_that_was_drawn_after_the_rules_were_fixed_is_given_beside_them(
    sheet: Path,
) -> None:
    sheet.write_text('{"rule": {"rule": "greedy", "ties": ["lot"]}}', encoding="utf-8")

    result = minga("allocate", APPROVAL, "--rule-sheet", sheet, "--lot-seed", "abc", "--json", "-")

    assert json.loads(result.stdout)["rule"]["lot_seed"] == "abc"


@pytest.mark.parametrize(
    ("content", "options", "said"),
    [
        ("no JSON", (), "rules.json is not JSON."),
        ("[1]", (), "rules.json names no rule."),
        ('{"rule": {"rule": "dice"}}', (), "rule: 'dice' is not one of"),
        ('{"rule": "greedy"}', ("--ties", "lot"), "Leave out --ties, or the file."),
    ],
)
def test_a_file_that_is_no_rule_sheet_is_refused_in_one_sentence(
    sheet: Path, content: str, options, said: str
) -> None:
    sheet.write_text(content, encoding="utf-8")

    result = minga("allocate", APPROVAL, "--rule-sheet", sheet, *options)

    assert result.exit_code == 1
    assert said in result.stderr
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("command", "option", "value", "said"),
    [
        ("allocate", "--ties", "", "ties: '' is not one of min-cost"),
        ("allocate", "--ties", "lot,", "ties: '' is not one of min-cost"),
        ("allocate", "--lot-seed", "", "lot_seed: must be a text of 1 to 1000 characters."),
        ("allocate", "--increment", "", "increment: '' is not a number."),
        ("compare", "--lot-seed", "", "lot_seed: must be a text of 1 to 1000 characters."),
        ("check", "--json", "", "The name is empty. Name a file, or - for standard output."),
        ("allocate", "--json", "", "The name is empty. Name a file, or - for standard output."),
    ],
)
def test_an_empty_option_is_refused_and_not_passed_over(
    command: str, option: str, value: str, said: str
) -> None:
    result = minga(command, APPROVAL, option, value)

    assert result.exit_code != 0
    assert said in result.stderr
