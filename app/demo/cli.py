"""`minga demo`: an invented town to try everything in."""

import click

from app.demo import loading, seed, sign_ins
from app.paths import resource_folder


def register(group: click.Group) -> None:
    group.add_command(demo)


@click.group("demo")
def demo() -> None:
    """An invented town to try everything in."""


@demo.command("load")
@click.option(
    "--if-empty", is_flag=True, help="Do nothing, and succeed, when the database is in use."
)
def load(if_empty: bool) -> None:
    """Load the invented town of Valdeagua into an empty database and say who can sign in.

    With --if-empty it is safe to repeat: a demonstration that is there only says who can sign in.
    """
    if not if_empty or loading.is_empty():
        loading.load(seed.read(resource_folder("seed_data")), click.echo)
    elif not loading.is_loaded():
        return
    for line in sign_ins.lines():
        click.echo(line)
