"""Proving once who one is: a code for a person of the register, typed into that person's account.

At the desk a clerk sees a document; by post the letter goes to the address that the register has.
The number is not kept, only its keyed hash. Signing in with the state's identity comes later.
"""

import json
import uuid
from datetime import timedelta

import segno
import typst
from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy
from sqlalchemy import update
from sqlmodel import Session, col, select

from app import clock, i18n, web
from app.accounts import audit, throttle
from app.accounts.sign_in import draw_paper_code
from app.db import run_tx
from app.entitlements.models import ProofRow
from app.entitlements.rules import Channel
from app.errors import ConflictError, ForbiddenError, InvalidError
from app.paths import resource_folder
from app.policy import Actor, account_of
from app.vouchers import codes, issuing, keys
from app.vouchers.models import ResidentRow
from app.vouchers.queries import resident_of
from voting.errors import CodeError

LASTS = {Channel.DESK: timedelta(days=7), Channel.POST: timedelta(days=30)}
ATTEMPTS_MAX = 10
WINDOW_SECONDS = 900


def make(session: Session, actor: Actor, register_number: str, channel: Channel) -> str:
    """Return a code for the person with this number; codes of before are void."""
    person = issuing.resident(session, register_number)
    now = clock.now()
    session.exec(
        update(ProofRow)
        .where(col(ProofRow.resident_id) == person.id, col(ProofRow.used_at).is_(None))
        .values(expires_at=now)
    )
    code = draw_paper_code()
    session.add(
        ProofRow(
            resident_id=person.id,
            code_hash=_hashed(code),
            channel=channel,
            made_by=account_of(actor),
            made_at=now,
            expires_at=now + LASTS[channel],
        )
    )
    audit.record(session, actor, "care.identity_code", str(person.id), {"channel": channel})
    return code


def use(actor: Actor, typed: str) -> None:
    """Make the signed-in person the one that the code was made for.

    Raises InvalidError for a code that is wrong, used or too old, TooManyError for guessing,
    ConflictError when the account belongs to somebody else already, and ForbiddenError for the
    clerk who made the code: alone nobody becomes another person.
    """
    account_id = account_of(actor)
    throttle.spend(f"identity:{account_id}", limit=ATTEMPTS_MAX, window_seconds=WINDOW_SECONDS)
    try:
        code = codes.read(typed)
    except CodeError:
        raise InvalidError(
            lazy("A character of the code is wrong. Compare it with the paper and type it again.")
        ) from None
    run_tx(lambda session: _use(session, actor, account_id, code))


def letter(code: str, *, name: str, address: str, town_name: str) -> bytes:
    """Set the letter with a code; neither name nor address is kept."""
    where = f"{web.settings().base_url}/account/care/prove"
    data = {
        "lang": "en",
        "title": _("Your code to prove who you are"),
        "sender": town_name,
        "day": i18n.day(clock.now()),
        "paragraphs": [
            _("You asked for care vouchers. With this code you show that the account is yours."),
            _(
                "Sign in, open %(address)s, or point your phone's camera at the square. "
                "Type the code there.",
                address=where,
            ),
        ],
        "after": [
            _("The code works once, within 30 days of the date above."),
            _("Do not give it to anybody. We never ask for it on the phone or at the door."),
        ],
        "code_label": _("Your code"),
        "qr": segno.make(where, error="m").svg_inline(border=0),
        "qr_alt": where,
        "letters": [{"name": name, "address": address, "code": code}],
    }
    source = resource_folder("templates") / "letters" / "account_code.typ"
    return bytes(typst.compile(source, sys_inputs={"data": json.dumps(data)}))


def _use(session: Session, actor: Actor, account_id: uuid.UUID, code: str) -> None:
    found = session.exec(
        select(ProofRow).where(ProofRow.code_hash == _hashed(code)).with_for_update()
    ).first()
    if found is None or found.used_at is not None or found.expires_at <= clock.now():
        raise InvalidError(
            lazy("This code does not work, or not any more. Ask the town hall for a new one.")
        )
    if found.made_by == account_id:
        raise ForbiddenError(
            lazy("You made this code yourself. A colleague has to see your document and make one.")
        )
    before = resident_of(session, account_id)
    if before is not None and before.id != found.resident_id:
        raise ConflictError(
            lazy(
                "This account belongs to another person. Nothing was changed. "
                "Sign in with your own account, or open one."
            )
        )
    found.used_at, found.used_by = clock.now(), account_id
    session.add(found)
    person = session.get_one(ResidentRow, found.resident_id)
    person.account_id = account_id
    session.add(person)
    audit.record(session, actor, "care.identity_proven", str(found.resident_id))


def _hashed(code: str) -> bytes:
    return codes.keyed_hash(f"identity/{code}", keys.pepper())
