"""A provider's own pages about money: what it took, what was settled, statements, disputes.

No page says who paid or what a voucher holds. Managers alone open them.
"""

import uuid
from datetime import date
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlmodel import Session

from app.accounts import current
from app.csv_export import write_csv
from app.db import read_tx, run_tx
from app.errors import NotFoundError
from app.forms import form_page, try_form
from app.policy import fetch
from app.programmes.words import SERVICES
from app.providers.days import today
from app.providers.models import ProviderRow
from app.settlement import disputing, payout_words, queries, statements, words
from app.settlement import taken as payments
from app.settlement.dispute_forms import DisputeForm
from app.settlement.models import DisputeRow
from app.settlement.rules import DisputeState
from app.settlement.statements import Statement
from app.settlement.taken import Month, Taken
from app.vouchers import receipts
from app.web import download

blueprint = Blueprint("payouts", __name__)
OWN = "/account/organisations/<uuid:provider_id>"
PAYMENT = f"{OWN}/payments/<uuid:redemption_id>"
SETTLEMENT = f"{OWN}/settlements/<uuid:line_id>"
CSV = "text/csv; charset=utf-8"
YEARS = range(2020, 2200)
"""Before the first no voucher was made."""


@blueprint.context_processor
def _words() -> dict[str, object]:
    return {
        "services": SERVICES,
        "receipt_number": receipts.number,
        "where_words": payout_words.WHERE,
        "words": words,
    }


@blueprint.get(f"{OWN}/payments")
def taken(provider_id: uuid.UUID) -> ResponseReturnValue:
    month, day = _month(), today()
    provider, rows = _taken(provider_id, month, most=payments.SHOWN_MAX)
    return render_template(
        "settlement/provider_taken.html",
        provider=provider,
        rows=[(one, one.where(day)) for one in rows],
        month=month,
        later=month.after if month.after.first <= day else None,
        total_minor=sum(one.standing_minor for one in rows),
        most=payments.SHOWN_MAX,
    )


@blueprint.get(f"{OWN}/payments.csv")
def taken_csv(provider_id: uuid.UUID) -> ResponseReturnValue:
    month = _month()
    _provider, rows = _taken(provider_id, month, most=None)
    content = write_csv(statements.taken_rows(rows))
    return download(content, f"payments-{month.name}.csv", CSV)


@blueprint.get(PAYMENT)
def payment(provider_id: uuid.UUID, redemption_id: uuid.UUID) -> ResponseReturnValue:
    """One payment: what stands of it, what pays it, and the dispute about it."""

    def read(session: Session) -> dict[str, Any]:
        provider, one = _payment(session, provider_id, redemption_id)
        return {
            "provider": provider,
            "one": one,
            "where": one.where(today()),
            "dispute": queries.dispute_about(session, redemption_id),
            "can_dispute": disputing.may_raise(session, one.row),
        }

    return render_template(
        "settlement/provider_payment.html", account_id=current.account_id(), **read_tx(read)
    )


@blueprint.route(f"{PAYMENT}/dispute", methods=["GET", "POST"])
def dispute(provider_id: uuid.UUID, redemption_id: uuid.UUID) -> ResponseReturnValue:
    actor, form = current.actor(), DisputeForm()
    _provider, one = read_tx(lambda session: _payment(session, provider_id, redemption_id))
    reason = form.reason.data or ""
    status = try_form(
        form,
        lambda session: disputing.open_dispute(session, actor, one.row.id, reason=reason),
        field="reason",
    )
    back = url_for(".payment", provider_id=provider_id, redemption_id=redemption_id)
    if status is None:
        flash(_("The town looks at it. This payment is not paid out before it is decided."))
        return redirect(back)
    return form_page(
        form,
        status,
        title=_("Something is wrong with payment %(number)s", number=receipts.number(one.row.id)),
        lead=_(
            "You took too much and its day is over, or the sum is not yours? Say so before the "
            "payment is seven days old. The town decides whether money goes back to the voucher."
        ),
        back=back,
        button=_("Send"),
    )


