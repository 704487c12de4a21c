"""Mail: a row in the transaction that gives the reason for it, then delivery at least once.

Without MINGA_MAIL_URL, and always where `hold_when` says so (a demonstration must not write to
anybody), a mail becomes an `.eml` file in the instance folder.
"""

import uuid
from collections.abc import Callable
from datetime import timedelta
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from urllib.parse import urlsplit

from flask_babel import lazy_gettext as lazy
from sqlmodel import Session, col, select

from app import clock, web
from app.config import Settings
from app.db import read_tx
from app.errors import InvalidError
from app.jobs import mail_transport, service
from app.jobs.handlers import handler
from app.jobs.mail_transport import DeliveryError
from app.jobs.models import OutboxRow
from app.jobs.running import RunningJob

RETRY_AFTER = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 720))
SUBJECT_LENGTH_MAX = 200

_held: list[Callable[[Session], bool]] = []


def hold_when(check: Callable[[Session], bool]) -> None:
    """Never send while `check` says so: mails stay readable in the outbox and as files."""
    _held[:] = [check]


def send(session: Session, to: str, subject: str, body: str) -> None:
    """Write a mail to be sent once this transaction is done. Raises InvalidError for an address
    that cannot stand in a mail; line breaks in the subject become blanks.
    """
    row = OutboxRow(
        recipient=_one_address(to),
        subject=" ".join(subject.split())[:SUBJECT_LENGTH_MAX],
        body=body,
        created_at=clock.now(),
    )
    session.add(row)
    session.flush()
    _queue(session, row.id, attempt=0)


@handler("mail.deliver")
def deliver(job: RunningJob) -> None:
    """Deliver one mail; a refusal that may pass is tried again later."""
    mail_id = uuid.UUID(job.args["mail"])
    row, held = read_tx(lambda session: (session.get(OutboxRow, mail_id), _is_held(session)))
    if row is None or row.sent_at is not None:
        return
    settings = web.settings()
    url = None if held else settings.mail_url
    try:
        mail_transport.deliver(message(row, settings), url, settings.instance)
    except DeliveryError as error:
        reason, for_good = str(error), error.for_good
        job.write(lambda session: _note_failure(session, mail_id, reason, for_good=for_good))
    else:
        job.write(lambda session: _note_sent(session, mail_id, keep_text=held))


def newest(session: Session, number: int) -> list[OutboxRow]:
    """Return the mails written last; their text is there only where mails are held."""
    query = select(OutboxRow).order_by(col(OutboxRow.created_at).desc(), col(OutboxRow.id).desc())
    return list(session.exec(query.limit(number)).all())


def message(row: OutboxRow, settings: Settings) -> EmailMessage:
    """Make the message; a repeated one has the same Message-ID, so readers show it once."""
    host = urlsplit(settings.base_url).hostname or "localhost"
    made = EmailMessage(policy=SMTP)
    made["From"] = mail_transport.sender(settings.mail_url, host)
    made["To"] = row.recipient
    made["Subject"] = row.subject
    made["Date"] = row.created_at
    made["Message-ID"] = f"<{row.id}@{host}>"
    made["Auto-Submitted"] = "auto-generated"
    made.set_content(row.body)
    return made


def _one_address(text: str) -> str:
    try:
        if text.strip() and "," not in text:
            return Address(addr_spec=text.strip()).addr_spec
    except (MessageError, ValueError, IndexError):
        pass  # the sentence below says it
    raise InvalidError(lazy("This is no e-mail address. Write it like name@example.org."))


def _queue(session: Session, mail_id: uuid.UUID, *, attempt: int) -> None:
    wait = RETRY_AFTER[attempt - 1] if attempt else timedelta(0)
    service.add(
        session,
        "mail.deliver",
        dedupe_key=f"mail:{mail_id}:{attempt}",
        args={"mail": str(mail_id)},
        run_after=clock.now() + wait,
    )


def _is_held(session: Session) -> bool:
    return any(check(session) for check in _held)


def _note_sent(session: Session, mail_id: uuid.UUID, *, keep_text: bool) -> None:
    row = session.get_one(OutboxRow, mail_id)
    row.sent_at = clock.now()
    row.attempts += 1
    row.last_error = None
    if not keep_text:
        row.body = ""  # it may hold a way to sign in
    session.add(row)


def _note_failure(session: Session, mail_id: uuid.UUID, reason: str, *, for_good: bool) -> None:
    row = session.get_one(OutboxRow, mail_id)
    row.attempts += 1
    row.last_error = reason[:500]
    session.add(row)
    if for_good or row.attempts > len(RETRY_AFTER):
        row.body = ""
    else:
        _queue(session, mail_id, attempt=row.attempts)
