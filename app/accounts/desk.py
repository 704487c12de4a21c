"""Accounts opened at the town hall: the clerk sees a document and hands over a one-time code."""

import uuid
from datetime import timedelta

from flask_babel import lazy_gettext as lazy
from sqlmodel import Session

from app import clock
from app.accounts import audit, one_time, queries, sign_in
from app.accounts.models import AccountRow, Channel
from app.errors import ConflictError, Lead, NotFoundError
from app.policy import Actor

CODE_LASTS = timedelta(days=7)


def open_account(session: Session, actor: Actor, account_id: uuid.UUID, name: str) -> str:
    """Open an account and return its one-time code, which nobody can read again.

    `account_id` was drawn with the form: the same form sent twice opens one account only.
    """
    if session.get(AccountRow, account_id) is not None:
        raise ConflictError(
            lazy("This account is open already. Look for the name and give a new code if needed."),
            lead=Lead(lazy("Accounts at the desk"), "admin.desk"),
        )
    session.add(AccountRow(id=account_id, name=name, created_at=clock.now()))
    session.flush()
    audit.record(session, actor, "desk.account_opened", str(account_id))
    return _new_code(session, account_id)


def give_code(session: Session, actor: Actor, account_id: uuid.UUID) -> tuple[AccountRow, str]:
    """Make a new code for a resident who stands at the desk; codes of before are void."""
    account = session.get(AccountRow, account_id)
    if account is None or account.disabled_at is not None or queries.roles(session, account_id):
        raise NotFoundError(lazy("There is no such resident. Look for the name again."))
    audit.record(session, actor, "desk.code_given", str(account_id))
    return account, _new_code(session, account_id)


def _new_code(session: Session, account_id: uuid.UUID) -> str:
    code = sign_in.draw_paper_code()
    one_time.void(session, account_id, Channel.DESK, Channel.POST)
    one_time.add(session, code, Channel.DESK, lasts=CODE_LASTS, account_id=account_id)
    return code
