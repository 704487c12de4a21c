"""Reading residents and their vouchers; who may see which."""

import uuid
from collections.abc import Sequence

from sqlmodel import Session, col, select

from app.policy import Actor, object_rule
from app.vouchers import codes, keys
from app.vouchers.models import ReplacementRow, ResidentRow, VoucherRow


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


def own_with_code(session: Session, account_id: uuid.UUID, code: str) -> uuid.UUID | None:
    """Return the voucher of a signed-in person that has this code; None for another's and none."""
    wanted = codes.keyed_hash(code, keys.pepper())
    query = (
        select(VoucherRow.id)
        .join(ResidentRow, col(ResidentRow.id) == col(VoucherRow.resident_id))
        .where(ResidentRow.account_id == account_id, VoucherRow.code_hash == wanted)
    )
    return session.exec(query).first()


def vouchers_of_resident(session: Session, resident_id: uuid.UUID) -> Sequence[VoucherRow]:
    """Return the vouchers of a person of the register; the one that ends last comes first."""
    query = select(VoucherRow).where(VoucherRow.resident_id == resident_id)
    last_first = (col(VoucherRow.expires_on).desc(), col(VoucherRow.serial))
    return session.exec(query.order_by(*last_first)).all()


def replacement_of(session: Session, voucher_id: uuid.UUID) -> ReplacementRow | None:
    """Return what became of a voucher that was replaced; None for one that was not."""
    return session.get(ReplacementRow, voucher_id)


def replacement_by(session: Session, voucher_id: uuid.UUID) -> ReplacementRow | None:
    """Return what a voucher replaces; None for one that came from a batch."""
    query = select(ReplacementRow).where(ReplacementRow.replaced_by == voucher_id)
    return session.exec(query).first()


def line_of(session: Session, voucher_id: uuid.UUID) -> list[uuid.UUID]:
    """Return a voucher and all that it replaced, the newest first: for its holder they are one."""
    line = [voucher_id]
    while (before := replacement_by(session, line[-1])) is not None:
        line.append(before.voucher_id)
    return line


def by_serial(session: Session, serial: str) -> VoucherRow | None:
    return session.exec(select(VoucherRow).where(VoucherRow.serial == serial)).first()


def locked(session: Session, voucher_id: uuid.UUID) -> VoucherRow:
    """Load a voucher as it is now and keep others from it until the transaction ends."""
    query = select(VoucherRow).where(VoucherRow.id == voucher_id).with_for_update()
    return session.exec(query.execution_options(populate_existing=True)).one()


def locked_now(session: Session, voucher_id: uuid.UUID) -> VoucherRow:
    """Load and lock the voucher that has the money of this one now: it may have been replaced."""
    row = locked(session, voucher_id)
    while (next_one := replacement_of(session, row.id)) is not None:
        row = locked(session, next_one.replaced_by)
    return row
