"""The command itself; what it needs of Dask is loaded when it runs, not when help is shown."""

from importlib.util import find_spec
from pathlib import Path

import click

from allocation.rule_sheet import SECONDS_MAX
from app.cli.study.rules import read_rules

EXTRA = ("distributed", "pyarrow")
STOPPED = "Stopped. What is counted is kept: start again with the same arguments to go on."


@click.command("study")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--out",
    metavar="RESULTS.parquet",
    required=True,
    type=click.Path(path_type=Path),
    help="The table: one row per file and rule.",
)
@click.option(
    "--workers",
    metavar="N",
    type=click.IntRange(1),
    help="How many count at once on this computer.  [default: one per core]",
)
@click.option("--scheduler", metavar="ADDRESS", help="Count on an existing Dask cluster.")
@click.option(
    "--rules",
    "rules_file",
    metavar="FILE.toml",
    type=click.Path(path_type=Path),
    help="Named rule sheets, a table each.  [default: those of `compare` and variants]",
)
@click.option("--lot-seed", metavar="TEXT", help="The public draw that decides ties by lot.")
@click.option(
    "--seconds-max",
    metavar="N",
    type=click.IntRange(1, SECONDS_MAX),
    default=600,
    show_default=True,
    help="What takes longer is refused.",
)
def command(
    folder: Path,
    *,
    out: Path,
    workers: int | None,
    scheduler: str | None,
    rules_file: Path | None,
    lot_seed: str | None,
    seconds_max: int,
) -> None:
    """Count every election of a folder by many rules.

    The files are read leniently. A file or rule that is refused has a row that says why. After a
    stop or a crash, the same command goes on where it was.
    """
    if workers and scheduler:
        raise click.UsageError("--workers is for this computer. Leave it out with --scheduler.")
    _check_extra()
    from app.cli.study.run import choose_cluster, run  # noqa: PLC0415 (needs the extra packages)

    rules, clients = read_rules(rules_file, lot_seed), choose_cluster(workers, scheduler)
    try:
        click.echo(run(folder, out, rules=rules, clients=clients, seconds_max=seconds_max))
    except KeyboardInterrupt as error:
        raise click.ClickException(STOPPED) from error


def _check_extra() -> None:
    if any(find_spec(name) is None for name in EXTRA):
        raise click.ClickException(
            "Studies need packages that are not installed. Install them with: "
            "pip install 'minga[study]'"
        )
