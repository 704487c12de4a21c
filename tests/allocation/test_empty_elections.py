"""Elections with nothing in them: an empty result or a sentence, never a crash."""

import pytest
from elections import make_election

from allocation.allocate import allocate
from allocation.errors import NoBallotsError
from allocation.explanation import explain
from allocation.options import Rule
from allocation.representation import represent
from allocation.rule_sheet import RuleSheet

EMPTY = {
    "no ballots": make_election({"a": 5}, []),
    "only empty ballots": make_election({"a": 5, "b": 7}, ["", ""]),
    "no projects": make_election({}, ["", ""]),
    "nothing at all": make_election({}, []),
}


@pytest.mark.parametrize("name", EMPTY)
@pytest.mark.parametrize("rule", sorted(set(Rule) - {Rule.EQUAL_SHARES}))
def test_without_votes_nothing_is_funded(name, rule) -> None:
    instance = EMPTY[name]

    outcome = allocate(instance, RuleSheet(rule=rule))

    assert outcome.winners == ()
    assert set(explain(instance, outcome)) == set(instance.project_by_id)
    assert represent(instance, outcome).spent == 0


def test_equal_shares_needs_somebody_to_share_among() -> None:
    with pytest.raises(NoBallotsError):
        allocate(EMPTY["nothing at all"], RuleSheet())


def test_the_fill_takes_projects_without_votes_as_the_rule_says() -> None:
    outcome = allocate(EMPTY["only empty ballots"], RuleSheet())

    assert outcome.added == ("a", "b")
