"""What people change about their own account."""

import uuid
from datetime import timedelta

from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from app import web
from app.accounts import one_time, queries, throttle
from app.accounts.models import AccountRow, Channel, SignInRow
from app.accounts.one_time import StaleLinkError
from app.db import run_tx
from app.errors import ConflictError
from app.jobs import mail

LINK_LASTS = timedelta(minutes=30)
CHANGES_PER_HOUR = 5


def rename(session: Session, account_id: uuid.UUID, name: str) -> None:
    account = session.get_one(AccountRow, account_id)
    account.name = name
    session.add(account)


def ask_new_email(account_id: uuid.UUID, email: str) -> None:
    """Send a link to the new address; nothing changes before it is used.

    The answer is the same when the address belongs to somebody else: that one reads it in the mail.
    """
    throttle.spend(f"new-email:{account_id}", limit=CHANGES_PER_HOUR, window_seconds=3600)
    throttle.spend(f"mail-to:{email}", limit=CHANGES_PER_HOUR, window_seconds=3600)
    token = one_time.new_token()
    run_tx(lambda session: _write_mail(session, account_id, email, token))


def _write_mail(session: Session, account_id: uuid.UUID, email: str, token: str) -> None:
    if queries.by_email(session, email) is not None:
        text = _(
            "Hello,\n\nsomebody wanted to use this address for another account. "
            "It already belongs to an account, so nothing was changed.\n"
        )
        mail.send(session, email, _("Your address is already in use"), text)
        return
    one_time.void(session, account_id, Channel.NEW_EMAIL)
    one_time.add(
        session, token, Channel.NEW_EMAIL, lasts=LINK_LASTS, account_id=account_id, email=email
    )
    text = _(
        "Hello,\n\nopen this link and press the button to use this address for your account:\n\n"
        "%(link)s\n\nThe link works once, for 30 minutes. "
        "If you did not ask for this, do nothing.\n",
        link=f"{web.settings().base_url}/account/e-mail/{token}",
    )
    mail.send(session, email, _("Confirm your new address"), text)


def new_email_of(session: Session, token: str) -> SignInRow:
    """Return what a confirmation link would change; raises StaleLinkError. Changes nothing."""
    return one_time.find(session, token, Channel.NEW_EMAIL)


def confirm_new_email(session: Session, token: str) -> None:
    """Change the address, and tell the old one."""
    row = one_time.use(session, token, Channel.NEW_EMAIL)
    account = session.get(AccountRow, row.account_id)
    if account is None or account.disabled_at is not None:
        raise StaleLinkError
    before = account.email
    try:
        with session.begin_nested():
            account.email = row.email
            session.add(account)
    except IntegrityError:
        raise ConflictError(
            lazy("This address belongs to another account by now. Nothing was changed.")
        ) from None
    if before:
        text = _(
            "Hello,\n\nthe address of your account was changed to another one. "
            "If that was not you, tell the town hall at once.\n"
        )
        mail.send(session, before, _("Your address was changed"), text)
