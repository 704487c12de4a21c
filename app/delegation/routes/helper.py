"""The pages of who acts for somebody else: whom, what they may see, payments that wait."""

import uuid
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy
from sqlmodel import Session

from app.accounts import current
from app.db import read_tx, run_tx
from app.delegation import acting, doing, naming, queries
from app.delegation.forms import AcceptForm
from app.delegation.routes.base import blueprint
from app.delegation.rules import Power
from app.forms import form_page, try_act
from app.programmes.services import Service
from app.programmes.words import SERVICES
from app.providers.days import today
from app.vouchers import agenda, holder_words, holding, qr
from app.vouchers.rules import State

ONE = "/account/helping/<uuid:delegation_id>"
VOUCHER = f"{ONE}/vouchers/<uuid:voucher_id>"
PAID = lazy("Paid. It is written down, and the holder sees it.")


@blueprint.get("/account/helping")
def helping() -> ResponseReturnValue:
    account_id = current.account_id()

    def read(session: Session) -> dict[str, Any]:
        on = today()
        return {
            "rows": queries.of_delegate(session, account_id, on),
            "to_staff": queries.to_staff(session, account_id, on),
        }

    return render_template("delegation/helping.html", **read_tx(read))


@blueprint.route("/account/helping/accept", methods=["GET", "POST"])
def accept() -> ResponseReturnValue:
    actor, form = current.actor(), AcceptForm()
    typed, made = form.code.data or "", []
    status = try_act(form, lambda: made.append(naming.accept(actor, typed)), field="code")
    if status is None:
        flash(_("You act for this person now. What you may do stands here."))
        return redirect(url_for(".helped", delegation_id=made[0]))
    return form_page(
        form,
        status,
        title=_("Act for somebody"),
        lead=_(
            "Somebody gave you a code, so that you can help with their care vouchers. You do it "
            "with your own account and can stop at any time."
        ),
        back=url_for(".helping"),
        button=_("Accept"),
    )


@blueprint.get(ONE)
def helped(delegation_id: uuid.UUID) -> ResponseReturnValue:
    actor = current.actor()

    def read(session: Session) -> dict[str, Any]:
        acts = acting.act_for(session, actor, delegation_id, None)
        return {
            "one": queries.entrusted(session, acts.row, today()),
            "appeals": acts.may(Power.APPEAL),
            "vouchers": [
                holding.held(session, row)
                for row in queries.vouchers(session, acts.row.resident_id)
            ],
        }

    return render_template("delegation/helped.html", **run_tx(read))


@blueprint.post(f"{ONE}/stop")
def stop(delegation_id: uuid.UUID) -> ResponseReturnValue:
    actor = current.actor()
    run_tx(lambda session: acting.lay_down(session, actor, delegation_id))
    flash(_("You do not act for this person any more."))
    return redirect(url_for(".helping"))


@blueprint.get(VOUCHER)
def voucher(delegation_id: uuid.UUID, voucher_id: uuid.UUID) -> ResponseReturnValue:
    """A voucher as far as the powers reach: what is not theirs is not even read."""
    actor = current.actor()

    def read(session: Session) -> dict[str, Any]:
        acts, row = acting.look(session, actor, delegation_id, voucher_id)
        return {
            "whom": queries.entrusted(session, acts.row, today()),
            "one": holding.held(session, row),
            "paid_for": [SERVICES[Service(one)] for one in row.services],
            "sees_code": acts.may(Power.SHOW_CODE) and row.state == State.ACTIVE,
            "sees_balance": acts.may(Power.SEE_BALANCE),
            "sees_history": acts.may(Power.SEE_HISTORY),
            "spent": holding.spent(session, row) if acts.may(Power.SEE_HISTORY) else [],
            "asked": holding.asked(session, row) if acts.may(Power.CONFIRM) else [],
            "answers": acts.may(Power.CONFIRM),
            "booked": agenda.of_holder(session, row),
            "books": acts.may(Power.BOOK) and row.state == State.ACTIVE,
            "cancels": acts.may(Power.BOOK),
            "gives": acts.may(Power.DONATE) and row.state == State.ACTIVE,
        }

    return render_template("delegation/voucher.html", **run_tx(read))


@blueprint.get(f"{VOUCHER}/code")
def voucher_code(delegation_id: uuid.UUID, voucher_id: uuid.UUID) -> ResponseReturnValue:
    actor = current.actor()

    def read(session: Session) -> dict[str, Any]:
        acts, row, shown = doing.codes(session, actor, delegation_id, voucher_id)
        return {
            "whom": queries.entrusted(session, acts.row, today()),
            "row": row,
            "shown": shown,
            "picture": qr.for_page(shown.code) if shown else None,
        }

    return render_template("delegation/voucher_code.html", **run_tx(read))


@blueprint.post(f"{VOUCHER}/payments/<uuid:request_id>/confirm")
def confirm(
    delegation_id: uuid.UUID, voucher_id: uuid.UUID, request_id: uuid.UUID
) -> ResponseReturnValue:
    return _answer(delegation_id, voucher_id, request_id, pay=True)


@blueprint.post(f"{VOUCHER}/payments/<uuid:request_id>/refuse")
def refuse(
    delegation_id: uuid.UUID, voucher_id: uuid.UUID, request_id: uuid.UUID
) -> ResponseReturnValue:
    return _answer(delegation_id, voucher_id, request_id, pay=False)


def _answer(
    delegation_id: uuid.UUID, voucher_id: uuid.UUID, request_id: uuid.UUID, *, pay: bool
) -> ResponseReturnValue:
    actor = current.actor()
    outcome = run_tx(
        lambda s: doing.answer(s, actor, delegation_id, voucher_id, request_id, pay=pay)
    )
    flash(str(holder_words.answered(outcome, paid=PAID)))
    return redirect(url_for(".voucher", delegation_id=delegation_id, voucher_id=voucher_id))
