"""Reading batches, their lines and items, and disputes; who may see which."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import lazy_gettext as lazy
from sqlmodel import Session, col, select

from app.errors import NotFoundError
from app.policy import Actor, object_rule
from app.programmes.models import ProgrammeRow
from app.providers.models import ProviderRole, ProviderRow
from app.providers.queries import role_of
from app.settlement.models import BatchRow, DisputeRow, ItemRow, LineRow, PayerRow
from app.settlement.rules import DisputeState, LineState, State
from app.vouchers.models import RedemptionRow

PAID = (State.RELEASED, State.EXPORTED, State.BOOKED)
"""States in which the ledger has paid the lines of a batch."""


@dataclass(frozen=True)
class Settled:
    """A line with its batch and the programme that pays."""

    line: LineRow
    batch: BatchRow
    programme: ProgrammeRow


@dataclass(frozen=True)
class Disputed:
    """A dispute with the redemption that it is about and the provider that took it."""

    row: DisputeRow
    redemption: RedemptionRow
    provider: ProviderRow


@object_rule(LineRow)
def _managed(session: Session, actor: Actor, row: LineRow) -> bool:
    """Managers see what their organisation was paid; staff reach it through the batch."""
    released = session.get_one(BatchRow, row.batch_id).state in PAID
    return released and role_of(session, row.provider_id, actor.account_id) == ProviderRole.MANAGER


def batches(session: Session) -> Sequence[tuple[BatchRow, ProgrammeRow]]:
    """Return all batches with their programmes, the newest first."""
    query = (
        select(BatchRow, ProgrammeRow)
        .join(ProgrammeRow, col(ProgrammeRow.id) == col(BatchRow.programme_id))
        .order_by(col(BatchRow.id).desc())
    )
    return session.exec(query).all()


def batch(session: Session, batch_id: uuid.UUID) -> BatchRow:
    """Raises NotFoundError."""
    row = session.get(BatchRow, batch_id)
    if row is None:
        raise NotFoundError(lazy("There is no such settlement. Look at the list again."))
    return row


def under_way(session: Session, programme_id: uuid.UUID) -> BatchRow | None:
    """Return the batch of a programme that is a draft or frozen, if there is one."""
    query = select(BatchRow).where(
        BatchRow.programme_id == programme_id,
        col(BatchRow.state).in_((State.DRAFT, State.FROZEN)),
    )
    return session.exec(query).first()


def lines_in(session: Session, batch_id: uuid.UUID) -> Sequence[tuple[LineRow, ProviderRow]]:
    """Return the lines of a batch by the names of the providers; a draft has none."""
    query = (
        select(LineRow, ProviderRow)
        .join(ProviderRow, col(ProviderRow.id) == col(LineRow.provider_id))
        .where(LineRow.batch_id == batch_id)
        .order_by(col(ProviderRow.name), col(LineRow.id))
    )
    return session.exec(query).all()


def lines_of(session: Session, provider_id: uuid.UUID) -> Sequence[Settled]:
    """Return what a provider was paid, or carried over, in each released batch, newest first."""
    query = (
        select(LineRow, BatchRow, ProgrammeRow)
        .join(BatchRow, col(BatchRow.id) == col(LineRow.batch_id))
        .join(ProgrammeRow, col(ProgrammeRow.id) == col(BatchRow.programme_id))
        .where(LineRow.provider_id == provider_id, col(BatchRow.state).in_(PAID))
        .order_by(col(BatchRow.id).desc())
    )
    return [Settled(*found) for found in session.exec(query).all()]


def items_of(session: Session, line_id: uuid.UUID) -> Sequence[tuple[ItemRow, RedemptionRow]]:
    """Return the redemptions that a line pays, in the order in which they were taken."""
    query = (
        select(ItemRow, RedemptionRow)
        .join(RedemptionRow, col(RedemptionRow.id) == col(ItemRow.redemption_id))
        .where(ItemRow.line_id == line_id)
        .order_by(col(RedemptionRow.redeemed_at), col(RedemptionRow.id))
    )
    return session.exec(query).all()


def line_paying(session: Session, redemption_id: uuid.UUID) -> LineRow | None:
    """Return the line of the live batch that a redemption is in; None while it is in none."""
    query = (
        select(LineRow)
        .join(ItemRow, col(ItemRow.line_id) == col(LineRow.id))
        .where(ItemRow.redemption_id == redemption_id, col(ItemRow.live))
    )
    return session.exec(query).first()


def unpaid_returns(
    session: Session, programme_id: uuid.UUID, provider_id: uuid.UUID
) -> Sequence[LineRow]:
    """Return the lines of a provider that the bank sent back and no later line has paid."""
    query = (
        select(LineRow)
        .join(BatchRow, col(BatchRow.id) == col(LineRow.batch_id))
        .where(
            BatchRow.programme_id == programme_id,
            LineRow.provider_id == provider_id,
            LineRow.state == LineState.RETURNED,
            col(LineRow.again_in_id).is_(None),
        )
    )
    return session.exec(query).all()


def payer(session: Session) -> PayerRow | None:
    """Return the account from which the town pays now; None before it was entered."""
    return session.exec(select(PayerRow).order_by(col(PayerRow.id).desc())).first()


def disputes(
    session: Session, *, provider_id: uuid.UUID | None = None, only_open: bool = False
) -> Sequence[Disputed]:
    """Return disputes, open ones first, then the newest; of one provider or of all."""
    query = (
        select(DisputeRow, RedemptionRow, ProviderRow)
        .join(RedemptionRow, col(RedemptionRow.id) == col(DisputeRow.redemption_id))
        .join(ProviderRow, col(ProviderRow.id) == col(RedemptionRow.provider_id))
        .order_by(col(DisputeRow.id).desc())
    )
    if provider_id is not None:
        query = query.where(RedemptionRow.provider_id == provider_id)
    if only_open:
        query = query.where(DisputeRow.state == DisputeState.OPEN)
    found = [Disputed(*one) for one in session.exec(query).all()]
    return sorted(found, key=lambda one: one.row.state != DisputeState.OPEN)


def dispute(session: Session, dispute_id: uuid.UUID) -> Disputed:
    """Return a dispute for the desk. Raises NotFoundError."""
    row = session.get(DisputeRow, dispute_id)
    if row is None:
        raise NotFoundError(lazy("There is no such dispute. Look at the list again."))
    redemption = session.get_one(RedemptionRow, row.redemption_id)
    return Disputed(row, redemption, session.get_one(ProviderRow, redemption.provider_id))


def dispute_about(session: Session, redemption_id: uuid.UUID) -> DisputeRow | None:
    """Return the newest dispute about a redemption, whatever became of it."""
    query = select(DisputeRow).where(DisputeRow.redemption_id == redemption_id)
    return session.exec(query.order_by(col(DisputeRow.id).desc())).first()
