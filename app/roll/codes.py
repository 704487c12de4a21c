"""Drawing voting codes and checking them; what is stored does not lead back to a code."""

import hmac
import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from uuid import UUID

from argon2.low_level import Type, hash_secret_raw

from voting.codes import SECRET_BITS, SELECTOR_BITS, VotingCode, format_code, make_code

SALT_BYTES = 16
HASH_BYTES = 32
MEMORY_KIB = 19 * 1024
PASSES = 2
LANES = 1
THREADS = 2
"""argon2 lets go of the interpreter's lock, so threads use the processors as well as processes."""

DUMMY_SALT = bytes(SALT_BYTES)
"""With it an unknown code costs the same work as a known one."""


@dataclass(frozen=True, slots=True)
class IssuedCode:
    """A fresh code with what is stored for it. `code` goes on the letter and nowhere else."""

    entry_id: UUID
    code: str = field(repr=False)
    selector: str
    salt: bytes = field(repr=False)
    check: bytes = field(repr=False)


def draw_codes(entry_ids: Iterable[UUID], taken: set[str]) -> Iterator[tuple[UUID, VotingCode]]:
    """Draw a code for each entry, with selectors that nobody in the round has.

    `taken` grows by the selectors drawn.
    """
    for entry_id in entry_ids:
        while True:
            code = make_code(
                selector_bits=secrets.randbits(SELECTOR_BITS),
                secret_bits=secrets.randbits(SECRET_BITS),
            )
            if code.selector not in taken:
                break
        taken.add(code.selector)
        yield entry_id, code


def hash_codes(drawn: Sequence[tuple[UUID, VotingCode]], code_key: bytes) -> list[IssuedCode]:
    """Make what is stored for each code; tens of milliseconds each, on two processors."""
    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(_issuing(code_key), drawn))


def _issuing(code_key: bytes) -> Callable[[tuple[UUID, VotingCode]], IssuedCode]:
    def issue(drawn: tuple[UUID, VotingCode]) -> IssuedCode:
        entry_id, code = drawn
        salt = secrets.token_bytes(SALT_BYTES)
        check = check_of(code.secret, salt, code_key)
        return IssuedCode(entry_id, format_code(code), code.selector, salt, check)

    return issue


def check_of(secret: str, salt: bytes, code_key: bytes) -> bytes:
    """Return HMAC(k_code, argon2id(secret, salt)): useless without K even to who has the roll."""
    stretched = hash_secret_raw(
        secret.encode(),
        salt,
        time_cost=PASSES,
        memory_cost=MEMORY_KIB,
        parallelism=LANES,
        hash_len=HASH_BYTES,
        type=Type.ID,
    )
    return hmac.digest(code_key, stretched, "sha256")


def is_right(secret: str, salt: bytes | None, check: bytes | None, code_key: bytes) -> bool:
    """Compare a typed secret with what is stored; None does the same work and answers no."""
    computed = check_of(secret, salt or DUMMY_SALT, code_key)
    return hmac.compare_digest(computed, check or bytes(HASH_BYTES)) and check is not None
