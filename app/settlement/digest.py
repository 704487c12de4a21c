"""A digest over all that a batch will tell the bank, and over the redemptions that it pays for.

It is taken at the freeze, before there is a file, and again before anything is paid or handed out.
"""

import hashlib
import json
import uuid

from sqlmodel import Session, col, select

from app.providers.models import ProviderBankRow
from app.settlement.models import BatchRow, ItemRow, LineRow, PayerRow
from app.settlement.rules import LineState

_BANK = ("iban", "street_name", "building_number", "postcode", "town", "country")
_SUMS = ("gross_minor", "again_minor", "owed_back_minor", "fee_minor", "pay_minor", "item_count")
CHUNK = 5_000


def lines_sha256(session: Session, batch: BatchRow) -> str:
    """Return the digest, in hex, of a batch that has its lines."""
    payer = session.get(PayerRow, batch.payer_id) if batch.payer_id else None
    said = [payer.name, *(getattr(payer, one) for one in _BANK)] if payer else []
    digest = hashlib.sha256(_text("batch", batch.id, batch.programme_id, *said))
    lines = select(LineRow).where(LineRow.batch_id == batch.id).order_by(col(LineRow.id))
    for line in session.exec(lines.execution_options(populate_existing=True)).all():
        digest.update(_line(session, line))
    items = (
        select(ItemRow.line_id, ItemRow.redemption_id, ItemRow.amount_minor)
        .join(LineRow, col(LineRow.id) == col(ItemRow.line_id))
        .where(LineRow.batch_id == batch.id)
        .order_by(col(ItemRow.line_id), col(ItemRow.redemption_id))
        .execution_options(yield_per=CHUNK)
    )
    for line_id, redemption_id, amount_minor in session.exec(items):
        digest.update(_text(line_id.hex, redemption_id.hex, amount_minor))
    return digest.hexdigest()


def _line(session: Session, line: LineRow) -> bytes:
    bank = session.get(ProviderBankRow, line.bank_id) if line.bank_id else None
    said = [bank.legal_name, *(getattr(bank, one) for one in _BANK)] if bank else []
    sums = [getattr(line, one) for one in _SUMS]
    in_file = line.state != LineState.CARRIED
    return _text(line.id, line.provider_id, in_file, *sums, *said)


def _text(*parts: str | int | uuid.UUID) -> bytes:
    return json.dumps([str(one) for one in parts], ensure_ascii=False).encode() + b"\n"
