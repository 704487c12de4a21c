"""How far a study is, on standard error."""

import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence

import click

from app.cli.study.work import Task

REDRAWN_EVERY_S, LINE_EVERY_S = 0.5, 60.0
Clock = Callable[[], float]


class Progress:
    """One line that is redrawn on a terminal; elsewhere a line a minute, so that logs stay short.

    The rest of the time is estimated by the bytes of the files that are still to be counted.
    """

    def __init__(
        self, *, files: int, units: int, tasks: Sequence[Task], clock: Clock = time.monotonic
    ) -> None:
        self._files, self._units = files, units
        self._left = Counter(task.file.name for task in tasks)
        self._bytes_left = sum(task.file.size_bytes for task in tasks)
        self._bytes_done = 0
        self._clock = clock
        self._started = self._shown_at = clock()
        self._on_terminal = sys.stderr.isatty()
        self._width = 0

    def count_done(self, task: Task) -> None:
        self._left -= Counter([task.file.name])  # drops a file that has nothing left
        self._bytes_left -= task.file.size_bytes
        self._bytes_done += task.file.size_bytes
        self.tick()

    def tick(self) -> None:
        """Show the state if it is time for that."""
        now = self._clock()
        if now - self._shown_at < (REDRAWN_EVERY_S if self._on_terminal else LINE_EVERY_S):
            return
        self._shown_at = now
        text = self._text(now - self._started)
        if self._on_terminal:
            click.echo("\r" + text.ljust(self._width), nl=False, err=True)
            self._width = len(text)
        else:
            click.echo(text, err=True)

    def close(self) -> None:
        """Leave the terminal's line empty."""
        if self._width:
            click.echo("\r" + " " * self._width + "\r", nl=False, err=True)

    def _text(self, elapsed_s: float) -> str:
        counts = f"{self._units - self._left.total()} of {self._units} counts"
        files = f"{self._files - len(self._left)} of {self._files} files"
        text = f"{counts}, {files}, {in_words(elapsed_s)}"
        if not self._bytes_done:
            return text
        rest_s = elapsed_s * self._bytes_left / self._bytes_done
        return f"{text}, about {in_words(rest_s)} left"


def in_words(seconds: float) -> str:
    """Write a duration as people say it.

    >>> in_words(42.4), in_words(200), in_words(7320)
    ('42 s', '3 min 20 s', '2 h 2 min')
    """
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours} h {minutes} min"
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
