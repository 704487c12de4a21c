"""`minga check`: every problem of a `.pb` file with its line."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from allocation.pabulib import Mode, Problem, check
from app.cli.output import echo_problem, json_option, problem_as_json, read_file, write_json


@click.command("check")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--lenient", is_flag=True, help="Mend what has one plain meaning, and say how.")
@json_option
def command(file: Path, *, lenient: bool, json_target: str | None) -> None:
    """Validate an election in the Pabulib format: every problem with its line.

    Exit 0: the file can be counted; there may be warnings. Exit 1: it is refused.
    """
    content = read_file(file)
    mode: Mode = "lenient" if lenient else "strict"
    problems = check(content, mode)
    for problem in problems:
        echo_problem(problem)
    if json_target:
        write_json(json_target, _document(file, content, mode, problems))
    verdict = _verdict(file, problems)
    if any(problem.is_error for problem in problems):
        raise click.ClickException(verdict)
    click.echo(verdict, err=json_target == "-")


def _verdict(file: Path, problems: Sequence[Problem]) -> str:
    name = click.format_filename(file.name)
    errors = sum(problem.is_error for problem in problems)
    warnings = _number(len(problems) - errors, "warning")
    if errors:
        counts = f"{_number(errors, 'error')}, {warnings}"
        return f"{name} is refused: {counts}. Correct the errors, then check again."
    return f"{name} can be counted: no errors, {warnings}."


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _document(
    file: Path, content: bytes, mode: Mode, problems: Sequence[Problem]
) -> dict[str, Any]:
    return {
        "format": "minga-check/1",
        "instance": {
            "file": click.format_filename(file.name),
            "sha256": hashlib.sha256(content).hexdigest(),
        },
        "mode": mode,
        "errors": [problem_as_json(problem) for problem in problems if problem.is_error],
        "warnings": [problem_as_json(problem) for problem in problems if not problem.is_error],
    }
