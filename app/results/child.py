"""The process that counts: the web goes on answering, and a count that never ends is ended.

`python -m app.results.child FD` is the other side: it takes an order through the socket FD and
answers with messages. It starts from nothing, so it shares no connection, key or thread.
"""

import os
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from multiprocessing import Pipe
from multiprocessing.connection import Connection

from app.paths import PACKAGE
from app.results import counting
from app.results.counting import Counted, NoOutcome, Order, Progress

SECONDS_MAX = 6 * 3600
MEMORY_BYTES_MAX = 4_000_000_000
NICENESS = 5
"""Pages come first."""


def count_apart(order: Order, show: Callable[[Progress], None]) -> Counted | NoOutcome:
    """Count in a process of its own, which ends with this call whatever happens.

    Raises RuntimeError if that process died; then nothing is known about the outcome.
    """
    ours, theirs = Pipe()
    socket = theirs.fileno()
    with (
        ours,
        subprocess.Popen(  # noqa: S603 (nothing in it comes from outside)
            [sys.executable, "-m", "app.results.child", str(socket)],
            cwd=PACKAGE.parent,
            stdin=subprocess.DEVNULL,
            pass_fds=[socket],
        ) as process,
    ):
        theirs.close()
        try:
            ours.send(order)
            return _listen(ours, show)
        except (EOFError, ConnectionError) as error:
            raise RuntimeError("the counting process ended without an answer") from error
        finally:
            process.kill()


def _listen(channel: Connection, show: Callable[[Progress], None]) -> Counted | NoOutcome:
    deadline = time.monotonic() + SECONDS_MAX
    while channel.poll(max(0.0, deadline - time.monotonic())):
        message = channel.recv()
        if isinstance(message, Counted | NoOutcome):
            return message
        show(message)
    return NoOutcome("too_long", "The count was ended after six hours.")


def work(channel: Connection) -> None:
    """Take the order and say everything through the channel: this runs in the child."""
    _limit_resources()
    order = channel.recv()
    threading.Thread(target=_end_with_parent, args=(channel,), daemon=True).start()
    try:
        answer = counting.count(order, channel.send)
    except MemoryError:
        answer = NoOutcome("memory", "The count needs more memory than it may have.")
    channel.send(answer)


def _limit_resources() -> None:
    os.nice(NICENESS)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY_BYTES_MAX, MEMORY_BYTES_MAX))


def _end_with_parent(channel: Connection) -> None:
    """Nobody would hear the outcome if the process that asked for it is gone."""
    try:
        channel.recv()
    except (EOFError, OSError):
        os._exit(1)


if __name__ == "__main__":
    work(Connection(int(sys.argv[1])))
