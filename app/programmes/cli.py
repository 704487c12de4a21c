"""`minga programme check`, `load`: schedules as files."""

import sys
from pathlib import Path

import click
from flask_babel import gettext as _

from app import i18n
from app.policy import ROUND_OFFICER, Actor
from app.programmes import schedule, schedule_file, service, words
from app.programmes.infeasible import Infeasible
from app.programmes.schedule_file import ScheduleFile

OPERATOR = Actor(name="command line", roles=frozenset({ROUND_OFFICER}), level="full")


@click.group("programme")
def programme() -> None:
    """Voucher programmes: schedules as files."""


def register(group: click.Group) -> None:
    group.add_command(programme)


_file = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))


@programme.command()
@_file
def check(file: Path) -> None:
    """Make the schedule of a file and show it; exit 1 if it cannot be or a case comes out else."""
    given = schedule_file.read(file.read_bytes())
    made = given.solve()
    if isinstance(made, Infeasible):
        click.echo(words.infeasible(made, "EUR"))
        sys.exit(1)
    cost = schedule.cost(made, given.people)
    click.echo(_("Expected cost: %(cost)s", cost=_money(-int(-cost // 1))))
    for one in given.cases:
        click.echo(f"{_money(one.value_minor):>12}  {one.name}")
    wrong = given.wrong_cases(made)
    for one, value in wrong:
        click.echo(_("%(case)s: %(value)s comes out", case=one.name, value=_money(value)))
    if wrong:
        sys.exit(1)


@programme.command()
@_file
def load(file: Path) -> None:
    """Begin a programme as a draft, with its parameters and its schedule.

    Two officers then approve it, as ever.
    """
    given = schedule_file.read(file.read_bytes())
    slug = _begin(given)
    click.echo(_("The draft is there: /staff/programmes/%(slug)s", slug=slug))


def _begin(given: ScheduleFile) -> str:
    row = service.create(OPERATOR, given.columns)
    for one in given.parameters:
        service.add_parameter(
            OPERATOR,
            row.slug,
            name=one.name,
            value=one.value,
            valid_from=row.starts_on,
            legal_reference=one.legal_reference,
            adopted_by=one.adopted_by,
        )
    seen = row.version + len(given.parameters)
    service.save_schedule(OPERATOR, row.slug, given.rules, seen_version=seen)
    return row.slug


def _money(amount_minor: int) -> str:
    return i18n.money(amount_minor, "EUR")
