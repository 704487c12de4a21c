"""Merkle trees of RFC 6962, SHA-256: one root stands for a list, a short proof for one entry.

A leaf and a node are hashed with different prefixes, or a node could pass for a leaf.
"""

import hashlib
from collections.abc import Sequence

LEAF_PREFIX = b"\x00"
NODE_PREFIX = b"\x01"


def root(leaves: Sequence[bytes]) -> bytes:
    """Return the root over the leaves in their order (RFC 6962, 2.1)."""
    if not leaves:
        return hashlib.sha256().digest()
    level = [_hash_leaf(leaf) for leaf in leaves]
    while len(level) > 1:
        level = _next_level(level)
    return level[0]


def inclusion_proof(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """Return the hashes that lead from one leaf to the root, lowest first (RFC 6962, 2.1.1)."""
    if not 0 <= index < len(leaves):
        raise ValueError(f"there is no leaf {index} among {len(leaves)}")
    proof = []
    level = [_hash_leaf(leaf) for leaf in leaves]
    while len(level) > 1:
        sibling = index ^ 1
        if sibling < len(level):
            proof.append(level[sibling])
        level = _next_level(level)
        index //= 2
    return proof


def verify_inclusion(
    leaf: bytes, *, index: int, count: int, proof: Sequence[bytes], expected_root: bytes
) -> bool:
    """Tell whether `leaf` is entry `index` of `count` under the root (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < count:
        return False
    digest, last, left = _hash_leaf(leaf), count - 1, list(proof)
    while last > 0:
        if index % 2 == 1 or index < last:  # otherwise the entry has no sibling on this level
            if not left:
                return False
            sibling = left.pop(0)
            pair = (sibling, digest) if index % 2 == 1 else (digest, sibling)
            digest = _hash_node(*pair)
        index //= 2
        last //= 2
    return not left and digest == expected_root


def _next_level(level: list[bytes]) -> list[bytes]:
    paired = [_hash_node(left, right) for left, right in zip(level[::2], level[1::2], strict=False)]
    # The last of an odd number goes up as it is: the split at a power of two that the RFC wants.
    return paired + level[len(paired) * 2 :]


def _hash_leaf(leaf: bytes) -> bytes:
    return hashlib.sha256(LEAF_PREFIX + leaf).digest()


def _hash_node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(NODE_PREFIX + left + right).digest()
