"""`minga compare`: all rules on one election, side by side."""

import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

import click

from allocation.amounts import amount_text
from allocation.instance import Instance
from allocation.representation import Representation
from allocation.rule_sheet import RuleSheet
from allocation.side_by_side import Line, side_by_side
from app.cli.compare_json import comparison_document, only_in
from app.cli.counting import read_election, table
from app.cli.output import echo_warnings, json_option, write_json


@click.command("compare")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--lot-seed", metavar="TEXT", help="The public draw that decides ties by lot.")
@click.option(
    "--read-as",
    type=click.Choice(["approval"]),
    help="Count every named project of another ballot type as approved.",
)
@json_option
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
        write_json(json_target, comparison_document(election, lines))
    if json_target != "-":
        click.echo(as_text(election.instance, lines))


def _with_progress(lines: Iterable[Line]) -> Iterable[Line]:
    for line in lines:
        if sys.stderr.isatty():
            click.echo(f"{line.name}: {'refused' if line.outcome is None else 'done'}", err=True)
        yield line


def as_text(instance: Instance, lines: Sequence[Line]) -> str:
    """Write the comparison for people: one row per rule, then what differs."""
    header = [
        "Rule",
        "Funded",
        "Cost",
        "Unspent",
        "Ballots with a winner",
        "Winners per ballot",
        "Share per ballot",
        "Groups passed over",
    ]
    rows = [_row(instance, line, line.figures) for line in lines if line.figures]
    refusals = [f"{line.name}: {line.refusal}" for line in lines if line.outcome is None]
    blocks = [table(header, rows, right=[1, 2, 3, 4, 5, 6, 7])] if rows else []
    sentences = "\n".join([*_differences(lines), *_statements(instance, lines)])
    return "\n\n".join([*blocks, *filter(None, [sentences, *refusals])])


def _row(instance: Instance, line: Line, figures: Representation) -> list[str]:
    return [
        line.name,
        str(len(line.outcome.winners) if line.outcome else 0),
        amount_text(figures.spent, instance.minor_per_unit),
        amount_text(figures.unspent, instance.minor_per_unit),
        f"{float(figures.share_represented):.1%}",
        f"{float(figures.mean_funded_per_ballot):.2f}",
        _share(instance, figures),
        str(len(line.proportionality.passed_over)) if line.proportionality else "",
    ]


def _share(instance: Instance, figures: Representation) -> str:
    """Write the endowment, and how much completion raised it."""
    if figures.endowment is None or figures.endowment_rise is None:
        return ""
    endowment = amount_text(round(figures.endowment), instance.minor_per_unit)
    return f"{endowment} ({float(figures.endowment_rise):.2f} x)"


def _statements(instance: Instance, lines: Sequence[Line]) -> list[str]:
    """Say of each rule whether a group large enough to claim a project was passed over."""
    said = []
    for line in lines:
        if line.proportionality is None:
            continue
        groups = line.proportionality.passed_over
        if not groups:
            said.append(f"{line.name}: no group large enough to claim a project was passed over")
            continue
        largest = groups[0]
        money = amount_text(int(largest.money), instance.minor_per_unit)
        said.append(
            f"{line.name}: passed over {largest.project}, which {largest.ballots} ballots with "
            f"{money} of the budget could claim"
            + (f", and {len(groups) - 1} more" if len(groups) > 1 else "")
        )
    return said


def _differences(lines: Sequence[Line]) -> list[str]:
    first = next((line for line in lines if line.outcome), None)
    sentences = []
    for line in lines:
        if first is None or line.outcome is None or line is first:
            continue
        gained, lost = only_in(line, first), only_in(first, line)
        changes = [
            f"{word} {', '.join(ids)}" for word, ids in (("also", gained), ("without", lost)) if ids
        ]
        what = "; ".join(changes) or "the same projects"
        sentences.append(f"{line.name}, against {first.name}: {what}")
    return sentences
