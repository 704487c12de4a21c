"""Sending counts to a cluster and taking in their results, a few at a time."""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from typing import Any

import click
from distributed import Client, Future, KilledWorker

from allocation.study import canonical_sheet
from app.cli.study import unit
from app.cli.study.cluster import check_version
from app.cli.study.work import UNREADABLE, VERSION, Task, Values

# Enough that no worker waits, few enough that their files fit the scheduler's memory.
UNITS_PER_THREAD = 2
TICK_S = 0.5
THREADS_EVERY_S = 5.0  # workers come and go
LOST = (
    "The cluster does not answer any more. What is counted is kept: start the study again with "
    "the same arguments to go on."
)
Done = Callable[[Task, Values], None]


def count_all(
    client: Client,
    tasks: Iterable[Task],
    *,
    seconds_max: int,
    done: Done,
    tick: Callable[[], None],
) -> None:
    """Have every task done; `done` is told as each ends, `tick` about twice a second.

    Raises ClickException if the cluster is lost or its workers are not of this version.
    """
    bulk = _Bulk(client, iter(tasks), seconds_max, done)
    try:
        while bulk.send():
            bulk.take_in()
            tick()
    except OSError as error:
        raise click.ClickException(LOST) from error
    finally:
        with suppress(OSError):
            bulk.cancel()


@dataclass
class _Bulk:
    client: Client
    tasks: Iterator[Task]
    seconds_max: int
    done: Done
    running: dict[object, tuple[Future[Any], Task]] = field(default_factory=dict)
    threads: int = 0
    ask_at: float = 0
    ended: "SimpleQueue[Future[Any]]" = field(default_factory=SimpleQueue)

    def send(self) -> bool:
        """Fill up what runs; False when nothing runs and nothing is left."""
        now = time.monotonic()
        if now >= self.ask_at:
            self.threads = sum(self.client.nthreads().values())
            self.ask_at = now + THREADS_EVERY_S
        while len(self.running) < max(1, self.threads) * UNITS_PER_THREAD:
            task = next(self.tasks, None)
            if task is None:
                break
            self._submit(task)
        return bool(self.running)

    def _submit(self, task: Task) -> None:
        try:
            content = task.file.content()
        except click.ClickException as error:
            refusal = {"refusal_code": UNREADABLE, "refusal": error.message, "version": VERSION}
            self.done(task, refusal)
            return
        sheet = canonical_sheet(task.sheet)
        future = self.client.submit(unit.count_unit, content, sheet, self.seconds_max, pure=False)
        self.running[future.key] = (future, task)
        future.add_done_callback(self.ended.put)

    def take_in(self) -> None:
        """Take in what ended, waiting a moment if nothing did."""
        try:
            future = self.ended.get(timeout=TICK_S)
        except Empty:
            return
        _, task = self.running.pop(future.key)
        values = _result(future)
        check_version(values["version"], "A worker")
        self.done(task, {**values, "seconds_max": self.seconds_max})

    def cancel(self) -> None:
        if self.running:
            self.client.cancel([future for future, _ in self.running.values()])


def _result(future: Future[Any]) -> Values:
    if future.status == "finished":
        values: Values = future.result()
        return values
    error = future.exception() if future.status == "error" else None
    if isinstance(error, KilledWorker):
        return unit.died(unit.DEATHS_MAX)
    if error is None:
        raise click.ClickException(LOST)
    raise click.ClickException(
        f"A worker could not count ({type(error).__name__}: {error}). Correct that, then start "
        "the study again with the same arguments: what is counted is kept."
    ) from error
