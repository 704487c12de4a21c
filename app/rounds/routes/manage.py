"""The officers' pages of a round: where it stands, the next act, the projects entered by hand."""

import uuid
from http import HTTPStatus

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy
from sqlmodel import Session
from wtforms import TextAreaField
from wtforms.validators import Length

from app import clock
from app.accounts import current
from app.db import read_tx
from app.forms import MingaForm, Required, filled
from app.rounds import (
    announcing,
    closing,
    freezing,
    opening,
    programme_words,
    queries,
    service,
)
from app.rounds.models import ProjectRow
from app.rounds.routes.base import blueprint
from app.rounds.setup import changes, project_form, projects, steps
from app.rounds.setup.project_form import ProjectForm
from app.rounds.setup.steps import Setup
from app.rounds.staff_view import StaffView, staff_view
from app.rounds.views import RoundView, round_view


class ReasonForm(MingaForm):
    reason = TextAreaField(
        lazy("Why should the voting end early?"),
        [
            Required(lazy("Enter the reason. It is kept with the decision.")),
            Length(max=2000, message=lazy("Shorten the reason to 2,000 characters or fewer.")),
        ],
    )


@blueprint.get("/staff/rounds")
def manage_list() -> ResponseReturnValue:
    def load(session: Session) -> list[RoundView]:
        now = clock.now()
        return [round_view(session, row, now) for row in queries.all_rounds(session)]

    return render_template("rounds/manage_list.html", views=read_tx(load))


@blueprint.get("/staff/rounds/<slug>")
def manage(slug: str) -> ResponseReturnValue:
    return _manage_page(slug, ReasonForm())


@blueprint.post("/staff/rounds/<slug>/announce")
def announce(slug: str) -> ResponseReturnValue:
    announcing.announce(current.actor(), slug)
    return _done(slug, _("The round is announced. Residents can see it now."))


@blueprint.post("/staff/rounds/<slug>/end-proposals")
def end_proposals(slug: str) -> ResponseReturnValue:
    announcing.end_proposals(current.actor(), slug)
    return _done(slug, _("The time for proposals has ended. The review can begin."))


@blueprint.post("/staff/rounds/<slug>/freeze")
def freeze(slug: str) -> ResponseReturnValue:
    freezing.propose_freeze(current.actor(), slug)
    return _done(slug, _("Proposed. A second officer now has to agree that the rules are fixed."))


@blueprint.post("/staff/rounds/<slug>/open")
def open_vote(slug: str) -> ResponseReturnValue:
    opening.propose_open(current.actor(), slug)
    return _done(slug, _("Proposed. A second officer now has to agree to open the vote."))


@blueprint.post("/staff/rounds/<slug>/close")
def close(slug: str) -> ResponseReturnValue:
    form = ReasonForm()
    if not form.validate():
        return _manage_page(slug, form)
    closing.propose_close(current.actor(), slug, reason=str(filled(form.reason)))
    return _done(slug, _("Proposed. A second officer now has to agree to end the voting."))


@blueprint.get("/staff/rounds/<slug>/projects")
def manage_projects(slug: str) -> ResponseReturnValue:
    def load(session: Session) -> tuple[StaffView, list[ProjectRow]]:
        row = queries.round_by_slug(session, slug)
        return staff_view(session, row, clock.now()), queries.projects(session, row.id)

    staff, rows = read_tx(load)
    return render_template(
        "rounds/manage_projects.html",
        staff=staff,
        round=staff.setup.row,
        projects=rows,
        pots={pot.id: pot.name for pot in staff.setup.pots},
    )


@blueprint.route("/staff/rounds/<slug>/projects/new", methods=["GET", "POST"])
def new_project(slug: str) -> ResponseReturnValue:
    setup, _row, reference = read_tx(lambda session: _load_project(session, slug, None))
    form = project_form.project(setup, reference=reference)
    if not form.is_submitted() and setup.row.state in service.FIXED:
        return redirect(url_for(".rules", slug=slug))
    if form.is_submitted():
        changes.check_not_frozen(current.actor(), setup.row, what="add_project")
        if form.validate():
            try:
                projects.add(current.actor(), slug, form.values())
            except changes.FieldRefusedError as error:
                form.refuse(error, field=error.field)
            else:
                return _to_projects(slug, _("The project was added."))
    return _project_page(form, setup, None)


@blueprint.route("/staff/rounds/<slug>/projects/<uuid:project_id>", methods=["GET", "POST"])
def edit_project(slug: str, project_id: uuid.UUID) -> ResponseReturnValue:
    setup, row, _reference = read_tx(lambda session: _load_project(session, slug, project_id))
    form = project_form.project(setup, row)
    if not form.is_submitted():
        if setup.row.state in service.FIXED:
            return redirect(url_for(".rules", slug=slug))
        form.version.data = str(setup.row.version)
        return _project_page(form, setup, row)
    changes.check_not_frozen(current.actor(), setup.row, what="edit_project")
    if form.validate():
        try:
            version = form.seen_version
            projects.edit(current.actor(), slug, project_id, form.values(), version=version)
        except changes.FieldRefusedError as error:
            form.refuse(error, field=error.field)
        except changes.StaleError as error:
            form.refuse(error)
            form.version.data = str(setup.row.version)
        else:
            return _to_projects(slug, _("The project was changed."))
    return _project_page(form, setup, row)


@blueprint.post("/staff/rounds/<slug>/projects/<uuid:project_id>/remove")
def remove_project(slug: str, project_id: uuid.UUID) -> ResponseReturnValue:
    projects.remove(current.actor(), slug, project_id)
    return _to_projects(slug, _("The project was removed."))


def _manage_page(slug: str, form: ReasonForm) -> ResponseReturnValue:
    staff = read_tx(
        lambda session: staff_view(session, queries.round_by_slug(session, slug), clock.now())
    )
    page = render_template(
        "rounds/manage.html",
        staff=staff,
        view=staff.view,
        round=staff.setup.row,
        form=form,
        actor=current.actor(),
    )
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK


def _project_page(form: ProjectForm, setup: Setup, row: ProjectRow | None) -> ResponseReturnValue:
    page = render_template(
        "rounds/manage_project.html",
        form=form,
        setup=setup,
        round=setup.row,
        project=row,
        programme=_terms(row, setup),
    )
    wrong = form.errors or form.form_errors
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if wrong else HTTPStatus.OK


def _terms(row: ProjectRow | None, setup: Setup) -> list[tuple[str, str]]:
    """Say on which terms a project is a voucher programme; nothing for other projects."""
    found = read_tx(lambda session: queries.programmes(session, setup.row.id))
    terms = found.get(row.id) if row else None
    return programme_words.terms(terms, setup.row.currency) if terms else []


def _load_project(
    session: Session, slug: str, project_id: uuid.UUID | None
) -> tuple[Setup, ProjectRow | None, str]:
    row = queries.round_by_slug(session, slug)
    found = projects.of_round(session, row, project_id) if project_id else None
    return steps.load(session, row), found, projects.next_reference(session, row)


def _done(slug: str, sentence: str) -> ResponseReturnValue:
    flash(sentence)
    return redirect(url_for(".manage", slug=slug), HTTPStatus.SEE_OTHER)


def _to_projects(slug: str, sentence: str) -> ResponseReturnValue:
    flash(sentence)
    return redirect(url_for(".manage_projects", slug=slug), HTTPStatus.SEE_OTHER)
