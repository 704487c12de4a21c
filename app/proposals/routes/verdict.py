"""The checklist of a proposal and its verdict, which stays sealed until the release."""

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
from app.forms import VersionedForm
from app.proposals import checklist as checks
from app.proposals import queries, review
from app.proposals.desk_forms import DecisionForm, checklist_form
from app.proposals.holding import StaleError
from app.proposals.review import CostError
from app.proposals.routes.base import blueprint
from app.proposals.views import ITEM, Sheet, load_for_desk


@blueprint.route(f"{ITEM}/checklist", methods=["GET", "POST"])
def checklist(slug: str, number: int) -> ResponseReturnValue:
    sheet, actor = load_for_desk(slug, number), current.actor()
    form = checklist_form(sheet.review)
    status = HTTPStatus.OK
    if form.validate_on_submit():
        refused = _try(
            form,
            sheet,
            lambda session: review.check(
                session, actor, sheet.row.id, version=form.seen_version, answers=form.answers()
            ),
        )
        if refused is None:
            flash(_("The checklist was saved."))
            return redirect(url_for(".review_page", slug=slug, number=number))
        status = refused
    page = render_template(
        "proposals/checklist.html", form=form, sheet=sheet, questions=checks.QUESTIONS
    )
    return page, status


@blueprint.route(f"{ITEM}/decide", methods=["GET", "POST"])
def decide(slug: str, number: int) -> ResponseReturnValue:
    """Give the verdict. The button beside the ready texts only fills in the reason."""
    sheet, actor = load_for_desk(slug, number), current.actor()
    form = _decision_form(sheet)
    status = HTTPStatus.OK
    if form.is_submitted() and request.form.get("then") == "text":
        form.put_ready_text()
    elif form.validate_on_submit():
        refused = _try(
            form,
            sheet,
            lambda session: review.decide(
                session, actor, sheet.row.id, form.decision(), version=form.seen_version
            ),
        )
        if refused is None:
            flash(_("The verdict was saved. Nobody outside sees it before the release."))
            return redirect(url_for(".review_page", slug=slug, number=number))
        status = refused
    elif form.is_submitted():
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    page = render_template(
        "proposals/decide.html",
        form=form,
        sheet=sheet,
        doubts=checks.doubts(sheet.review.checklist if sheet.review else {}),
        cost_max=sheet.money(read_tx(lambda s: _cost_max(s, sheet))),
    )
    return page, status


def _cost_max(session: Session, sheet: Sheet) -> int | None:
    covered = queries.pots_by_area(session, sheet.round)
    if sheet.row.area_id not in covered:
        return None
    return queries.cost_max_minor(session, sheet.round, sheet.row)


def _decision_form(sheet: Sheet) -> DecisionForm:
    """Make the form with the verdict as it stands, or empty."""
    given, round_row = sheet.review, sheet.round
    meta = {"currency": round_row.currency, "minor_per_unit": round_row.minor_per_unit}
    if given is None:
        return DecisionForm(data={"version": "1"}, meta=meta)
    values = {
        "version": str(given.version),
        "verdict": given.verdict,
        "reason": given.reason,
        "cost": given.cost_minor,
        "cost_explanation": given.cost_explanation,
    }
    return DecisionForm(data=values, meta=meta)


def _try(form: VersionedForm, sheet: Sheet, work: Callable[[Session], Any]) -> HTTPStatus | None:
    """Do it; a refusal stands in the form, and its status is returned."""
    try:
        run_tx(work)
    except UserFacingError as error:
        form.refuse(error, field="cost" if isinstance(error, CostError) else None)
        if isinstance(error, StaleError):
            newer = read_tx(lambda session: queries.review(session, sheet.row.id))
            form.version.data = str(newer.version if newer else 1)  # a second try replaces
        return error.status
    return None
