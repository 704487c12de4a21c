"""What a holder sees of one payment by its receipt number, and how they say that it is wrong."""

import uuid
from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlmodel import Session

from app.accounts import current
from app.db import read_tx, run_tx
from app.forms import form_page, try_form
from app.programmes.models import ProgrammeRow
from app.providers.models import ProviderRow
from app.settlement import disputing, queries
from app.settlement import taken as payments
from app.settlement.dispute_forms import DisputeForm
from app.settlement.routes.provider import blueprint, open_about
from app.vouchers import paying
from app.vouchers.models import VoucherRow

OWN = "/account/payments/<number>"


@blueprint.get(OWN)
def own_payment(number: str) -> ResponseReturnValue:
    account_id = current.account_id()

    def read(session: Session) -> dict[str, Any]:
        row = payments.of_holder(session, account_id, number)
        voucher = session.get_one(VoucherRow, row.voucher_id)
        return {
            "row": row,
            "programme": session.get_one(ProgrammeRow, voucher.programme_id),
            "provider": session.get_one(ProviderRow, row.provider_id),
            "standing_minor": paying.standing_minor(session, row),
            "dispute": queries.dispute_about(session, row.id),
            "can_dispute": disputing.may_raise(session, row),
        }

    shown = read_tx(read)
    return render_template(
        "settlement/holder_payment.html", number=number, account_id=account_id, **shown
    )


@blueprint.route(f"{OWN}/dispute", methods=["GET", "POST"])
def own_dispute(number: str) -> ResponseReturnValue:
    actor, form = current.actor(), DisputeForm()
    row_id = _own_id(number)
    reason = form.reason.data or ""
    status = try_form(
        form,
        lambda session: disputing.open_dispute(session, actor, row_id, reason=reason),
        field="reason",
    )
    back = url_for(".own_payment", number=number)
    if status is None:
        flash(_("The town looks at it. The organisation is not paid for it before that."))
        return redirect(back)
    return form_page(
        form,
        status,
        title=_("Something is wrong with this payment"),
        lead=_(
            "You did not get the help, or more was taken than you agreed to? Say so before the "
            "payment is seven days old. Somebody at the town hall looks at it. If you are right, "
            "the money is back on your voucher at once."
        ),
        back=back,
        button=_("Send"),
    )


@blueprint.post(f"{OWN}/dispute/withdraw")
def withdraw_own_dispute(number: str) -> ResponseReturnValue:
    actor = current.actor()
    row_id = _own_id(number)
    run_tx(lambda session: disputing.withdraw(session, actor, open_about(session, row_id).id))
    flash(_("Withdrawn. The organisation is paid as usual."))
    return redirect(url_for(".own_payment", number=number))


def _own_id(number: str) -> uuid.UUID:
    account_id = current.account_id()
    return read_tx(lambda session: payments.of_holder(session, account_id, number).id)
