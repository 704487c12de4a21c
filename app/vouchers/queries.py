"""Reading residents and their vouchers; who may see which."""

import uuid
from collections.abc import Sequence

from sqlmodel import Session, col, select

from app.policy import Actor, object_rule
from app.vouchers.models import ResidentRow, VoucherRow


@object_rule(VoucherRow)
def _own(session: Session, actor: Actor, row: VoucherRow) -> bool:
    holder = session.get_one(ResidentRow, row.resident_id)
    return actor.account_id is not None and holder.account_id == actor.account_id


def resident_of(session: Session, account_id: uuid.UUID) -> ResidentRow | None:
    """Return who of the register this account has proven to be; None before that.

    Whoever proves it from another account later, moves there.
    """
    return session.exec(select(ResidentRow).where(ResidentRow.account_id == account_id)).first()


def vouchers_of(session: Session, account_id: uuid.UUID) -> Sequence[VoucherRow]:
    """Return the vouchers of a signed-in person; the one that ends last comes first."""
    query = (
        select(VoucherRow)
        .join(ResidentRow, col(ResidentRow.id) == col(VoucherRow.resident_id))
        .where(ResidentRow.account_id == account_id)
        .order_by(col(VoucherRow.expires_on).desc(), col(VoucherRow.serial))
    )
    return session.exec(query).all()
