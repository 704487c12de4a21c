"""Every option of a rule: what the council decides before voting opens, and the result repeats."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from typing import Any

from allocation.amounts import exact_number, fraction_text
from allocation.constraints import Constraints, constraints_from_dict
from allocation.errors import RuleOptionError
from allocation.instance import VoteType
from allocation.options import (
    RULES_WITH,
    UTILITIES_OF,
    Comparison,
    Completion,
    Rule,
    TieCriterion,
    Utility,
)

DEFAULT_TIES = (TieCriterion.MIN_COST, TieCriterion.MAX_VOTES, TieCriterion.LOT)
NO_CONSTRAINTS = Constraints()
SECONDS_MAX = 1_000_000
INCREMENT_MAX = 10**30
LOT_SEED_LENGTH_MAX = 1_000


@dataclass(frozen=True, kw_only=True)
class RuleSheet:
    """A rule with all its options; the defaults are those of the command line.

    `utility` None means the default of the ballots (`resolved` fills it in); for greedy it means
    plain votes or score. `increment` is in currency units per ballot. The last three are for
    greedy only: `stop_at_misfit` ends at the first project that does not fit, `votes_min` is the
    support that a project needs, `fund_unsupported` admits projects without votes.
    """

    rule: Rule = Rule.EQUAL_SHARES
    utility: Utility | None = None
    completion: Completion = Completion.ADD1U
    exhaustive_stop: bool = True
    integral_start: bool = True
    increment: Fraction = Fraction(1)
    ties: tuple[TieCriterion, ...] = DEFAULT_TIES
    lot_seed: str | None = None
    read_as_approval: bool = False
    comparison: Comparison = Comparison.NONE
    time_limit: int | None = None
    constraints: Constraints = NO_CONSTRAINTS
    exact_only: bool = False
    stop_at_misfit: bool = False
    votes_min: Fraction | None = None
    fund_unsupported: bool = False

    def __post_init__(self) -> None:
        if self.increment <= 0:
            raise RuleOptionError("increment: must be above 0. The usual step is 1.")
        if self.increment > INCREMENT_MAX:
            raise RuleOptionError(f"increment: must be at most {INCREMENT_MAX}.")
        if len(set(self.ties)) < len(self.ties):
            raise RuleOptionError("ties: a criterion is named twice. Name each at most once.")
        if {TieCriterion.MIN_COST, TieCriterion.MAX_COST} <= set(self.ties):
            raise RuleOptionError("ties: min-cost and max-cost contradict. Choose one of them.")
        if self.lot_seed is not None:
            _seed(self.lot_seed, "lot_seed")

    def resolved(self, vote_type: VoteType) -> "RuleSheet":
        """Fill in the default utility of these ballots; greedy needs none."""
        if self.utility is not None or self.rule not in {Rule.EQUAL_SHARES, Rule.KNAPSACK}:
            return self
        ballots = VoteType.APPROVAL if self.read_as_approval else vote_type
        return replace(self, utility=UTILITIES_OF[ballots][0])

    def to_dict(self) -> dict[str, object]:
        """Give the canonical form: JSON types only, null for what this rule does not have.

        The three greedy options that the command line lacks appear only when they are used.
        """
        values: dict[str, object] = {"rule": self.rule.value}
        for name, write in _WRITERS.items():
            applies = self.rule in RULES_WITH[name]
            values[name] = write(self) if applies else None
        for name in ("stop_at_misfit", "votes_min", "fund_unsupported"):
            if not values[name]:
                del values[name]
        return values

    @staticmethod
    def from_dict(values: Mapping[str, object]) -> "RuleSheet":
        """Read the canonical form; what is missing or null takes its default.

        Raises RuleOptionError for an unknown option, a wrong value, or an option that the rule
        does not have.
        """
        given = {name: value for name, value in values.items() if value is not None}
        rule = _choice(Rule)(given.pop("rule", Rule.EQUAL_SHARES), "rule")
        fields: dict[str, Any] = {"rule": rule}
        for name, value in given.items():
            if name not in RULES_WITH:
                raise RuleOptionError(f"There is no rule option {name!r}.")
            if rule not in RULES_WITH[name]:
                raise RuleOptionError(f"The rule {rule} has no option {name}. Leave it out.")
            field = "read_as_approval" if name == "read_as" else name
            fields[field] = _READERS[name](value, name)
        return RuleSheet(**fields)


Reader = Callable[[object, str], Any]


def _choice(options: type[StrEnum]) -> Reader:
    def read(value: object, name: str) -> StrEnum:
        if not isinstance(value, str) or value not in list(options):
            raise RuleOptionError(f"{name}: {value!r} is not one of {', '.join(options)}.")
        return options(value)

    return read


def _ties(value: object, name: str) -> tuple[TieCriterion, ...]:
    if not isinstance(value, list | tuple):
        raise RuleOptionError(f"{name}: must be a list of {', '.join(TieCriterion)}.")
    return tuple(_choice(TieCriterion)(criterion, name) for criterion in value)


def _flag(value: object, name: str) -> bool:
    if not isinstance(value, bool):
        raise RuleOptionError(f"{name}: must be true or false, not {value!r}.")
    return value


def _number(value: object, name: str) -> Fraction:
    try:
        return exact_number(value, name)
    except ValueError as error:
        raise RuleOptionError(str(error)) from error


def _seconds(value: object, name: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value <= SECONDS_MAX:
        raise RuleOptionError(f"{name}: must be whole seconds from 1 to {SECONDS_MAX}.")
    return value


def _seed(value: object, name: str) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= LOT_SEED_LENGTH_MAX:
        raise RuleOptionError(f"{name}: must be a text of 1 to {LOT_SEED_LENGTH_MAX} characters.")
    return value


def _read_as(value: object, name: str) -> bool:
    if value != "approval":
        raise RuleOptionError(f"{name}: {value!r} is not possible. It can only be approval.")
    return True


def _constraints(value: object, name: str) -> Constraints:
    if not isinstance(value, Mapping):
        raise RuleOptionError(f"{name}: must be an object with lists of tables.")
    return constraints_from_dict(value)


_READERS: dict[str, Reader] = {
    "utility": _choice(Utility),
    "completion": _choice(Completion),
    "exhaustive_stop": _flag,
    "integral_start": _flag,
    "increment": _number,
    "ties": _ties,
    "lot_seed": _seed,
    "read_as": _read_as,
    "comparison": _choice(Comparison),
    "time_limit": _seconds,
    "constraints": _constraints,
    "exact_only": _flag,
    "stop_at_misfit": _flag,
    "votes_min": _number,
    "fund_unsupported": _flag,
}


def _whole_or_text(number: Fraction | None) -> int | str | None:
    """Write whole numbers as numbers and others as "p/q": canonical JSON has no floats."""
    if number is None:
        return None
    return int(number) if number.denominator == 1 else fraction_text(number)


_WRITERS: dict[str, Callable[[RuleSheet], object]] = {
    "utility": lambda sheet: sheet.utility and sheet.utility.value,
    "completion": lambda sheet: sheet.completion.value,
    "exhaustive_stop": lambda sheet: sheet.exhaustive_stop,
    "integral_start": lambda sheet: sheet.integral_start,
    "increment": lambda sheet: _whole_or_text(sheet.increment),
    "ties": lambda sheet: [criterion.value for criterion in sheet.ties],
    "lot_seed": lambda sheet: sheet.lot_seed,
    "read_as": lambda sheet: "approval" if sheet.read_as_approval else None,
    "comparison": lambda sheet: sheet.comparison.value,
    "time_limit": lambda sheet: sheet.time_limit,
    "constraints": lambda sheet: sheet.constraints.as_dict(),
    "exact_only": lambda sheet: sheet.exact_only,
    "stop_at_misfit": lambda sheet: sheet.stop_at_misfit,
    "votes_min": lambda sheet: _whole_or_text(sheet.votes_min),
    "fund_unsupported": lambda sheet: sheet.fund_unsupported,
}