@blueprint.post(f"{PAYMENT}/dispute/withdraw")
def withdraw_dispute(provider_id: uuid.UUID, redemption_id: uuid.UUID) -> ResponseReturnValue:
    actor = current.actor()

    def withdraw(session: Session) -> None:
        _payment(session, provider_id, redemption_id)
        disputing.withdraw(session, actor, open_about(session, redemption_id).id)

    run_tx(withdraw)
    flash(_("Withdrawn. The payment goes on its way."))
    return redirect(url_for(".payment", provider_id=provider_id, redemption_id=redemption_id))


@blueprint.get(f"{OWN}/settlements")
def settlements(provider_id: uuid.UUID) -> ResponseReturnValue:
    def read(session: Session) -> dict[str, Any]:
        provider = fetch(session, current.actor(), ProviderRow, provider_id)
        return {"provider": provider, "rows": queries.lines_of(session, provider.id)}

    return render_template("settlement/provider_settlements.html", **read_tx(read))


@blueprint.get(SETTLEMENT)
def settlement(provider_id: uuid.UUID, line_id: uuid.UUID) -> ResponseReturnValue:
    one = _statement(provider_id, line_id)
    return render_template(
        "settlement/provider_settlement.html",
        one=one,
        provider=one.provider,
        line=one.settled.line,
        batch=one.settled.batch,
        programme=one.settled.programme,
        sums=statements.sums(one.settled.line),
        total=statements.total(one.settled.line),
    )


@blueprint.get(f"{SETTLEMENT}/statement.pdf")
def statement_pdf(provider_id: uuid.UUID, line_id: uuid.UUID) -> ResponseReturnValue:
    one = _statement(provider_id, line_id)
    town_name = g.town.name if g.get("town") else "Minga"
    return download(statements.pdf(one, town_name=town_name), f"{one.name}.pdf")


@blueprint.get(f"{SETTLEMENT}/statement.csv")
def statement_csv(provider_id: uuid.UUID, line_id: uuid.UUID) -> ResponseReturnValue:
    one = _statement(provider_id, line_id)
    return download(write_csv(statements.item_rows(one.items)), f"{one.name}.csv", CSV)


def open_about(session: Session, redemption_id: uuid.UUID) -> DisputeRow:
    """Return the open dispute about a payment. Raises NotFoundError."""
    row = queries.dispute_about(session, redemption_id)
    if row is None or row.state != DisputeState.OPEN:
        raise NotFoundError(_("This payment is not disputed any more. Look at it again."))
    return row


def _taken(
    provider_id: uuid.UUID, month: Month, *, most: int | None
) -> tuple[ProviderRow, list[Taken]]:
    def read(session: Session) -> tuple[ProviderRow, list[Taken]]:
        provider = fetch(session, current.actor(), ProviderRow, provider_id)
        return provider, list(payments.in_month(session, provider.id, month, most=most))

    return read_tx(read)


def _payment(
    session: Session, provider_id: uuid.UUID, redemption_id: uuid.UUID
) -> tuple[ProviderRow, Taken]:
    provider = fetch(session, current.actor(), ProviderRow, provider_id)
    return provider, payments.one(session, provider.id, redemption_id)


def _statement(provider_id: uuid.UUID, line_id: uuid.UUID) -> Statement:
    def read(session: Session) -> Statement:
        fetch(session, current.actor(), ProviderRow, provider_id)
        found = statements.statement(session, current.actor(), line_id)
        if found.provider.id != provider_id:
            raise NotFoundError(_("There is no such settlement. Look at the list again."))
        return found

    return read_tx(read)


def _month() -> Month:
    """Return the month that the address names, such as 2027-03, or this one; never one to come."""
    try:
        wanted = Month(date.fromisoformat(f"{request.args.get('month', '')}-01"))
    except ValueError:
        return Month.of(today())
    in_time = wanted.first <= today() and wanted.first.year in YEARS
    return wanted if in_time else Month.of(today())
