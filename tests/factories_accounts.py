"""People for tests who can really sign in: with password, time codes, passkeys, letters asked."""

import factories
import pyotp
from sqlmodel import Session, col, select

from app import clock
from app.accounts import passwords, totp
from app.accounts.models import AccountRow, ApprovalRow
from app.db import read_tx, run_tx

PASSWORD = "seven green bicycles"
SECRET = b"a secret of 20 bytes"


def make_staff(*roles: str, email: str | None = None, name: str | None = None) -> AccountRow:
    """Staff who finished the set-up, with PASSWORD and SECRET. Needs the application's context."""
    account = factories.make_account(*roles, email=email, name=name)
    account.password_hash = passwords.make_hash(PASSWORD)

    def save(session: Session) -> None:
        session.add(account)
        totp.save(session, account.id, SECRET, used_step=0)

    run_tx(save)
    return account


def code_now(steps_later: int = 0, *, secret: bytes = SECRET) -> str:
    """Return what the authenticator app shows."""
    moment = int(clock.now().timestamp()) + steps_later * totp.STEP_SECONDS
    return pyotp.TOTP(totp.as_text(secret)).at(moment)


def make_letter_request(
    name: str = "Eva Sol", address: str = "Calle Mayor 3\n40001 Valdeagua"
) -> AccountRow:
    """A resident who asked for a letter."""
    row = AccountRow(name=name, postal_address=address, created_at=clock.now())
    run_tx(lambda session: session.add(row))
    return row


def approvals() -> list[ApprovalRow]:
    """Return all acts of two people, oldest first."""
    query = select(ApprovalRow).order_by(col(ApprovalRow.proposed_at))
    return list(read_tx(lambda session: session.exec(query).all()))
