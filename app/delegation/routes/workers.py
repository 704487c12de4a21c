"""The pages of an organisation that was named: its managers choose who of them acts."""

import uuid
from typing import Any

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from app.accounts import current
from app.accounts import queries as accounts
from app.db import run_tx
from app.delegation import queries, staffing
from app.delegation.routes.base import blueprint
from app.delegation.routes.helper import ONE
from app.providers import queries as providers
from app.providers.days import today


@blueprint.get(f"{ONE}/workers")
def workers(delegation_id: uuid.UUID) -> ResponseReturnValue:
    """As a manager: which people of the organisation act for this resident."""
    actor = current.actor()

    def read(session: Session) -> dict[str, Any]:
        row, provider_id = staffing.staffed(session, actor, delegation_id)
        people = [one.account_id for one in providers.people(session, provider_id)]
        return {
            "one": queries.entrusted(session, row, today()),
            "people": people,
            "named": {one.account_id for one in queries.delegates(session, row.id)},
            "names": accounts.names(session, people),
        }

    return render_template("delegation/workers.html", **run_tx(read))


@blueprint.post(f"{ONE}/workers/<uuid:account_id>/name")
def name_worker(delegation_id: uuid.UUID, account_id: uuid.UUID) -> ResponseReturnValue:
    actor = current.actor()
    run_tx(lambda session: staffing.name_worker(session, actor, delegation_id, account_id))
    return redirect(url_for(".workers", delegation_id=delegation_id))


@blueprint.post(f"{ONE}/workers/<uuid:account_id>/remove")
def remove_worker(delegation_id: uuid.UUID, account_id: uuid.UUID) -> ResponseReturnValue:
    actor = current.actor()
    run_tx(lambda session: staffing.remove_worker(session, actor, delegation_id, account_id))
    return redirect(url_for(".workers", delegation_id=delegation_id))
