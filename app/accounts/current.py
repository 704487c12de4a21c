"""Who sends this request: read once from the session cookie, kept on `g`."""

from flask import Response, g, request

from app.accounts import sessions
from app.db import read_tx, run_tx
from app.policy import ANONYMOUS, Actor

COOKIE = "minga_session"


def actor() -> Actor:
    """Return the person behind this request; ANONYMOUS if nobody is signed in."""
    return g.get("actor") or ANONYMOUS


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


def give_cookie(response: Response, secret: str) -> Response:
    response.set_cookie(
        cookie_name(), secret, httponly=True, secure=request.is_secure, samesite="Lax", path="/"
    )
    return response


def take_cookie(response: Response) -> Response:
    response.delete_cookie(
        cookie_name(), httponly=True, secure=request.is_secure, samesite="Lax", path="/"
    )
    return response
