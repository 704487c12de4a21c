"""Reading the shared pool: what it holds, who asked, whose request it is."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, func, select

from app.ledger import queries as ledger
from app.ledger.entries import AccountKind, TransferKind
from app.policy import Actor, object_rule
from app.pool.models import PoolRequestRow
from app.pool.rules import State
from app.programmes import queries as programmes
from app.programmes.models import ProgrammeRow
from app.vouchers.models import ResidentRow, VoucherRow
from app.vouchers.paying import facts
from app.vouchers.rules import State as VoucherState
from app.vouchers.rules import last_day


@object_rule(PoolRequestRow)
def _own(session: Session, actor: Actor, row: PoolRequestRow) -> bool:
    """The resident's, from whichever account they have proven last to be that person."""
    holder = session.get_one(ResidentRow, row.resident_id)
    return actor.account_id is not None and holder.account_id == actor.account_id


@dataclass(frozen=True)
class Pool:
    """The pool of a programme, in minor units. `holds_minor` is what is there to be granted."""

    programme: ProgrammeRow
    given_minor: int
    expired_minor: int
    granted_minor: int
    holds_minor: int


def pools(session: Session) -> list[Pool]:
    """Return the pools of all programmes that the public sees, by programme."""
    return [pool(session, one) for one in programmes.public_programmes(session)]


def pool(session: Session, programme: ProgrammeRow) -> Pool:
    """Return what came into a programme's pool and what went out of it."""
    account_id = ledger.sole_account(session, AccountKind.POOL, subject_id=programme.id)
    if account_id is None:
        return Pool(programme, 0, 0, 0, 0)
    given, expired, granted = (
        ledger.moved_minor(session, account_id, kind)
        for kind in (TransferKind.DONATE, TransferKind.EXPIRE, TransferKind.GRANT)
    )
    return Pool(
        programme,
        given_minor=given,
        expired_minor=expired,
        granted_minor=-granted,
        holds_minor=ledger.balance_minor(session, account_id),
    )


def is_usable(row: VoucherRow, on: date) -> bool:
    """Say whether a voucher is in use on a day: it can be given from, and granted to."""
    known = facts(row)
    return row.state == VoucherState.ACTIVE and known is not None and on <= last_day(known)


def requests_of(
    session: Session, account_id: uuid.UUID
) -> list[tuple[PoolRequestRow, ProgrammeRow]]:
    """Return what a person asked for, the newest first."""
    query = (
        select(PoolRequestRow, ProgrammeRow)
        .join(ProgrammeRow, col(ProgrammeRow.id) == col(PoolRequestRow.programme_id))
        .join(ResidentRow, col(ResidentRow.id) == col(PoolRequestRow.resident_id))
        .where(ResidentRow.account_id == account_id, PoolRequestRow.state != State.WITHDRAWN)
        .order_by(col(PoolRequestRow.id).desc())
    )
    return list(session.exec(query).all())


def at_the_desk(session: Session) -> list[tuple[PoolRequestRow, ProgrammeRow]]:
    """Return what was sent: what waits comes first, the oldest first."""
    query = (
        select(PoolRequestRow, ProgrammeRow)
        .join(ProgrammeRow, col(ProgrammeRow.id) == col(PoolRequestRow.programme_id))
        .where(col(PoolRequestRow.state).in_((State.SENT, State.DECIDED)))
        .order_by(col(PoolRequestRow.sent_at), col(PoolRequestRow.id))
    )
    rows = list(session.exec(query).all())
    return sorted(rows, key=lambda one: one[0].state == State.DECIDED)


def waiting(session: Session) -> int:
    """Return how many requests wait for the officers."""
    query = select(func.count()).select_from(PoolRequestRow)
    return session.exec(query.where(PoolRequestRow.state == State.SENT)).one()


def vouchers(
    session: Session, resident_id: uuid.UUID, programme_id: uuid.UUID
) -> Sequence[VoucherRow]:
    """Return a resident's vouchers of a programme; the one that ends last comes first."""
    query = select(VoucherRow).where(
        VoucherRow.resident_id == resident_id, VoucherRow.programme_id == programme_id
    )
    return session.exec(
        query.order_by(col(VoucherRow.expires_on).desc(), col(VoucherRow.serial))
    ).all()
