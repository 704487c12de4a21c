"""Setting up a round: one thing per page, then a page to check everything."""

from collections.abc import Callable
from http import HTTPStatus

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy

from app.accounts import current
from app.db import read_tx
from app.errors import Lead, NotFoundError
from app.rounds import queries, service
from app.rounds.routes.base import blueprint
from app.rounds.setup import (
    areas_form,
    ballot_form,
    changes,
    dates_form,
    forms,
    rule_form,
    saving,
    steps,
)
from app.rounds.setup.forms import StepForm
from app.rounds.setup.steps import Setup, Step

FORMS: dict[Step, Callable[[Setup], StepForm]] = {
    Step.BASICS: forms.basics,
    Step.AREAS: areas_form.areas,
    Step.CATEGORIES: forms.categories,
    Step.DATES: dates_form.dates,
    Step.BALLOT: ballot_form.ballot,
    Step.RULE: rule_form.rule,
    Step.TIES: forms.ties,
}


@blueprint.route("/staff/rounds/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    form = forms.BasicsForm()
    status = HTTPStatus.OK
    if form.validate_on_submit():
        try:
            row = changes.create(current.actor(), form.values())
        except changes.FieldRefusedError as error:
            form.refuse(error, field=error.field)
        else:
            return redirect(url_for(".setup_step", slug=row.slug, step=Step.AREAS.value))
    if form.errors:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    return render_template("rounds/setup/new.html", form=form), status


@blueprint.route("/staff/rounds/<slug>/setup/<step>", methods=["GET", "POST"])
def setup_step(slug: str, step: str) -> ResponseReturnValue:
    here = _step(step)
    setup = _load(slug)
    if request.method == "POST":
        changes.check_not_frozen(current.actor(), setup.row, what=f"set_{here.value}")
    elif setup.row.state in service.FIXED:
        return redirect(url_for(".rules", slug=slug))
    form = FORMS[here](setup)
    if request.method == "GET":
        form.version.data = str(setup.row.version)
    status = HTTPStatus.OK
    if request.form.get("action") == "preview":
        form.validate()
    elif form.is_submitted():
        saved, status = _save(slug, here, form)
        if saved:
            return saved
    return render_template(
        f"rounds/setup/{here.value}.html",
        form=form,
        setup=setup,
        round=setup.row,
        title=steps.TITLES[here],
    ), status


def _save(slug: str, here: Step, form: StepForm) -> tuple[ResponseReturnValue | None, HTTPStatus]:
    """Take the step and go on to the next, or return why not beside what was typed."""
    if not form.validate():
        return None, HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        values = form.values()
        changes.change(
            current.actor(),
            slug,
            lambda session, row: saving.save(session, row, here, values),
            what=f"set_{here.value}",
            version=form.seen_version,
        )
    except changes.StaleError as error:
        form.refuse(error)
        form.version.data = str(_load(slug).row.version)
        return None, error.status
    except changes.FieldRefusedError as error:
        form.refuse(error, field=error.field)
        return None, error.status
    except changes.StepRefusedError as error:
        form.refuse(error)
        return None, error.status
    return _go_on(values.get("slug", slug), here), HTTPStatus.SEE_OTHER


def _go_on(slug: str, here: Step) -> ResponseReturnValue:
    """While a round is first set up, lead on to what is still missing; later back to the list."""
    following = steps.next_step(_load(slug), here)
    if following is not None:
        return redirect(url_for(".setup_step", slug=slug, step=following.value))
    flash(_("“%(step)s” is saved.", step=steps.TITLES[here]))
    return redirect(url_for(".manage", slug=slug))


def _step(name: str) -> Step:
    if name not in list(Step):
        raise NotFoundError(
            lazy("There is no such step. Start from the page of the round."),
            lead=Lead(lazy("The round"), "rounds.manage"),
        )
    return Step(name)


def _load(slug: str) -> Setup:
    return read_tx(lambda session: steps.load(session, queries.round_by_slug(session, slug)))
