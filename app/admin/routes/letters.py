"""Letters with account codes: who waits, making them, handing them to the printer."""

import uuid

from flask import flash, g, render_template, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from app.accounts import current, letters, queries
from app.accounts.web_session import redirect
from app.admin.routes.base import blueprint
from app.db import read_tx, run_tx


@blueprint.get("/staff/letters")
def account_letters() -> ResponseReturnValue:
    return render_template(
        "admin/letters.html",
        requests=read_tx(queries.letter_requests),
        ready=letters.file_path().exists(),
    )


@blueprint.post("/staff/letters")
def make_letters() -> ResponseReturnValue:
    number = letters.make(current.actor(), g.town.name if g.town else "Minga")
    flash(ngettext("%(num)d letter is ready.", "%(num)d letters are ready.", number))
    return redirect(url_for(".account_letters"))


@blueprint.get("/staff/letters/file.pdf")
def letters_file() -> ResponseReturnValue:
    return send_file(
        letters.read_file(),
        mimetype="application/pdf",
        as_attachment=True,
        download_name=letters.FILE,
    )


@blueprint.post("/staff/letters/printed")
def letters_printed() -> ResponseReturnValue:
    letters.remove_file(current.actor())
    flash(_("The file was removed. Names, addresses and codes are gone from here."))
    return redirect(url_for(".account_letters"))


@blueprint.post("/staff/letters/<uuid:account_id>/drop")
def drop_letter(account_id: uuid.UUID) -> ResponseReturnValue:
    actor = current.actor()
    run_tx(lambda tx: letters.drop_request(tx, actor, account_id))
    flash(_("The request was removed."))
    return redirect(url_for(".account_letters"))
