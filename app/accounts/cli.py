"""`minga user`: the first people of the staff, made on the server."""

import click
from sqlmodel import Session

from app.accounts import audit, people, set_up
from app.accounts.forms import NAME_LENGTH_MAX, read_email
from app.accounts.models import Role
from app.db import run_tx
from app.errors import InvalidError
from app.policy import Actor


def register(group: click.Group) -> None:
    group.add_command(user)


@click.group("user")
def user() -> None:
    """People of the staff."""


@user.command("create")
@click.option(
    "--role",
    type=click.Choice([role.value for role in Role]),
    required=True,
    help="What the person may do.",
)
@click.option("--name", required=True, help="The person's name.")
@click.option("--email", help="The address to sign in with; asked at set-up if left out.")
def create(role: str, name: str, email: str | None) -> None:
    """Make a staff account and print the link with which its person sets it up.

    The link works once, for three days. Give it to the person alone: who opens it has the account.
    """

    def make(session: Session) -> str:
        account = people.make(session, name=_name(name), email=_email(email))
        people.grant(session, account, role)
        audit.record(session, Actor(), "people.created_on_server", str(account.id), {"role": role})
        return set_up.issue_link(session, account.id)

    click.echo(run_tx(make))


def _name(text: str) -> str:
    name = " ".join(text.split())
    if not name or len(name) > NAME_LENGTH_MAX:
        raise InvalidError("The name is empty or longer than 120 characters. Give --name again.")
    return name


def _email(text: str | None) -> str | None:
    try:
        return read_email(text) if text else None
    except ValueError:
        raise InvalidError(f"{text!r} is no e-mail address. Give --email again.") from None
