"""Acts of two people: what waits, what it would do, and the second person's yes or no."""

import uuid

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlmodel import Session

from app import policy
from app.accounts import approvals, current
from app.accounts import queries as people
from app.accounts.models import ApprovalRow, ApprovalState
from app.accounts.web_session import redirect
from app.admin import queries
from app.admin.routes.base import blueprint
from app.db import read_tx, run_tx


@blueprint.get("/staff/decisions")
def decisions() -> ResponseReturnValue:
    actor = current.actor()

    def read(session: Session) -> dict[str, object]:
        waiting = approvals.waiting(session, actor)
        past = queries.decided(session, approvals.actions_of(actor))
        return {
            "mine": [row for row in waiting if row.proposed_by == actor.account_id],
            "waiting": [row for row in waiting if row.proposed_by != actor.account_id],
            "past": past,
            "words": {row.id: approvals.describe(session, row) for row in [*waiting, *past]},
            "names": _names(session, [*waiting, *past]),
        }

    return render_template("admin/decisions.html", **read_tx(read))


@blueprint.get("/staff/decisions/<uuid:approval_id>")
def decision(approval_id: uuid.UUID) -> ResponseReturnValue:
    actor = current.actor()

    def read(session: Session) -> dict[str, object]:
        row = policy.fetch(session, actor, ApprovalRow, approval_id)
        return {
            "row": row,
            "words": approvals.describe(session, row),
            "names": _names(session, [row]),
            "open": approvals.is_open(row),
            "own": row.proposed_by == actor.account_id,
        }

    return render_template("admin/decision.html", **read_tx(read))


@blueprint.post("/staff/decisions/<uuid:approval_id>/approve")
def approve(approval_id: uuid.UUID) -> ResponseReturnValue:
    actor = current.actor()

    def decide(session: Session) -> None:
        policy.fetch(session, actor, ApprovalRow, approval_id)
        approvals.approve(session, actor, approval_id)

    run_tx(decide)
    flash(_("You approved this. It has been done."))
    return redirect(url_for(".decisions"))


@blueprint.post("/staff/decisions/<uuid:approval_id>/refuse")
def refuse(approval_id: uuid.UUID) -> ResponseReturnValue:
    """Say no to another's proposal, or take one's own back."""
    actor = current.actor()

    def decide(session: Session) -> str:
        policy.fetch(session, actor, ApprovalRow, approval_id)
        return approvals.refuse(session, actor, approval_id).state

    withdrawn = run_tx(decide) == ApprovalState.WITHDRAWN
    flash(
        _("You withdrew your proposal. Nothing was changed.")
        if withdrawn
        else _("You refused this. Nothing was changed.")
    )
    return redirect(url_for(".decisions"))


def _names(session: Session, rows: list[ApprovalRow]) -> dict[uuid.UUID, str]:
    return people.names(session, [one for row in rows for one in (row.proposed_by, row.decided_by)])
