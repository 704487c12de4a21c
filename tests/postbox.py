"""The mail that a test's application wrote, as its recipients would read it."""

import re
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path

from flask import Flask


class Mailbox:
    def __init__(self, app: Flask) -> None:
        self._folder: Path = app.extensions["minga_settings"].instance / "mail"

    def mails(self, to: str | None = None) -> list[EmailMessage]:
        """Return the mails, oldest first."""
        found = [_read(path) for path in sorted(self._folder.glob("*.eml"))]
        return [mail for mail in found if to in (None, mail["To"])]

    def text(self, to: str) -> str:
        """Return the text of the last mail to somebody."""
        return str(self.mails(to)[-1].get_content())

    def link(self, to: str) -> str:
        """Return the path of the link in the last mail to somebody."""
        found = re.search(r"https?://[^/\s]+(/\S+)", self.text(to))
        assert found, "the mail holds no link"
        return found[1]

    def code(self, to: str) -> str:
        """Return the six figures in the last mail to somebody."""
        found = re.search(r"\b(\d{3} \d{3})\b", self.text(to))
        assert found, "the mail holds no code"
        return found[1]


def _read(path: Path) -> EmailMessage:
    made = BytesParser(policy=policy.default).parsebytes(path.read_bytes())
    assert isinstance(made, EmailMessage)
    return made
