"""Unusual payments for staff: a list, one of them, and what was found. None decides anything."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts import current
from app.db import read_tx, run_tx
from app.forms import form_page, try_form
from app.openbooks import looking
from app.openbooks.forms import NoteForm
from app.openbooks.routes.base import blueprint
from app.programmes.words import SERVICES
from app.vouchers import receipts

FLAG = "/staff/care/flags/<key>"


@blueprint.get("/staff/care/flags")
def flag_list() -> ResponseReturnValue:
    actor = current.actor()
    rows = read_tx(lambda session: looking.all_found(session, actor))
    return render_template("openbooks/flags.html", rows=rows, days=looking.LOOKED_BACK.days)


@blueprint.get(FLAG)
def flag(key: str) -> ResponseReturnValue:
    """A flag with its payments; who reads it is recorded."""
    actor = current.actor()
    found, payments = run_tx(lambda session: looking.read(session, actor, key))
    return render_template(
        "openbooks/flag.html",
        found=found,
        payments=payments,
        services=SERVICES,
        receipt_number=receipts.number,
    )


@blueprint.route(f"{FLAG}/note", methods=["GET", "POST"])
def note_flag(key: str) -> ResponseReturnValue:
    actor, form = current.actor(), NoteForm()
    read_tx(lambda session: looking.find(session, actor, key))
    text = form.text.data or ""
    status = try_form(form, lambda session: looking.note(session, actor, key, text))
    if status is None:
        flash(_("Noted. The flag stays on the list until it is 30 days old."))
        return redirect(url_for(".flag_list"))
    return form_page(
        form,
        status,
        title=_("What you found"),
        lead=_(
            "A note decides nothing. To block a voucher, suspend an organisation or claim money "
            "back needs two people and a reason that the person concerned can read."
        ),
        back=url_for(".flag", key=key),
    )
