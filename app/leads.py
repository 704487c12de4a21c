"""Where a page about an error leads: to the page that its sentence names, or back to the form."""

from urllib.parse import urlsplit

from flask import current_app, g, request, url_for
from flask_babel import gettext as _
from werkzeug.routing import BuildError

from app import clock, policy
from app.errors import Lead

Link = tuple[str, str]
"""The words of a link and its address."""


def page_before() -> str | None:
    """Return the address of the page on this site whose form or link was used; None if unknown."""
    referrer = urlsplit(request.referrer or "")
    if referrer.netloc != request.host:
        return None
    return f"{referrer.path}?{referrer.query}" if referrer.query else referrer.path


def back_to_the_form() -> Link | None:
    """Return the way back to the form that was just sent."""
    address = page_before() or (request.path if _can_be_opened() else None)
    return (str(_("Back to the form")), address) if address else None


def back() -> Link | None:
    """Return the way back to the page before; None if there was none, or if it is this one."""
    address = page_before()
    if address is None or (request.method == "GET" and address == request.path):
        return None
    return str(_("Back to the page before")), address


def link(lead: Lead | None, actor: policy.Actor) -> Link | None:
    """Return a lead as a link; None if there is none, or if it leads where this person may not."""
    if lead is None:
        return None
    town = g.get("town")
    rule = policy.ENDPOINTS.get(lead.endpoint)
    verdict = policy.judge(rule, actor, now=clock.now(), demo=bool(town and town.demo))
    if verdict.missing == "role":
        return None
    named = {
        argument
        for route in current_app.url_map.iter_rules(lead.endpoint)
        for argument in route.arguments
    }
    known = {name: one for name, one in (request.view_args or {}).items() if name in named}
    try:
        return str(lead.words), url_for(lead.endpoint, **(known | dict(lead.values)))
    except BuildError:
        return None  # the request named no round, for instance


def _can_be_opened() -> bool:
    rule = request.url_rule
    return rule is not None and "GET" in (rule.methods or ())
