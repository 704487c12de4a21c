from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from flask import Blueprint, make_response, render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as lazy
from sqlmodel import Session
from werkzeug.wrappers import Response

from app.db import run_tx
from app.errors import NotFoundError, UserFacingError
from app.forms import MingaForm
from app.providers import evidence_files, point_words
from app.providers.criteria import Point
from app.providers.models import EvidenceFileRow

blueprint = Blueprint("providers", __name__)


@blueprint.context_processor
def _words() -> dict[str, Any]:
    return {"words": point_words}


def read_point(text: str) -> Point:
    """Return the point that an address names; raises NotFoundError for anything else."""
    try:
        return Point(text)
    except ValueError:
        raise NotFoundError(lazy("There is no such point. Check the address.")) from None


def try_form(form: MingaForm, work: Callable[[Session], Any]) -> HTTPStatus | None:
    """Write what a form holds; None when it is done, else the status of the page with the why."""
    if not form.validate_on_submit():
        return HTTPStatus.UNPROCESSABLE_ENTITY if form.is_submitted() else HTTPStatus.OK
    try:
        run_tx(work)
    except UserFacingError as error:
        if error.status == HTTPStatus.NOT_FOUND:
            raise
        form.refuse(error)
        return error.status
    return None


def form_page(
    form: MingaForm, status: HTTPStatus, *, title: object, back: str, **shown: Any
) -> ResponseReturnValue:
    """Show a form on a page of its own."""
    page = render_template("providers/form.html", form=form, title=title, back=back, **shown)
    return page, status


def file_answer(row: EvidenceFileRow) -> Response:
    """Send a file of the evidence as a download: nothing of it runs in the browser."""
    answer = make_response(evidence_files.read(row))
    answer.headers["Content-Type"] = row.media_type
    answer.headers.set("Content-Disposition", "attachment", filename=row.name)
    return answer
