"""What a study consists of: files, rules, and the counts that each pair of them asks for."""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

import click

from allocation.pabulib import Limits
from allocation.rule_sheet import RuleSheet
from allocation.study import sheet_digest
from app.cli.output import read_file

VERSION = version("minga")
UNREADABLE, WORKER_DIED, TIME_LIMIT, FAULT = "unreadable", "worker_died", "time_limit", "fault"
# What a count came to, by the names of the table.
Values = Mapping[str, Any]


class Key(NamedTuple):
    """What a count depends on; the names of file and rule are no part of it."""

    sha256: str
    rule_digest: str
    version: str = VERSION


@dataclass(frozen=True)
class StudyFile:
    """A file of the folder. `refusal` is why it cannot be read, "" if it can."""

    name: str
    path: Path
    size_bytes: int = 0
    sha256: str = ""
    refusal: str = ""

    def content(self) -> bytes:
        """Read the file again; raises ClickException if it has gone or changed since."""
        content = read_file(self.path)
        if (
            self.size_bytes <= Limits().bytes_max
            and hashlib.sha256(content).hexdigest() != self.sha256
        ):
            raise click.ClickException(
                f"{self.name} changed while the study ran. Start the study again to count it."
            )
        return content


@dataclass(frozen=True)
class Task:
    """One count that is still to be done."""

    key: Key
    file: StudyFile
    sheet: RuleSheet


def list_files(folder: Path) -> list[StudyFile]:
    """Find every `.pb` file in a folder and the folders in it; ClickException if there is none."""
    name = click.format_filename(folder)
    if not folder.exists():
        raise click.ClickException(f"There is no folder {name}. Check the name.")
    if not folder.is_dir():
        raise click.ClickException(f"{name} is no folder. Name the folder that holds the files.")
    paths = sorted(path for path in folder.rglob("*") if _is_election(path))
    if not paths:
        raise click.ClickException(
            f"{name} holds no .pb files. Name a folder with elections in the Pabulib format."
        )
    return [_study_file(path, click.format_filename(path.relative_to(folder))) for path in paths]


def _is_election(path: Path) -> bool:
    # A link that leads nowhere is listed too, so that it is missed in the table.
    return path.suffix.lower() == ".pb" and (path.is_file() or path.is_symlink())


def _study_file(path: Path, name: str) -> StudyFile:
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            return StudyFile(name, path, file.tell(), digest)
    except OSError as error:
        reason = error.strerror or str(error)
        return StudyFile(name, path, refusal=f"{name} cannot be read ({reason}).")


def tasks_left(
    files: Iterable[StudyFile], rules: Mapping[str, RuleSheet], finished: Collection[Key]
) -> Iterator[Task]:
    """Give each count that is not finished once, the largest files first.

    With the largest last, one worker would go on alone when the others have nothing left.
    """
    seen = set(finished)
    for file in sorted(files, key=lambda file: -file.size_bytes):
        for sheet in rules.values() if file.sha256 else ():
            key = Key(file.sha256, sheet_digest(sheet))
            if key not in seen:
                seen.add(key)
                yield Task(key, file, sheet)


def is_final(values: Values, seconds_max: int) -> bool:
    """Say whether a result stays, or tells of the computer, so that the next start tries again."""
    code = values["refusal_code"]
    if code == TIME_LIMIT:
        return bool(values["seconds_max"] >= seconds_max)
    return code not in {WORKER_DIED, FAULT, UNREADABLE}
