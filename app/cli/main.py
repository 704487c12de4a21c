"""The console script `minga`: finds a command by name and turns refusals into one sentence."""

from importlib import import_module
from typing import Any

import click

from allocation.errors import AllocationError
from app.config import SettingsError
from app.errors import UserFacingError

# Loaded one at a time and only when asked for: whoever checks a file needs no database.
OWN_COMMANDS = {
    "allocate": "app.cli.allocate:command",
    "check": "app.cli.check:command",
    "compare": "app.cli.compare:command",
    "db": "app.cli.database:group",
    "explain": "app.cli.explain:command",
    "serve": "app.cli.serve:serve",
    "study": "app.cli.study.command:command",
    "worker": "app.cli.serve:worker",
}
FEATURE_COMMANDS = "app.factory:register_commands"


class MingaGroup(click.Group):
    """Own commands by name; every other command comes from the features, at first need."""

    _features_registered = False

    def list_commands(self, ctx: click.Context) -> list[str]:
        self._register_features()
        return sorted({*OWN_COMMANDS, *super().list_commands(ctx)})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name in OWN_COMMANDS:
            command: click.Command = _load(OWN_COMMANDS[cmd_name])
            return command
        self._register_features()
        return super().get_command(ctx, cmd_name)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; a refusal ends in exit 1 and its own sentence."""
        try:
            return super().invoke(ctx)
        except (AllocationError, SettingsError, UserFacingError) as error:
            raise click.ClickException(str(error)) from error

    def _register_features(self) -> None:
        if not self._features_registered:
            _load(FEATURE_COMMANDS)(self)
            self._features_registered = True


def _load(address: str) -> Any:
    module, _, attribute = address.partition(":")
    return getattr(import_module(module), attribute)


@click.group(cls=MingaGroup)
def main() -> None:
    """Minga: residents decide together and are cared for."""
