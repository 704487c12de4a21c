"""Reading residents: who of the town's register an account belongs to."""

import uuid

from sqlmodel import Session, select

from app.vouchers.models import ResidentRow


def resident_of(session: Session, account_id: uuid.UUID) -> ResidentRow | None:
    """Return who of the register this account has proven to be; None before that.

    Whoever proves it from another account later, moves there.
    """
    return session.exec(select(ResidentRow).where(ResidentRow.account_id == account_id)).first()
