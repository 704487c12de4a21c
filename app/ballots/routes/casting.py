"""Reviewing a ballot, casting it, and the page with the tracking code."""

import json
import secrets
import uuid
from http import HTTPStatus
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.ballots import booth, filling
from app.ballots import casting as casting_service
from app.ballots.errors import BallotRefusedError
from app.ballots.forms import cast_key_of
from app.ballots.receipts import Receipt
from app.ballots.routes.base import blueprint
from app.db import read_tx
from app.errors import Lead, NotFoundError
from app.roll.passes import VotingPass, voting_pass_required
from voting.receipts import CAST_KEY_LENGTH


@blueprint.get("/ballot/<slug>/<uuid:pot_id>/review")
@voting_pass_required
def review(known: VotingPass, pot_id: uuid.UUID) -> ResponseReturnValue:
    """Show what would be cast. The page's form holds all of it, and its own random bytes."""
    view = read_tx(lambda session: filling.open_view(session, known, pot_id))
    cast_key = secrets.token_hex(CAST_KEY_LENGTH)
    return render_template("ballots/review.html", view=view, cast_key=cast_key)


@blueprint.post("/ballot/<slug>/<uuid:pot_id>/cast")
@voting_pass_required
def cast(known: VotingPass, pot_id: uuid.UUID) -> ResponseReturnValue:
    cast_key = cast_key_of(request.form.get("cast_key"))
    here: dict[str, Any] = {"slug": known.slug, "pot_id": pot_id}
    if cast_key is None:
        flash(_("The form was not complete, so nothing was cast. Check your ballot again."))
        return redirect(url_for(".review", **here), HTTPStatus.SEE_OTHER)
    fields = request.form.to_dict(flat=False)
    try:
        receipt = casting_service.cast(known, pot_id, fields, cast_key)
    except BallotRefusedError as error:
        view = read_tx(lambda session: filling.open_view(session, known, pot_id))
        page = render_template("ballots/refused.html", view=view, sentences=error.sentences)
        return page, error.status
    if not receipt.counts:
        flash(
            _(
                "An older form was sent again. Nothing has changed: the ballot that you cast "
                "later, below, is the one that counts."
            ),
            "important",
        )
    return redirect(url_for(".done", **here), HTTPStatus.SEE_OTHER)


@blueprint.get("/ballot/<slug>/<uuid:pot_id>/done")
@voting_pass_required
def done(known: VotingPass, pot_id: uuid.UUID) -> ResponseReturnValue:
    receipt = _receipt(known, pot_id)
    view = read_tx(lambda session: booth.ballot_view(session, known, pot_id))
    return render_template("ballots/done.html", view=view, receipt=receipt)


@blueprint.get("/ballot/<slug>/<uuid:pot_id>/receipt.json")
@voting_pass_required
def receipt(known: VotingPass, pot_id: uuid.UUID) -> ResponseReturnValue:
    """Hand out the signed receipt as a file to keep."""
    taken = _receipt(known, pot_id)
    name = f"receipt-{taken.tracking_code}.json"
    return Response(
        json.dumps(taken.signed(), indent=1, sort_keys=True) + "\n",
        mimetype="application/json",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _receipt(known: VotingPass, pot_id: uuid.UUID) -> Receipt:
    found = read_tx(lambda session: booth.live_receipt(session, known, pot_id))
    if found is None:
        raise NotFoundError(
            _("You have not cast this ballot yet. See the list of your ballots for what is open."),
            lead=Lead(_("Your ballots"), "ballots.overview"),
        )
    return found
