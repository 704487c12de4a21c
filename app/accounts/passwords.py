"""Passwords of staff: argon2id, a few at a time, so that a flood of sign-ins eats no memory."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from threading import BoundedSemaphore
from typing import cast

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask_babel import lazy_gettext as lazy

from app.accounts import rules
from app.accounts.rules import PasswordFault
from app.errors import BusyError, InvalidError

MEMORY_KIB = 19 * 1024
AT_ONCE = 2
PLACES = 4
"""Fewer than the server's threads: whoever signs in never keeps readers waiting."""

_hasher = PasswordHasher(time_cost=2, memory_cost=MEMORY_KIB, parallelism=1)
_places = BoundedSemaphore(PLACES)
_working = BoundedSemaphore(AT_ONCE)

_SENTENCES = {
    PasswordFault.TOO_SHORT: lazy(
        "Choose a password of 15 characters or more, such as four words."
    ),
    PasswordFault.TOO_LONG: lazy("Choose a password of 200 characters or fewer."),
    PasswordFault.TOO_COMMON: lazy(
        "This password is easy to guess. Choose another, such as four words."
    ),
    PasswordFault.PERSONAL: lazy(
        "This password contains little but your name or address. Choose another."
    ),
}


def check_strength(password: str, *, personal: list[str]) -> None:
    """Raise InvalidError with what to do when the password is too weak."""
    fault = rules.password_fault(password, common=_common(), personal=personal)
    if fault is not None:
        raise InvalidError(_SENTENCES[fault])


def make_hash(password: str) -> str:
    """Hash a password; takes about 30 ms and 19 MiB. Never inside a transaction."""
    with _working:
        return _hasher.hash(password)


def matches(password: str, stored: str | None) -> bool:
    """Say whether the password is right; without a stored hash the same work is done in vain."""
    with _working:
        try:
            return _hasher.verify(stored or _nobody(), password) and stored is not None
        except (VerificationError, InvalidHashError):
            return False


@contextmanager
def place() -> Iterator[None]:
    """Take one of the few places for signing in, for all of the work; BusyError when none is free.

    The others are sent away at once, so a flood leaves threads for those who only read.
    """
    if not _places.acquire(blocking=False):
        raise BusyError(
            lazy(
                "Many people are signing in right now. Nothing was changed. Try again in a minute."
            )
        )
    try:
        yield
    finally:
        _places.release()


@cache
def _nobody() -> str:
    return _hasher.hash(
        "nobody's password, so that an unknown address takes as long as a known one"
    )


@cache
def _common() -> frozenset[str]:
    text = Path(__file__).with_name("common_passwords.txt").read_text("utf-8")
    return cast("frozenset[str]", frozenset(text.split()))
