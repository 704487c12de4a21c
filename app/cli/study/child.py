"""The process that counts for a worker, so that a count can be ended and may die alone.

    python -P -m app.cli.study.child DESCRIPTOR

It takes pairs of messages, the rule sheet as JSON and the file, and answers each with JSON.
"""

import json
import os
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import asdict
from multiprocessing.connection import Connection
from queue import Empty, SimpleQueue

from allocation.study import Count, count
from app.cli.study.work import FAULT, VERSION

# Workers of an existing cluster live on after a study: what they started must not.
IDLE_S_MAX = 60
READY = b"ready"
Orders = SimpleQueue[tuple[bytes, bytes]]


def main(descriptor: int) -> None:
    """Count until the worker is gone, or has nothing to do for a minute."""
    connection: Connection[bytes, bytes] = Connection(descriptor)
    orders: Orders = SimpleQueue()
    threading.Thread(target=_listen, args=(connection, orders), daemon=True).start()
    connection.send_bytes(READY)
    while True:
        try:
            rule, content = orders.get(timeout=IDLE_S_MAX)
        except Empty:
            return
        connection.send_bytes(_answer(json.loads(rule), content))


def _listen(connection: "Connection[bytes, bytes]", orders: Orders) -> None:
    """Take orders also while counting; when the worker is gone nobody needs the count."""
    try:
        while True:
            orders.put((connection.recv_bytes(), connection.recv_bytes()))
    except (EOFError, OSError):
        os._exit(0)


def _answer(rule: Mapping[str, object], content: bytes) -> bytes:
    started = time.perf_counter()
    try:
        result = count(content, rule)
    except Exception as error:  # noqa: BLE001 (one fault must not end the whole study)
        sentence = (
            f"A fault of Minga ended this count ({type(error).__name__}: {error}). "
            "Report it together with the file."
        )
        result = Count(refusal_code=FAULT, refusal=sentence)
    seconds = round(time.perf_counter() - started, 6)
    return json.dumps(asdict(result) | {"seconds": seconds, "version": VERSION}).encode()


if __name__ == "__main__":
    main(int(sys.argv[1]))
