"""Two ways of counting the same, compared field by field; where they differ, a small example."""

from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from typing import Any

from allocation.allocate import allocate
from allocation.equal_shares import Run
from allocation.errors import AllocationError
from allocation.instance import Instance
from allocation.outcome import Outcome
from allocation.rule_sheet import NO_CONSTRAINTS, RuleSheet

Count = Callable[[Instance, RuleSheet], Outcome]
# How the winners were found may differ between two engines; what was found may not.
FREE = {"runs", "decided_exactly", "search", "sheet"}


def plain_count(instance: Instance, sheet: RuleSheet) -> Outcome:
    """The plain rational algorithm, behind `--exact-only`."""
    return allocate(instance, replace(sheet, exact_only=True))


def differences(
    instance: Instance, sheet: RuleSheet, count: Count = allocate, oracle: Count = plain_count
) -> list[str]:
    """Everything in which two counts of one election differ, as `name: first != second`."""
    mine, theirs = (_facts(how, instance, sheet) for how in (count, oracle))
    names = [*mine, *(name for name in theirs if name not in mine)]
    return [
        f"{name}: {mine.get(name)} != {theirs.get(name)}"
        for name in names
        if mine.get(name) != theirs.get(name)
    ]


def _facts(count: Count, instance: Instance, sheet: RuleSheet) -> dict[str, Any]:
    """What an outcome says, without the way to it; a refusal with its sentence and details."""
    try:
        outcome = count(instance, sheet)
    except AllocationError as error:
        return {"refusal": (type(error), str(error), vars(error))}
    names = {field.name for field in fields(Outcome)} - FREE
    facts: dict[str, Any] = {name: getattr(outcome, name) for name in sorted(names)}
    facts["sheet"] = replace(outcome.sheet, exact_only=True)
    if outcome.search is not None:
        facts["search end"] = outcome.search.end
        facts["kept run"] = run_facts(outcome.search.kept)
        facts["ending run"] = outcome.search.ended_by and run_facts(outcome.search.ended_by)
    return facts


def run_facts(run: Run) -> dict[str, Any]:
    """All that a run says; purchases with exact payments and price levels."""
    return {
        "endowment": run.endowment,
        "winners": run.winners,
        "cost": run.cost,
        "ties": run.ties,
        "purchases": run.purchases,
    }


def report_difference(instance: Instance, sheet: RuleSheet, seed: object) -> str:
    """Nothing when the counts agree; otherwise seed, differences and a minimal reproducer."""
    if not differences(instance, sheet):
        return ""
    small, small_sheet = smallest(instance, sheet, lambda i, s: bool(differences(i, s)))
    found = "\n  ".join(differences(small, small_sheet))
    return f"seed {seed}:\n  {found}\n{reproducer(small, small_sheet)}"


def smallest(
    instance: Instance, sheet: RuleSheet, differs: Callable[[Instance, RuleSheet], bool]
) -> tuple[Instance, RuleSheet]:
    """Leave out ballots, projects and options, one by one, as long as the counts still differ."""
    case = instance, sheet
    while smaller := next((c for c in _one_less(*case) if differs(*c)), None):
        case = smaller
    return case


def _one_less(instance: Instance, sheet: RuleSheet) -> Iterator[tuple[Instance, RuleSheet]]:
    ballots = tuple(instance.ballots)
    if len(ballots) > 1:
        for place in range(len(ballots)):
            yield replace(instance, ballots=ballots[:place] + ballots[place + 1 :]), sheet
    for project in instance.projects if not sheet.constraints.exclusive else ():
        if len(instance.projects) > 1:
            yield _without(instance, project.id), sheet
    default = RuleSheet(
        utility=sheet.utility,
        read_as_approval=sheet.read_as_approval,
        increment=sheet.increment,  # a finer one could keep the oracle busy for hours
    )
    for field in fields(RuleSheet):
        plain = getattr(default, field.name)
        if getattr(sheet, field.name) != plain:
            yield instance, replace(sheet, **{field.name: plain})
    if sheet.constraints != NO_CONSTRAINTS:
        yield instance, replace(sheet, constraints=NO_CONSTRAINTS)


def _without(instance: Instance, gone: str) -> Instance:
    def kept(ballot: Any) -> Any:
        places = [place for place, id_ in enumerate(ballot.choices) if id_ != gone]
        points = tuple(ballot.points[place] for place in places) if ballot.points else ()
        return replace(
            ballot, choices=tuple(ballot.choices[place] for place in places), points=points
        )

    return replace(
        instance,
        projects=tuple(p for p in instance.projects if p.id != gone),
        ballots=tuple(map(kept, instance.ballots)),
    )


def reproducer(instance: Instance, sheet: RuleSheet) -> str:
    """Lines of Python that make the election and the rule sheet again."""
    given = [[str(points) for points in ballot.points] for ballot in instance.ballots]
    groups = {p.id: p.exclusive_group for p in instance.projects if p.exclusive_group}
    options = {name: value for name, value in sheet.to_dict().items() if value is not None}
    lines = [
        f"costs = { {p.id: p.cost for p in instance.projects} }",
        f"ballots = {[ballot.choices for ballot in instance.ballots]}",
        f"points = [[Fraction(p) for p in given] for given in {given}]",
        f"instance = make_election(costs, ballots, budget={instance.budget}, points=points,",
        f"    vote_type=VoteType({instance.vote_type.value!r}),",
        f"    minor_per_unit={instance.minor_per_unit},",
        f"    default_score=Fraction({str(instance.default_score)!r}))",
        f"exclusive groups of projects: {groups}" if groups else "",
        f"sheet = RuleSheet.from_dict({options})",
    ]
    return "\n".join(line for line in lines if line)
