"""Money that comes back to a voucher: what was too much, what was not delivered.

It goes to the voucher that has the rest of the money now, though the payment came from one that
was replaced since. After the last day it can be spent for 60 days more; a visit that was booked in
these days adds no further ones, or a holder could go on so for ever.
Source: the specification of vouchers, section 4 (REVERSE).
"""

import uuid
from datetime import date

from sqlmodel import Session

from app.db.types import uuid7
from app.ledger import queries as ledger_queries
from app.ledger import service as ledger
from app.ledger.entries import TransferKind
from app.providers.days import today
from app.vouchers import caps, queries
from app.vouchers.models import BookingRow, RedemptionRow, VoucherRow
from app.vouchers.rules import State


def give_back(session: Session, row: RedemptionRow, amount_minor: int, *, actor: str) -> VoucherRow:
    """Send an amount of a redemption back to its holder, by a transfer that cites its own.

    Returns the voucher that has it now. Raises ledger.errors.OverReversedError for more than was
    taken and did not go back before.
    """
    voucher = receiver(session, row.voucher_id)
    original = ledger_queries.transfer(session, row.transfer_id)
    if original is None:
        raise RuntimeError(f"the transfer of redemption {row.id} is missing")
    ledger.post(
        session,
        TransferKind.REVERSE,
        original.credit_id,
        voucher.account_id,
        amount_minor,
        event_id=uuid7(),
        reference=original.reference,
        actor=actor,
        reverses_id=original.id,
    )
    booked = session.get(BookingRow, row.id)
    counted_at = row.redeemed_at if booked is None else booked.booked_at
    caps.uncount(session, voucher, amount_minor, counted_at)
    return voucher


def receiver(
    session: Session, voucher_id: uuid.UUID, *, booked_on: date | None = None
) -> VoucherRow:
    """Return, locked, the voucher to whose account money of this one comes back today.

    One that had ended is in use again; one that is blocked stays blocked. `booked_on`: the day on
    which a visit was booked that did not take place, or not all of it.
    """
    voucher = queries.locked_now(session, voucher_id)
    if booked_on is None or booked_on <= voucher.expires_on:
        voucher.refunded_on = today()
    if voucher.state == State.ENDED and voucher.activated_at is not None:
        voucher.state = State.ACTIVE
    session.add(voucher)
    session.flush()
    return voucher
