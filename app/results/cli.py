"""`minga round import`, `allocate`, `publish`, `export`."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
from flask_babel import gettext as _
from sqlmodel import Session

from app.accounts import approvals
from app.db import read_tx, run_tx
from app.errors import ConflictError, InvalidError
from app.jobs import worker
from app.policy import ROUND_OFFICER, Actor
from app.results import export, importer, publication, queries, runs
from app.results.models import AllocationRunRow
from app.results.queries import Standing
from app.rounds import queries as rounds
from app.rounds.cli import json_option, round_group, write_json
from app.rounds.models import RoundState

WARNINGS_MAX = 20
# Whoever can run commands on the server can do this without signing in; the audit trail shows
# such acts without a person.
OPERATOR = Actor(name="command line", roles=frozenset({ROUND_OFFICER}), level="full")


def register(_group: click.Group) -> None:
    """Add the commands to `minga round`, which belongs to rounds."""
    for command in (import_, allocate, publish, export_):
        round_group.add_command(command)


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--name", help="Name of the round; left out, it is taken from the file.")
@click.option("--lenient", is_flag=True, help="Repair small faults and list them as warnings.")
def import_(file: Path, *, name: str | None, lenient: bool) -> None:
    """Make a closed round of a published election, to be counted and published like any other."""
    try:
        data = file.read_bytes()
    except OSError as error:
        raise InvalidError(
            _("%(file)s cannot be read (%(why)s). Check the name.", file=file, why=error.strerror)
        ) from error
    row = importer.import_election(OPERATOR, data, file_name=file.name, name=name, lenient=lenient)
    _echo_warnings(read_tx(lambda session: importer.warnings_of(session, row)))
    click.echo(f"Imported as the round {row.slug}, a recount of an imported election.")


@click.command()
@click.argument("round_slug", metavar="ROUND")
@json_option
def allocate(round_slug: str, json_path: str | None) -> None:
    """Make the official count of a closed round by its published rule sheet.

    Safe to repeat: a round that has its official result shows the stored one.
    """
    worker.run_due()  # the close may have left the sealing of the count to do
    row = run_tx(lambda session: _official_run(session, round_slug))
    _do(row)
    outcome, published = read_tx(lambda session: _outcome(session, row))
    if json_path:
        write_json(json_path, outcome)
        return
    for pot in outcome["pots"]:
        winners = pot["allocation"]["winners"]
        click.echo(f"{pot['name']}: {len(winners)} projects for {pot['allocation']['total_cost']}")
        click.echo("  " + ", ".join(winners))
    if published:
        click.echo(f"Run {row.run_no} is the published result.")
    else:
        click.echo(f"Run {row.run_no} is a draft until two officers publish it.")


@click.command()
@click.argument("round_slug", metavar="ROUND")
def publish(round_slug: str) -> None:
    """Say whether the official result is public; two officers publish it in the browser."""
    state, waiting = read_tx(lambda session: _publication(session, round_slug))
    if state == RoundState.PUBLISHED:
        click.echo("The result is public.")
        return
    if waiting:
        raise ConflictError(
            _("One officer has proposed the publication. A second one has to approve it in Minga.")
        )
    raise ConflictError(
        _("Publishing takes two officers: one proposes it on the page of the count, one approves.")
    )


@click.command("export")
@click.argument("round_slug", metavar="ROUND")
@click.argument("file", type=click.Path(path_type=Path), metavar="OUT.pb")
@click.option("--pot", "pot_name", help="Name of the budget, if the round has several.")
def export_(round_slug: str, file: Path, *, pot_name: str | None) -> None:
    """Write a closed round's projects and ballots as a .pb file."""
    content = read_tx(lambda session: _file(session, round_slug, pot_name))
    try:
        file.write_bytes(content)
    except OSError as error:
        raise InvalidError(
            _("%(file)s cannot be written (%(why)s).", file=file, why=error.strerror)
        ) from error
    click.echo(f"Wrote {file}.")


def _official_run(session: Session, slug: str) -> AllocationRunRow:
    """Return the official run that is there or under way; ask for one if there is none."""
    round_row = rounds.round_by_slug(session, slug)
    row = queries.latest_official(session, round_row.id)
    if row is not None and queries.standing(session, row) is not Standing.NO_OUTCOME:
        return row
    return runs.request_official(session, OPERATOR, round_row.id)


def _do(row: AllocationRunRow) -> None:
    """Do the work that is due, showing how far it is, until the run is done or lies elsewhere."""
    if read_tx(lambda session: queries.standing(session, row)) is Standing.UNDER_WAY:
        click.echo("Counting …", err=True)
        worker.run_due()


def _outcome(session: Session, row: AllocationRunRow) -> tuple[dict[str, Any], bool]:
    """Return what a run gave and whether it is the published result; raise ConflictError if it
    gave nothing.
    """
    standing = queries.standing(session, row)
    if standing is Standing.UNDER_WAY:
        raise ConflictError(_("The count goes on in another process. Look again in a minute."))
    result = queries.result(session, row.id)
    if result is None or result.outcome is None:
        raise ConflictError(str(queries.failure(session, row)))
    published = queries.published_run(session, rounds.round_by_id(session, row.round_id))
    return result.outcome, published is not None


def _echo_warnings(warnings: Sequence[str]) -> None:
    for warning in warnings[:WARNINGS_MAX]:
        click.echo(f"Warning: {warning}", err=True)
    if len(warnings) > WARNINGS_MAX:
        more = len(warnings) - WARNINGS_MAX
        click.echo(f"{more} more warnings; `minga check --lenient` lists them all.", err=True)


def _file(session: Session, slug: str, pot_name: str | None) -> bytes:
    round_row = rounds.round_by_slug(session, slug)
    pots = rounds.pots(session, round_row.id)
    return export.file_for_staff(session, round_row, export.chosen_pot(pots, pot_name))


def _publication(session: Session, slug: str) -> tuple[str, bool]:
    round_row = rounds.round_by_slug(session, slug)
    waiting = approvals.pending_for(session, publication.PUBLISH, str(round_row.id))
    return round_row.state, waiting is not None
