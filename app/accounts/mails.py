"""Mails to people by their account: a sentence, and the page on which things stand."""

import uuid

from flask_babel import gettext as _
from sqlmodel import Session

from app import web
from app.accounts import queries
from app.jobs import mail


def write(session: Session, to: uuid.UUID | None, subject: str, text: str, *, page: str) -> None:
    """Write to a person who has an address; others find the same on their `page`.

    `text` follows "Hello NAME,"; `page` begins with a slash. Whose account is closed gets nothing.
    """
    person = queries.account(session, to) if to else None
    if person is None or person.email is None or person.disabled_at is not None:
        return
    body = _(
        "Hello %(name)s,\n\n%(text)s\n\n%(link)s\n",
        name=person.name,
        text=text,
        link=web.settings().base_url + page,
    )
    mail.send(session, person.email, subject, body)
