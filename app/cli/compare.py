"""`minga compare`: all rules on one election, side by side."""

import sys
from collections.abc import Iterable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import click

from allocation.amounts import amount_text, decimal_text, fraction_text
from allocation.instance import Instance
from allocation.representation import Representation
from allocation.rule_sheet import RuleSheet
from allocation.side_by_side import Line, side_by_side
from app.cli.counting import Election, read_election, table
from app.cli.output import echo_warnings, write_json


@click.command("compare")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--lot-seed", metavar="TEXT", help="The public draw that decides ties by lot.")
@click.option(
    "--read-as",
    type=click.Choice(["approval"]),
    help="Count every named project of another ballot type as approved.",
)
@click.option("--json", "json_target", metavar="PATH", help="Write the result as JSON (-: here).")
def command(
    file: Path, *, lot_seed: str | None, read_as: str | None, json_target: str | None
) -> None:
    """Count an election by every rule: winners, cost, and how many ballots got something.

    A rule that does not fit the ballots, or leaves a tie open, says why; the others are counted.
    """
    election = read_election(file)
    echo_warnings(election.warnings)
    common = RuleSheet(lot_seed=lot_seed, read_as_approval=read_as is not None)
    lines = list(_with_progress(side_by_side(election.instance, common)))
    if json_target:
        write_json(json_target, _document(election, lines))
    if json_target != "-":
        click.echo(as_text(election.instance, lines))


def _with_progress(lines: Iterable[Line]) -> Iterable[Line]:
    for line in lines:
        if sys.stderr.isatty():
            click.echo(f"{line.name}: {'refused' if line.outcome is None else 'done'}", err=True)
        yield line


def as_text(instance: Instance, lines: Sequence[Line]) -> str:
    """Write the comparison for people: one row per rule, then what differs."""
    header = ["Rule", "Funded", "Cost", "Ballots with a winner", "Winners per ballot"]
    rows = [_row(instance, line, line.figures) for line in lines if line.figures]
    refusals = [f"{line.name}: {line.refusal}" for line in lines if line.outcome is None]
    blocks = [table(header, rows, right=[1, 2, 3, 4])] if rows else []
    return "\n\n".join([*blocks, *filter(None, ["\n".join(_differences(lines)), *refusals])])


def _row(instance: Instance, line: Line, figures: Representation) -> list[str]:
    return [
        line.name,
        str(len(line.outcome.winners) if line.outcome else 0),
        amount_text(figures.spent, instance.minor_per_unit),
        f"{float(figures.share_represented):.1%}",
        f"{float(figures.mean_funded_per_ballot):.2f}",
    ]


def _differences(lines: Sequence[Line]) -> list[str]:
    first = next((line for line in lines if line.outcome), None)
    sentences = []
    for line in lines:
        if first is None or line.outcome is None or line is first:
            continue
        gained, lost = _only(line, first), _only(first, line)
        changes = [
            f"{word} {', '.join(ids)}" for word, ids in (("also", gained), ("without", lost)) if ids
        ]
        what = "; ".join(changes) or "the same projects"
        sentences.append(f"{line.name}, against {first.name}: {what}")
    return sentences


def _only(line: Line, other: Line) -> list[str]:
    """List winners of one line that the other lacks, in order of choice."""
    if line.outcome is None or other.outcome is None:
        return []
    elsewhere = set(other.outcome.winners)
    return [id_ for id_ in line.outcome.winners if id_ not in elsewhere]


def _document(election: Election, lines: Sequence[Line]) -> dict[str, Any]:
    first = next((line for line in lines if line.outcome), None)
    identity = election.identity()
    return {
        "format": "minga-comparison/1",
        "instance": {"file": identity["file"], "sha256": identity["sha256"]},
        "rules": [_line_as_json(election.instance, line, first) for line in lines],
        "warnings": identity["warnings"],
    }


def _line_as_json(instance: Instance, line: Line, first: Line | None) -> dict[str, Any]:
    entry: dict[str, Any] = {"name": line.name, "rule": line.sheet.to_dict()}
    if line.outcome is None or line.figures is None or first is None:
        return entry | {"refused": line.refusal}
    figures = line.figures
    return entry | {
        "winners": list(line.outcome.winners),
        "number_of_winners": len(line.outcome.winners),
        "total_cost": amount_text(figures.spent, instance.minor_per_unit),
        "unspent": amount_text(figures.unspent, instance.minor_per_unit),
        "represented": _number(figures.share_represented),
        "exclusion_ratio": _number(figures.exclusion_ratio),
        "mean_winners_per_ballot": _number(figures.mean_funded_per_ballot),
        "winners_per_ballot": [list(pair) for pair in figures.funded_per_ballot],
        "only_here": _only(line, first),
        "missing_here": _only(first, line),
    }


def _number(number: Fraction) -> dict[str, str]:
    return {"exact": fraction_text(number), "decimal": decimal_text(number)}
