"""Replacing a voucher: its code dies that second, and its money moves to a new one.

Whoever redeems at the same moment comes before or after, never in between: both lock the voucher
first. The old code is answered like one that never was.
Source: the specification of vouchers, section 6 ("Lost, reveal, print").
"""

import uuid
from dataclasses import dataclass

from flask_babel import lazy_gettext as lazy
from sqlmodel import Session

from app import clock
from app.errors import ConflictError
from app.ledger import service as ledger
from app.ledger.entries import TransferKind
from app.policy import Actor, account_of, fetch
from app.providers.days import today
from app.vouchers import caps, issuing, keys, paying, queries, requests
from app.vouchers.models import ReplacementRow, ResidentRow, VoucherRow
from app.vouchers.rules import Carrier, ReplacedFor, State, may_be_replaced


@dataclass(frozen=True)
class Replaced:
    """What was done: the note of it, and the voucher that has the money now."""

    row: ReplacementRow
    voucher: VoucherRow


class NotReplaceableError(ConflictError):
    """The voucher is blocked, was replaced, or has ended."""

    code = "not_replaceable"

    def __init__(self) -> None:
        super().__init__(
            lazy(
                "This voucher is blocked, was replaced before, or has ended. Nothing was changed. "
                "Look at its state."
            )
        )


def report_lost(
    session: Session, actor: Actor, voucher_id: uuid.UUID, carrier: Carrier
) -> VoucherRow:
    """Let a holder replace a voucher of their own; again changes nothing. Returns the new one.

    Raises NotFoundError for another's voucher, NotReplaceableError.
    """
    row = fetch(session, actor, VoucherRow, voucher_id)
    queries.locked(session, row.id)
    before = queries.replacement_of(session, row.id)
    if before is not None:
        return session.get_one(VoucherRow, before.replaced_by)
    if row.state == State.INACTIVE:  # it was never in its holder's hands
        raise NotReplaceableError
    by = f"account/{account_of(actor)}"
    return replace(session, row.id, carrier=carrier, reason=ReplacedFor.LOST, actor=by).voucher


def replace(
    session: Session, voucher_id: uuid.UUID, *, carrier: Carrier, reason: ReplacedFor, actor: str
) -> Replaced:
    """End a voucher and give its holder another; one on the phone can be used at once.

    A printed one waits to be printed and handed over. Raises NotReplaceableError.
    """
    old = queries.locked(session, voucher_id)
    known = paying.facts(old)
    if known is None or not may_be_replaced(known, today()):
        raise NotReplaceableError
    funded = _has_money(session, old)
    left_minor = ledger.balance_minor(session, old.account_id)
    made = issuing.issue(
        session,
        session.get_one(ResidentRow, old.resident_id),
        programme_id=old.programme_id,
        value_minor=left_minor if funded else old.value_minor,
        services=old.services,
        starts_on=old.starts_on,
        expires_on=old.expires_on,
        carrier=carrier,
    )
    made.voucher.refunded_on = old.refunded_on
    row = ReplacementRow(
        voucher_id=old.id,
        replaced_by=made.voucher.id,
        reason=reason,
        funded=funded,
        actor=actor,
        replaced_at=clock.now(),
        pin_sealed=keys.seal(made.pin.encode(), voucher_id=made.voucher.id) if made.pin else None,
    )
    old.state = State.REPLACED
    session.add_all([old, made.voucher, row])
    session.flush()
    requests.end_all(session, old.id)
    caps.carry_over(session, old, made.voucher)
    if left_minor:
        ledger.post(
            session,
            TransferKind.REPLACE,
            old.account_id,
            made.voucher.account_id,
            left_minor,
            event_id=made.voucher.id,
            reference=old.serial,
            actor=actor,
        )
    if carrier is Carrier.PHONE:
        issuing.activate(session, made.voucher.id, actor=actor)
    return Replaced(row, made.voucher)


def _has_money(session: Session, row: VoucherRow) -> bool:
    """Say whether what it is worth has left the RESERVE for it, or for one that it replaced."""
    if row.state != State.INACTIVE:
        return True
    before = queries.replacement_by(session, row.id)
    return before is not None and before.funded
