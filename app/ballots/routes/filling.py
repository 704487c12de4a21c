"""Filling in a ballot: the page, and the draft that is kept after each change."""

import uuid
from http import HTTPStatus
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.ballots import booth, filling
from app.ballots.booth import BallotView
from app.ballots.forms import SiftForm
from app.ballots.routes.base import blueprint
from app.db import read_tx
from app.roll.passes import VotingPass, voting_pass_required
from app.rounds import ballot_words


@blueprint.get("/ballot/<slug>/<uuid:pot_id>")
@voting_pass_required
def fill(known: VotingPass, pot_id: uuid.UUID) -> ResponseReturnValue:
    return _page(read_tx(lambda session: filling.open_view(session, known, pot_id)))


@blueprint.post("/ballot/<slug>/<uuid:pot_id>")
@voting_pass_required
def save(known: VotingPass, pot_id: uuid.UUID) -> ResponseReturnValue:
    """Keep the draft and go where the pressed button leads; stay if something cannot be read."""
    fields = request.form.to_dict(flat=False)
    entered = filling.save_draft(known, pot_id, fields)
    if entered.blockers:
        typed = filling.typed_numbers(fields)
        view = read_tx(lambda session: booth.ballot_view(session, known, pot_id, entered, typed))
        return _page(view), HTTPStatus.UNPROCESSABLE_ENTITY
    here: dict[str, Any] = {"slug": known.slug, "pot_id": pot_id}
    if request.form.get("action") == "review":
        return redirect(url_for(".review", **here), HTTPStatus.SEE_OTHER)
    if request.form.get("action") != "all":
        here |= _sifted_by_form()
    return redirect(url_for(".fill", **here), HTTPStatus.SEE_OTHER)


@blueprint.post("/ballot/<slug>/<uuid:pot_id>/draft")
@voting_pass_required
def save_draft(known: VotingPass, pot_id: uuid.UUID) -> ResponseReturnValue:
    """The same for a script: keep the draft, say what is chosen, left and in the way."""
    entered = filling.save_draft(known, pot_id, request.form.to_dict(flat=False))
    view = read_tx(lambda session: booth.ballot_view(session, known, pot_id, entered))
    return {
        "status": view.status,
        "blockers": view.blockers,
        "castable": view.standing.castable,
    }


def _page(view: BallotView) -> str:
    sift = SiftForm.of(view.catalogue)
    shown = view.found(sift.criteria(view.catalogue))
    sentences = ballot_words.sentences(view.rules.limits, view.round_row)
    return render_template(
        "ballots/fill.html", view=view, sift=sift, shown=shown, sentences=sentences
    )


def _sifted_by_form() -> dict[str, str]:
    return {
        name: request.form[name] for name in ("q", "category", "area") if request.form.get(name)
    }
