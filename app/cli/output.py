"""What commands on files share: reading, warnings on standard error, results as JSON."""

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from allocation.pabulib import Limits, Problem

STANDARD_OUTPUT = "-"
WARNINGS_PER_CODE_MAX = 5


def _target_given(
    _context: click.Context, _parameter: click.Parameter, target: str | None
) -> str | None:
    """Refuse a target without a name, as an empty variable of a script leaves it."""
    if target is not None and not target.strip():
        raise click.BadParameter("The name is empty. Name a file, or - for standard output.")
    return target


json_option = click.option(
    "--json",
    "json_target",
    metavar="PATH",
    callback=_target_given,
    help="Write the result as JSON (-: here).",
)
"""Of the commands that have a result."""


def read_file(path: Path, *, bytes_max: int = Limits().bytes_max) -> bytes:
    """Read at most one byte more than allowed, so that whoever judges the size still can.

    Raises ClickException, a sentence and exit 1, if there is nothing to read.
    """
    name = click.format_filename(path)
    try:
        with path.open("rb") as file:
            return file.read(bytes_max + 1)
    except FileNotFoundError as error:
        raise click.ClickException(f"There is no file {name}. Check the name.") from error
    except IsADirectoryError as error:
        raise click.ClickException(f"{name} is a folder. Name a file in it.") from error
    except (OSError, ValueError) as error:
        raise click.ClickException(f"{name} cannot be read ({_reason(error)}).") from error


def read_text(path: Path) -> str:
    """Read a small text file; raises ClickException also if it is not UTF-8."""
    try:
        return read_file(path).decode()
    except UnicodeDecodeError as error:
        name = click.format_filename(path)
        sentence = f"{name} is not UTF-8 text. Save it again with the encoding UTF-8."
        raise click.ClickException(sentence) from error


def write_json(target: str, document: Any) -> None:
    """Write a result as JSON, to a file or, for "-", to standard output.

    Sorted keys and fixed layout: the same result gives the same bytes on every machine.
    """
    text = json.dumps(document, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
    if target == STANDARD_OUTPUT:
        click.echo(text.encode(), nl=False)
        return
    try:
        Path(target).write_text(text, encoding="utf-8")
    except (OSError, ValueError) as error:
        sentence = f"{target} cannot be written ({_reason(error)}). Name another file."
        raise click.ClickException(sentence) from error


def echo_problem(problem: Problem) -> None:
    """Say one problem on standard error."""
    click.echo(f"{'error' if problem.is_error else 'warning'}: {problem}", err=True)


def echo_warnings(problems: Iterable[Problem]) -> None:
    """Say the first few warnings of each kind on standard error, and how many more there are."""
    seen: Counter[str] = Counter()
    for problem in problems:
        seen[problem.code] += 1
        if seen[problem.code] <= WARNINGS_PER_CODE_MAX:
            echo_problem(problem)
    for code, number in seen.items():
        if number > WARNINGS_PER_CODE_MAX:
            more = number - WARNINGS_PER_CODE_MAX
            sentence = (
                f"warning: {more} more of the kind {code}; `minga check --lenient` lists all."
            )
            click.echo(sentence, err=True)


def problem_as_json(problem: Problem) -> dict[str, Any]:
    return {
        "line": problem.line,
        "code": problem.code,
        "message": problem.message,
        "hint": problem.hint,
    }


def _reason(error: OSError | ValueError) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)
