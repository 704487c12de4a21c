"""What the bank did with a file; and the account that the town pays from."""

import uuid
from dataclasses import fields

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlmodel import Session
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # types lag behind

from app import i18n
from app.accounts import current
from app.db import read_tx
from app.forms import choice, form_page, try_form
from app.programmes.models import ProgrammeRow
from app.providers.models import ProviderRow
from app.settlement import booking, paying_from, queries
from app.settlement.models import LineRow
from app.settlement.paying_from import Account
from app.settlement.routes.batches import ITEM, blueprint
from app.settlement.rules import LineState, State
from app.settlement.service import MovedOnError
from app.settlement.staff_forms import BankStatementForm, PayerForm, ReturnForm

_FIELDS = {"name": "legal_name"}
"""Where the form has another name for a part of the account."""


@blueprint.route(f"{ITEM}/bank", methods=["GET", "POST"])
def bank_statement(batch_id: uuid.UUID) -> ResponseReturnValue:
    """Booked as a whole, or but for what came back; another officer has to agree."""
    actor, form = current.actor(), BankStatementForm()
    form.returned.choices = read_tx(lambda session: _choices(session, batch_id))
    returned = [uuid.UUID(one) for one in form.returned.data or []] if form.is_submitted() else []
    status = try_form(
        form,
        lambda session: booking.propose_booked(
            session,
            actor,
            batch_id,
            bank_minor=form.booked.data or 0,
            returned=returned,
            why=form.why.data or "",
        ),
        field="booked",
    )
    if status is None:
        flash(_("Another officer has to agree. It waits under “Decisions of two people”."))
        return redirect(url_for(".batch", batch_id=batch_id))
    return form_page(
        form,
        status,
        title=_("What did the bank do?"),
        back=url_for(".batch", batch_id=batch_id),
        button=_("Ask another officer"),
    )


@blueprint.route("/staff/settlements/lines/<uuid:line_id>/return", methods=["GET", "POST"])
def bank_return(line_id: uuid.UUID) -> ResponseReturnValue:
    """A payment that the bank sent back after it was booked."""
    actor, form = current.actor(), ReturnForm()
    line, provider, unit = read_tx(lambda session: _booked(session, line_id))
    why = form.why.data or ""
    status = try_form(
        form, lambda session: booking.propose_return(session, actor, line_id, why), field="why"
    )
    back = url_for(".batch", batch_id=line.batch_id)
    if status is None:
        flash(_("Another officer has to agree. It waits under “Decisions of two people”."))
        return redirect(back)
    return form_page(
        form,
        status,
        title=_("The bank sent this back"),
        lead=_(
            "%(sum)s for %(name)s. The town owes it again, and the next settlement pays it.",
            sum=i18n.money(line.pay_minor, unit),
            name=provider.name,
        ),
        back=back,
        button=_("Ask another officer"),
    )


@blueprint.route("/staff/settlements/account", methods=["GET", "POST"])
def payer() -> ResponseReturnValue:
    actor, known = current.actor(), read_tx(queries.payer)
    parts = [one.name for one in fields(Account)]
    shown = {_FIELDS.get(one, one): getattr(known, one) for one in parts} if known else {}
    form = PayerForm(data=shown)
    said = Account(**{one: form[_FIELDS.get(one, one)].data or "" for one in parts})
    status = try_form(form, lambda session: paying_from.enter(session, actor, said))
    if status is None:
        flash(_("Saved. Settlements that are frozen from now on are paid from this account."))
        return redirect(url_for(".batch_list"))
    return form_page(
        form,
        status,
        title=_("The town’s bank account"),
        lead=_("From it organisations are paid. The bank compares name and address with its own."),
        back=url_for(".batch_list"),
    )


def _choices(session: Session, batch_id: uuid.UUID) -> list[SelectChoice]:
    """The lines that are with the bank. Raises MovedOnError before and after that."""
    batch = queries.batch(session, batch_id)
    if batch.state != State.EXPORTED:
        raise MovedOnError
    unit = session.get_one(ProgrammeRow, batch.programme_id).unit
    return [
        choice(str(line.id), f"{provider.name}, {i18n.money(line.pay_minor, unit)}")
        for line, provider in queries.lines_in(session, batch_id)
        if line.state == LineState.DUE
    ]


def _booked(session: Session, line_id: uuid.UUID) -> tuple[LineRow, ProviderRow, str]:
    line = booking.booked(session, line_id)
    provider = session.get_one(ProviderRow, line.provider_id)
    return line, provider, booking.unit_of(session, line)
