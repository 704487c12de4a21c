"""Acting for a resident: the one way in, which asks whether this person may, and notes the use.

The delegation is held from the question to the end of the transaction, so that a use comes wholly
before its end or not at all: who ended it can rely on that from the answer on.
"""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import lazy_gettext as lazy
from sqlmodel import Session, col, select

from app import clock
from app.delegation import naming, organisations, queries, rules
from app.delegation.models import DelegateRow, DelegateUseRow, DelegationRow
from app.delegation.rules import Power, Use
from app.delegation.service import NotEntrustedError, hold
from app.errors import ForbiddenError, NotFoundError
from app.policy import Actor, account_of
from app.providers import queries as providers
from app.providers.days import today
from app.vouchers.models import VoucherRow

LOOK_AGAIN = timedelta(hours=12)
"""Looking at the same voucher again within that time is noted once."""


@dataclass(frozen=True)
class Acting:
    """Somebody who may act now: the delegation, and who uses it."""

    row: DelegationRow
    account_id: uuid.UUID

    @property
    def actor(self) -> str:
        """How the record of a payment names who answered it."""
        return f"account/{self.account_id}"

    def may(self, power: Power) -> bool:
        return power in self.row.powers


def act_for(
    session: Session, actor: Actor, delegation_id: uuid.UUID, power: Power | None
) -> Acting:
    """Return who acts, if this person may use `power` now; None: may see that a voucher is there.

    Joins the session and holds the delegation. Raises NotFoundError for strangers as for what
    does not exist, NotEntrustedError without the power and after the end.
    """
    row = hold(session, delegation_id)
    account_id = account_of(actor)
    delegate = session.get(DelegateRow, (row.id, account_id), populate_existing=True)
    if delegate is None:
        raise NotFoundError(lazy("There is no such entry. Look at the list again."))
    known = queries.facts(session, row)
    working = delegate.ended_at is None and _still_helps(session, row, account_id)
    if not (working and rules.allows(known, row.powers, power, today())):
        raise NotEntrustedError
    return Acting(row, account_id)


def voucher(session: Session, acting: Acting, voucher_id: uuid.UUID) -> VoucherRow:
    """Load a voucher of the resident for whom somebody acts. Raises NotFoundError for others'."""
    row = session.get(VoucherRow, voucher_id)
    if row is None or row.resident_id != acting.row.resident_id:
        raise NotFoundError(lazy("There is no such voucher. Look at the list again."))
    return row


def look(
    session: Session, actor: Actor, delegation_id: uuid.UUID, voucher_id: uuid.UUID
) -> tuple[Acting, VoucherRow]:
    """Open a voucher's page; looking again within half a day is no further line."""
    acting = act_for(session, actor, delegation_id, None)
    row = voucher(session, acting, voucher_id)
    if not _looked_since(session, acting, row, clock.now() - LOOK_AGAIN):
        note(session, acting, Use.LOOKED, voucher_id=row.id)
    return acting, row


def lay_down(session: Session, actor: Actor, delegation_id: uuid.UUID) -> None:
    """Stop acting for somebody; a delegation of a person ends with that."""
    row = hold(session, delegation_id)
    account_id = account_of(actor)
    if session.get(DelegateRow, (row.id, account_id)) is None:
        raise NotFoundError(lazy("There is no such entry. Look at the list again."))
    naming.stop(session, row, account_id)
    if row.provider_id is None:
        naming.end(session, actor, row)


def note(
    session: Session,
    acting: Acting,
    what: Use,
    *,
    voucher_id: uuid.UUID | None = None,
    amount_minor: int | None = None,
    about: str = "",
) -> None:
    """Write down a use, in the transaction in which it happens."""
    session.add(
        DelegateUseRow(
            delegation_id=acting.row.id,
            account_id=acting.account_id,
            at=clock.now(),
            what=what,
            voucher_id=voucher_id,
            amount_minor=amount_minor,
            about=about,
        )
    )


def check_other_side(session: Session, acting: Acting, provider_id: uuid.UUID) -> None:
    """Raise ForbiddenError for who works for the provider that is paid."""
    own = [provider.id for provider, _role in providers.of_person(session, acting.account_id)]
    if rules.has_conflict(own, provider_id):
        raise ForbiddenError(
            lazy(
                "This is about your own organisation. Nothing was changed. "
                "The holder, or somebody else who acts for the holder, has to do it."
            )
        )


def _still_helps(session: Session, row: DelegationRow, account_id: uuid.UUID) -> bool:
    """A worker who has left, and an organisation that may not help any more, have no powers."""
    if row.provider_id is None:
        return True
    return providers.role_of(
        session, row.provider_id, account_id
    ) is not None and organisations.may_help(session, row.provider_id, today())


def _looked_since(session: Session, acting: Acting, row: VoucherRow, since: datetime) -> bool:
    query = select(DelegateUseRow.id).where(
        DelegateUseRow.delegation_id == acting.row.id,
        DelegateUseRow.account_id == acting.account_id,
        DelegateUseRow.voucher_id == row.id,
        DelegateUseRow.what == Use.LOOKED,
        col(DelegateUseRow.at) > since,
    )
    return session.exec(query.limit(1)).first() is not None
