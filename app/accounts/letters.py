"""Codes by post for residents without e-mail: requests, and the letters that answer them."""

import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import segno
import typst
from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy
from sqlalchemy import delete, update
from sqlmodel import Session, col

from app import clock, i18n, private_files, web
from app.accounts import audit, one_time, queries, sign_in, throttle
from app.accounts.models import AccountRow, Channel
from app.db import read_tx, run_tx
from app.errors import ConflictError, Lead, NotFoundError
from app.paths import resource_folder
from app.policy import Actor

CODE_LASTS = timedelta(days=30)
REQUESTS_PER_NETWORK_AND_DAY = 10
DAY_SECONDS = 24 * 3600
LETTERS_AT_ONCE_MAX = 500
FILE = "account-letters.pdf"
LETTERS = Lead(lazy("Letters with account codes"), "admin.account_letters")


@dataclass(frozen=True)
class Letter:
    account_id: uuid.UUID
    name: str
    address: str
    code: str


def request(name: str, address: str, *, network: str) -> None:
    """Note who wants a letter and where it goes. Raises TooManyError."""
    throttle.spend(
        f"letter:{network}", limit=REQUESTS_PER_NETWORK_AND_DAY, window_seconds=DAY_SECONDS
    )
    row = AccountRow(name=name, postal_address=address, created_at=clock.now())
    run_tx(lambda session: session.add(row))


def drop_request(session: Session, actor: Actor, account_id: uuid.UUID) -> None:
    """Take a request off the list, with the address; the account it was for never opened."""
    done = session.exec(
        delete(AccountRow).where(
            col(AccountRow.id) == account_id, col(AccountRow.postal_address).is_not(None)
        )
    )
    if done.rowcount != 1:
        raise NotFoundError(
            lazy("This request is gone. Its letter may have been made already."), lead=LETTERS
        )
    audit.record(session, actor, "letters.request_dropped", str(account_id))


def make(actor: Actor, town_name: str) -> int:
    """Make the letters of all requests as one PDF for the printer; returns how many.

    The addresses leave the database with it. The file stays until `remove_file`.
    """
    if file_path().exists():
        raise ConflictError(
            lazy("Letters wait for the printer already. Print them and remove the file first."),
            lead=LETTERS,
        )
    requests = read_tx(queries.letter_requests)[:LETTERS_AT_ONCE_MAX]
    letters = [
        Letter(row.id, row.name, str(row.postal_address), sign_in.draw_paper_code())
        for row in requests
    ]
    if not letters:
        raise ConflictError(lazy("Nobody waits for a letter. There is nothing to make."))
    draft = file_path().with_name(f".{uuid.uuid4().hex}.pdf")
    private_files.write(draft, render(letters, town_name))
    try:
        run_tx(lambda session: _hand_over(session, actor, letters))
        draft.rename(file_path())
    finally:
        draft.unlink(missing_ok=True)
    return len(letters)


def render(letters: Sequence[Letter], town_name: str) -> bytes:
    """Set the letters, a page each."""
    address = f"{web.settings().base_url}/account/code"
    data = {
        "lang": "en",
        "title": _("Your code for your account"),
        "sender": town_name,
        "day": i18n.day(clock.now()),
        "paragraphs": [
            _("You asked for an account without an e-mail address. Here is your code."),
            _(
                "Open %(address)s, or point your phone's camera at the square. "
                "Type the code there.",
                address=address,
            ),
        ],
        "after": [
            _("The code works once, within 30 days of the date above."),
            _("Do not give it to anybody. We never ask for it on the phone or at the door."),
            _("If you did not ask for this letter, throw it away."),
        ],
        "code_label": _("Your code"),
        "qr": segno.make(address, error="m").svg_inline(border=0),
        "qr_alt": address,
        "letters": [
            {"name": one.name, "address": one.address, "code": one.code} for one in letters
        ],
    }
    source = resource_folder("templates") / "letters" / "account_code.typ"
    return bytes(typst.compile(source, sys_inputs={"data": json.dumps(data)}))


def file_path() -> Path:
    return web.settings().instance / FILE


def read_file() -> BytesIO:
    """Return the letters that wait for the printer; raises NotFoundError."""
    try:
        return BytesIO(file_path().read_bytes())
    except FileNotFoundError:
        raise NotFoundError(lazy("No letters wait for the printer. Make them first.")) from None


def remove_file(actor: Actor) -> None:
    """Remove the file once its letters are printed: it holds names, addresses and codes."""
    run_tx(lambda session: audit.record(session, actor, "letters.printed", "letters"))
    file_path().unlink(missing_ok=True)


def _hand_over(session: Session, actor: Actor, letters: Sequence[Letter]) -> None:
    for letter in letters:
        done = session.exec(
            update(AccountRow)
            .where(
                col(AccountRow.id) == letter.account_id,
                col(AccountRow.postal_address) == letter.address,
            )
            .values(postal_address=None)
        )
        if done.rowcount != 1:
            raise ConflictError(
                lazy("Somebody else is making the letters right now. Reload the page.")
            )
        one_time.add(
            session, letter.code, Channel.POST, lasts=CODE_LASTS, account_id=letter.account_id
        )
    audit.record(session, actor, "letters.made", "letters", {"number": len(letters)})
