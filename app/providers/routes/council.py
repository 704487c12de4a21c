"""Who confirms decisions for the joint council."""

import uuid

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlmodel import Session

from app.accounts import current
from app.accounts import queries as accounts
from app.db import read_tx
from app.forms import try_form
from app.providers import assessing, queries
from app.providers.forms import MemberForm
from app.providers.models import CouncilMemberRow, Side
from app.providers.routes.base import blueprint


@blueprint.route("/staff/council", methods=["GET", "POST"])
def council() -> ResponseReturnValue:
    """Name people of the staff as members; phase 2 has the elected body in their place."""
    actor, form = current.actor(), MemberForm()

    def read(session: Session) -> tuple[list[CouncilMemberRow], dict[uuid.UUID, str]]:
        rows = queries.council(session)
        return rows, accounts.names(session, (row.account_id for row in rows))

    email, side = (form.email.data or "").lower(), form.side.data
    status = try_form(form, lambda s: assessing.name_member(s, actor, email, Side(side)))
    if status is None:
        flash(_("This person confirms decisions now."))
        return redirect(url_for(".council"))
    rows, names = read_tx(read)
    return render_template("providers/council.html", form=form, rows=rows, names=names), status
