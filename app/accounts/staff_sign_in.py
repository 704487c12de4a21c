"""How staff sign in: password and time code together, and the second factor shown anew."""

import uuid
from dataclasses import dataclass

from flask_babel import lazy_gettext as lazy
from sqlmodel import Session

from app.accounts import passwords, queries, sessions, throttle, totp
from app.db import read_tx, run_tx
from app.errors import InvalidError

QUARTER_SECONDS = 900
TRIES_PER_ADDRESS = 10
TRIES_PER_NETWORK = 100


class WrongCredentialsError(InvalidError):
    """Which of the three was wrong is not said: it would help whoever guesses."""

    code = "wrong_credentials"

    def __init__(self) -> None:
        super().__init__(
            lazy(
                "E-mail address, password or time code is wrong, or the code was used before. "
                "Wait for the next code and try again."
            )
        )


@dataclass(frozen=True)
class _Known:
    account_id: uuid.UUID
    password_hash: str | None
    totp_secret: bytes | None


def sign_in(email: str, password: str, code: str, *, network: str) -> str:
    """Return the secret of a session with two factors; raises WrongCredentialsError.

    Every try counts, right or wrong, before any work is done: guesses at once cannot slip past.
    """
    with passwords.place():
        _count_try(email, network)
        known = read_tx(lambda session: _known(session, email))
        right = passwords.matches(password, known.password_hash if known else None)
        step = totp.matching_step(known.totp_secret, code) if known and known.totp_secret else None
        if known is None or not right or step is None:
            raise WrongCredentialsError
        account_id, used_step = known.account_id, step
        return run_tx(lambda session: _start(session, account_id, used_step))


def _count_try(email: str, network: str) -> None:
    limits = {f"password-from:{network}": TRIES_PER_NETWORK, f"password:{email}": TRIES_PER_ADDRESS}

    def count(session: Session) -> bool:
        return all(
            throttle.hit(session, name, limit=limit, window_seconds=QUARTER_SECONDS)
            for name, limit in limits.items()
        )

    if not run_tx(count):
        raise throttle.too_many(QUARTER_SECONDS)


def step_up(account_id: uuid.UUID, secret: str, code: str) -> str:
    """Show the time code again; returns the session's new secret. Raises InvalidError."""
    throttle.spend(f"step-up:{account_id}", limit=TRIES_PER_ADDRESS, window_seconds=QUARTER_SECONDS)
    kept = read_tx(lambda session: totp.secret_of(session, account_id))
    step = totp.matching_step(kept, code) if kept else None
    if step is None:
        raise _wrong_code()
    return run_tx(lambda session: _renew(session, account_id, secret, step))


def _known(session: Session, email: str) -> _Known | None:
    account = queries.by_email(session, email)
    if account is None or account.disabled_at is not None:
        return None
    return _Known(account.id, account.password_hash, totp.secret_of(session, account.id))


def _start(session: Session, account_id: uuid.UUID, step: int) -> str:
    if not totp.use(session, account_id, step):
        raise WrongCredentialsError
    return sessions.start(session, account_id, level="full")


def _renew(session: Session, account_id: uuid.UUID, secret: str, step: int) -> str:
    if not totp.use(session, account_id, step):
        raise _wrong_code()
    return sessions.step_up(session, secret)


def _wrong_code() -> InvalidError:
    return InvalidError(
        lazy("This code is wrong or was used before. Wait for the next code and type that one.")
    )
