"""Finished counts on disk while a study runs, so that a kill loses none of them."""

import fcntl
import json
import os
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TextIO

import click

from app.cli.study.work import Key, Values

LOCK = "lock"


class Parts:
    """A folder beside the table: a file per start, a line per finished count.

    It is there while there is something in it. Opened by one study at a time; raises
    ClickException if another has it, or if it cannot be made.
    """

    def __init__(self, table: Path) -> None:
        self._folder = table.with_name(f"{table.name}.parts")
        self._lock: TextIO | None = None
        self._file: TextIO | None = None

    def __enter__(self) -> Self:
        name = click.format_filename(self._folder)
        try:
            self._folder.mkdir(exist_ok=True)
            self._lock = (self._folder / LOCK).open("w")
            # The lock goes with the process, however it ends.
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            self._close()
            raise click.ClickException(
                f"Another study is writing to {name}. Wait for it, or name another table by --out."
            ) from error
        except OSError as error:
            reason = error.strerror or str(error)
            raise click.ClickException(
                f"The folder {name} for finished counts cannot be used ({reason}). "
                "Name another table by --out."
            ) from error
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if not self._paths():
            self._remove_folder()
        self._close()

    def _close(self) -> None:
        for file in (self._file, self._lock):
            if file is not None:
                file.close()

    def finished(self) -> dict[Key, Values]:
        """Give what earlier starts counted; a line that a kill cut off is as if never written."""
        return dict(self._lines())

    def _lines(self) -> Iterator[tuple[Key, dict[str, Any]]]:
        for path in self._paths():
            for line in path.read_text("utf-8", errors="replace").splitlines():
                try:
                    values = json.loads(line)
                    key = Key(*values.pop("key"))
                except (ValueError, TypeError, KeyError, AttributeError):
                    continue
                yield key, values

    def append(self, key: Key, values: Values) -> None:
        """Write a count so that it is on the disk when this returns."""
        try:
            if self._file is None:
                self._file = self._new_file()
            self._file.write(json.dumps({"key": key, **values}) + "\n")
            self._file.flush()
            os.fsync(self._file.fileno())
        except OSError as error:
            reason = error.strerror or str(error)
            raise click.ClickException(
                f"A finished count cannot be written ({reason}). Make room, then start the study "
                "again with the same arguments: what was written before is kept."
            ) from error

    def _new_file(self) -> TextIO:
        """Start a file of its own: the last line of an old one may be half a line."""
        file = (self._folder / f"{len(self._paths()):06}.jsonl").open("x", encoding="utf-8")
        folder = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
        return file

    def remove(self) -> None:
        """Remove what was appended, once it stands in the table."""
        for path in self._paths():
            path.unlink()

    def _remove_folder(self) -> None:
        (self._folder / LOCK).unlink(missing_ok=True)
        # Whatever somebody else has put there stays.
        if not any(self._folder.iterdir()):
            self._folder.rmdir()

    def _paths(self) -> list[Path]:
        return sorted(self._folder.glob("*.jsonl"))
