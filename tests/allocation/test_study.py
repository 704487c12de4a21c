"""What one unit of a study comes to: figures of a count, or the refusal in its place."""

import json

import pytest
from pb_files import DATA, pb_file

from allocation.allocate import allocate
from allocation.options import Completion, Rule
from allocation.pabulib import parse
from allocation.rule_sheet import RuleSheet
from allocation.study import Count, canonical_sheet, count, sheet_digest, study_rules

GREEDY = {"rule": "greedy", "lot_seed": "minga"}


def test_the_figures_are_those_of_the_count_itself() -> None:
    content = (DATA / "approval.pb").read_bytes()
    instance, _ = parse(content, "lenient")
    outcome = allocate(instance, RuleSheet.from_dict({"completion": "none", "lot_seed": "a"}))

    result = count(content, {"completion": "none", "lot_seed": "a"})

    assert result.winners == list(outcome.winners)
    assert result.number_of_winners == len(outcome.winners) > 0
    assert result.endowment == "10000/3"
    assert (result.vote_type, result.projects, result.ballots) == ("approval", 8, 15)
    assert (result.budget, result.utility, result.runs) == ("50000", "cost", outcome.runs)
    assert result.refusal is None


def test_who_got_something_is_exact() -> None:
    content = pb_file(projects=("project_id;cost", "1;500", "2;400", "3;700")).encode()

    result = count(content, GREEDY)

    # Of a:1,2 b:1 c:2,3 d:1 the projects 1 and 2 are funded: everybody has one, a has both.
    assert result.winners == ["1", "2"]
    assert (result.represented, result.exclusion_ratio) == ("1", "0")
    assert result.mean_winners_per_ballot == "5/4"
    assert result.total_cost == "900"
    assert result.endowment is None


def test_a_malformed_file_is_a_refusal_with_its_line() -> None:
    result = count(pb_file(budget="-3").encode(), GREEDY)

    assert result.refusal_code == "budget"
    assert result.refusal is not None
    assert result.refusal.startswith("line 9: META gives the budget -3.")
    assert result == Count(refusal_code=result.refusal_code, refusal=result.refusal)


def test_a_tie_that_reaches_the_lot_is_a_refusal_beside_the_figures_of_the_file() -> None:
    tied = pb_file(
        votes=("voter_id;vote", "a;1", "b;2"), projects=("project_id;cost", "1;600", "2;600")
    ).encode()

    result = count(tied, {"rule": "greedy"})

    assert result.refusal_code == "tie_unresolved"
    assert (result.ballots, result.winners) == (2, None)
    assert count(tied, GREEDY).number_of_winners == 1


def test_maximin_support_is_left_out_where_it_would_take_hours() -> None:
    votes = [f"v{number};1,2" for number in range(2_000)]
    projects = [f"{number};10" for number in range(1, 12)]
    large = pb_file(
        votes=("voter_id;vote", *votes), projects=("project_id;cost", *projects)
    ).encode()

    result = count(large, {"rule": "maximin", "lot_seed": "a"})

    assert result.refusal is not None
    assert "too large for maximin support" in result.refusal


def test_the_rules_of_a_study_differ_and_carry_the_seed() -> None:
    rules = study_rules(RuleSheet(lot_seed="drawn in public"))

    assert len({sheet_digest(sheet) for sheet in rules.values()}) == len(rules) >= 10
    assert all('"lot_seed":"drawn in public"' in canonical_sheet(s) for s in rules.values())
    assert {sheet.rule for sheet in rules.values()} == set(Rule)
    shares = [sheet for sheet in rules.values() if sheet.rule is Rule.EQUAL_SHARES]
    assert {sheet.completion for sheet in shares} == set(Completion)


@pytest.mark.parametrize("sheet", study_rules(RuleSheet()).values(), ids=str)
def test_a_rule_sheet_comes_back_from_its_canonical_form(sheet: RuleSheet) -> None:
    assert RuleSheet.from_dict(sheet.to_dict()) == sheet


def test_equal_rule_sheets_have_one_digest_however_they_were_written() -> None:
    one = RuleSheet.from_dict({"rule": "equal-shares", "increment": "1/2"})
    other = RuleSheet.from_dict({"increment": "0.5", "completion": "add1u"})

    assert sheet_digest(one) == sheet_digest(other)
    assert list(json.loads(canonical_sheet(one))) == sorted(one.to_dict())
    assert sheet_digest(one) != sheet_digest(RuleSheet())
