from flask import Blueprint, g, url_for

from app import clock, policy
from app.accounts import current

blueprint = Blueprint("rounds", __name__)


@blueprint.app_template_global()
def link_to(endpoint: str, **values: object) -> str | None:
    """Return the address of a page; None for who may not open it.

    Whoever only has to sign in for it first gets the address.
    """
    town = g.get("town")
    rule = policy.ENDPOINTS.get(endpoint)
    demo = bool(town and town.demo)
    verdict = policy.judge(rule, current.actor(), now=clock.now(), demo=demo)
    if verdict.missing == "role":
        return None
    return url_for(endpoint, **values)  # type: ignore[arg-type]  # values of the address
