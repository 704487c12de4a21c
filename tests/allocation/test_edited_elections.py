"""An election made by editing arrays counts like one that is read anew."""

from dataclasses import replace
from random import Random

from elections import random_election
from hypothesis import given, settings
from hypothesis import strategies as st

from allocation.allocate import allocate
from allocation.contest import Contest, prepare
from allocation.errors import AllocationError
from allocation.instance import Ballot, Instance
from allocation.options import Completion, TieCriterion, Utility
from allocation.replay import Replay
from allocation.rule_sheet import RuleSheet
from allocation.runs import Runs, runs_of
from allocation.search_path import ChangedProject, SearchPath

TIES = (TieCriterion.MIN_COST, TieCriterion.MAX_VOTES, TieCriterion.LISTED)


def unwanted() -> Contest:
    raise AssertionError("a whole contest was read where arrays could be edited")


def with_projects_ballots(instance: Instance, id_: str, change: ChangedProject) -> Instance:
    """Write the change into every ballot, one after the other."""
    groups = prepare(instance, RuleSheet(ties=TIES)).electorate.groups
    place = {project.id: at for at, project in enumerate(instance.projects)}
    named = {
        tuple(sorted(place for place, _ in group.shares)): change.supporters.get(number, 0)
        for number, group in enumerate(groups)
    }
    ballots = []
    for ballot in instance.ballots:
        says = tuple(sorted(place[one] for one in ballot.choices))
        others = tuple(one for one in ballot.choices if one != id_)
        ballots.append(replace(ballot, choices=(*others, id_) if named[says] > 0 else others))
        named[says] -= 1
    ballots += [Ballot((id_,), (), f"new{n}") for n in range(change.new_ballots)]
    projects = [replace(p, cost=change.cost) if p.id == id_ else p for p in instance.projects]
    return replace(instance, ballots=tuple(ballots), projects=tuple(projects))


def winners(runs: Runs, endowment: int) -> object:
    try:
        return runs.at(endowment).winners
    except AllocationError as error:
        return str(error)


@settings(max_examples=30)
@given(
    seed=st.integers(0, 100_000),
    utility=st.sampled_from([Utility.COST, Utility.CARDINALITY]),
    new_ballots=st.sampled_from([0, 0, 1, 3]),
)
def test_editing_one_project_gives_the_winners_of_the_election_read_anew(
    seed, utility, new_ballots
) -> None:
    instance, random = random_election(seed), Random(seed)
    sheet = RuleSheet(completion=Completion.NONE, ties=TIES, utility=utility)
    contest = prepare(instance, sheet)
    kept = allocate(instance, contest.sheet).search.kept
    path = SearchPath(contest, Replay(contest.electorate), runs_of(contest), kept)

    for place, project in enumerate(instance.projects):
        supporters = {
            number: random.choice([0, group.count, random.randint(0, group.count)])
            for number, group in enumerate(contest.electorate.groups)
        }
        votes = sum(supporters.values()) + new_ballots
        cost = random.choice([project.cost, 1, 5, 9])
        change = ChangedProject(place, cost, supporters, new_ballots, votes=votes)
        anew = prepare(with_projects_ballots(instance, project.id, change), sheet)
        edited, read = path.runs_with(change, unwanted), runs_of(anew)

        for endowment in (1, 2, 3, 5, 8):
            assert winners(edited, endowment) == winners(read, endowment)


@settings(max_examples=15)
@given(seed=st.integers(0, 100_000), utility=st.sampled_from([Utility.COST, Utility.CARDINALITY]))
def test_runs_at_other_costs_take_up_each_other_s_purchases(seed, utility) -> None:
    instance, random = random_election(seed), Random(seed)
    sheet = RuleSheet(completion=Completion.NONE, ties=TIES, utility=utility)
    contest = prepare(instance, sheet)
    kept = allocate(instance, contest.sheet).search.kept
    path = SearchPath(contest, Replay(contest.electorate), runs_of(contest), kept)

    for place, project in enumerate(instance.projects):
        change = ChangedProject(place, random.randint(1, 15), {})
        cheaper = [replace(p, cost=change.cost) if p is project else p for p in instance.projects]
        anew = prepare(replace(instance, projects=tuple(cheaper)), sheet)

        for endowment in (1, 2, 3, 5, 8):
            assert winners(path.runs_with(change, unwanted), endowment) == winners(
                runs_of(anew), endowment
            )
            assert winners(path.runs, endowment) == winners(runs_of(contest), endowment)
