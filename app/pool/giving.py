"""Giving a part of a voucher to the shared pool. It does not come back, and says so before."""

import uuid

from flask_babel import lazy_gettext as lazy
from sqlmodel import Session

from app.errors import ConflictError, InvalidError
from app.ledger import service as ledger
from app.ledger.entries import AccountKind, TransferKind
from app.ledger.errors import EventReusedError, InsufficientError
from app.ledger.queries import transfers_of_event
from app.policy import Actor, account_of, fetch
from app.pool import queries
from app.providers.days import today
from app.vouchers import queries as vouchers
from app.vouchers.models import VoucherRow


def give_own(
    session: Session, actor: Actor, voucher_id: uuid.UUID, amount_minor: int, *, key: uuid.UUID
) -> None:
    """Give from a voucher of one's own; see `give`."""
    row = fetch(session, actor, VoucherRow, voucher_id)
    give(session, row, amount_minor, key=key, by=f"account/{account_of(actor)}")


def give(
    session: Session, voucher: VoucherRow, amount_minor: int, *, key: uuid.UUID, by: str
) -> bool:
    """Move an amount from a voucher to its programme's pool; False when the same key did before.

    The caller has found that `by` may. Raises ConflictError for a voucher that is not in use and
    for a key that came with another amount, InvalidError when less is left; nothing is moved then.
    """
    row = vouchers.locked(session, voucher.id)
    if not queries.is_usable(row, today()):
        raise ConflictError(
            lazy("This voucher is not in use now. Nothing was given. Look at it again.")
        )
    event_id = uuid.uuid5(row.id, key.hex)
    given_before = bool(transfers_of_event(session, event_id))
    pool = ledger.account(session, AccountKind.POOL, subject_id=row.programme_id)
    try:
        ledger.post(
            session,
            TransferKind.DONATE,
            row.account_id,
            pool,
            amount_minor,
            event_id=event_id,
            reference=row.serial,
            actor=by,
        )
    except InsufficientError:
        raise InvalidError(
            lazy("Not enough is left for this. Nothing was given. Enter a smaller amount.")
        ) from None
    except EventReusedError:
        raise ConflictError(
            lazy("Another amount was given from this page before. Look at your voucher again.")
        ) from None
    return not given_before
