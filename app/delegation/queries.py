"""Reading delegations: a resident's own, those of a person who acts for others, what was done."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _
from sqlmodel import Session, col, select

from app.accounts import queries as accounts
from app.delegation import rules
from app.delegation.models import DelegateRow, DelegateUseRow, DelegationRow
from app.delegation.rules import Facts, State
from app.policy import Actor, object_rule
from app.programmes.models import ProgrammeRow
from app.providers import queries as providers
from app.providers.models import ProviderRole
from app.vouchers.models import ResidentRow, VoucherRow

USES_SHOWN = 50


@object_rule(DelegationRow)
def _own(session: Session, actor: Actor, row: DelegationRow) -> bool:
    """Only the resident changes a delegation; who uses one comes in through `acting`."""
    holder = session.get_one(ResidentRow, row.resident_id)
    return actor.account_id is not None and holder.account_id == actor.account_id


@dataclass(frozen=True)
class Shown:
    """A delegation with where it stands. `delegates`: names of who may use it."""

    row: DelegationRow
    state: State
    delegates: Sequence[tuple[uuid.UUID, str]]


@dataclass(frozen=True)
class Entrusted:
    """A delegation as its delegate sees it. `whom`: the resident's name; empty without account.

    `for_provider`: the organisation in whose name the delegate acts; empty for a person.
    """

    row: DelegationRow
    state: State
    whom: str
    for_provider: str


@dataclass(frozen=True)
class Done:
    """A use, who did it, and the currency of its amount (empty without a voucher)."""

    row: DelegateUseRow
    by: str
    unit: str


def facts(session: Session, row: DelegationRow) -> Facts:
    return Facts(
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        taken_up=bool(delegates(session, row.id)),
        revoked=row.revoked_at is not None,
    )


def delegates(session: Session, delegation_id: uuid.UUID) -> Sequence[DelegateRow]:
    """Return who may use a delegation, the first who was named first."""
    query = select(DelegateRow).where(
        DelegateRow.delegation_id == delegation_id, col(DelegateRow.ended_at).is_(None)
    )
    return session.exec(query.order_by(col(DelegateRow.since), col(DelegateRow.account_id))).all()


def of_resident(session: Session, resident_id: uuid.UUID, on: date) -> list[Shown]:
    """Return the delegations of a resident, those that count first, the newest first."""
    query = (
        select(DelegationRow)
        .where(DelegationRow.resident_id == resident_id)
        .order_by(col(DelegationRow.id).desc())
    )
    rows = [shown(session, row, on) for row in session.exec(query).all()]
    return sorted(rows, key=lambda one: one.state in (State.OVER, State.REVOKED))


def shown(session: Session, row: DelegationRow, on: date) -> Shown:
    people = [one.account_id for one in delegates(session, row.id)]
    names = accounts.names(session, people)
    return Shown(
        row,
        rules.state(facts(session, row), on),
        [(one, names[one]) for one in people],
    )


def open_ones(session: Session, resident_id: uuid.UUID, on: date) -> list[DelegationRow]:
    """Return the delegations that were not ended and are not over, whoever accepted them."""
    query = select(DelegationRow).where(
        DelegationRow.resident_id == resident_id,
        col(DelegationRow.revoked_at).is_(None),
        col(DelegationRow.ends_on) >= on,
    )
    return list(session.exec(query).all())


def of_delegate(session: Session, account_id: uuid.UUID, on: date) -> list[Entrusted]:
    """Return the delegations that a person may use now or later, the oldest first."""
    query = (
        select(DelegationRow)
        .join(DelegateRow, col(DelegateRow.delegation_id) == col(DelegationRow.id))
        .where(DelegateRow.account_id == account_id, col(DelegateRow.ended_at).is_(None))
        .order_by(col(DelegationRow.id))
    )
    found = [entrusted(session, row, on) for row in session.exec(query).all()]
    return [one for one in found if one.state in (State.ACTIVE, State.LATER)]


def to_staff(session: Session, account_id: uuid.UUID, on: date) -> list[Entrusted]:
    """Return the delegations for whose organisations this person, as a manager, names workers."""
    managed = [
        provider.id
        for provider, role in providers.of_person(session, account_id)
        if role == ProviderRole.MANAGER
    ]
    query = (
        select(DelegationRow)
        .where(col(DelegationRow.provider_id).in_(managed))
        .order_by(col(DelegationRow.id))
    )
    found = [entrusted(session, row, on) for row in session.exec(query).all()]
    return [one for one in found if one.state not in (State.OVER, State.REVOKED)]


def entrusted(session: Session, row: DelegationRow, on: date) -> Entrusted:
    holder = session.get_one(ResidentRow, row.resident_id)
    whom = accounts.names(session, [holder.account_id])
    return Entrusted(
        row,
        rules.state(facts(session, row), on),
        whom.get(holder.account_id, "") if holder.account_id else "",
        row.label if row.provider_id else "",
    )


def name_of(one: Entrusted) -> str:
    """Return how pages call the resident for whom somebody acts."""
    return one.whom or str(_("A resident without an account"))


def vouchers(session: Session, resident_id: uuid.UUID) -> Sequence[VoucherRow]:
    """Return a resident's vouchers; the one that ends last comes first."""
    query = select(VoucherRow).where(VoucherRow.resident_id == resident_id)
    return session.exec(
        query.order_by(col(VoucherRow.expires_on).desc(), col(VoucherRow.serial))
    ).all()


def uses(session: Session, delegation_id: uuid.UUID) -> list[Done]:
    """Return what was done with a delegation and by whom, the newest first, up to USES_SHOWN."""
    query = (
        select(DelegateUseRow, ProgrammeRow.unit)
        .join(VoucherRow, col(VoucherRow.id) == col(DelegateUseRow.voucher_id), isouter=True)
        .join(ProgrammeRow, col(ProgrammeRow.id) == col(VoucherRow.programme_id), isouter=True)
        .where(DelegateUseRow.delegation_id == delegation_id)
        .order_by(col(DelegateUseRow.id).desc())
        .limit(USES_SHOWN)
    )
    rows = session.exec(query).all()
    names = accounts.names(session, {row.account_id for row, _unit in rows})
    return [Done(row, names[row.account_id], unit or "") for row, unit in rows]
