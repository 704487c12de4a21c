"""The officers' pages of a programme: begin, enter one thing per page, propose, open, close."""

from http import HTTPStatus

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy
from sqlmodel import Session

from app.accounts import approvals, current
from app.accounts.models import ApprovalRow
from app.db import read_tx
from app.errors import NotFoundError, UserFacingError
from app.forms import filled
from app.programmes import closing, fund, queries, service, words
from app.programmes.forms import AboutForm, MoneyForm, ParameterForm, PeopleForm
from app.programmes.models import Funding, ProgrammeRow
from app.programmes.parameters import Parameter
from app.programmes.routes.base import Shown, blueprint, shown

TITLES = {
    "about": lazy("About the programme"),
    "money": lazy("Its money"),
    "people": lazy("For how many, with which incomes"),
}
NEXT = {"about": "money", "money": "people", "people": ""}


@blueprint.get("/staff/programmes")
def manage_list() -> ResponseReturnValue:
    rows = read_tx(queries.all_programmes)
    return render_template("programmes/manage_list.html", rows=rows, states=words.STATES)


@blueprint.route("/staff/programmes/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    form = AboutForm()
    if form.validate_on_submit():
        row = service.create(current.actor(), form.values())
        return redirect(url_for(".step", slug=row.slug, step="money"))
    page = render_template("programmes/step.html", form=form, title=_("New programme"), row=None)
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK


@blueprint.get("/staff/programmes/<slug>")
def manage(slug: str) -> ResponseReturnValue:
    def load(session: Session) -> tuple[Shown, ApprovalRow | None, int]:
        waits = [
            approvals.pending_for(session, act, slug) for act in (service.APPROVE, closing.CLOSE)
        ]
        found = shown(session, slug)
        return found, next(filter(None, waits), None), fund.held_minor(session, found.row)

    found, pending, left = read_tx(load)
    return render_template(
        "programmes/manage.html",
        found=found,
        row=found.row,
        pending=pending,
        left=left,
        lacks=service.lacks(found.row),
        modes=words.MODES,
    )


@blueprint.route("/staff/programmes/<slug>/set-up/<step>", methods=["GET", "POST"])
def step(slug: str, step: str) -> ResponseReturnValue:
    row = read_tx(lambda session: queries.by_slug(session, slug))
    form = _form(row, step)
    status = HTTPStatus.OK
    if form.validate_on_submit():
        try:
            service.change(current.actor(), slug, form.values(), seen_version=form.seen_version)
        except UserFacingError as error:
            form.refuse(error)
            status = error.status
        else:
            flash(_("Saved."))
            if NEXT[step]:
                return redirect(url_for(".step", slug=slug, step=NEXT[step]))
            return redirect(url_for(".manage", slug=slug))
    elif form.errors:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    page = render_template("programmes/step.html", form=form, title=TITLES[step], row=row)
    return page, status


VOTED_ON = ("services", "starts_on", "ends_on", "budget", "council_act")


def _form(row: ProgrammeRow, step: str) -> AboutForm | MoneyForm | PeopleForm:
    form = _whole_form(row, step)
    if row.funding == Funding.PROJECT and not isinstance(form, PeopleForm):
        form.drop(VOTED_ON)
    return form


def _whole_form(row: ProgrammeRow, step: str) -> AboutForm | MoneyForm | PeopleForm:
    version = {"version": str(row.version)}
    if step == "about":
        return AboutForm(data=row.model_dump() | version)
    if step == "money":
        return MoneyForm(
            data=version
            | {
                "budget": row.budget_minor or None,
                "council_act": row.council_act,
                "mode": row.mode,
                "cover": row.cover_minor or None,
            }
        )
    if step == "people":
        form = PeopleForm(data=version | {"people_source": row.people_source})
        if not form.is_submitted():
            form.show(row.people)
        return form
    raise NotFoundError(lazy("There is no such step. Check the address."))


@blueprint.post("/staff/programmes/<slug>/propose")
def propose(slug: str) -> ResponseReturnValue:
    service.propose(current.actor(), slug)
    flash(_("A second officer has to approve this now."))
    return redirect(url_for(".manage", slug=slug))


@blueprint.post("/staff/programmes/<slug>/back-to-draft")
def back_to_draft(slug: str) -> ResponseReturnValue:
    service.back_to_draft(current.actor(), slug)
    flash(_("The programme is a draft again."))
    return redirect(url_for(".manage", slug=slug))


@blueprint.post("/staff/programmes/<slug>/open")
def open_programme(slug: str) -> ResponseReturnValue:
    service.open_programme(current.actor(), slug)
    flash(_("Residents can apply now."))
    return redirect(url_for(".manage", slug=slug))


@blueprint.post("/staff/programmes/<slug>/close")
def close(slug: str) -> ResponseReturnValue:
    closing.propose(current.actor(), slug)
    flash(_("Proposed. A second officer now has to agree."))
    return redirect(url_for(".manage", slug=slug))


@blueprint.route("/staff/programmes/<slug>/parameters", methods=["GET", "POST"])
def parameters(slug: str) -> ResponseReturnValue:
    form = ParameterForm()
    status = HTTPStatus.OK
    if form.validate_on_submit():
        try:
            service.add_parameter(
                current.actor(),
                slug,
                name=Parameter(form.name.data),
                value=filled(form.value),
                valid_from=form.day(),
                legal_reference=filled(form.legal_reference),
                adopted_by=filled(form.adopted_by),
            )
        except UserFacingError as error:
            form.refuse(error, field="valid_from")
            status = error.status
        else:
            flash(_("The value was added."))
            return redirect(url_for(".parameters", slug=slug))
    elif form.errors:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    found = read_tx(lambda session: shown(session, slug))
    page = render_template(
        "programmes/parameters.html",
        form=form,
        found=found,
        row=found.row,
        names=words.PARAMETERS,
    )
    return page, status
