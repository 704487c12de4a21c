"""Writing a proposal, page by page. Every page saves: a draft waits on the server, and two windows
do not overwrite each other unseen.
"""

import uuid
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlmodel import Session

from app.accounts import current
from app.db import read_tx, run_tx
from app.errors import UserFacingError
from app.proposals import queries, service, views
from app.proposals.forms import DetailsForm, IdeaForm, PictureForm, PlaceForm, StepForm
from app.proposals.holding import StaleError
from app.proposals.routes.base import blueprint
from app.proposals.rules import ProposalState
from app.proposals.views import Sheet, load_own, sent_version
from app.rounds import pictures


@blueprint.route(
    "/account/proposals/<uuid:proposal_id>/<any(idea, place, details):step>",
    methods=["GET", "POST"],
)
def step(proposal_id: uuid.UUID, step: str) -> ResponseReturnValue:
    """One page of a proposal; "save for later" keeps it even when it is not complete."""
    sheet = load_own(proposal_id)
    form = _FORMS[step](sheet)
    form.later = request.form.get("then") == "later"
    status = HTTPStatus.OK
    if form.validate_on_submit():
        refused = _save(sheet, form)
        if refused is None:
            return _after(sheet, step, later=form.later)
        status = refused
    elif form.is_submitted():
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    return render_template(f"proposals/{step}.html", form=form, sheet=sheet), status


@blueprint.get("/account/proposals/<uuid:proposal_id>/similar")
def similar(proposal_id: uuid.UUID) -> ResponseReturnValue:
    """Show what others have proposed that looks alike, before more is written."""
    sheet = load_own(proposal_id)
    alike = read_tx(lambda session: queries.similar_to(session, sheet.row))
    if not alike:
        return redirect(url_for(".step", proposal_id=proposal_id, step="place"))
    return render_template("proposals/similar.html", sheet=sheet, alike=alike)


@blueprint.route("/account/proposals/<uuid:proposal_id>/picture", methods=["GET", "POST"])
def picture(proposal_id: uuid.UUID) -> ResponseReturnValue:
    """A page of its own: even a file that is far too large costs nothing that was typed."""
    sheet = load_own(proposal_id)
    form = PictureForm(data={"version": str(sheet.row.version), "alt_text": sheet.alt_text})
    status = HTTPStatus.OK
    if form.validate_on_submit():
        refused = _save_picture(sheet, form)
        if refused is None:
            flash(_("The picture was saved."))
            return redirect(url_for(".own", proposal_id=proposal_id))
        status = refused
    elif form.is_submitted():
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    return render_template("proposals/picture.html", form=form, sheet=sheet), status


@blueprint.post("/account/proposals/<uuid:proposal_id>/picture/remove")
def remove_picture(proposal_id: uuid.UUID) -> ResponseReturnValue:
    actor, version = current.actor(), sent_version()
    run_tx(lambda session: service.remove_picture(session, actor, proposal_id, version=version))
    flash(_("The picture was removed."))
    return redirect(url_for(".own", proposal_id=proposal_id))


def _save(sheet: Sheet, form: StepForm) -> HTTPStatus | None:
    """Save a page; a refusal stands in the form, and its status is returned."""
    actor, values = current.actor(), form.values()
    version = form.seen_version
    return _refusal(
        form,
        sheet,
        lambda s: service.save(s, actor, sheet.row.id, version=version, **values),
    )


def _save_picture(sheet: Sheet, form: PictureForm) -> HTTPStatus | None:
    actor, data = current.actor(), form.data_sent()
    alt_text, version = str(form.alt_text.data), form.seen_version
    if not data and sheet.row.picture_id is None:
        form.refuse(_("Choose a picture, or go on without one."), field="picture")
        return HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        prepared = pictures.prepare(data) if data else None
    except UserFacingError as error:
        form.refuse(error, field="picture")
        return error.status
    return _refusal(
        form,
        sheet,
        lambda s: service.set_picture(
            s, actor, sheet.row.id, version=version, picture=prepared, alt_text=alt_text
        ),
    )


def _refusal(form: StepForm, sheet: Sheet, work: Callable[[Session], Any]) -> HTTPStatus | None:
    try:
        run_tx(work)
    except StaleError as error:
        form.refuse(error)
        form.version.data = str(load_own(sheet.row.id).row.version)  # a second try replaces
        return error.status
    except UserFacingError as error:
        if error.status == HTTPStatus.NOT_FOUND:
            raise
        form.refuse(error)
        return error.status
    return None


def _after(sheet: Sheet, step: str, *, later: bool) -> ResponseReturnValue:
    """Go on to the next page; or to the whole proposal, if it was left from there."""
    key = sheet.row.id
    if later:
        flash(_("Your draft was saved. You find it here whenever you come back."))
        return redirect(url_for(".mine"))
    if request.args.get("from") == "check" or sheet.row.state != ProposalState.DRAFT:
        return redirect(url_for(".own", proposal_id=key))
    if step == "idea":
        return redirect(url_for(".similar", proposal_id=key))
    if step == "details":
        return redirect(url_for(".picture", proposal_id=key))
    return redirect(url_for(".step", step="details", proposal_id=key))


def _idea_form(sheet: Sheet) -> StepForm:
    row = sheet.row
    return IdeaForm(
        data={
            "version": str(row.version),
            "title": row.title,
            "description": row.description,
            "beneficiaries": row.beneficiaries,
        }
    )


def _place_form(sheet: Sheet) -> StepForm:
    row = sheet.row
    form = PlaceForm(
        data={
            "version": str(row.version),
            "area": str(row.area_id or ""),
            "latitude": "" if row.latitude is None else str(row.latitude),
            "longitude": "" if row.longitude is None else str(row.longitude),
        }
    )
    form.offer(read_tx(lambda session: views.areas_with_pot(session, sheet.round)))
    return form


def _details_form(sheet: Sheet) -> StepForm:
    row = sheet.row
    form = DetailsForm(
        data={
            "version": str(row.version),
            "category": str(row.category_id or ""),
            "own_cost": row.own_cost_minor,
        },
        meta={"currency": sheet.round.currency, "minor_per_unit": sheet.round.minor_per_unit},
    )
    form.offer(sheet.catalogue)
    return form


_FORMS: dict[str, Callable[[Sheet], StepForm]] = {
    "idea": _idea_form,
    "place": _place_form,
    "details": _details_form,
}
