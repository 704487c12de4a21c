"""Reading applications, promises, appeals and batches; who may touch which."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from sqlalchemy import or_
from sqlmodel import Session, col, select

from app.entitlements import rules
from app.entitlements.models import (
    AppealRow,
    ApplicationFileRow,
    ApplicationRow,
    EntitlementRow,
    IssueBatchRow,
    MemberRow,
)
from app.entitlements.rules import State
from app.policy import Actor, object_rule
from app.programmes.models import ProgrammeRow
from app.vouchers.models import VoucherRow


@object_rule(ApplicationRow)
def _own(_session: Session, actor: Actor, row: ApplicationRow) -> bool:
    return actor.account_id == row.account_id


def applications(
    session: Session, account_id: uuid.UUID
) -> list[tuple[ApplicationRow, ProgrammeRow]]:
    """Return what an account has applied for, the newest first."""
    query = (
        select(ApplicationRow, ProgrammeRow)
        .join(ProgrammeRow, col(ProgrammeRow.id) == col(ApplicationRow.programme_id))
        .where(ApplicationRow.account_id == account_id)
        .order_by(col(ApplicationRow.id).desc())
    )
    return list(session.exec(query).all())


def at_the_desk(session: Session) -> list[tuple[ApplicationRow, ProgrammeRow]]:
    """Return what was sent and not withdrawn: what waits comes first, the oldest first."""
    query = (
        select(ApplicationRow, ProgrammeRow)
        .join(ProgrammeRow, col(ProgrammeRow.id) == col(ApplicationRow.programme_id))
        .where(col(ApplicationRow.state).in_((*rules.AT_THE_DESK, State.DECIDED)))
        .order_by(col(ApplicationRow.decided_at).desc(), col(ApplicationRow.sent_at))
    )
    rows = list(session.exec(query).all())
    return sorted(rows, key=lambda one: one[0].state == State.DECIDED)


def members(session: Session, application_id: uuid.UUID) -> list[MemberRow]:
    query = select(MemberRow).where(MemberRow.application_id == application_id)
    return list(session.exec(query.order_by(col(MemberRow.id))).all())


def files(session: Session, application_id: uuid.UUID) -> list[ApplicationFileRow]:
    query = select(ApplicationFileRow).where(ApplicationFileRow.application_id == application_id)
    return list(session.exec(query.order_by(col(ApplicationFileRow.id))).all())


def entitlements_of(session: Session, application_id: uuid.UUID) -> list[EntitlementRow]:
    query = select(EntitlementRow).where(EntitlementRow.application_id == application_id)
    return list(session.exec(query.order_by(col(EntitlementRow.id))).all())


def parts(
    session: Session, *, resident_id: uuid.UUID, programme: ProgrammeRow
) -> list[EntitlementRow]:
    """Return what one person was promised for a programme's period, and keep it so.

    Otherwise a promise could be raised while its voucher is being made.
    """
    query = select(EntitlementRow).where(
        EntitlementRow.resident_id == resident_id,
        EntitlementRow.programme_id == programme.id,
        EntitlementRow.starts_on == programme.starts_on,
    )
    held = query.with_for_update().execution_options(populate_existing=True)
    return list(session.exec(held.order_by(col(EntitlementRow.part))).all())


def appeal(session: Session, application_id: uuid.UUID) -> AppealRow | None:
    query = select(AppealRow).where(AppealRow.application_id == application_id)
    return session.exec(query).first()


def open_appeals(session: Session) -> dict[uuid.UUID, datetime]:
    """Return until when the appeals have to be answered that wait, by application."""
    query = select(AppealRow.application_id, AppealRow.due_at).where(
        col(AppealRow.answered_at).is_(None)
    )
    return dict(session.exec(query).all())


def same_people(session: Session, row: ApplicationRow) -> list[ApplicationRow]:
    """Return applications of others that name a person of this household: perhaps it is the same.

    Only persons with their number in the register are found.
    """
    known = _people(session, row)
    elsewhere = select(MemberRow.application_id).where(col(MemberRow.resident_id).in_(known))
    query = select(ApplicationRow).where(
        ApplicationRow.programme_id == row.programme_id,
        ApplicationRow.id != row.id,
        ApplicationRow.resident_id != row.resident_id,
        col(ApplicationRow.state).not_in((State.DRAFT, State.WITHDRAWN)),
        or_(col(ApplicationRow.resident_id).in_(known), col(ApplicationRow.id).in_(elsewhere)),
    )
    found = session.exec(query.order_by(col(ApplicationRow.id))).all()
    return [other for other in found if not _agree(session, row, other)]


def waiting_for_vouchers(
    session: Session, programme_id: uuid.UUID, *, until: datetime, hold: bool = False
) -> list[EntitlementRow]:
    """Return promises without a voucher that were made up to an instant, the oldest first.

    `hold` keeps them as they are until the transaction ends.
    """
    query = select(EntitlementRow).where(
        EntitlementRow.programme_id == programme_id,
        col(EntitlementRow.batch_id).is_(None),
        col(EntitlementRow.granted_at) <= until,
    )
    if hold:
        query = query.with_for_update().execution_options(populate_existing=True)
    return list(session.exec(query.order_by(col(EntitlementRow.id))).all())


def batches(session: Session) -> list[tuple[IssueBatchRow, ProgrammeRow]]:
    query = (
        select(IssueBatchRow, ProgrammeRow)
        .join(ProgrammeRow, col(ProgrammeRow.id) == col(IssueBatchRow.programme_id))
        .order_by(col(IssueBatchRow.id).desc())
    )
    return list(session.exec(query).all())


@dataclass(frozen=True)
class Made:
    """A voucher of a batch and the promise behind it."""

    entitlement: EntitlementRow
    voucher: VoucherRow


def made_in(session: Session, batch_id: uuid.UUID) -> list[Made]:
    """Return the vouchers of a batch by serial, which tells nothing of their holders."""
    query = (
        select(EntitlementRow, VoucherRow)
        .join(VoucherRow, col(VoucherRow.id) == col(EntitlementRow.voucher_id))
        .where(EntitlementRow.batch_id == batch_id)
        .order_by(col(VoucherRow.serial))
    )
    return [Made(*pair) for pair in session.exec(query).all()]


def _people(session: Session, row: ApplicationRow) -> set[uuid.UUID]:
    others = (one.resident_id for one in members(session, row.id))
    return {row.resident_id, *(one for one in others if one is not None)}


def _agree(session: Session, one: ApplicationRow, other: ApplicationRow) -> bool:
    """Two grown-ups of one household apply both and name each other: that is as it should be."""
    sizes = [len(members(session, row.id)) for row in (one, other)]
    return sizes[0] == sizes[1] and _people(session, one) == _people(session, other)


def accounts_in(rows: Iterable[ApplicationRow]) -> set[uuid.UUID]:
    """Return whose names a list of applications needs."""
    ids = chain.from_iterable((row.account_id, row.assigned_to) for row in rows)
    return {one for one in ids if one}
