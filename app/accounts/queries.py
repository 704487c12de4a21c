"""Reading people: accounts, their roles, their passkeys."""

import uuid
from collections.abc import Iterable

from sqlalchemy import func, or_
from sqlmodel import Session, col, select

from app.accounts.models import AccountRoleRow, AccountRow, ApprovalRow, PasskeyRow

FOUND_MAX = 50


def account(session: Session, account_id: uuid.UUID) -> AccountRow | None:
    return session.get(AccountRow, account_id)


def by_email(session: Session, email: str) -> AccountRow | None:
    return session.exec(select(AccountRow).where(AccountRow.email == email)).first()


def names(session: Session, ids: Iterable[uuid.UUID | None]) -> dict[uuid.UUID, str]:
    """Return the names of these accounts."""
    wanted = {one for one in ids if one is not None}
    rows = session.exec(
        select(AccountRow.id, AccountRow.name).where(col(AccountRow.id).in_(wanted))
    ).all()
    return dict(rows)


def roles(session: Session, account_id: uuid.UUID) -> frozenset[str]:
    query = select(AccountRoleRow.role).where(AccountRoleRow.account_id == account_id)
    return frozenset(session.exec(query).all())


def staff(session: Session) -> list[tuple[AccountRow, frozenset[str]]]:
    """Return everybody with a role, by name."""
    rows = session.exec(
        select(AccountRow, AccountRoleRow.role)
        .join(AccountRoleRow, col(AccountRoleRow.account_id) == col(AccountRow.id))
        .order_by(col(AccountRow.name), col(AccountRow.id))
    ).all()
    people: dict[uuid.UUID, tuple[AccountRow, set[str]]] = {}
    for person, role in rows:
        people.setdefault(person.id, (person, set()))[1].add(role)
    return [(person, frozenset(held)) for person, held in people.values()]


def known_staff(session: Session) -> list[tuple[AccountRow, frozenset[str]]]:
    """Return everybody with a role, and who had one or is about to get one, by name.

    Whoever lost the last role, or waits for the first, must stay in reach.
    """
    held = {person.id: (person, roles_held) for person, roles_held in staff(session)}
    asked = select(ApprovalRow.subject).where(col(ApprovalRow.action).startswith("people."))
    ids = {uuid.UUID(subject.partition(":")[0]) for subject in session.exec(asked).all()}
    others = select(AccountRow).where(
        or_(col(AccountRow.id).in_(ids), col(AccountRow.password_hash).is_not(None))
    )
    for person in session.exec(others).all():
        held.setdefault(person.id, (person, frozenset()))
    return sorted(held.values(), key=lambda one: (one[0].name, one[0].id))


def with_role(session: Session, role: str) -> list[AccountRow]:
    """Return who has a role and is not disabled."""
    return [
        person for person, held in staff(session) if role in held and person.disabled_at is None
    ]


def passkeys(session: Session, account_id: uuid.UUID) -> list[PasskeyRow]:
    query = (
        select(PasskeyRow)
        .where(PasskeyRow.account_id == account_id)
        .order_by(col(PasskeyRow.created_at))
    )
    return list(session.exec(query).all())


def letter_requests(session: Session) -> list[AccountRow]:
    """Return who waits for a letter, oldest request first."""
    query = (
        select(AccountRow)
        .where(col(AccountRow.postal_address).is_not(None), col(AccountRow.disabled_at).is_(None))
        .order_by(col(AccountRow.created_at), col(AccountRow.id))
    )
    return list(session.exec(query).all())


def residents_named(session: Session, part: str) -> list[AccountRow]:
    """Return residents whose name contains `part`; never staff, whom the desk must not let in."""
    pattern = func.lower(col(AccountRow.name)).contains(part.lower(), autoescape=True)
    query = (
        select(AccountRow)
        .where(
            pattern,
            col(AccountRow.disabled_at).is_(None),
            col(AccountRow.id).not_in(select(AccountRoleRow.account_id)),
        )
        .order_by(col(AccountRow.name), col(AccountRow.id))
        .limit(FOUND_MAX)
    )
    return list(session.exec(query).all())
