"""What the pages of this feature share: entering, leaving, and where to go next."""

from flask import redirect as flask_redirect
from flask import request, session, url_for
from werkzeug.wrappers import Response

from app import clock, web
from app.accounts import current, rules, sessions, throttle
from app.accounts.passkeys import Site
from app.db import run_tx

NEXT = "next"


def network() -> str:
    """Return the network of the caller, for throttles only; it is stored nowhere in the clear."""
    return throttle.network(request.remote_addr)


def next_path(default: str = "accounts.profile") -> str:
    """Return where the person wanted to go: a path of this site, whatever the address says."""
    wanted = request.args.get(NEXT) or session.get(NEXT)
    return rules.same_site_path(wanted) or url_for(default)


def remember_next() -> None:
    """Keep the wished-for page through the steps of signing in."""
    wanted = rules.same_site_path(request.args.get(NEXT))
    if wanted:
        session[NEXT] = wanted


def enter(secret: str, target: str) -> Response:
    """Go on to `target` signed in; the session that this browser had before ends."""
    old = request.cookies.get(current.cookie_name())
    if old and old != secret:
        run_tx(lambda tx: sessions.end(tx, old))
    session.clear()
    return current.give_cookie(redirect(target), secret)


def redirect(target: str) -> Response:
    return flask_redirect(target, 303)


def staff_must_step_up() -> Response | None:
    """Send staff to their second factor: a mail link must not change how they sign in."""
    actor = current.actor()
    if not actor.roles or (actor.level == "full" and actor.fresh(clock.now())):
        return None
    back = url_for("accounts.profile")
    target = "accounts.step_up" if actor.level == "full" else "accounts.staff_sign_in"
    return redirect(url_for(target, next=back))


def site() -> Site:
    """Return this site as passkeys know it: by its public address, else by the one asked for."""
    public = web.settings().public_url
    origin = web.settings().base_url if public else f"{request.scheme}://{request.host}"
    return Site(name="Minga", origin=origin)
