"""Who sends this request: read once from the session cookie, kept on `g`."""

import uuid
from typing import TypeVar

from flask import g, request
from werkzeug.wrappers import Response

from app.accounts import sessions
from app.db import read_tx, run_tx
from app.policy import ANONYMOUS, Actor

COOKIE = "minga_session"
Answer = TypeVar("Answer", bound=Response)


def actor() -> Actor:
    """Return the person behind this request; ANONYMOUS if nobody is signed in."""
    return g.get("actor") or ANONYMOUS


def account_id() -> uuid.UUID:
    """Return who is signed in; only for pages whose policy asks for that."""
    found = actor().account_id
    if found is None:
        raise RuntimeError("this page's policy lets strangers in")
    return found


def load() -> None:
    """Before each request: find the actor and renew a session that is in use."""
    secret = request.cookies.get(cookie_name())
    if not secret or request.endpoint == "static":
        g.actor = ANONYMOUS
        return
    g.actor, stale = read_tx(lambda session: sessions.actor_of(session, secret))
    if stale:
        run_tx(lambda session: sessions.touch(session, secret))


def cookie_name() -> str:
    """Return the cookie's name; `__Host-` needs TLS, which loopback does without."""
    return f"__Host-{COOKIE}" if request.is_secure else COOKIE


def give_cookie(response: Answer, secret: str) -> Answer:
    response.set_cookie(
        cookie_name(), secret, httponly=True, secure=request.is_secure, samesite="Lax", path="/"
    )
    return response


def take_cookie(response: Answer) -> Answer:
    response.delete_cookie(
        cookie_name(), httponly=True, secure=request.is_secure, samesite="Lax", path="/"
    )
    return response
