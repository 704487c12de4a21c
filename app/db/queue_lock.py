"""A lock that threads get in the order in which they asked for it.

Python's own lets whoever is awake have it: of 64 writers some would wait for very long.
"""

import threading
from collections import deque


class QueueLock:
    """`acquire` and `release` as of threading.Lock, first come, first served."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._held = False
        self._waiting: deque[threading.Event] = deque()

    def acquire(self, *, timeout: float) -> bool:
        """Wait for the lock; False if `timeout` seconds were not enough."""
        with self._guard:
            if not self._held:
                self._held = True
                return True
            turn = threading.Event()
            self._waiting.append(turn)
        if turn.wait(timeout):
            return True
        with self._guard:
            if turn in self._waiting:
                self._waiting.remove(turn)
                return False
        return True  # it was handed over in the very last moment

    def release(self) -> None:
        """Hand the lock to whoever has waited longest; without anybody it is free."""
        with self._guard:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._held = False
