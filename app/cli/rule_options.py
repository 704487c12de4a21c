"""The rule options of commands that count, as one decorator."""

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Any

import click

from allocation.constraints import parse_constraints
from allocation.errors import RuleOptionError
from allocation.options import Comparison, Completion, Rule, TieCriterion, Utility
from allocation.rule_sheet import RuleSheet
from app.cli.output import read_text
from app.cli.sheet_file import read_sheet_file

Command = Callable[..., Any]


def _spelled(choices: type[StrEnum]) -> list[str]:
    """List values, because click would show the names of an enumeration."""
    return [choice.value for choice in choices]


# Nothing is a default for click, so that an option that a rule does not have is noticed when it
# is given and not otherwise. The help names the defaults.
OPTIONS = (
    click.option(
        "--rule-sheet",
        type=click.Path(path_type=Path),
        metavar="FILE.json",
        help="Take the rule from a published rule sheet, or from a result written by --json.",
    ),
    click.option(
        "--rule",
        type=click.Choice(_spelled(Rule)),
        help=f"How to decide.  [default: {RuleSheet.rule}]",
    ),
    click.option(
        "--utility",
        type=click.Choice(_spelled(Utility)),
        help="What a funded project is worth to a ballot.  [default: cost for approval and "
        "choose-1 ballots, points for cumulative and scoring, borda for ordinal; greedy: votes "
        "or score]",
    ),
    click.option(
        "--completion",
        type=click.Choice(_spelled(Completion)),
        help=f"What equal shares does with money left over.  [default: {RuleSheet.completion}]",
    ),
    click.option(
        "--exhaustive-stop/--no-exhaustive-stop",
        default=None,
        help="Stop raising the endowment when no further project fits.  [default: on]",
    ),
    click.option(
        "--integral-start/--no-integral-start",
        default=None,
        help="Start at whole currency units per ballot.  [default: on]",
    ),
    click.option(
        "--increment", metavar="N", help="Currency units per ballot and step.  [default: 1]"
    ),
    click.option(
        "--ties",
        metavar="LIST",
        help=f"Any order of {', '.join(TieCriterion)}.  [default: {','.join(RuleSheet.ties)}]",
    ),
    click.option("--lot-seed", metavar="TEXT", help="The public draw that decides ties by lot."),
    click.option(
        "--read-as",
        type=click.Choice(["approval"]),
        help="Count every named project of another ballot type as approved.",
    ),
    click.option(
        "--comparison",
        type=click.Choice(_spelled(Comparison)),
        help="Take the greedy outcome if more ballots prefer it.  "
        f"[default: {RuleSheet.comparison}]",
    ),
    click.option(
        "--time-limit", type=int, metavar="SECONDS", help="For each solver run of knapsack."
    ),
    click.option(
        "--constraints",
        type=click.Path(path_type=Path),
        metavar="FILE.toml",
        help="Floors, ceilings, exclusive groups, prerequisites, at most k.",
    ),
    click.option(
        "--exact-only", is_flag=True, default=None, help="Count with plain rational code."
    ),
)
BESIDE_A_SHEET = frozenset({"lot_seed", "time_limit", "exact_only"})


def rule_options(command: Command) -> Command:
    """Add every rule option to a command; it receives them as `**options`."""
    for option in reversed(OPTIONS):
        command = option(command)
    return command


def read_rule_sheet(options: dict[str, Any]) -> RuleSheet:
    """Make a rule sheet of what was given; an AllocationError says what is wrong with it."""
    given = {name: value for name, value in options.items() if value is not None}
    sheet = given.pop("rule_sheet", None)
    if sheet is not None:
        _refuse_a_second_rule(given)
        return RuleSheet.from_dict(read_sheet_file(sheet) | given)
    if "ties" in given:
        given["ties"] = [name.strip() for name in given["ties"].split(",")]
    path = given.pop("constraints", None)
    if path is not None:
        constraints = parse_constraints(read_text(path)).as_dict()
        if constraints is None:
            raise RuleOptionError(f"{path.name} holds no constraints. Leave out --constraints.")
        given["constraints"] = constraints
    return RuleSheet.from_dict(given)


def _refuse_a_second_rule(given: dict[str, Any]) -> None:
    """Beside a rule sheet only what it cannot know, or what changes no outcome, is allowed."""
    for name in given:
        if name not in BESIDE_A_SHEET:
            option = name.replace("_", "-")
            raise RuleOptionError(
                f"The file of --rule-sheet says the whole rule. Leave out --{option}, or the file."
            )
