from flask import Blueprint, current_app, url_for

blueprint = Blueprint("rounds", __name__)


@blueprint.app_template_global()
def link_to(endpoint: str, **values: object) -> str | None:
    """Return the address of another feature's page; None if this deployment is without it."""
    if endpoint not in current_app.view_functions:
        return None
    return url_for(endpoint, **values)  # type: ignore[arg-type]  # values of the address
