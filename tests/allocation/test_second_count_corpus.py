"""Real elections of every vote type: pabutools, run live with exact fractions, counts the same."""

from collections import defaultdict

import corpus
import pytest
from elections import real_election

from allocation.allocate import allocate
from allocation.options import Completion, Rule, TieCriterion
from allocation.rule_sheet import RuleSheet
from allocation.second_count import second_count

pytestmark = pytest.mark.corpus

TIES = (TieCriterion.MIN_COST, TieCriterion.MAX_VOTES, TieCriterion.LISTED)
BYTES_MAX = 100_000
PER_VOTE_TYPE = 10


def chosen_files():
    """Forty files, ten of each vote type where there are so many, spread over the sizes."""
    by_type = defaultdict(list)
    for path in sorted(corpus.corpus_files(), key=lambda path: (path.stat().st_size, path.name)):
        if path.stat().st_size <= BYTES_MAX:
            head = path.read_text(encoding="utf-8-sig")[:4000]
            vote_type = head.split("vote_type;", 1)[1].split("\n", 1)[0].strip()
            by_type[vote_type].append(path.name)
    return [
        name
        for names in by_type.values()
        for name in names[:: max(1, len(names) // PER_VOTE_TYPE)][:PER_VOTE_TYPE]
    ]


@pytest.mark.parametrize("file", chosen_files())
def test_one_run_of_equal_shares_equals_pabutools(file) -> None:
    instance = real_election(file)
    outcome = allocate(instance, RuleSheet(completion=Completion.NONE, ties=TIES))

    again = second_count(instance, outcome)

    assert again.agrees, again.recounts


@pytest.mark.parametrize("file", chosen_files()[::3])
@pytest.mark.parametrize("rule", [Rule.EQUAL_SHARES, Rule.GREEDY, Rule.KNAPSACK])
def test_fill_greedy_and_knapsack_equal_pabutools(file, rule) -> None:
    instance = real_election(file)
    utilitarian = {"completion": Completion.UTILITARIAN} if rule is Rule.EQUAL_SHARES else {}
    outcome = allocate(instance, RuleSheet(rule=rule, ties=TIES, **utilitarian))

    again = second_count(instance, outcome)

    assert again.agrees, again.recounts


@pytest.mark.long
@pytest.mark.parametrize("path", corpus.corpus_files(), ids=lambda path: path.stem)
def test_one_run_equals_pabutools_in_every_file(path) -> None:
    instance = real_election(path.name)
    outcome = allocate(instance, RuleSheet(completion=Completion.NONE, ties=TIES))

    again = second_count(instance, outcome)

    assert again.agrees, again.recounts
