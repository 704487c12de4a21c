"""The process that counts: the web goes on answering, and a count that never ends is ended."""

import multiprocessing
import os
import resource
import threading
import time
from collections.abc import Callable
from multiprocessing import connection
from multiprocessing.connection import Connection

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
    # A process that is spawned shares nothing with the threads and connections of this one.
    spawn = multiprocessing.get_context("spawn")
    ours, theirs = spawn.Pipe(duplex=False)
    process = spawn.Process(target=work, args=(theirs, order), name="minga-count", daemon=True)
    process.start()
    theirs.close()
    try:
        return _listen(ours, show)
    finally:
        process.kill()
        process.join()
        ours.close()


def work(channel: Connection, order: Order) -> None:
    """Do the count and say everything through the channel: this runs in the child."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    os.nice(NICENESS)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY_BYTES_MAX, MEMORY_BYTES_MAX))
    try:
        answer = counting.count(order, channel.send)
    except MemoryError:
        answer = NoOutcome("memory", "The count needs more memory than it may have.")
    channel.send(answer)


def _listen(channel: Connection, show: Callable[[Progress], None]) -> Counted | NoOutcome:
    deadline = time.monotonic() + SECONDS_MAX
    while channel.poll(max(0.0, deadline - time.monotonic())):
        try:
            message = channel.recv()
        except EOFError as error:
            raise RuntimeError("the counting process ended without an answer") from error
        if not isinstance(message, Progress):
            answer: Counted | NoOutcome = message
            return answer
        show(message)
    return NoOutcome("too_long", "The count was ended after six hours.")


def _end_with_parent() -> None:
    """Nobody would hear the outcome if the process that asked for it is killed."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)
