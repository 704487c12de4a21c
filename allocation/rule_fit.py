"""Whether a rule sheet fits an election: its ballots, its projects, its constraints."""

from collections.abc import Iterable

from allocation.amounts import amount_text
from allocation.constraints import Adjustable, Constraints
from allocation.errors import ConstraintNotSupportedError, RuleOptionError
from allocation.instance import Instance, VoteType
from allocation.options import APPROVALS, OUR_RULES, UTILITIES_OF, Rule
from allocation.rule_sheet import RuleSheet

CROSSES = frozenset({VoteType.APPROVAL, VoteType.CHOOSE_1})


def check_utility(vote_type: VoteType, sheet: RuleSheet) -> None:
    """Raise RuleOptionError when the ballots do not carry what the rule counts."""
    if sheet.rule not in OUR_RULES and vote_type not in CROSSES:
        raise RuleOptionError(
            f"The rule {sheet.rule} counts approvals, but these are {vote_type} ballots. "
            "Add --read-as approval to count every named project as approved."
        )
    if sheet.utility is None or sheet.utility in UTILITIES_OF[vote_type]:
        return
    fitting = " or ".join(UTILITIES_OF[vote_type])
    also = " Or add --read-as approval." if sheet.utility in APPROVALS else ""
    raise RuleOptionError(
        f"The utility {sheet.utility} does not fit {vote_type} ballots. Use {fitting}.{also}"
    )


def check_constraints(instance: Instance, sheet: RuleSheet) -> None:
    """Refuse constraints that name what does not exist, or that the rule cannot keep."""
    constraints = sheet.constraints
    _check_names(instance, constraints)
    if sheet.rule is Rule.KNAPSACK:
        for adjustable in constraints.adjustable:
            _check_adjustable(instance, adjustable)
        return
    asked = (
        *constraints.limits,
        *constraints.requires,
        *constraints.at_most,
        *constraints.adjustable,
    )
    if asked:
        raise ConstraintNotSupportedError(
            f"The rule {sheet.rule} cannot keep the constraint {asked[0]}. "
            "Use the rule knapsack, or leave out everything but exclusive."
        )
    if sheet.rule not in OUR_RULES and any(p.exclusive_group for p in instance.projects):
        raise ConstraintNotSupportedError(
            f"The rule {sheet.rule} cannot keep projects apart that exclude one another. "
            "Use equal-shares, greedy or knapsack."
        )


def _check_names(instance: Instance, constraints: Constraints) -> None:
    for id_ in _named_projects(constraints):
        if id_ not in instance.project_by_id:
            raise RuleOptionError(
                f"constraints: there is no project {id_} in this election. Check its id."
            )
    for limit in constraints.limits:
        labels = {getattr(project, limit.label_of) for project in instance.projects}
        if limit.label not in labels:
            raise RuleOptionError(
                f"constraints: no project has the {limit.label_of} {limit.label!r}. "
                f"There is {', '.join(sorted(labels - {''})) or 'none'}."
            )


def _check_adjustable(instance: Instance, adjustable: Adjustable) -> None:
    """Refuse amounts that the election cannot pay out, and a cost that the table rules out."""
    per_unit = instance.minor_per_unit
    for amount in (adjustable.min, adjustable.max, adjustable.step):
        if (amount * per_unit).denominator > 1:
            raise RuleOptionError(
                f"constraints: adjustable: project {adjustable.project}: {amount} is finer than "
                f"the amounts of this election, {amount_text(1, per_unit)}. Round it."
            )
    cost = instance.project_by_id[adjustable.project].cost
    if not adjustable.min * per_unit <= cost <= adjustable.max * per_unit:
        raise RuleOptionError(
            f"constraints: adjustable: project {adjustable.project} costs "
            f"{amount_text(cost, per_unit)}, which is not from {adjustable.min} to "
            f"{adjustable.max}. Correct the cost, or min and max."
        )


def _named_projects(constraints: Constraints) -> Iterable[str]:
    for exclusive in constraints.exclusive:
        yield from exclusive.projects
    for at_most in constraints.at_most:
        yield from at_most.projects
    for pair in constraints.requires:
        yield from (pair.project, pair.needs)
    for adjustable in constraints.adjustable:
        yield adjustable.project
