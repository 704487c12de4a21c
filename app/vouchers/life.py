"""What has become of a voucher and what comes next, for its holder's page and the desk."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from app.providers.days import today
from app.vouchers import blocking, paying, queries
from app.vouchers.models import BlockRow, VoucherRow
from app.vouchers.rules import State, goes_on, last_day, may_be_replaced


@dataclass(frozen=True)
class Life:
    """`block`: the newest, lifted or not. `goes_on`: when what is left leaves the voucher."""

    replaced_by: uuid.UUID | None
    block: BlockRow | None
    can_appeal: bool
    appeal_until: datetime | None
    can_be_replaced: bool
    last_day: date
    goes_on: date


def of(session: Session, row: VoucherRow) -> Life:
    known = paying.facts(row)
    if known is None:
        raise RuntimeError("a voucher without facts")
    replaced = queries.replacement_of(session, row.id)
    block = blocking.last_block(session, row.id)
    return Life(
        replaced_by=None if replaced is None else replaced.replaced_by,
        block=block,
        can_appeal=block is not None and blocking.can_appeal(block),
        appeal_until=None if block is None else blocking.appeal_until(block),
        can_be_replaced=row.state == State.ACTIVE and may_be_replaced(known, today()),
        last_day=last_day(known),
        goes_on=goes_on(known),
    )
