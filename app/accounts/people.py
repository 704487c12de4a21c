"""Staff accounts: making them, giving and taking roles. What gives power needs two people."""

import uuid

from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy
from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col

from app import clock
from app.accounts import approvals, audit, queries, rules, sessions, set_up
from app.accounts.models import AccountRoleRow, AccountRow, ApprovalRow, Role
from app.accounts.set_up import EmailTakenError
from app.errors import ConflictError, ForbiddenError, InvalidError, NotFoundError
from app.policy import ADMINISTRATOR, Actor

GRANT = "people.grant_role"
RESET = "people.reset_factor"

ROLE_NAMES = {
    Role.REVIEWER: lazy("Reviewer"),
    Role.CLERK: lazy("Clerk"),
    Role.ROUND_OFFICER: lazy("Round officer"),
    Role.AUDITOR: lazy("Auditor"),
    Role.ADMINISTRATOR: lazy("Administrator"),
}


def add(session: Session, actor: Actor, *, name: str, email: str, role: str) -> AccountRow:
    """Make a staff account. A role with power is only proposed; the set-up mail follows the role.

    Raises EmailTakenError.
    """
    account = make(session, name=name, email=email)
    audit.record(session, actor, "people.added", str(account.id))
    give_role(session, actor, account.id, role)
    return account


def make(session: Session, *, name: str, email: str | None) -> AccountRow:
    """Open an account without any role; raises EmailTakenError."""
    account = AccountRow(name=name, email=email, created_at=clock.now())
    try:
        with session.begin_nested():
            session.add(account)
    except IntegrityError:
        raise EmailTakenError from None
    return account


def give_role(session: Session, actor: Actor, account_id: uuid.UUID, role: str) -> None:
    """Give a role, or propose it when it is one that two people give."""
    account = person(session, account_id)
    _check_can_have(session, account, role)
    if role in rules.PRIVILEGED_ROLES:
        payload = {"account": str(account.id), "role": role}
        approvals.propose(session, actor, GRANT, f"{account.id}:{role}", payload)
        return
    grant(session, account, role)
    audit.record(session, actor, "people.role_given", str(account.id), {"role": role})
    _mail_link_if_new(session, account)


def take_role(session: Session, actor: Actor, account_id: uuid.UUID, role: str) -> None:
    """Take a role away at once; the last administrator stays."""
    account = person(session, account_id)
    _check_not_last_administrator(session, account, losing={role})
    done = session.exec(
        delete(AccountRoleRow).where(
            col(AccountRoleRow.account_id) == account.id, col(AccountRoleRow.role) == role
        )
    )
    if done.rowcount != 1:
        raise NotFoundError(lazy("This person does not have that role. It may be gone already."))
    sessions.end_all(session, account.id)
    audit.record(session, actor, "people.role_taken", str(account.id), {"role": role})


def disable(session: Session, actor: Actor, account_id: uuid.UUID) -> None:
    """Close an account: signed out everywhere, and roles with power gone until given anew."""
    account = person(session, account_id)
    if account.id == actor.account_id:
        raise ForbiddenError(lazy("You cannot close your own account. Ask another administrator."))
    _check_not_last_administrator(session, account, losing=set(rules.PRIVILEGED_ROLES))
    account.disabled_at = clock.now()
    session.add(account)
    session.exec(
        delete(AccountRoleRow).where(
            col(AccountRoleRow.account_id) == account.id,
            col(AccountRoleRow.role).in_(rules.PRIVILEGED_ROLES),
        )
    )
    sessions.end_all(session, account.id)
    audit.record(session, actor, "people.disabled", str(account.id))


def enable(session: Session, actor: Actor, account_id: uuid.UUID) -> None:
    """Open a closed account again, with the roles that it still has."""
    account = person(session, account_id)
    account.disabled_at = None
    session.add(account)
    audit.record(session, actor, "people.enabled", str(account.id))


def ask_reset(session: Session, actor: Actor, account_id: uuid.UUID, reason: str) -> None:
    """Propose that somebody sets up password and second factor anew."""
    account = person(session, account_id)
    if account.email is None:
        raise ConflictError(
            lazy(
                "This person has no e-mail address, so no new link can be sent. Close the account."
            )
        )
    approvals.propose(
        session, actor, RESET, str(account.id), {"account": str(account.id)}, reason=reason
    )


def person(session: Session, account_id: uuid.UUID) -> AccountRow:
    """Load an account; raises NotFoundError."""
    account = session.get(AccountRow, account_id)
    if account is None:
        raise NotFoundError(lazy("There is no such person. Choose one from the list."))
    return account


def grant(session: Session, account: AccountRow, role: str) -> None:
    """Add a role, if it is not there. The first one ends what a resident signed in with."""
    if not queries.roles(session, account.id):
        set_up.forget_passkeys(session, account.id)
    session.merge(AccountRoleRow(account_id=account.id, role=role))
    session.flush()


def _describe_grant(session: Session, row: ApprovalRow) -> str:
    return str(
        _(
            "%(person)s gets the role “%(role)s”.",
            person=_name(session, row),
            role=ROLE_NAMES[Role(row.payload["role"])],
        )
    )


@approvals.act(GRANT, roles=frozenset({ADMINISTRATOR}), describe=_describe_grant)
def _grant_approved(session: Session, row: ApprovalRow, actor: Actor) -> None:
    account = person(session, uuid.UUID(row.payload["account"]))
    if account.id == actor.account_id:
        raise ForbiddenError(lazy("This is about yourself. Another person has to decide about it."))
    _check_can_have(session, account, row.payload["role"])
    grant(session, account, row.payload["role"])
    sessions.end_all(session, account.id)
    _mail_link_if_new(session, account)


def _describe_reset(session: Session, row: ApprovalRow) -> str:
    return str(
        _(
            "%(person)s is signed out, loses password, time codes and passkeys, "
            "and gets a link by e-mail to set them up anew.",
            person=_name(session, row),
        )
    )


@approvals.act(RESET, roles=frozenset({ADMINISTRATOR}), describe=_describe_reset)
def _reset_approved(session: Session, row: ApprovalRow, actor: Actor) -> None:
    account = person(session, uuid.UUID(row.payload["account"]))
    if account.id == actor.account_id:
        raise ForbiddenError(lazy("This is about yourself. Another person has to decide about it."))
    account.password_hash = None
    session.add(account)
    set_up.forget_factors(session, account.id)
    set_up.mail_link(session, account)


def _name(session: Session, row: ApprovalRow) -> str:
    return person(session, uuid.UUID(row.payload["account"])).name


def _check_can_have(session: Session, account: AccountRow, role: str) -> None:
    if account.disabled_at is not None:
        raise ConflictError(lazy("This account is closed. Open it first."))
    if rules.roles_clash({*queries.roles(session, account.id), role}):
        raise InvalidError(
            lazy(
                "One person cannot be administrator and round officer: "
                "whoever rules the accounts must not rule the vote. Choose another person."
            )
        )


def _check_not_last_administrator(
    session: Session, account: AccountRow, *, losing: set[str]
) -> None:
    administrators = {one.id for one in queries.with_role(session, ADMINISTRATOR)}
    if ADMINISTRATOR in losing and administrators == {account.id}:
        raise ConflictError(
            lazy("This is the last administrator. Make somebody else administrator first.")
        )


def _mail_link_if_new(session: Session, account: AccountRow) -> None:
    if account.email is not None and not set_up.is_done(session, account.id):
        set_up.mail_link(session, account)
