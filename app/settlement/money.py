"""The accounts of a settlement, and whether what was appropriated is enough for it."""

import uuid

from sqlmodel import Session

from app.ledger import queries as ledger_queries
from app.ledger import service as ledger
from app.ledger.entries import AccountKind, TransferKind
from app.providers.service import party_of
from app.settlement import rules


def owed_to(session: Session, provider_id: uuid.UUID, programme_id: uuid.UUID) -> uuid.UUID:
    """Return the account of what a programme owes a provider."""
    party_id = party_of(session, provider_id)
    return ledger.account(session, AccountKind.PROVIDER, party_id=party_id, subject_id=programme_id)


def of_programme(session: Session, kind: AccountKind, programme_id: uuid.UUID) -> uuid.UUID:
    return ledger.account(session, kind, subject_id=programme_id)


def missing_minor(session: Session, programme_id: uuid.UUID, payable_minor: int) -> int:
    """Return what the council must appropriate before so much may be paid; 0: enough is there."""
    fund = of_programme(session, AccountKind.FUND, programme_id)
    appropriated = ledger_queries.moved_minor(session, fund, TransferKind.APPROPRIATE)
    given_back = ledger_queries.moved_minor(session, fund, TransferKind.CLOSE)
    paid = of_programme(session, AccountKind.PAID, programme_id)
    return rules.missing_minor(
        payable_minor,
        appropriated_minor=appropriated + given_back,
        paid_minor=ledger_queries.balance_minor(session, paid),
    )
