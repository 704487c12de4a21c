"""What the holder of a voucher sees and decides: the code, what is left, payments that wait."""

import uuid

from flask import flash, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as lazy
from sqlmodel import Session

from app.accounts import current
from app.accounts.web_session import redirect
from app.db import read_tx, run_tx
from app.policy import fetch
from app.programmes.services import Service
from app.programmes.words import SERVICES
from app.vouchers import agenda, holder_words, holding, life, qr
from app.vouchers.models import VoucherRow
from app.vouchers.routes import holder_lost, holder_visits
from app.vouchers.routes.holder_base import blueprint

__all__ = ["blueprint", "holder_lost", "holder_visits"]

PAID = lazy("You paid. The receipt stands below.")


@blueprint.get("/account/vouchers")
def mine() -> ResponseReturnValue:
    account_id = current.account_id()

    def read(session: Session) -> dict[str, object]:
        rows = holding.of_account(session, account_id)
        return {"rows": rows, "asked": [(one, holding.asked(session, one.row)) for one in rows]}

    return render_template("vouchers/mine.html", **read_tx(read))


@blueprint.get("/account/vouchers/<uuid:voucher_id>")
def show(voucher_id: uuid.UUID) -> ResponseReturnValue:
    actor = current.actor()

    def read(session: Session) -> dict[str, object]:
        row = fetch(session, actor, VoucherRow, voucher_id)
        shown = holding.codes_of(row)
        return {
            "one": holding.held(session, row),
            "paid_for": [SERVICES[Service(one)] for one in row.services],
            "shown": shown,
            "picture": qr.for_page(shown.code) if shown else None,
            "spent": holding.spent(session, row),
            "asked": holding.asked(session, row),
            "life": life.of(session, row),
            "booked": agenda.of_holder(session, row),
        }

    return render_template("vouchers/voucher.html", **read_tx(read))


@blueprint.post("/account/vouchers/<uuid:voucher_id>/payments/<uuid:request_id>/confirm")
def confirm(voucher_id: uuid.UUID, request_id: uuid.UUID) -> ResponseReturnValue:
    return _answer(voucher_id, request_id, pay=True)


@blueprint.post("/account/vouchers/<uuid:voucher_id>/payments/<uuid:request_id>/refuse")
def refuse(voucher_id: uuid.UUID, request_id: uuid.UUID) -> ResponseReturnValue:
    return _answer(voucher_id, request_id, pay=False)


def _answer(voucher_id: uuid.UUID, request_id: uuid.UUID, *, pay: bool) -> ResponseReturnValue:
    actor = current.actor()
    outcome = run_tx(lambda s: holding.answer(s, actor, voucher_id, request_id, pay=pay))
    flash(str(holder_words.answered(outcome, paid=PAID)))
    return redirect(url_for(".show", voucher_id=voucher_id))
