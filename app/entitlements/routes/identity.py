"""At the desk: a code for a person whose document was seen, or whose address the register has."""

from http import HTTPStatus

from flask import render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import web
from app.accounts import current
from app.db import read_tx, run_tx
from app.entitlements import proving
from app.entitlements.forms import IdentityForm
from app.entitlements.routes.base import blueprint
from app.entitlements.rules import Channel
from app.forms import form_page
from app.town import queries as town


@blueprint.route("/staff/care/identity", methods=["GET", "POST"])
def identity_code() -> ResponseReturnValue:
    """Make a code: it stands on the answer to this form, or in a letter, and nowhere else."""
    actor, form = current.actor(), IdentityForm()
    if form.validate_on_submit():
        number, channel = form.number.data or "", Channel(form.channel.data)
        code = run_tx(lambda session: proving.make(session, actor, number, channel))
        if channel is Channel.DESK:
            page = render_template("entitlements/code.html", code=code)
            return page, HTTPStatus.OK, {"Cache-Control": "no-store"}
        sender = read_tx(town.town)
        content = proving.letter(
            code,
            name=form.name.data or "",
            address=form.address.data or "",
            town_name=sender.name if sender else "",
        )
        return web.download(content, "identity-letter.pdf")
    status = HTTPStatus.UNPROCESSABLE_ENTITY if form.is_submitted() else HTTPStatus.OK
    return form_page(
        form,
        status,
        title=_("Code for a resident"),
        lead=_(
            "Look at an identity document and at the register. The number is not kept, name and "
            "address neither. Codes of before stop working."
        ),
        back=url_for(".desk"),
        button=_("Make the code"),
    )
