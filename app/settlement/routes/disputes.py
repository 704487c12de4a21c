"""Disputed payments: the list, and the decision of a person about each."""

import uuid
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlmodel import Session

from app.accounts import current
from app.accounts import queries as accounts
from app.db import read_tx
from app.forms import try_form
from app.programmes.words import SERVICES
from app.settlement import disputing, queries
from app.settlement.routes.batches import blueprint
from app.settlement.staff_forms import DisputeDecisionForm
from app.vouchers import paying, receipts


@blueprint.get("/staff/settlements/disputes")
def dispute_list() -> ResponseReturnValue:
    rows = read_tx(queries.disputes)
    return render_template("settlement/disputes.html", rows=rows, receipt_number=receipts.number)


@blueprint.route("/staff/settlements/disputes/<uuid:dispute_id>", methods=["GET", "POST"])
def dispute(dispute_id: uuid.UUID) -> ResponseReturnValue:
    """What is said about a payment; who decides sees no name, no balance and no income."""
    actor, form = current.actor(), DisputeDecisionForm()

    def read(session: Session) -> dict[str, Any]:
        found = queries.dispute(session, dispute_id)
        return {
            "one": found,
            "standing_minor": paying.standing_minor(session, found.redemption),
            "names": accounts.names(session, (found.row.decided_by,)),
        }

    shown = read_tx(read)
    back_minor = form.back_minor(shown["standing_minor"])
    answer = form.answer.data or ""
    status = try_form(
        form,
        lambda session: disputing.decide(
            session, actor, dispute_id, back_minor=back_minor, answer=answer
        ),
        field="part" if form.outcome.data == "part" else "outcome",
    )
    if status is None:
        flash(_("Decided. Both sides read why."))
        return redirect(url_for(".dispute_list"))
    page = render_template(
        "settlement/dispute.html",
        form=form,
        services=SERVICES,
        receipt_number=receipts.number,
        **shown,
    )
    return page, status
