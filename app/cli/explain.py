"""`minga explain`: why a project won or lost, and how close it was."""

import difflib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from allocation.allocate import allocate
from allocation.explanation import bought_by_round, explain
from allocation.instance import Instance
from allocation.margins import LoserMargins, WinnerMargins, margins
from allocation.outcome import Outcome
from allocation.proportionality import proportionality
from allocation.utilities import read_as_approval
from app.cli.counting import ProgressLine, read_election
from app.cli.explain_json import explanation_document
from app.cli.explain_words import Account, as_text
from app.cli.output import echo_warnings, json_option, write_json
from app.cli.rule_options import read_rule_sheet, rule_options

NEAREST = 3
# For one project there is time to look for a figure that a recount confirms.
TRIES = 6
SECONDS_MAX = 4.0


@click.command("explain")
@click.argument("file", type=click.Path(path_type=Path))
@click.argument("project_id")
@rule_options
@json_option
def command(file: Path, project_id: str, *, json_target: str | None, **options: Any) -> None:
    """Say why a project won or lost, round by round, and what would have changed it.

    The election is counted by the rule given, like `minga allocate`.
    """
    sheet = read_rule_sheet(options)
    election = read_election(file)
    echo_warnings(election.warnings)
    _check_id(election.instance, project_id, election.file)
    progress = ProgressLine()
    try:
        outcome = allocate(election.instance, sheet, progress=progress)
    finally:
        progress.close()
    instance = election.instance
    if outcome.sheet.read_as_approval:
        instance = read_as_approval(instance)
    account = Account(
        instance=instance,
        outcome=outcome,
        explained=explain(instance, outcome)[project_id],
        bought=bought_by_round(instance, outcome),
        margins=next(_margins(instance, outcome, project_id), None),
        proportionality=proportionality(instance, outcome),
    )
    if json_target:
        write_json(json_target, explanation_document(account, election.identity()))
    if json_target != "-":
        click.echo(as_text(account))


def _margins(
    instance: Instance, outcome: Outcome, id_: str
) -> Iterator[LoserMargins | WinnerMargins]:
    return margins(instance, outcome, [id_], tries=TRIES, rivalry=True, seconds_max=SECONDS_MAX)


def _check_id(instance: Instance, id_: str, file: str) -> None:
    if id_ in instance.project_by_id:
        return
    near = difflib.get_close_matches(id_, instance.project_by_id, n=NEAREST, cutoff=0.4)
    known = near or [project.id for project in instance.projects[:NEAREST]]
    raise click.ClickException(
        f"There is no project {id_} in {file}. "
        + (f"Did you mean {' or '.join(known)}?" if near else f"Its ids look like {known[0]}.")
        if known
        else f"There is no project {id_} in {file}, which has no projects at all."
    )
