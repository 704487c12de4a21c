"""What a provider took and where each payment stands on its way to the bank. No holder is named."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from flask_babel import lazy_gettext as lazy
from sqlalchemy import Subquery, func
from sqlmodel import Session, col, select

from app.errors import NotFoundError
from app.ledger.entries import TransferKind
from app.ledger.models import TRANSFERS
from app.settlement.models import BatchRow, DisputeRow, ItemRow, LineRow
from app.settlement.queries import PAID
from app.settlement.rules import DisputeState, Item, why_waits
from app.vouchers import receipts
from app.vouchers.models import RedemptionRow, ResidentRow, VoucherRow

SHOWN_MAX = 500
"""So many payments of a month stand on its page; the table to download has all of them."""

CHUNK = 1_000
"""So many payments are looked up at a time."""


class Where(StrEnum):
    """Where a payment stands on its way to the bank; why it waits as `rules.Waits` has it."""

    SETTLED = "settled"
    PREPARED = "prepared"  # in a settlement that is not released
    TAKEN_BACK = "taken_back"
    DISPUTED = "disputed"
    IN_WINDOW = "in_window"  # can still be disputed
    NEXT = "next"


@dataclass(frozen=True)
class Taken:
    """A payment. `back_minor`: what went back to the voucher; `line`: what pays it, if anything."""

    row: RedemptionRow
    back_minor: int
    line: LineRow | None
    batch: BatchRow | None
    disputed: bool

    @property
    def standing_minor(self) -> int:
        return self.row.amount_minor - self.back_minor

    @property
    def month(self) -> "Month":
        return Month.of(self.row.taken_on)

    def where(self, today: date) -> Where:
        """Say where it stands on a day in the town."""
        if self.batch is not None:
            return Where.SETTLED if self.batch.state in PAID else Where.PREPARED
        item = Item(
            self.row.id,
            self.row.provider_id,
            self.row.taken_on,
            self.row.amount_minor,
            taken_back_minor=self.back_minor,
            disputed=self.disputed,
        )
        waits = why_waits(item, cut_off_on=today)
        return Where.NEXT if waits is None else Where(waits.value)


@dataclass(frozen=True)
class Month:
    """`first`: its first day."""

    first: date

    @property
    def name(self) -> str:
        """How addresses name it.

        >>> Month(date(2027, 3, 1)).name
        '2027-03'
        """
        return f"{self.first:%Y-%m}"

    @classmethod
    def of(cls, day: date) -> "Month":
        return cls(day.replace(day=1))

    @property
    def after(self) -> "Month":
        return Month.of(self.first + timedelta(days=31))

    @property
    def before(self) -> "Month":
        """The month before.

        >>> Month(date(2027, 3, 1)).before.first, Month(date(2026, 12, 1)).after.first
        (datetime.date(2027, 2, 1), datetime.date(2027, 1, 1))
        """
        return Month.of(self.first - timedelta(days=1))


def in_month(
    session: Session, provider_id: uuid.UUID, month: Month, *, most: int | None = None
) -> Sequence[Taken]:
    """Return what a provider took in a month, the newest first; `most`: no more than so many."""
    rows = select(RedemptionRow).where(
        RedemptionRow.provider_id == provider_id,
        RedemptionRow.taken_on >= month.first,
        RedemptionRow.taken_on < month.after.first,
    )
    newest = rows.order_by(col(RedemptionRow.taken_on).desc(), col(RedemptionRow.id).desc())
    return _with_payout(session, session.exec(newest.limit(most)).all())


def one(session: Session, provider_id: uuid.UUID, redemption_id: uuid.UUID) -> Taken:
    """Return a payment of this provider; raises NotFoundError for another's and for none."""
    row = session.get(RedemptionRow, redemption_id)
    if row is None or row.provider_id != provider_id:
        raise NotFoundError(lazy("There is no such payment. Look at your payments again."))
    return _with_payout(session, [row])[0]


def of_holder(session: Session, account_id: uuid.UUID, number: str) -> RedemptionRow:
    """Return the payment with this receipt number from a voucher of one's own.

    Raises NotFoundError for another's and for none.
    """
    query = (
        select(RedemptionRow)
        .join(VoucherRow, col(VoucherRow.id) == col(RedemptionRow.voucher_id))
        .join(ResidentRow, col(ResidentRow.id) == col(VoucherRow.resident_id))
        .where(ResidentRow.account_id == account_id)
    )
    for row in session.exec(query).all():
        if receipts.number(row.id) == number:
            return row
    raise NotFoundError(lazy("There is no such receipt. Look at your vouchers again."))


def _with_payout(session: Session, rows: Sequence[RedemptionRow]) -> list[Taken]:
    chunks = (rows[start : start + CHUNK] for start in range(0, len(rows), CHUNK))
    return [one for chunk in chunks for one in _looked_up(session, chunk)]


def _looked_up(session: Session, rows: Sequence[RedemptionRow]) -> list[Taken]:
    """Look up what went back, what pays and what is disputed, in a few queries for all rows."""
    wanted = _wanted(rows)
    back = dict(
        session.execute(
            select(TRANSFERS.c.reverses_id, func.sum(TRANSFERS.c.amount_minor))
            .join(wanted, wanted.c.transfer_id == TRANSFERS.c.reverses_id)
            .where(TRANSFERS.c.kind == TransferKind.REVERSE)
            .group_by(TRANSFERS.c.reverses_id)
        ).all()
    )
    paying = {
        redemption_id: (line, batch)
        for redemption_id, line, batch in session.exec(
            select(ItemRow.redemption_id, LineRow, BatchRow)
            .join(LineRow, col(LineRow.id) == col(ItemRow.line_id))
            .join(BatchRow, col(BatchRow.id) == col(LineRow.batch_id))
            .join(wanted, wanted.c.id == col(ItemRow.redemption_id))
            .where(col(ItemRow.live))
        ).all()
    }
    disputed = set(
        session.exec(
            select(DisputeRow.redemption_id)
            .join(wanted, wanted.c.id == col(DisputeRow.redemption_id))
            .where(DisputeRow.state == DisputeState.OPEN)
        ).all()
    )
    found = []
    for row in rows:
        line, batch = paying.get(row.id, (None, None))
        back_minor = int(back.get(row.transfer_id, 0))
        found.append(Taken(row, back_minor, line, batch, row.id in disputed))
    return found


def _wanted(rows: Sequence[RedemptionRow]) -> Subquery:
    query = select(RedemptionRow.id, RedemptionRow.transfer_id)
    return query.where(col(RedemptionRow.id).in_([row.id for row in rows])).subquery()
