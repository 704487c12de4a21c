"""The one-time link with which staff choose a password and confirm a time-code generator."""

import uuid
from dataclasses import dataclass
from datetime import timedelta

from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy
from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col

from app import web
from app.accounts import audit, one_time, passwords, queries, sessions, throttle, totp
from app.accounts.models import AccountRow, Channel, PasskeyRow, TotpRow
from app.accounts.one_time import StaleLinkError
from app.db import read_tx, run_tx
from app.errors import InvalidError
from app.jobs import mail
from app.policy import Actor

LINK_LASTS = timedelta(days=3)


class WrongTimeCodeError(InvalidError):
    code = "wrong_time_code"

    def __init__(self) -> None:
        super().__init__(
            lazy(
                "This is not the code that the app shows now. "
                "Check that the phone's clock is right, then type the newest code."
            )
        )


class EmailMissingError(InvalidError):
    code = "email_missing"

    def __init__(self) -> None:
        super().__init__(lazy("Enter your e-mail address: you will sign in with it."))


class EmailTakenError(InvalidError):
    code = "email_taken"

    def __init__(self) -> None:
        super().__init__(lazy("This e-mail address belongs to another account. Use another one."))


@dataclass(frozen=True)
class Choice:
    """What the person entered on the set-up page."""

    email: str
    password: str
    code: str


def issue_link(session: Session, account_id: uuid.UUID) -> str:
    """Make a new set-up link for an account, which voids the ones before; returns its address."""
    token = one_time.new_token()
    one_time.void(session, account_id, Channel.SET_UP)
    one_time.add(session, token, Channel.SET_UP, lasts=LINK_LASTS, account_id=account_id)
    return f"{web.settings().base_url}/account/set-up/{token}"


def mail_link(session: Session, account: AccountRow) -> None:
    """Send a set-up link to the person alone: no colleague sees it."""
    link = issue_link(session, account.id)
    text = _(
        "Hello %(name)s,\n\n"
        "you have been given a staff account. Open this link within three days, choose a password "
        "and set up your time codes:\n\n%(link)s\n",
        name=account.name,
        link=link,
    )
    mail.send(session, str(account.email), _("Set up your staff account"), text)


def person_of(session: Session, token: str) -> AccountRow:
    """Return whose link this is; raises StaleLinkError. Changes nothing."""
    row = one_time.find(session, token, Channel.SET_UP)
    account = session.get(AccountRow, row.account_id)
    if account is None or account.disabled_at is not None:
        raise StaleLinkError
    return account


def complete(token: str, choice: Choice, *, network: str) -> str:
    """Finish the set-up and sign in; returns the session's secret. Raises InvalidError."""
    throttle.spend(f"set-up:{network}", limit=30, window_seconds=900)
    account = read_tx(lambda session: person_of(session, token))
    email = account.email or choice.email
    passwords.check_strength(choice.password, personal=[email, account.name])
    secret = totp.secret_for(token)
    step = totp.matching_step(secret, choice.code)
    if step is None:
        raise WrongTimeCodeError
    with passwords.place():
        hashed = passwords.make_hash(choice.password)
    return run_tx(lambda session: _complete(session, token, email, hashed, secret, step))


def _complete(
    session: Session, token: str, email: str, hashed: str, secret: bytes, step: int
) -> str:
    account = person_of(session, token)
    one_time.use(session, token, Channel.SET_UP)
    _take_email(session, account, email)
    account.password_hash = hashed
    session.add(account)
    forget_factors(session, account.id)
    totp.save(session, account.id, secret, used_step=step)
    roles = queries.roles(session, account.id)
    actor = Actor(account_id=account.id, name=account.name, roles=roles, level="full")
    audit.record(session, actor, "people.set_up", str(account.id))
    return sessions.start(session, account.id, level="full")


def forget_factors(session: Session, account_id: uuid.UUID) -> None:
    """Remove time codes and passkeys and sign the person out everywhere."""
    session.exec(delete(TotpRow).where(col(TotpRow.account_id) == account_id))
    forget_passkeys(session, account_id)


def forget_passkeys(session: Session, account_id: uuid.UUID) -> None:
    """Remove passkeys and end all sessions: those of a resident came with one factor only."""
    session.exec(delete(PasskeyRow).where(col(PasskeyRow.account_id) == account_id))
    sessions.end_all(session, account_id)


def _take_email(session: Session, account: AccountRow, email: str) -> None:
    try:
        with session.begin_nested():
            account.email = email
            session.add(account)
    except IntegrityError:
        raise EmailTakenError from None


def is_done(session: Session, account_id: uuid.UUID) -> bool:
    """Say whether a person has finished the set-up."""
    row = session.get(TotpRow, account_id)
    return row is not None and row.confirmed_at is not None
