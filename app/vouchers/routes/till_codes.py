"""Reading a code: by the phone's own camera, typed, from a photo, or by the page's camera."""

from http import HTTPStatus

from flask import flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from app import web
from app.accounts import current
from app.db import read_tx
from app.errors import UserFacingError
from app.providers import queries as providers
from app.vouchers import codes, photo, queries, scanned
from app.vouchers.routes.till_base import TILL, ProviderRow, Till, blueprint, till_required
from app.vouchers.till_forms import CodeForm, PhotoForm
from app.vouchers.till_words import MISTYPED
from voting.errors import CodeError


@blueprint.get("/V/<text>")
@blueprint.get("/v/<text>")
def scan(text: str) -> ResponseReturnValue:
    """Take a code out of the address at once. Nothing is looked up, whoever comes."""
    answer = redirect(url_for(".read_code"), HTTPStatus.SEE_OTHER)
    try:
        scanned.keep(answer, codes.read(text))
    except CodeError:
        flash(str(MISTYPED), "important")
    return _without_traces(answer)


@blueprint.get("/code")
def read_code() -> ResponseReturnValue:
    """Go on with the code of a QR picture: to the own voucher, or to the till of who stands at one.

    Who is not signed in is asked to sign in; nothing is looked up for them.
    """
    account_id = current.actor().account_id
    own = [] if account_id is None else read_tx(lambda s: providers.of_person(s, account_id))
    code = scanned.code()
    kept = code is not None
    if code is not None and account_id is not None:
        mine = read_tx(lambda s: queries.own_with_code(s, account_id, code))
        if mine is not None:
            to_own = redirect(url_for("vouchers.show", voucher_id=mine), HTTPStatus.SEE_OTHER)
            return scanned.forget(make_response(to_own))
    if kept and len(own) == 1:
        return redirect(url_for(".amount", provider_id=own[0][0].id))
    return render_template("till/code.html", kept=kept, own=[row for row, _role in own])


@blueprint.get("/till")
def choose() -> ResponseReturnValue:
    account_id = current.account_id()
    own = read_tx(lambda session: providers.of_person(session, account_id))
    if len(own) == 1:
        return redirect(url_for(".start", provider_id=own[0][0].id))
    return render_template("till/choose.html", own=[row for row, _role in own])


@blueprint.route(TILL, methods=["GET", "POST"])
@till_required
def start(provider: ProviderRow, till: Till) -> ResponseReturnValue:  # noqa: ARG001 (who may)
    form = CodeForm()
    if form.validate_on_submit():
        return _go_on(provider, form.read_code)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.errors else HTTPStatus.OK
    return render_template("till/start.html", form=form, provider=provider), status


@blueprint.route(f"{TILL}/photo", methods=["GET", "POST"])
@till_required
def by_photo(provider: ProviderRow, till: Till) -> ResponseReturnValue:  # noqa: ARG001 (who may)
    form = PhotoForm()
    status = HTTPStatus.OK
    if form.validate_on_submit():
        try:
            return _go_on(provider, photo.read(form.photo.data.read()))
        except UserFacingError as error:
            form.refuse(error, field="photo")
            status = error.status
    elif form.is_submitted():
        status = HTTPStatus.UNPROCESSABLE_ENTITY
    return render_template("till/photo.html", form=form, provider=provider), status


@blueprint.get(f"{TILL}/camera")
@till_required
def by_camera(provider: ProviderRow, till: Till) -> ResponseReturnValue:  # noqa: ARG001 (who may)
    """The one page that may use the camera, and run the bundled reader of QR codes."""
    answer = make_response(render_template("till/camera.html", provider=provider))
    answer.headers["Permissions-Policy"] = "camera=(self), microphone=(), geolocation=()"
    policy = web.content_policy(scripts="'wasm-unsafe-eval'")
    answer.headers["Content-Security-Policy"] = policy
    return answer


def _go_on(provider: ProviderRow, code: str) -> Response:
    to_amount = redirect(url_for(".amount", provider_id=provider.id), HTTPStatus.SEE_OTHER)
    return scanned.keep(make_response(to_amount), code)


def _without_traces(answer: Response) -> Response:
    """The address that was opened holds a code: it goes to no other page and no store."""
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["Cache-Control"] = "no-store"
    return answer
