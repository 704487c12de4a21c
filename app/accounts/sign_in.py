"""How residents sign in: a link or six digits by e-mail, or a code on paper. No password."""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from hmac import compare_digest

from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from app import clock, web
from app.accounts import codes, keys, one_time, queries, sessions, throttle
from app.accounts.models import AccountRow, Channel, SignInRow
from app.accounts.one_time import StaleLinkError
from app.db import run_tx
from app.errors import ForbiddenError, InvalidError
from app.jobs import mail
from voting.errors import CodeError

LINK_LASTS = timedelta(minutes=30)
CODE_ATTEMPTS_MAX = 5
HOUR_SECONDS = 3600
QUARTER_SECONDS = 900
MAILS_PER_ADDRESS_AND_HOUR = 5
MAILS_PER_NETWORK_AND_HOUR = 100
PAPER_CODES_PER_NETWORK = 30


@dataclass(frozen=True)
class Welcome:
    """A right code: the session's secret, or for a new address the link that asks for the name."""

    secret: str | None = None
    token: str | None = None


def ask_by_mail(email: str, *, network: str) -> None:
    """Send a link and a code to an address, whether or not it has an account.

    Raises TooManyError. What the asker sees never depends on who has an account here.
    """
    throttle.spend(
        f"mail-to:{email}", limit=MAILS_PER_ADDRESS_AND_HOUR, window_seconds=HOUR_SECONDS
    )
    throttle.spend(
        f"mail-from:{network}", limit=MAILS_PER_NETWORK_AND_HOUR, window_seconds=HOUR_SECONDS
    )
    token, digits = one_time.new_token(), f"{secrets.randbelow(10**codes.DIGITS):0{codes.DIGITS}d}"
    run_tx(lambda session: _write_mail(session, email, token, digits))


def _write_mail(session: Session, email: str, token: str, digits: str) -> None:
    account = queries.by_email(session, email)
    if account is not None and account.disabled_at is not None:
        mail.send(session, email, _("Your account is closed"), _closed_text())
        return
    one_time.add(
        session,
        token,
        Channel.EMAIL,
        lasts=LINK_LASTS,
        account_id=account.id if account else None,
        email=email,
        code_hash=_digits_hash(token_hash=one_time.hash_of(token), digits=digits),
    )
    mail.send(session, email, _("Your link to sign in"), _link_text(token, digits))


def link_of(session: Session, token: str) -> tuple[SignInRow, AccountRow | None]:
    """Return whom a link would let in; None for an address that is new. Changes nothing."""
    row = one_time.find(session, token, Channel.EMAIL)
    return row, _account_of(session, row)


def use_link(session: Session, token: str, *, name: str = "") -> str:
    """Let the holder of a link in, making the account if the address is new."""
    row, account = link_of(session, token)
    if account is None and not name:
        raise InvalidError(lazy("Enter your name."))
    one_time.use_up(session, row)
    return _enter(session, account or _make_account(session, str(row.email), name))


def use_digits(session: Session, email: str, typed: str) -> Welcome | None:
    """Let in who typed the six digits of the newest mail to `email`; None if they are wrong.

    Counts the attempt, so the transaction must be allowed to commit.
    """
    row = _newest(session, email)
    digits = codes.read_digits(typed)
    if row is None or digits is None or not _count_attempt(session, row):
        return None
    if not compare_digest(
        str(row.code_hash), _digits_hash(token_hash=row.token_hash, digits=digits)
    ):
        return None
    one_time.use_up(session, row)
    account = _account_of(session, row)
    if account is not None:
        return Welcome(secret=_enter(session, account))
    token = one_time.new_token()
    one_time.add(session, token, Channel.EMAIL, lasts=LINK_LASTS, email=email)
    return Welcome(token=token)


def use_paper_code(typed: str, *, network: str) -> str:
    """Let in who holds a letter or a code of the desk; returns the session's secret."""
    try:
        code = codes.read_paper_code(typed)
    except CodeError:
        raise InvalidError(
            lazy("This code has a typing error. Compare it with your letter, sign by sign.")
        ) from None
    throttle.spend(
        f"paper:{network}", limit=PAPER_CODES_PER_NETWORK, window_seconds=QUARTER_SECONDS
    )
    return run_tx(lambda session: _use_paper_code(session, code))


def _use_paper_code(session: Session, code: str) -> str:
    row = one_time.use(session, code, Channel.POST, Channel.DESK)
    account = _account_of(session, row)
    if account is None:
        raise StaleLinkError
    return _enter(session, account)


def draw_paper_code() -> str:
    return codes.paper_code(secrets.randbits(codes.RANDOM_BITS))


def _enter(session: Session, account: AccountRow) -> str:
    if account.disabled_at is not None:
        raise ForbiddenError(lazy("This account is closed. Ask the town hall why."))
    return sessions.start(session, account.id, level="link")


def _make_account(session: Session, email: str, name: str) -> AccountRow:
    """Open an account; if a second link of the same person was faster, take that one's."""
    row = AccountRow(email=email, name=name, created_at=clock.now())
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        return session.exec(select(AccountRow).where(AccountRow.email == email)).one()
    return row


def _account_of(session: Session, row: SignInRow) -> AccountRow | None:
    if row.account_id is not None:
        return session.get(AccountRow, row.account_id)
    return queries.by_email(session, row.email) if row.email else None


def _newest(session: Session, email: str) -> SignInRow | None:
    query = (
        select(SignInRow)
        .where(
            SignInRow.email == email,
            SignInRow.channel == Channel.EMAIL,
            col(SignInRow.code_hash).is_not(None),
        )
        .order_by(col(SignInRow.created_at).desc())
    )
    row = session.exec(query).first()
    return row if row is not None and one_time.is_open(row) else None


def _count_attempt(session: Session, row: SignInRow) -> bool:
    """Count a try at the digits; False when there were five."""
    done = session.exec(
        update(SignInRow)
        .where(
            col(SignInRow.token_hash) == row.token_hash,
            col(SignInRow.attempts) < CODE_ATTEMPTS_MAX,
        )
        .values(attempts=SignInRow.attempts + 1)
    )
    return bool(done.rowcount == 1)


def _digits_hash(*, token_hash: str, digits: str) -> str:
    return keys.keyed_hash("digits", f"{token_hash}:{digits}")


def _link_text(token: str, digits: str) -> str:
    return str(
        _(
            "Hello,\n\n"
            "open this link and press the button to sign in:\n\n%(link)s\n\n"
            "Or type this code on the page where you asked for it: %(code)s\n\n"
            "Link and code work once, for 30 minutes.\n"
            "If you did not ask for this, do nothing: nobody gets in without this mail.\n",
            link=f"{web.settings().base_url}/account/link/{token}",
            code=f"{digits[:3]} {digits[3:]}",
        )
    )


def _closed_text() -> str:
    return str(
        _(
            "Hello,\n\n"
            "somebody, perhaps you, wanted to sign in with this address. "
            "The account that belongs to it is closed.\n"
            "Ask the town hall if you think that this is a mistake.\n"
        )
    )
