"""`minga allocate`: run a rule on an election in a file."""

import time
from pathlib import Path
from typing import Any

import click

from allocation.allocate import allocate
from allocation.amounts import amount_text, decimal_text
from allocation.instance import Instance
from allocation.outcome import Outcome
from allocation.report import allocation_report
from allocation.tie_breaking import Tie
from allocation.utilities import read_as_approval, votes_or_scores
from app.cli.counting import ProgressLine, read_election, table
from app.cli.output import echo_warnings, json_option, write_json
from app.cli.rule_options import read_rule_sheet, rule_options

NAME_LENGTH_MAX = 50


@click.command("allocate")
@click.argument("file", type=click.Path(path_type=Path))
@rule_options
@json_option
def command(file: Path, *, json_target: str | None, **options: Any) -> None:
    """Decide which projects of an election are funded.

    The file is read leniently: what was mended is said on standard error.
    """
    sheet = read_rule_sheet(options)
    election = read_election(file)
    echo_warnings(election.warnings)
    progress = ProgressLine()
    started = time.perf_counter()
    try:
        outcome = allocate(election.instance, sheet, progress=progress)
    finally:
        progress.close()
    solve_s = time.perf_counter() - started
    if json_target:
        timing = {"parse_s": round(election.parse_s, 4), "solve_s": round(solve_s, 4)}
        write_json(
            json_target,
            allocation_report(election.instance, outcome, timing=timing, **election.identity()),
        )
    if json_target != "-":
        click.echo(as_text(election.instance, outcome))
    if outcome.proven_optimal is False:
        raise click.ClickException(
            "Time ran out before this set was proven to be the best, so it must not be published. "
            "Allow more with --time-limit."
        )


def as_text(instance: Instance, outcome: Outcome) -> str:
    """Write an outcome for people: the winners in order, totals, ties."""
    return "\n".join([_winners(instance, outcome), "", *_totals(instance, outcome)])


def _winners(instance: Instance, outcome: Outcome) -> str:
    as_read = read_as_approval(instance) if outcome.sheet.read_as_approval else instance
    votes = votes_or_scores(as_read)
    rows = []
    for place, id_ in enumerate(outcome.winners, start=1):
        project = instance.project_by_id[id_]
        paid = (outcome.costs or {}).get(id_, project.cost)
        cost = amount_text(paid, instance.minor_per_unit)
        by = "fill" if id_ in outcome.added else outcome.sheet.rule.value
        rows.append([str(place), id_, _shortened(project.name), cost, str(votes[id_]), by])
    return table(["#", "Project", "Name", "Cost", "Votes", "By"], rows, right=[0, 3, 4])


def _shortened(name: str) -> str:
    printable = "".join(letter if letter.isprintable() else " " for letter in name)
    if len(printable) <= NAME_LENGTH_MAX:
        return printable
    return f"{printable[: NAME_LENGTH_MAX - 1]}…"


def _totals(instance: Instance, outcome: Outcome) -> list[str]:
    cost, budget = (
        amount_text(amount, instance.minor_per_unit)
        for amount in (outcome.total_cost, instance.budget)
    )
    lines = [f"{len(outcome.winners)} of {len(instance.projects)} projects, {cost} of {budget}."]
    if outcome.endowment is not None:
        endowment = decimal_text(outcome.endowment / instance.minor_per_unit)
        runs = "1 run" if outcome.runs == 1 else f"{outcome.runs} runs"
        exactly = f", {outcome.decided_exactly} close calls decided in exact fractions"
        exactly = exactly if outcome.decided_exactly else ""
        lines.append(f"Each ballot started with {endowment}; {runs}{exactly}.")
    if outcome.objective is not None:
        lines.append(f"Total utility {outcome.objective}.")
    if not outcome.exact:
        lines.append("Counted by pabutools in floating point: close calls may go either way.")
    if outcome.comparison is not None:
        report = outcome.comparison
        taken = "greedy" if report.greedy_taken else "equal shares"
        lines.append(
            f"{report.prefer_completed} ballots prefer equal shares, {report.prefer_greedy} "
            f"prefer greedy: {taken} is taken."
        )
    return [*lines, *map(_tie, outcome.ties)]


def _tie(tie: Tie) -> str:
    return (
        f"Tie in round {tie.round} between {', '.join(tie.between)}: "
        f"{tie.chosen} by {tie.decided_by}."
    )
