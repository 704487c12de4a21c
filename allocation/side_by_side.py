"""The same ballots under every rule, so that a council sees what its choice of rule decides."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from allocation.allocate import allocate
from allocation.errors import AllocationError, RuleOptionError
from allocation.instance import Instance
from allocation.options import Completion, Rule
from allocation.outcome import Outcome
from allocation.proportionality import Proportionality, proportionality
from allocation.representation import Representation, represent
from allocation.rule_sheet import RuleSheet

# pabutools solves a linear program per candidate and round, with a variable per ballot and
# project: beyond this (ballots times projects cubed) it takes minutes, then hours.
MAXIMIN_WORK_MAX = 2_000_000


@dataclass(frozen=True, slots=True)
class Line:
    """One rule: its outcome and figures, or the sentence with which it refused.

    `proportionality` is in the same measure for every rule: the default one of the ballots.
    """

    name: str
    sheet: RuleSheet
    outcome: Outcome | None
    figures: Representation | None
    refusal: str = ""
    proportionality: Proportionality | None = None


def rule_sheets(common: RuleSheet) -> dict[str, RuleSheet]:
    """Name the rules to compare, the default first; ties and reading as in `common`."""

    def of(rule: Rule) -> RuleSheet:
        return replace(common, rule=rule)

    return {
        "equal shares, completed": of(Rule.EQUAL_SHARES),
        "equal shares, one run": replace(of(Rule.EQUAL_SHARES), completion=Completion.NONE),
        "greedy": of(Rule.GREEDY),
        "knapsack": of(Rule.KNAPSACK),
        "Phragmén": of(Rule.PHRAGMEN),
        "maximin support": of(Rule.MAXIMIN),
    }


def side_by_side(instance: Instance, common: RuleSheet) -> Iterator[Line]:
    """Count by one rule after the other; a rule that refuses does not stop the others."""
    for name, sheet in rule_sheets(common).items():
        try:
            check_size(instance, sheet)
            outcome = allocate(instance, sheet)
        except AllocationError as error:
            yield Line(name, sheet, None, None, str(error))
        else:
            yield Line(
                name,
                outcome.sheet,
                outcome,
                represent(instance, outcome),
                proportionality=proportionality(instance, outcome),
            )


def check_size(instance: Instance, sheet: RuleSheet) -> None:
    """Leave out, with a RuleOptionError, what would hold up every other rule for hours."""
    work = len(instance.ballots) * len(instance.projects) ** 3
    if sheet.rule is Rule.MAXIMIN and work > MAXIMIN_WORK_MAX:
        raise RuleOptionError(
            "Left out: this election is too large for maximin support. "
            "It can be counted alone with the rule maximin, which may take hours."
        )
