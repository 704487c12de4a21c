"""`minga round …`: the rounds on the command line."""

import json
from typing import Any

import click
from flask_babel import gettext as _
from sqlmodel import Session

from app import clock
from app.accounts import approvals
from app.db import read_tx, run_tx
from app.errors import ConflictError
from app.i18n import moment
from app.jobs import service as jobs
from app.rounds import closing, opening, queries
from app.rounds.models import RoundRow, RoundState
from app.rounds.views import RoundView, round_view


@click.group("round")
def round_group() -> None:
    """Rounds: list, show, open, close, count."""


def register(group: click.Group) -> None:
    group.add_command(round_group)


json_option = click.option(
    "--json", "json_path", metavar="PATH", help="Write the answer as JSON; - is standard output."
)


@round_group.command("list")
@json_option
def list_(json_path: str | None) -> None:
    """List all rounds, the newest first."""
    now = clock.now()
    views = read_tx(lambda s: [round_view(s, row, now) for row in queries.all_rounds(s)])
    if json_path:
        write_json(json_path, {"rounds": [_facts(view) for view in views]})
        return
    for view in views:
        click.echo(f"{view.row.slug:<30} {view.row.state:<10} {view.row.title}")
    if not views:
        click.echo("There are no rounds yet.")


@round_group.command("show")
@click.argument("round_slug", metavar="ROUND")
@json_option
def show(round_slug: str, json_path: str | None) -> None:
    """Show where a round stands."""
    view = read_tx(lambda s: round_view(s, queries.round_by_slug(s, round_slug), clock.now()))
    if json_path:
        write_json(json_path, _facts(view))
        return
    click.echo(f"{view.row.title} ({view.row.slug})\n{view.sentence}")
    for name, value in _facts(view).items():
        if isinstance(value, str | int):
            click.echo(f"  {name}: {value}")


@round_group.command("open")
@click.argument("round_slug", metavar="ROUND")
def open_(round_slug: str) -> None:
    """Open the vote that two officers approved in the browser, once its date has come.

    Safe to repeat. Without their approval nothing is opened.
    """
    click.echo(run_tx(lambda session: _opened(session, round_slug)))


@round_group.command("close")
@click.argument("round_slug", metavar="ROUND")
def close(round_slug: str) -> None:
    """End a vote whose date has come, or that two officers ended in the browser.

    Safe to repeat.
    """
    click.echo(run_tx(lambda session: _closed(session, round_slug)))


def _opened(session: Session, slug: str) -> str:
    row = queries.round_by_slug(session, slug)
    scheduled = jobs.find(session, opening.opening_key(row)) is not None
    if scheduled:
        opening.open_by_date(session, row.id)
    if row.state == RoundState.VOTING:
        return str(_("The vote on %(round)s is open.", round=slug))
    if scheduled and row.state == RoundState.FROZEN and row.voting_opens_at is not None:
        return str(_("The vote opens by itself on %(moment)s.", moment=moment(row.voting_opens_at)))
    raise ConflictError(_why_not_open(session, row))


def _why_not_open(session: Session, row: RoundRow) -> str:
    if row.state in (RoundState.CLOSED, RoundState.PUBLISHED):
        return str(_("The vote on %(round)s is over; it cannot be opened again.", round=row.slug))
    if row.state != RoundState.FROZEN:
        return str(
            _(
                "The rules of %(round)s are not fixed yet. Do that in the browser first.",
                round=row.slug,
            )
        )
    if approvals.pending_for(session, opening.OPEN, row.slug):
        return str(
            _(
                "Opening %(round)s waits for a second officer. Let them approve it in the browser.",
                round=row.slug,
            )
        )
    return str(
        _(
            "Opening %(round)s needs two officers. Propose it in the browser, on the page of "
            "the round.",
            round=row.slug,
        )
    )


def _closed(session: Session, slug: str) -> str:
    row = queries.round_by_slug(session, slug)
    closing.close_by_date(session, row.id)
    if row.state in (RoundState.CLOSED, RoundState.PUBLISHED):
        return str(_("The vote on %(round)s is closed.", round=slug))
    if row.state != RoundState.VOTING:
        raise ConflictError(_("The vote on %(round)s has not been open yet.", round=slug))
    if approvals.pending_for(session, closing.CLOSE, slug):
        raise ConflictError(
            _(
                "Ending the vote on %(round)s early waits for a second officer. Let them approve "
                "it in the browser.",
                round=slug,
            )
        )
    raise ConflictError(
        _(
            "The vote on %(round)s ends by itself on %(moment)s. Ending it earlier needs two "
            "officers: propose it in the browser.",
            round=slug,
            moment=moment(row.voting_closes_at) if row.voting_closes_at else "–",
        )
    )


def _facts(view: RoundView) -> dict[str, Any]:
    row = view.row
    dates = ("proposals_open_at", "proposals_close_at", "voting_opens_at", "voting_closes_at")
    moments = {name: getattr(row, name) for name in (*dates, "results_at")}
    return {
        "round": row.slug,
        "title": row.title,
        "state": row.state,
        "phase": view.phase.name.value,
        "origin": row.origin,
        "currency": row.currency,
        "budget_minor": view.budget_minor,
        "projects": view.project_count,
        **{name: value.isoformat() if value else None for name, value in moments.items()},
        "rule_sheet_sha256": view.sheet.sha256 if view.sheet else None,
        "pots": [
            {
                "name": pot.name,
                "budget_minor": pot.budget_minor,
                "projects": view.project_counts.get(pot.id, 0),
            }
            for pot in view.pots
        ],
    }


def write_json(path: str, value: dict[str, Any]) -> None:
    text = json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
    try:
        with click.open_file(path, "w", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        sentence = f"{path} cannot be written ({error.strerror}). Name another file."
        raise click.ClickException(sentence) from error
