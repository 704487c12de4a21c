"""`minga ledger check`, `seal`, `seals`."""

import json
import sys

import click

from app.db import read_tx, run_tx
from app.ledger import checking, queries, sealing
from app.ledger.models import SealRow


@click.group("ledger")
def ledger_group() -> None:
    """The ledger of public money: check, seal."""


def register(group: click.Group) -> None:
    group.add_command(ledger_group)


_json = click.option(
    "--json", "as_json", metavar="-", help="Write the answer as JSON to standard output."
)


@ledger_group.command()
@_json
def check(as_json: str | None) -> None:
    """Prove that the ledger adds up; exit 1 and the first offending row otherwise."""
    findings = read_tx(checking.check_all)
    if as_json:
        told = [{"invariant": one.name, "offence": one.offence} for one in findings]
        click.echo(json.dumps({"holds": _all_hold(findings), "invariants": told}, indent=2))
    else:
        for one in findings:
            click.echo(f"{one.name:<14} {one.offence or 'holds'}")
    if not _all_hold(findings):
        sys.exit(1)


@ledger_group.command()
def seal() -> None:
    """Seal what was moved since the last seal, now; a job does so every night."""
    row = run_tx(sealing.seal)
    click.echo("There is nothing to seal yet." if row is None else _line(row))


@ledger_group.command()
@_json
def seals(as_json: str | None) -> None:
    """List all seals, the oldest first: publish them, or keep them in another place."""
    rows = read_tx(queries.seals)
    if as_json:
        click.echo(json.dumps({"seals": [_facts(row) for row in rows]}, indent=2))
        return
    for row in rows:
        click.echo(_line(row))


def _all_hold(findings: list[checking.Finding]) -> bool:
    return all(one.offence is None for one in findings)


def _facts(row: SealRow) -> dict[str, object]:
    return {
        "seal_no": row.seal_no,
        "until_at": row.until_at.isoformat(),
        "count": row.count,
        "rows_sha256": row.rows_sha256,
        "head_sha256": row.head_sha256,
    }


def _line(row: SealRow) -> str:
    return (
        f"Seal {row.seal_no}: {row.count} transfers until {row.until_at:%Y-%m-%d %H:%M} UTC, "
        f"{row.head_sha256}"
    )
