"""How a mail leaves: over SMTP, or as a file."""

import smtplib
import ssl
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from app import private_files

TIMEOUT_SECONDS = 20
LOOPBACK = ("127.0.0.1", "::1", "localhost")
PERMANENT = 500
"""SMTP answers from here on mean: do not try again."""


class DeliveryError(Exception):
    """The mail did not leave; `for_good`: trying again cannot help."""

    def __init__(self, reason: str, *, for_good: bool = False) -> None:
        super().__init__(reason)
        self.for_good = for_good


def deliver(message: EmailMessage, url: str | None, instance: Path) -> None:
    """Hand the message to the server at `url`, or write it to `<instance>/mail`.

    Raises DeliveryError.
    """
    try:
        if url is None:
            _write_file(message, instance / "mail")
        else:
            _send(message, urlsplit(url))
    except smtplib.SMTPRecipientsRefused as error:
        code = max(code for code, _ in error.recipients.values())
        raise DeliveryError(f"recipient refused ({code})", for_good=code >= PERMANENT) from error
    except smtplib.SMTPResponseException as error:
        for_good = error.smtp_code >= PERMANENT and not isinstance(
            error, smtplib.SMTPAuthenticationError | smtplib.SMTPConnectError
        )
        raise DeliveryError(f"refused ({error.smtp_code})", for_good=for_good) from error
    except (OSError, smtplib.SMTPException) as error:
        raise DeliveryError(f"{type(error).__name__}: {error}") from error


def sender(url: str | None, host: str) -> str:
    """Return the From address: `?from=` of the mail URL, its user name, or minga@ our host.

    >>> sender("smtp://u:p@mail.example:587?from=town%40example.org", "minga.example")
    'town@example.org'
    >>> sender("smtp://town%40example.org:p@mail.example", "x"), sender(None, "minga.example")
    ('town@example.org', 'minga@minga.example')
    """
    parts = urlsplit(url or "")
    stated = parse_qs(parts.query).get("from", [""])[0]
    user = unquote(parts.username or "")
    return stated or (user if "@" in user else f"minga@{host}")


def _send(message: EmailMessage, server: SplitResult) -> None:
    host = server.hostname or "localhost"
    with _connect(server, host) as smtp:
        if server.username:
            if not isinstance(smtp.sock, ssl.SSLSocket) and host not in LOOPBACK:
                raise DeliveryError("the mail server offers no TLS, so the password stays here")
            smtp.login(unquote(server.username), unquote(server.password or ""))
        smtp.send_message(message)


def _connect(server: SplitResult, host: str) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if server.scheme == "smtps":
        return smtplib.SMTP_SSL(host, server.port or 465, timeout=TIMEOUT_SECONDS, context=context)
    smtp = smtplib.SMTP(host, server.port or 25, timeout=TIMEOUT_SECONDS)
    try:
        smtp.ehlo()
        if smtp.has_extn("starttls"):
            smtp.starttls(context=context)
    except (OSError, smtplib.SMTPException):
        smtp.close()
        raise
    return smtp


def _write_file(message: EmailMessage, folder: Path) -> None:
    """Write the file complete before it gets its name."""
    folder.mkdir(mode=0o700, exist_ok=True)
    name = str(message["Message-ID"]).strip("<>").partition("@")[0]
    draft = folder / f".{name}"
    private_files.write(draft, message.as_bytes())
    draft.replace(folder / f"{name}.eml")
