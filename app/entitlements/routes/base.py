from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, make_response, render_template
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from app.db import run_tx
from app.entitlements import evidence_files, words
from app.entitlements.models import ApplicationFileRow
from app.errors import UserFacingError
from app.forms import MingaForm

blueprint = Blueprint("entitlements", __name__)


@blueprint.context_processor
def _words() -> dict[str, Any]:
    return {"words": words}


def try_form(
    form: MingaForm, work: Callable[[Session], Any], *, field: str | None = None
) -> HTTPStatus | None:
    """Write what a form holds; None when it is done, else the status of the page with the why.

    `field`: beside which a refusal of the service stands.
    """
    return try_act(form, lambda: run_tx(work), field=field)


def try_act(
    form: MingaForm, act: Callable[[], Any], *, field: str | None = None
) -> HTTPStatus | None:
    """Do what a form asks for, in transactions of the act's own; see `try_form`."""
    if not form.validate_on_submit():
        return HTTPStatus.UNPROCESSABLE_ENTITY if form.is_submitted() else HTTPStatus.OK
    try:
        act()
    except UserFacingError as error:
        form.refuse(error, field=field)
        return error.status
    return None


def form_page(
    form: MingaForm, status: HTTPStatus, *, title: object, back: str, **shown: Any
) -> ResponseReturnValue:
    """Show a form on a page of its own."""
    page = render_template("entitlements/form.html", form=form, title=title, back=back, **shown)
    return page, status


def file_answer(row: ApplicationFileRow) -> Response:
    """Send a document as a download: nothing of it runs in the browser."""
    return download(evidence_files.read(row), row.name, row.media_type)


def download(content: bytes, name: str, media_type: str = "application/pdf") -> Response:
    answer = make_response(content)
    answer.headers["Content-Type"] = media_type
    answer.headers["Cache-Control"] = "no-store"
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer
