"""Mail is written with its reason, and delivered at least once."""

import dataclasses
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from email import message_from_bytes, policy

import pytest
from flask import Flask
from postbox import Mailbox
from smtp_server import Received, smtp_server
from sqlmodel import select

from app import web
from app.config import Settings
from app.db import read_tx, run_tx
from app.errors import InvalidError
from app.jobs import mail, mail_transport, worker
from app.jobs.models import JobRow, OutboxRow

ANA = "ana@valdeagua.example"
TEXT = "Open it.\n.\nThat is all."  # in SMTP a dot alone ends a message


@pytest.fixture
def smtp(app: Flask) -> Iterator[Received]:
    """A server that the application sends through."""
    with smtp_server() as received:
        settings = app.extensions["minga_settings"]
        url = f"smtp://town%40valdeagua.example:pass%20word@127.0.0.1:{received.port}"
        app.extensions["minga_settings"] = dataclasses.replace(settings, mail_url=url)
        yield received


@pytest.fixture(autouse=True)
def _in_the_app(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


def _send(to: str = ANA, subject: str = "Your link", body: str = TEXT) -> None:
    run_tx(lambda session: mail.send(session, to, subject, body))


def _row() -> OutboxRow:
    return read_tx(lambda session: session.exec(select(OutboxRow)).one())


def test_a_mail_reaches_the_server(smtp: Received) -> None:
    _send()

    worker.run_due()

    [raw] = smtp.messages
    message = message_from_bytes(raw, policy=policy.default)
    assert (message["To"], message["Subject"]) == (ANA, "Your link")
    assert message["From"] == "town@valdeagua.example"
    assert message.get_content().replace("\r\n", "\n").strip() == TEXT
    assert smtp.credentials
    assert _row().sent_at is not None


def test_letters_of_all_languages_arrive(smtp: Received) -> None:
    _send(subject="Zażółć – ¿qué tal?", body="Świecie, año, 日本")

    worker.run_due()

    message = message_from_bytes(smtp.messages[0], policy=policy.default)
    assert message["Subject"] == "Zażółć – ¿qué tal?"
    assert message.get_content().strip() == "Świecie, año, 日本"


def test_what_lets_people_in_does_not_stay_in_the_database(smtp: Received) -> None:
    _send(body="https://minga.example/account/link/secret")

    worker.run_due()

    assert _row().body == ""


def test_a_mail_that_is_sent_twice_has_one_message_id(smtp: Received) -> None:
    """A worker may die between sending and noting it; then the mail goes out again."""
    _send()
    job = read_tx(lambda session: session.exec(select(JobRow)).one())
    sent = mail.message(_row(), _settings())
    worker.run_due()

    again = mail.message(_row(), _settings())

    assert sent["Message-ID"] == again["Message-ID"]
    assert job.kind == "mail.deliver"


def _settings() -> Settings:
    return web.settings()


def test_a_server_that_is_full_is_asked_again_later(
    smtp: Received, noon: datetime, at: Callable[[datetime], None]
) -> None:
    smtp.recipient_answers = ["452 full", "451 later"]
    _send()
    worker.run_due()
    assert (_row().attempts, _row().sent_at) == (1, None)
    assert worker.run_due() == 0

    at(noon + timedelta(minutes=1))
    worker.run_due()
    at(noon + timedelta(minutes=6))
    worker.run_due()

    assert len(smtp.messages) == 1
    assert (_row().attempts, _row().last_error) == (3, None)


def test_an_unknown_recipient_is_not_tried_again(
    smtp: Received, noon: datetime, at: Callable[[datetime], None]
) -> None:
    smtp.recipient_answers = ["550 unknown"]
    _send()
    worker.run_due()

    at(noon + timedelta(days=2))

    assert worker.run_due() == 0
    assert _row().last_error == "recipient refused (550)"
    assert _row().body == ""


def test_a_server_that_is_away_is_tried_for_a_day(
    app: Flask, noon: datetime, at: Callable[[datetime], None]
) -> None:
    settings = app.extensions["minga_settings"]
    app.extensions["minga_settings"] = dataclasses.replace(settings, mail_url="smtp://127.0.0.1:1")
    _send()

    for hours in range(60):
        at(noon + timedelta(hours=hours))
        worker.run_due()

    assert _row().attempts == 7
    assert "ConnectionRefusedError" in str(_row().last_error)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "ana",
        "ana@x\r\nBcc: eva@y.example",
        "ana@x\nSubject: no",
        "a@x, b@y",
        "Ana <ana@x.example>",
    ],
)
def test_an_address_cannot_smuggle_a_header_in(address: str) -> None:
    with pytest.raises(InvalidError, match="no e-mail address"):
        _send(to=address)

    assert read_tx(lambda session: session.exec(select(OutboxRow)).all()) == []


def test_a_subject_cannot_smuggle_a_header_in(smtp: Received) -> None:
    _send(subject="Hello\r\nBcc: eva@valdeagua.example\r\n\r\nBody")

    worker.run_due()

    message = message_from_bytes(smtp.messages[0], policy=policy.default)
    assert message["Bcc"] is None
    assert message["Subject"] == "Hello Bcc: eva@valdeagua.example Body"
    assert len(smtp.recipients) == 1


def test_without_a_server_a_mail_becomes_a_file(app: Flask) -> None:
    _send()

    worker.run_due()

    folder = app.extensions["minga_settings"].instance / "mail"
    [path] = folder.iterdir()
    assert (path.stat().st_mode & 0o777, folder.stat().st_mode & 0o777) == (0o600, 0o700)
    assert "Open it." in Mailbox(app).text(ANA)


def test_a_demonstration_sends_nothing_and_keeps_the_text(app: Flask, smtp: Received) -> None:
    """Its people are invented, but their addresses might not be."""
    mail.hold_when(lambda _session: True)
    _send()

    worker.run_due()

    assert smtp.messages == []
    assert _row().body.startswith("Open it.")
    assert Mailbox(app).mails(ANA)


def test_a_password_does_not_leave_without_encryption(
    smtp: Received, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail_transport, "LOOPBACK", ())
    _send()

    worker.run_due()

    assert smtp.credentials == []
    assert "no TLS" in str(_row().last_error)
