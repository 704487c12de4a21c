"""Batches that pay providers: a line for each, the redemptions in it, and disputes about these.

No row holds a name of a resident. What a provider is due lies in the ledger; what is fixed here is
which redemptions a payment was for. Items and payers are never changed but for `live`.
"""

import uuid
from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, Index, Text, UniqueConstraint, text
from sqlmodel import Field

from app.db.base import SQLModel
from app.db.columns import instant, link, new_id, one_of
from app.settlement.rules import DisputeSide, DisputeState, LineState, State, Unpaid

_UNDER_WAY = text("state IN ('draft', 'frozen')")
_LIVE = text("live")
_OPEN = text("state = 'open'")


class PayerRow(SQLModel, table=True):
    """The town's account at its bank, as the bank knows it. Insert-only: the newest counts."""

    __tablename__ = "settlement_payer"

    id: uuid.UUID = new_id()
    name: str = Field(max_length=70)
    iban: str = Field(max_length=34)
    street_name: str = Field(max_length=70)
    building_number: str = Field(max_length=16)
    postcode: str = Field(max_length=16)
    town: str = Field(max_length=35)
    country: str = Field(max_length=2)
    entered_by: uuid.UUID = link("account.id", index=False)
    entered_at: datetime = instant()


class BatchRow(SQLModel, table=True):
    """One settlement of a programme: what was taken up to its cut-off, in one file for the bank.

    Of each programme one at most is a draft or frozen; from its release on the ledger has paid.
    """

    __tablename__ = "settlement_batch"
    __table_args__ = (
        one_of("state", State),
        CheckConstraint("state IN ('draft', 'withdrawn') OR frozen_at IS NOT NULL", name="frozen"),
        CheckConstraint(
            "state IN ('draft', 'frozen', 'withdrawn') OR released_at IS NOT NULL", name="released"
        ),
        CheckConstraint(
            "state NOT IN ('exported', 'booked') OR taken_at IS NOT NULL", name="taken"
        ),
        CheckConstraint("(state = 'booked') = (bank_minor IS NOT NULL)", name="booked"),
        CheckConstraint("released_by <> prepared_by", name="two_people"),
        CheckConstraint("released_by <> frozen_by", name="another_than_froze"),
        CheckConstraint("second_taken_by <> taken_by", name="two_takers"),
        CheckConstraint("total_minor >= 0", name="total"),
        Index(
            "uq_settlement_batch_under_way",
            "programme_id",
            unique=True,
            sqlite_where=_UNDER_WAY,
            postgresql_where=_UNDER_WAY,
        ),
    )

    id: uuid.UUID = new_id()
    """In hex the number of the message to the bank."""
    programme_id: uuid.UUID = link("programme.id")
    state: str = Field(default=State.DRAFT, max_length=10)
    cut_off_at: datetime = instant()
    """What was taken before is settled, once its time for disputes is over."""
    prepared_by: uuid.UUID = link("account.id", index=False)
    prepared_at: datetime = instant()
    frozen_by: uuid.UUID | None = link("account.id", optional=True, index=False)
    frozen_at: datetime | None = instant(optional=True)
    payer_id: uuid.UUID | None = link("settlement_payer.id", optional=True, index=False)
    total_minor: int = Field(default=0, sa_type=BigInteger)
    """What the file pays."""
    lines_sha256: str = Field(default="", max_length=64)
    """Over payer, lines, payees and redemptions, fixed before there is a file."""
    released_by: uuid.UUID | None = link("account.id", optional=True, index=False)
    released_at: datetime | None = instant(optional=True)
    taken_by: uuid.UUID | None = link("account.id", optional=True, index=False)
    """Who has the file."""
    taken_at: datetime | None = instant(optional=True)
    second_taken_by: uuid.UUID | None = link("account.id", optional=True, index=False)
    """Who has it besides, should the first have lost it."""
    second_taken_at: datetime | None = instant(optional=True)
    pays_on: date | None = None
    """When the bank is asked to pay; fixed as the file is taken."""
    bank_minor: int | None = Field(default=None, sa_type=BigInteger)
    """What the bank booked and did not send back."""
    booked_at: datetime | None = instant(optional=True)


