from collections.abc import Callable

import pytest
from factories import make_account
from sqlmodel import select

from app.accounts import approvals
from app.accounts.models import AccountRow, ApprovalRow, AuditRow
from app.db import read_tx, run_tx
from app.policy import ROUND_OFFICER, Actor


def as_actor(account: AccountRow) -> Actor:
    """The account as it acts, with its second factor just shown."""
    return Actor(account_id=account.id, roles=frozenset({ROUND_OFFICER}), level="full")


@pytest.fixture
def officer(app) -> Actor:
    return as_actor(make_account(ROUND_OFFICER))


@pytest.fixture
def second_officer(app) -> Actor:
    return as_actor(make_account(ROUND_OFFICER))


@pytest.fixture
def third_officer(app) -> Actor:
    return as_actor(make_account(ROUND_OFFICER))


@pytest.fixture
def approve(app, second_officer) -> Callable[[ApprovalRow], None]:
    """Decide yes as the second officer."""

    def decide(approval: ApprovalRow, by: Actor | None = None) -> None:
        run_tx(lambda session: approvals.approve(session, by or second_officer, approval.id))

    return decide


@pytest.fixture
def audited(app) -> Callable[[str], list[str]]:
    """Return the actions that were written down about a subject."""

    def actions(subject: str) -> list[str]:
        query = select(AuditRow).where(AuditRow.subject == subject).order_by(AuditRow.at)
        return [row.action for row in read_tx(lambda session: list(session.exec(query).all()))]

    return actions


@pytest.fixture
def context(app):
    """The application's context, in which sentences are made."""
    with app.app_context():
        yield
