"""A form on a page of its own: shown, tried, and shown again with what was wrong."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from app.db import run_tx
from app.errors import UserFacingError
from app.forms.base import MingaForm


def try_form(
    form: MingaForm, work: Callable[[Session], Any], *, field: str | None = None
) -> HTTPStatus | None:
    """Write what a form holds; None when it is done, else the status of the page with the why.

    `field`: beside which a refusal of the service stands. Without one, a thing that is not there
    has the page of its own that every missing page has.
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
        if field is None and error.status == HTTPStatus.NOT_FOUND:
            raise
        form.refuse(error, field=field)
        return error.status
    return None


def form_page(
    form: MingaForm, status: HTTPStatus, *, title: object, back: str, **shown: Any
) -> ResponseReturnValue:
    """Show a form on a page of its own; `shown`: what `form_page.html` may be given besides."""
    page = render_template("form_page.html", form=form, title=title, back=back, **shown)
    return page, status