class LineRow(SQLModel, table=True):
    """What one provider is due in a batch. Its id in hex is the payment's end-to-end id."""

    __tablename__ = "settlement_line"
    __table_args__ = (
        one_of("state", LineState),
        one_of("unpaid", Unpaid),
        UniqueConstraint("batch_id", "provider_id"),
        CheckConstraint(
            "pay_minor = gross_minor + again_minor - owed_back_minor - fee_minor", name="sum"
        ),
        CheckConstraint(
            "gross_minor >= 0 AND again_minor >= 0 AND owed_back_minor >= 0 AND fee_minor >= 0",
            name="parts",
        ),
        CheckConstraint("(state = 'carried') = (unpaid IS NOT NULL)", name="why"),
        CheckConstraint(
            "state = 'carried' OR (pay_minor > 0 AND bank_id IS NOT NULL)", name="payable"
        ),
    )

    id: uuid.UUID = new_id()
    batch_id: uuid.UUID = link("settlement_batch.id", index=False)
    provider_id: uuid.UUID = link("provider.id")
    bank_id: uuid.UUID | None = link("provider_bank.id", optional=True, index=False)
    state: str = Field(max_length=10)
    unpaid: str | None = Field(default=None, max_length=10)
    """Why it is not in the file; what it would pay is then counted anew in the next batch."""
    gross_minor: int = Field(sa_type=BigInteger)
    """Of its redemptions, what stood at the freeze."""
    again_minor: int = Field(sa_type=BigInteger)
    """Sent back by the bank before, and paid once more."""
    owed_back_minor: int = Field(sa_type=BigInteger)
    """Refunded to residents after it had been paid out."""
    fee_basis_points: int
    fee_minor: int = Field(sa_type=BigInteger)
    pay_minor: int = Field(sa_type=BigInteger)
    """Below zero: the provider owes the town."""
    item_count: int
    returned_why: str = Field(default="", max_length=200)
    """What the bank said when it sent the money back."""
    again_in_id: uuid.UUID | None = link("settlement_line.id", optional=True)
    """The line that pays a returned one once more."""


class ItemRow(SQLModel, table=True):
    """A redemption that a line pays; of carried lines there are none."""

    __tablename__ = "settlement_item"
    __table_args__ = (
        CheckConstraint("amount_minor > 0", name="amount"),
        Index(
            "uq_settlement_item_live",
            "redemption_id",
            unique=True,
            sqlite_where=_LIVE,
            postgresql_where=_LIVE,
        ),
    )

    line_id: uuid.UUID = link("settlement_line.id", key=True)
    redemption_id: uuid.UUID = link("redemption.id", key=True)
    amount_minor: int = Field(sa_type=BigInteger)
    """What of it stood at the freeze."""
    live: bool = True
    """False once its batch is withdrawn: then it may be in another one."""


class DisputeRow(SQLModel, table=True):
    """A holder or a provider says that a redemption is not right; a person decides."""

    __tablename__ = "settlement_dispute"
    __table_args__ = (
        one_of("side", DisputeSide),
        one_of("state", DisputeState),
        CheckConstraint("(state = 'open') = (decided_at IS NULL)", name="decided"),
        CheckConstraint("state = 'open' OR decided_by IS NOT NULL", name="decider"),
        CheckConstraint("state = 'withdrawn' OR decided_by <> raised_by", name="two_people"),
        CheckConstraint("(state = 'upheld') = (back_minor IS NOT NULL)", name="upheld"),
        CheckConstraint("back_minor > 0", name="back"),
        Index(
            "uq_settlement_dispute_open",
            "redemption_id",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
    )

    id: uuid.UUID = new_id()
    redemption_id: uuid.UUID = link("redemption.id")
    side: str = Field(max_length=10)
    state: str = Field(default=DisputeState.OPEN, max_length=10)
    reason: str = Field(sa_type=Text)
    """In the words of who raised it; both sides and the town read them."""
    raised_by: uuid.UUID = link("account.id", index=False)
    raised_at: datetime = instant()
    answer: str = Field(default="", sa_type=Text)
    """Why it was decided so; both sides read it."""
    back_minor: int | None = Field(default=None, sa_type=BigInteger)
    """What goes back to the voucher."""
    decided_by: uuid.UUID | None = link("account.id", optional=True, index=False)
    decided_at: datetime | None = instant(optional=True)
