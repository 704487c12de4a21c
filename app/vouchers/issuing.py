"""Making a voucher for a resident, and handing it over: only then does it hold money.

The promise behind it lies in the programme's RESERVE from the entitlement on.
"""

import hmac
import secrets
import uuid
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import update
from sqlmodel import Session, col, select

from app import clock
from app.ledger import service as ledger
from app.ledger.entries import AccountKind, TransferKind
from app.vouchers import codes, keys, pins, queries
from app.vouchers.models import ResidentRow, VoucherRow
from app.vouchers.rules import Carrier, State
from voting import crockford

SERIAL_LENGTH = 8
SERIAL_BITS = crockford.BITS_PER_SYMBOL * SERIAL_LENGTH


@dataclass(frozen=True)
class Issued:
    """A fresh voucher; `code` and `pin` go to the holder, each by its own way, and nowhere else."""

    voucher: VoucherRow
    code: str = field(repr=False)
    pin: str | None = field(repr=False)


def resident(session: Session, register_number: str) -> ResidentRow:
    """Find or add the person with this number in the town's register; the number is not kept."""
    found = known_resident(session, register_number)
    if found is not None:
        return found
    hashed = _register_hash(register_number)
    row = ResidentRow(register_hash=hashed, party_id=ledger.open_party(session, "resident"))
    session.add(row)
    session.flush()
    return row


def known_resident(session: Session, register_number: str) -> ResidentRow | None:
    """Find the person with this number in the town's register; None if nobody was ever added."""
    hashed = _register_hash(register_number)
    return session.exec(select(ResidentRow).where(ResidentRow.register_hash == hashed)).first()


def issue(
    session: Session,
    holder: ResidentRow,
    *,
    programme_id: uuid.UUID,
    value_minor: int,
    services: Collection[str],
    starts_on: date,
    expires_on: date,
    carrier: Carrier,
) -> Issued:
    """Make a voucher that pays nothing yet; a printed one has a PIN, to be sent apart from it."""
    voucher_id, code = uuid.uuid4(), codes.draw()
    pin = pins.draw_pin() if carrier is Carrier.PAPER else None
    row = VoucherRow(
        id=voucher_id,
        serial=_serial(),
        resident_id=holder.id,
        programme_id=programme_id,
        account_id=ledger.open_account(
            session, AccountKind.VOUCHER, party_id=holder.party_id, subject_id=programme_id
        ),
        value_minor=value_minor,
        code_hash=codes.keyed_hash(code, keys.pepper()),
        code_sealed=keys.seal(code.encode(), voucher_id=voucher_id),
        carrier=carrier,
        services=sorted(services),
        starts_on=starts_on,
        expires_on=expires_on,
        pin_hash=_pin_hash(pin, voucher_id),
        secret_sealed=keys.seal(pins.draw_secret(), voucher_id=voucher_id),
    )
    session.add(row)
    session.flush()
    return Issued(row, code, pin)


def activate(session: Session, voucher_id: uuid.UUID, *, actor: str) -> bool:
    """Hand a voucher over: its value moves from RESERVE to it. False if it was not inactive.

    One that replaces another may have its money already. Raises ledger.errors.InsufficientError if
    less than its value is promised; nothing is changed.
    """
    row = session.get_one(VoucherRow, voucher_id)
    done = session.exec(
        update(VoucherRow)
        .where(col(VoucherRow.id) == voucher_id, col(VoucherRow.state) == State.INACTIVE)
        .values(state=State.ACTIVE, activated_at=clock.now())
    )
    if done.rowcount != 1:
        return False
    before = queries.replacement_by(session, voucher_id)
    if before is None or not before.funded:
        _fund(session, row, actor)
    session.refresh(row)
    return True


def _fund(session: Session, row: VoucherRow, actor: str) -> None:
    reserve = ledger.account(session, AccountKind.RESERVE, subject_id=row.programme_id)
    ledger.post(
        session,
        TransferKind.ISSUE,
        reserve,
        row.account_id,
        row.value_minor,
        event_id=row.id,
        reference=row.serial,
        actor=actor,
    )


def _register_hash(register_number: str) -> bytes:
    number = " ".join(register_number.split()).upper()
    return hmac.digest(keys.pepper(), f"register/{number}".encode(), "sha256")


def _serial() -> str:
    return "V-" + crockford.grouped(
        crockford.encode(secrets.randbits(SERIAL_BITS), length=SERIAL_LENGTH)
    )


def _pin_hash(pin: str | None, voucher_id: uuid.UUID) -> bytes | None:
    if pin is None:
        return None
    return pins.pin_hash(pin, voucher_id=voucher_id, pepper=keys.pepper())
