"""Doing something once per key: whoever asks again gets the first answer, byte for byte."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from app import clock
from app.db import engine
from app.ledger import statements
from app.ledger.errors import KeyReusedError, StillRunningError

REFUSED_FROM = 400
LOCK_TIMEOUT = "55P03"


@dataclass(frozen=True)
class Answer:
    """What was answered: the status of HTTP and the bytes of the body."""

    status: int
    body: bytes
    replayed: bool = field(default=False, compare=False)
    """It was stored before; nothing was done now."""


class _RefusedError(Exception):
    def __init__(self, answer: Answer) -> None:
        super().__init__()
        self.answer = answer


def once(
    session: Session, actor: str, key: str, body: bytes, work: Callable[[Session], Answer]
) -> Answer:
    """Run `work` the first time that `actor` sends `key`; store its answer and return it.

    An answer with a status of 400 or above is a refusal: what `work` wrote is taken back, the
    answer is stored all the same. An exception leaves nothing, so that the key can be tried again.
    Raises KeyReusedError if the key came with another `body`, StillRunningError if the first
    request with it is not answered before the database's time for waiting is over.
    """
    digest = hashlib.sha256(body).digest()
    if not _claim(session, actor, key, digest):
        return _stored(session, actor, key, digest)
    try:
        with session.begin_nested():
            answer = work(session)
            _take_back_if_refused(answer)
    except _RefusedError as refused:
        answer = refused.answer
    answered = {"by": actor, "under": key, "answered": answer.status, "bytes": answer.body}
    session.connection().execute(statements.ANSWER, answered)
    return answer


def was_sent(session: Session, actor: str, key: str) -> bool:
    """Say whether `actor` sent this key before; then `once` gives the answer that it had."""
    of_key = {"by": actor, "under": key}
    return session.connection().execute(statements.ANSWERED, of_key).first() is not None


def _take_back_if_refused(answer: Answer) -> None:
    if answer.status >= REFUSED_FROM:
        raise _RefusedError(answer)


def _claim(session: Session, actor: str, key: str, digest: bytes) -> bool:
    """Take the key; False if it is taken. Another transaction that is taking it is waited for."""
    row: dict[str, object] = {"actor": actor, "key": key, "body_sha256": digest}
    taking = statements.CLAIM_SQLITE if engine.is_sqlite() else statements.CLAIM_AT
    if engine.is_sqlite() or not clock.is_system():
        row["created_at"] = clock.now()
    else:
        taking = statements.CLAIM_NOW
    try:
        return session.connection().execute(taking, row).first() is not None
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) == LOCK_TIMEOUT:
            raise StillRunningError from error
        raise


def _stored(session: Session, actor: str, key: str, digest: bytes) -> Answer:
    of_key = {"by": actor, "under": key}
    found = session.connection().execute(statements.ANSWERED, of_key).one()
    if bytes(found.body_sha256) != digest:
        raise KeyReusedError
    if found.status is None or found.response is None:
        raise StillRunningError  # a key that is used within its own work
    return Answer(found.status, bytes(found.response), replayed=True)
