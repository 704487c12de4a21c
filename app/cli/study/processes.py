"""The counting processes of a worker: started at need, ended when they take too long."""

import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from multiprocessing import Pipe
from threading import Lock

from app.cli.study.child import READY

START_S_MAX = 120
# -P: a folder called `app` where somebody works must not be taken for ours.
PROGRAM = (sys.executable, "-P", "-m", "app.cli.study.child")


class ProcessDiedError(Exception):
    """The counting process ended before it answered."""


class CountingProcess:
    """One process that counts one thing at a time."""

    def __init__(self, program: Sequence[str] = PROGRAM) -> None:
        self._connection, theirs = Pipe()
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 (this very program)
                [*program, str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                process_group=0,  # Ctrl-C is for the study, which ends its processes itself
            )
        self._ready = False

    def count(self, rule: bytes, content: bytes, *, seconds_max: float) -> bytes:
        """Give the answer; raises TimeoutError or ProcessDiedError, after which this one is done.

        The time in which the process starts is not counted.
        """
        try:
            if not self._ready:
                self._wait_until_ready()
            started = time.monotonic()
            self._connection.send_bytes(rule)
            self._connection.send_bytes(content)
            return self._receive(seconds_max - (time.monotonic() - started))
        except (EOFError, OSError) as error:
            if isinstance(error, TimeoutError):
                raise
            raise ProcessDiedError from error

    def _wait_until_ready(self) -> None:
        try:
            self._ready = self._receive(START_S_MAX) == READY
        except TimeoutError as error:
            raise ProcessDiedError from error

    def _receive(self, seconds_max: float) -> bytes:
        if not self._connection.poll(max(0, seconds_max)):
            raise TimeoutError
        return self._connection.recv_bytes()

    @property
    def is_alive(self) -> bool:
        return self._process.poll() is None

    def end(self) -> None:
        """End the process, whatever it is doing; the connection closes with this object."""
        self._process.kill()
        self._process.wait()


class Pool:
    """Counting processes, as many as count at once. May be used from several threads."""

    def __init__(self, start: Callable[[], CountingProcess] = CountingProcess) -> None:
        self._start = start
        self._lock = Lock()
        self._idle: list[CountingProcess] = []
        self._busy: list[CountingProcess] = []
        self._closed = False

    def take(self) -> CountingProcess:
        """Give a process that is free; raises RuntimeError after `close`."""
        with self._lock:
            if self._closed:
                raise RuntimeError("the study has ended")
            process = self._idle.pop() if self._idle else None
            if process is None or not process.is_alive:
                process = self._start()
            self._busy.append(process)
            return process

    def give_back(self, process: CountingProcess) -> None:
        with self._lock:
            self._busy.remove(process)
            self._idle.append(process)

    def discard(self, process: CountingProcess) -> None:
        with self._lock:
            self._busy.remove(process)
        process.end()

    def open(self) -> None:
        """Start anew after `close`."""
        self._closed = False

    def close(self) -> None:
        """End every process, also those that count."""
        with self._lock:
            self._closed = True
            for process in (*self._idle, *self._busy):
                process.end()
            self._idle.clear()
