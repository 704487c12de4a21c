"""Real elections, ties included: equal shares as pabutools and the plain rational code count it."""

from collections import defaultdict
from dataclasses import replace
from fractions import Fraction

import corpus
import pytest
from elections import real_election
from oracle_cases import CROSSES
from oracle_comparing import report_difference
from pabutools_counting import their_count

from allocation.allocate import allocate
from allocation.contest import prepare
from allocation.options import APPROVALS, UTILITIES_OF, Completion, TieCriterion
from allocation.outcome import SearchEnd
from allocation.rule_sheet import RuleSheet

pytestmark = pytest.mark.corpus

TIES = (TieCriterion.MIN_COST, TieCriterion.MAX_VOTES, TieCriterion.LISTED)
BYTES_MAX = 300_000
SAMPLE = 25
# Elections of which some single run has a tie; there are few.
TIED = (
    "Worldwide_Mechanical_Turk_Ranking_value_3.pb",
    "Worldwide_Mechanical_Turk_Ranking_value_money_6.pb",
    "Netherlands_Amsterdam_179.pb",
    "Poland_Czestochowa_2024_Dzbow.pb",
    "Poland_Katowice_2024_Kostuchna.pb",
    "Poland_Krakow_2022_Mistrzejowice.pb",
    "Poland_Warszawa_2018_Targowek_Mieszkaniowy.pb",
)
# A search on a real election is compared in so many steps at most; one of 1 would take hours.
STEPS = 12


def files_up_to(bytes_max: int) -> list[str]:
    paths = sorted(corpus.corpus_files(), key=lambda path: (path.stat().st_size, path.name))
    return [path.name for path in paths if path.stat().st_size < bytes_max]


def sample() -> list[str]:
    """Twenty-five of the smaller files: those with ties, the others by country and size."""
    by_country = defaultdict(list)
    untied = [name for name in files_up_to(60_000) if name not in TIED]
    for name in untied:
        by_country[name.split("_")[0]].append(name)
    spread = [name for names in zip(*by_country.values(), strict=False) for name in names]
    rest = [name for name in untied if name not in spread]
    wanted = SAMPLE - len(spread) - len(TIED)
    return sorted([*TIED, *spread, *rest[:: len(rest) // wanted][:wanted]])


def sheets(instance) -> list[RuleSheet]:
    """One run by every utility that these ballots can be counted by, approvals included."""
    carried = [RuleSheet(utility=u) for u in UTILITIES_OF[instance.vote_type]]
    if instance.vote_type not in CROSSES:
        carried += [RuleSheet(utility=u, read_as_approval=True) for u in sorted(APPROVALS)]
    return [replace(sheet, completion=Completion.NONE, ties=TIES) for sheet in carried]


def assert_one_run_equals_pabutools(name: str) -> None:
    instance = real_election(name)
    ties = 0
    for sheet in sheets(instance):
        outcome = allocate(instance, sheet)
        ties += len(outcome.ties)
        theirs = their_count(prepare(instance, sheet))

        assert outcome.winners == theirs.winners, sheet.utility
        assert tuple((tie.between, tie.chosen) for tie in outcome.ties) == theirs.ties
    assert ties or name not in TIED


def coarse(instance, sheet: RuleSheet) -> RuleSheet:
    """The same with a search in few steps: the share per ballot grows by half of itself at most."""
    share = Fraction(instance.budget, instance.minor_per_unit * len(instance.ballots))
    return replace(sheet, completion=Completion.ADD1, increment=share / STEPS)


def assert_a_search_equals_pabutools(name: str) -> None:
    instance = real_election(name)
    sheet = replace(coarse(instance, sheets(instance)[0]), integral_start=False)
    contest = prepare(instance, sheet)
    # Projects without votes keep our search going and not theirs.
    supported = contest.without_unsupported()
    if supported.instance.cost_of(set(supported.instance.project_by_id)) <= instance.budget:
        return  # everything is affordable: ours is one run, theirs goes on

    outcome = allocate(supported.instance, sheet)
    theirs = their_count(supported, increment=sheet.increment * instance.minor_per_unit)

    assert outcome.winners == theirs.winners
    assert outcome.endowment == theirs.endowment


def assert_the_oracle_agrees(name: str) -> None:
    instance = real_election(name)
    for number, sheet in enumerate(sheets(instance)):
        searching = replace(
            coarse(instance, sheet),
            exhaustive_stop=number % 2 == 0,
            completion=(Completion.ADD1U, Completion.ADD1)[number // 2 % 2],
        )
        found = report_difference(instance, searching, name)
        assert not found, found


@pytest.mark.parametrize("name", sample())
def test_one_run_has_the_winners_and_ties_of_pabutools(name) -> None:
    assert_one_run_equals_pabutools(name)


@pytest.mark.parametrize("name", sample()[::2])
def test_a_search_has_the_winners_and_endowment_of_pabutools(name) -> None:
    assert_a_search_equals_pabutools(name)


@pytest.mark.parametrize("name", sample())
def test_a_search_is_that_of_the_oracle(name) -> None:
    assert_the_oracle_agrees(name)


@pytest.mark.long
@pytest.mark.parametrize("name", files_up_to(BYTES_MAX))
def test_one_run_and_a_search_of_every_file_equal_pabutools_and_the_oracle(name) -> None:
    assert_one_run_equals_pabutools(name)
    assert_a_search_equals_pabutools(name)
    assert_the_oracle_agrees(name)


def test_searches_of_the_sample_pass_endowments() -> None:
    ends = set()
    for name in sample():
        instance = real_election(name)
        ends.add(allocate(instance, coarse(instance, sheets(instance)[0])).search.end)

    assert {SearchEnd.NEXT_OVERSPENDS, SearchEnd.EXHAUSTIVE} <= ends
