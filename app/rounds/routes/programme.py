"""The officers' page on which a project of a round becomes a voucher programme."""

import uuid

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlmodel import Session

from app.accounts import current
from app.db import read_tx
from app.forms import form_page, try_act
from app.rounds import queries, service
from app.rounds.models import ProjectProgrammeRow, ProjectRow, RoundRow
from app.rounds.routes.base import blueprint
from app.rounds.setup import changes, programme_form, projects


@blueprint.route(
    "/staff/rounds/<slug>/projects/<uuid:project_id>/programme", methods=["GET", "POST"]
)
def project_programme(slug: str, project_id: uuid.UUID) -> ResponseReturnValue:
    def load(session: Session) -> tuple[RoundRow, ProjectRow, ProjectProgrammeRow | None]:
        row = queries.round_by_slug(session, slug)
        found = projects.of_round(session, row, project_id)
        return row, found, queries.programmes(session, row.id).get(found.id)

    row, found, terms = read_tx(load)
    form = programme_form.programme(terms, currency=row.currency)
    if form.is_submitted():
        changes.check_not_frozen(current.actor(), row, what="make_programme")
    elif row.state in service.FIXED:
        return redirect(url_for(".rules", slug=slug))
    status = try_act(
        form,
        lambda: projects.make_programme(current.actor(), slug, project_id, form.values()),
    )
    back = url_for(".edit_project", slug=slug, project_id=project_id)
    if status is None:
        flash(_("“%(title)s” is a voucher programme.", title=found.title))
        return redirect(back)
    return form_page(
        form,
        status,
        title=_("Voucher programme: %(title)s", title=found.title),
        back=back,
        lead=_(
            "If the project wins, its cost becomes the fund of the programme. What you enter here "
            "is fixed and published with the rule sheet, before the vote."
        ),
    )


@blueprint.post("/staff/rounds/<slug>/projects/<uuid:project_id>/programme/remove")
def remove_programme(slug: str, project_id: uuid.UUID) -> ResponseReturnValue:
    projects.unmake_programme(current.actor(), slug, project_id)
    flash(_("It is a project like any other again."))
    return redirect(url_for(".edit_project", slug=slug, project_id=project_id))
