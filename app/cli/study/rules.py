"""Which rules a study counts by: a set of its own, or a file with named rule sheets."""

import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

import click

from allocation.errors import RuleOptionError
from allocation.rule_sheet import RuleSheet
from allocation.study import study_rules
from app.cli.output import read_text


def read_rules(path: Path | None, lot_seed: str | None) -> dict[str, RuleSheet]:
    """Name the rule sheets; a lot seed goes to those that have none of their own.

    Raises ClickException if the file is none of rules, RuleOptionError if a sheet is impossible.
    """
    seed = {} if lot_seed is None else {"lot_seed": lot_seed}
    if path is None:
        return study_rules(RuleSheet.from_dict(seed))
    return {name: _read_sheet(name, seed | options) for name, options in _read_tables(path).items()}


def _read_tables(path: Path) -> dict[str, dict[str, Any]]:
    name = click.format_filename(path)
    try:
        # As a float, an increment of 0.1 would not be a tenth.
        tables = tomllib.loads(read_text(path), parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise click.ClickException(f"{name} is not TOML: {error}.") from error
    for rule, options in tables.items():
        if not isinstance(options, dict):
            raise click.ClickException(
                f"{name}: {rule} is no table of options. Write [name of the rule], and below it "
                'its options, such as rule = "greedy".'
            )
    if not tables:
        raise click.ClickException(f"{name} names no rule. Write at least one [name of the rule].")
    return tables


def _read_sheet(name: str, options: dict[str, Any]) -> RuleSheet:
    try:
        return RuleSheet.from_dict(options)
    except RuleOptionError as error:
        raise RuleOptionError(f"{name}: {error}") from error
