"""What a holder does when a voucher is lost, and when it was blocked."""

import uuid

from flask import flash, redirect
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlmodel import Session

from app.accounts import current
from app.db import read_tx, run_tx
from app.errors import NotFoundError
from app.forms import form_page, try_act, try_form
from app.policy import fetch
from app.vouchers import blocking, life, replacing
from app.vouchers.holder_forms import AppealForm, LostForm
from app.vouchers.models import VoucherRow
from app.vouchers.routes.holder_base import OWN, address, blueprint
from app.vouchers.rules import Carrier


@blueprint.route(f"{OWN}/lost", methods=["GET", "POST"])
def lost(voucher_id: uuid.UUID) -> ResponseReturnValue:
    actor = current.actor()

    def read(session: Session) -> str:
        return fetch(session, actor, VoucherRow, voucher_id).carrier

    form = LostForm(data={"carrier": read_tx(read)})
    made: list[VoucherRow] = []

    def report() -> None:
        carrier = Carrier(form.carrier.data)
        made.append(run_tx(lambda s: replacing.report_lost(s, actor, voucher_id, carrier)))

    status = try_act(form, report, field="carrier")
    if status is None:
        flash(_("The old code is dead. This is your new voucher, with all that was left."))
        return redirect(address(made[0].id))
    return form_page(
        form,
        status,
        title=_("Lost your voucher, or somebody else knows its code?"),
        lead=_(
            "Once you press the button nobody can pay with the old code any more. What is left "
            "moves to a new voucher. What was paid before stays paid."
        ),
        back=address(voucher_id),
        button=_("Stop the old code and give me a new one"),
    )


@blueprint.route(f"{OWN}/appeal", methods=["GET", "POST"])
def appeal(voucher_id: uuid.UUID) -> ResponseReturnValue:
    actor, form = current.actor(), AppealForm()

    def read(session: Session) -> life.Life:
        return life.of(session, fetch(session, actor, VoucherRow, voucher_id))

    found = read_tx(read)
    if found.block is None:
        raise NotFoundError(_("This voucher is not blocked. Look at it again."))
    text = form.text.data or ""
    status = try_form(form, lambda s: blocking.appeal(s, actor, voucher_id, text), field="text")
    if status is None:
        flash(_("Your appeal has arrived. The answer will stand on this page."))
        return redirect(address(voucher_id))
    return form_page(
        form,
        status,
        title=_("Appeal against the block"),
        lead=found.block.reason,
        back=address(voucher_id),
        button=_("Send the appeal"),
    )
