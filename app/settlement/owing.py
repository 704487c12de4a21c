"""Providers that owe the town: offset in each settlement, and asked for by an invoice at last."""

import uuid

from sqlmodel import Session, col, select

from app.providers import queries as providers
from app.providers.criteria import GRANTED
from app.settlement import rules
from app.settlement.models import BatchRow, LineRow
from app.settlement.queries import PAID
from app.settlement.rules import Unpaid


def needs_invoice(session: Session, programme_id: uuid.UUID, provider_id: uuid.UUID) -> bool:
    """Say whether a debt is asked for by an invoice: see `rules.needs_invoice`."""
    known = providers.accreditations(session, provider_id)
    accredited = any(row.state in GRANTED for row in known)
    times = times_owing(session, programme_id, provider_id)
    return rules.needs_invoice(times, accredited=accredited)


def times_owing(session: Session, programme_id: uuid.UUID, provider_id: uuid.UUID) -> int:
    """Count the newest released batches in a row in which a provider owed more than it was due."""
    query = (
        select(LineRow.unpaid)
        .join(BatchRow, col(BatchRow.id) == col(LineRow.batch_id))
        .where(
            BatchRow.programme_id == programme_id,
            LineRow.provider_id == provider_id,
            col(BatchRow.state).in_(PAID),
        )
        .order_by(col(BatchRow.id).desc())
    )
    found = list(session.exec(query).all())
    owing = [why == Unpaid.OWES for why in found]
    return owing.index(False) if False in owing else len(owing)
