"""The order in which one visitor sees the projects: random, so that no project profits from it."""

import hmac
from collections.abc import Iterable


def shuffled(ids: Iterable[str], seed: bytes) -> list[str]:
    """Order ids at random for a seed, the same each time.

    Each id is sorted by its own keyed digest, so every order is as likely as any other, and an id
    that is added or goes leaves the order of the others as it was.

    >>> shuffled(["bench", "pool", "arch"], b"one visitor")
    ['bench', 'arch', 'pool']
    >>> shuffled(["pool", "arch"], b"one visitor")
    ['arch', 'pool']
    """
    return sorted(ids, key=lambda id_: (hmac.digest(seed, id_.encode(), "sha256"), id_))
