"""What commands that count have in common: reading an election, progress, tables."""

import hashlib
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import click

from allocation.instance import Instance
from allocation.pabulib import Problem, parse
from app.cli.output import problem_as_json, read_file

PROGRESS_EVERY_S = 0.5


@dataclass(frozen=True)
class Election:
    """An election read leniently from a file, with what was mended on the way."""

    instance: Instance
    warnings: list[Problem]
    file: str
    sha256: str
    parse_s: float

    def identity(self) -> dict[str, Any]:
        """Give the arguments by which a report says which file it is about."""
        return {
            "file": self.file,
            "sha256": self.sha256,
            "warnings": [problem_as_json(problem) for problem in self.warnings],
        }


def read_election(path: Path) -> Election:
    """Read an election as the commands on files do; PbError is the refusal."""
    content = read_file(path)
    started = time.perf_counter()
    instance, warnings = parse(content, "lenient")
    return Election(
        instance=instance,
        warnings=warnings,
        file=click.format_filename(path.name),
        sha256=hashlib.sha256(content).hexdigest(),
        parse_s=time.perf_counter() - started,
    )


class ProgressLine:
    """One line on standard error that grows while equal shares tries endowments.

    Silent when standard error is not a terminal, so that logs stay short.
    """

    def __init__(self) -> None:
        self._shown_at = time.perf_counter()
        self._shown = False

    def __call__(self, runs: int, spent: Fraction) -> None:
        now = time.perf_counter()
        if not sys.stderr.isatty() or now - self._shown_at < PROGRESS_EVERY_S:
            return
        self._shown_at, self._shown = now, True
        click.echo(f"\r{runs} runs, {float(spent):.1%} of the budget spent", nl=False, err=True)

    def close(self) -> None:
        if self._shown:
            click.echo("\r" + " " * 60 + "\r", nl=False, err=True)


def table(header: Sequence[str], rows: Sequence[Sequence[str]], *, right: Sequence[int]) -> str:
    """Lay out rows under a header; the columns in `right` hold numbers."""
    everything = [header, *rows]
    widths = [max(len(row[column]) for row in everything) for column in range(len(header))]

    def line(row: Sequence[str]) -> str:
        cells = (
            cell.rjust(width) if column in right else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        return "  ".join(cells).rstrip()

    rule = line(["-" * width for width in widths])
    return "\n".join([line(header), rule, *map(line, rows)])
