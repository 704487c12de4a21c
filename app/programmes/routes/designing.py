"""The schedule designer: enter rules, see what they do, save what is wanted."""

from http import HTTPStatus

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlmodel import Session

from app.accounts import current
from app.db import read_tx
from app.errors import UserFacingError
from app.programmes import queries, service, words
from app.programmes.forms import DesignForm
from app.programmes.infeasible import Infeasible
from app.programmes.models import ProgrammeRow
from app.programmes.parameters import ParameterSet
from app.programmes.population import PER_WHOLE
from app.programmes.routes.base import blueprint
from app.programmes.schedule import Rules, Schedule
from app.programmes.views import ScheduleView, schedule_view


@blueprint.route("/staff/programmes/<slug>/schedule", methods=["GET", "POST"])
def design(slug: str) -> ResponseReturnValue:
    def load(session: Session) -> tuple[ProgrammeRow, ParameterSet]:
        row = queries.by_slug(session, slug)
        return row, queries.parameter_set(session, row.id, row.starts_on)

    row, known = read_tx(load)
    form = DesignForm(data={"version": str(row.version)} | _voted(row))
    view: ScheduleView | None = None
    status = HTTPStatus.OK
    if form.validate_on_submit():
        rules = _rules(form, known)
        try:
            made = _made(form, row, rules, known) if rules else None
            if made and rules and request.form.get("action") == "save":
                service.save_schedule(current.actor(), slug, rules, seen_version=form.seen_version)
                flash(_("The schedule was saved."))
                return redirect(url_for(".manage", slug=slug))
            if made:
                people = service.people_of(row)
                view = schedule_view(made, known.scale, people, row.unit, row.budget_minor)
        except UserFacingError as error:
            form.refuse(error)
            status = error.status
    if form.errors and status is HTTPStatus.OK:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    page = render_template(
        "programmes/design.html",
        form=form,
        row=row,
        known=known,
        view=view,
        lacks=service.lacks(row),
        scale=words.SCALES[known.scale],
    )
    return page, status


def _voted(row: ProgrammeRow) -> dict[str, object]:
    """Return what was fixed before the vote, for the fields that have to say it again."""
    if not row.terms:
        return {}
    return {
        "floor": row.terms["floor_minor"],
        "cap": row.terms["cap_minor"],
        "slope": f"{row.terms['slope_millionths'] * 100 / PER_WHOLE:g}",
    }


def _rules(form: DesignForm, known: ParameterSet) -> Rules | None:
    try:
        return form.rules(known)
    except ValueError:
        form.refuse(_("Enter 2 to 20 incomes that rise from 0."), field="knots")
        return None


def _made(
    form: DesignForm, row: ProgrammeRow, rules: Rules, known: ParameterSet
) -> Schedule | None:
    made = service.make_schedule(row, rules, known)
    if isinstance(made, Infeasible):
        form.refuse(words.infeasible(made, row.unit), field="floor")
        return None
    return made
