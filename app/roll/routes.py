"""The clerks' pages of the voter roll: upload, letters, a new code for a lost letter."""

import uuid
from http import HTTPStatus

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy

from app.accounts import current
from app.db import read_tx, run_tx
from app.errors import UserFacingError
from app.forms import choice, filled
from app.roll import batches, csv_file, imports, page, reissuing
from app.roll.forms import LettersForm, ReissueForm, UploadForm
from app.roll.imports import Staged
from app.roll.page import RollPage
from app.roll.sentences import problem_sentence
from app.rounds import queries as rounds

blueprint = Blueprint("roll", __name__)

PROBLEMS_SHOWN_MAX = 200


@blueprint.route("/staff/rounds/<slug>/roll", methods=["GET", "POST"])
def overview(slug: str) -> ResponseReturnValue:
    form = UploadForm()
    staged = None
    if form.validate_on_submit():
        try:
            staged = _stage(slug, form)
        except UserFacingError as error:
            form.refuse(error, field="file")
        else:
            if not staged.problems:
                flash(_("The file was read without a fault. Compare the report below."))
                return redirect(url_for(".overview", slug=slug), HTTPStatus.SEE_OTHER)
    return _page(slug, form, staged)


@blueprint.get("/staff/rounds/<slug>/roll/example.csv")
def example(slug: str) -> ResponseReturnValue:
    codes = read_tx(lambda session: page.smallest_areas(session, slug))
    return Response(
        csv_file.example(codes),
        mimetype="text/csv",
        headers={"Content-Disposition": 'attachment; filename="voter-roll-example.csv"'},
    )


@blueprint.post("/staff/rounds/<slug>/roll/<uuid:import_id>/approval")
def ask_for_approval(slug: str, import_id: uuid.UUID) -> ResponseReturnValue:
    actor = current.actor()
    run_tx(lambda session: imports.ask_for_approval(session, actor, slug, import_id))
    return _back(slug, _("A second person now has to approve this roll."))


@blueprint.post("/staff/rounds/<slug>/roll/<uuid:import_id>/discard")
def discard(slug: str, import_id: uuid.UUID) -> ResponseReturnValue:
    actor = current.actor()
    run_tx(lambda session: imports.discard(session, actor, slug, import_id))
    return _back(slug, _("The file is forgotten."))


@blueprint.post("/staff/rounds/<slug>/roll/letters")
def make_letters(slug: str) -> ResponseReturnValue:
    actor, district = current.actor(), LettersForm().district.data or None
    batch_id = run_tx(lambda session: batches.request(session, actor, slug, district))
    return redirect(url_for(".letters_page", slug=slug, batch_id=batch_id), HTTPStatus.SEE_OTHER)


@blueprint.get("/staff/rounds/<slug>/roll/letters/<uuid:batch_id>")
def letters_page(slug: str, batch_id: uuid.UUID) -> ResponseReturnValue:
    shown = read_tx(lambda session: page.batch_page(session, slug, batch_id))
    again = batches.may_repeat(shown.batch, current.actor())
    return render_template("roll/letters.html", page=shown, again=again)


@blueprint.get("/staff/rounds/<slug>/roll/letters/<uuid:batch_id>/progress")
def letters_progress(slug: str, batch_id: uuid.UUID) -> ResponseReturnValue:
    shown = read_tx(lambda session: page.batch_page(session, slug, batch_id))
    return {
        "percent": shown.percent,
        "step": shown.step,
        "done": not shown.under_way,
        "url": url_for(".letters_page", slug=slug, batch_id=batch_id),
    }


@blueprint.post("/staff/rounds/<slug>/roll/letters/<uuid:batch_id>/file")
def take_letters(slug: str, batch_id: uuid.UUID) -> ResponseReturnValue:
    pdf = batches.take(current.actor(), slug, batch_id)
    return _pdf(pdf, f"letters-{slug}.pdf")


@blueprint.route("/staff/rounds/<slug>/roll/reissue", methods=["GET", "POST"])
def reissue(slug: str) -> ResponseReturnValue:
    """Hand out a letter with a new code; the old code is void from now on."""
    form = ReissueForm()
    if form.validate_on_submit():
        try:
            pdf = reissuing.letter(
                current.actor(),
                slug,
                register_number=str(filled(form.register_number)),
                name=form.name.data or "",
            )
        except UserFacingError as error:
            form.refuse(error, field="register_number")
        else:
            return _pdf(pdf, f"letter-{slug}.pdf")
    round_row = read_tx(lambda session: rounds.round_by_slug(session, slug))
    shown = render_template("roll/reissue.html", form=form, round=round_row)
    return shown, HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK


def _stage(slug: str, form: UploadForm) -> Staged:
    upload = filled(form.file)
    return imports.stage(
        current.actor(),
        slug,
        file_name=upload.filename or "",
        data=upload.read(csv_file.BYTES_MAX + 1),
        age_min=int(filled(form.age_min)),
    )


def _page(slug: str, form: UploadForm, staged: Staged | None) -> ResponseReturnValue:
    shown = read_tx(lambda session: page.roll_page(session, slug))
    problems = staged.problems if staged else ()
    answer = render_template(
        "roll/overview.html",
        page=shown,
        form=form,
        letters_form=_letters_form(shown),
        problem_count=len(problems),
        problems=[(p.line, problem_sentence(p)) for p in problems[:PROBLEMS_SHOWN_MAX]],
    )
    return answer, HTTPStatus.UNPROCESSABLE_ENTITY if form.errors or problems else HTTPStatus.OK


def _letters_form(shown: RollPage) -> LettersForm:
    form = LettersForm(formdata=None)
    form.district.choices = [choice("", lazy("Everybody without a code"))] + [
        choice(code, shown.district_names[code])
        for code, count in shown.counts.items()
        if count.people > count.with_code
    ]
    return form


def _back(slug: str, sentence: str) -> ResponseReturnValue:
    flash(sentence)
    return redirect(url_for(".overview", slug=slug), HTTPStatus.SEE_OTHER)


def _pdf(pdf: bytes, name: str) -> Response:
    return Response(
        pdf,
        mimetype="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
