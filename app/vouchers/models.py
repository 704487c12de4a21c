"""Residents, their vouchers, and what was redeemed with them.

No row holds a name, an income or a code: who a resident is stands with the account, what a voucher
still holds in the ledger, and the code only sealed, for its holder's eyes.
"""

import uuid
from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, Index, Text, UniqueConstraint, Uuid, text
from sqlmodel import Field

from app.db.base import SQLModel
from app.db.columns import binary, instant, json_column, link, new_id, one_of, random_id
from app.vouchers.rules import Carrier, Outcome, Period, ReplacedFor, State, Visit


class ResidentRow(SQLModel, table=True):
    """A person of the town's register, by a keyed hash of the number there."""

    __tablename__ = "resident"
    __table_args__ = (UniqueConstraint("register_hash"),)

    id: uuid.UUID = random_id()
    register_hash: bytes = binary()
    party_id: uuid.UUID = Field(foreign_key="party.id", sa_type=Uuid, unique=True)
    """The same person in the ledger."""
    account_id: uuid.UUID | None = Field(
        default=None, foreign_key="account.id", sa_type=Uuid, unique=True, nullable=True
    )
    """Who has proven to be this person; None before that."""


class VoucherRow(SQLModel, table=True):
    __tablename__ = "voucher"
    __table_args__ = (
        one_of("state", State),
        one_of("carrier", Carrier),
        UniqueConstraint("serial"),
        UniqueConstraint("code_hash"),
        CheckConstraint("value_minor >= 0", name="value"),
        CheckConstraint("expires_on >= starts_on", name="dates"),
        CheckConstraint("pin_failures >= 0", name="pin_failures"),
        CheckConstraint("day_max_minor > 0", name="day_max"),
        CheckConstraint("week_max_minor > 0", name="week_max"),
        CheckConstraint(
            "state NOT IN ('active', 'blocked') OR activated_at IS NOT NULL", name="activated"
        ),
    )

    id: uuid.UUID = random_id()
    serial: str = Field(max_length=14)
    """Names the voucher in letters, calls and logs; redeems nothing."""
    resident_id: uuid.UUID = link("resident.id")
    programme_id: uuid.UUID = link("programme.id")
    """The programme that pays for it: the subject of its accounts in the ledger."""
    account_id: uuid.UUID = Field(foreign_key="ledger_account.id", sa_type=Uuid, unique=True)
    """Its account in the ledger: what it still holds."""
    value_minor: int = Field(sa_type=BigInteger)
    """What it holds on hand-over; 0 where it replaces one of which nothing was left."""
    code_hash: bytes = binary()
    code_sealed: bytes = binary()
    carrier: str = Field(max_length=5)
    state: str = Field(default=State.INACTIVE, max_length=10)
    services: list[str] = json_column(empty=list)
    starts_on: date
    expires_on: date
    refunded_on: date | None = None
    pin_hash: bytes | None = binary(optional=True)
    pin_failures: int = 0
    secret_sealed: bytes = binary()
    """From which the rotating codes are made."""
    used_step: int | None = Field(default=None, sa_type=BigInteger)
    """The last minute whose rotating code was used."""
    activated_at: datetime | None = instant(optional=True)
    day_max_minor: int | None = Field(default=None, sa_type=BigInteger)
    """What the holder lets it pay in a day; None: all of it."""
    week_max_minor: int | None = Field(default=None, sa_type=BigInteger)


class RedemptionRow(SQLModel, table=True):
    """A service paid with a voucher. It never changes; what goes back is a transfer of its own."""

    __tablename__ = "redemption"
    __table_args__ = (
        CheckConstraint("amount_minor > 0", name="amount"),
        Index("ix_redemption_provider_id_taken_on", "provider_id", "taken_on"),
    )

    id: uuid.UUID = new_id()
    voucher_id: uuid.UUID = link("voucher.id")
    provider_id: uuid.UUID = link("provider.id", index=False)
    transfer_id: uuid.UUID = Field(foreign_key="transfer.id", sa_type=Uuid, unique=True)
    service: str = Field(max_length=20)
    amount_minor: int = Field(sa_type=BigInteger)
    taken_on: date
    """The day in the town, by which accreditation and limits are decided."""
    redeemed_at: datetime = instant()
    actor: str = Field(max_length=120)
    """The device or person of the provider."""


class PaymentRequestRow(SQLModel, table=True):
    """A payment that a provider asks for and the holder confirms on the phone, or not.

    Its redemption has the same `id`.
    """

    __tablename__ = "payment_request"
    __table_args__ = (
        one_of("outcome", Outcome),
        CheckConstraint("amount_minor > 0", name="amount"),
        CheckConstraint("outcome = 'awaiting_confirmation' OR answered_at IS NOT NULL", name="end"),
        Index("ix_payment_request_voucher_id_outcome", "voucher_id", "outcome"),
    )

    id: uuid.UUID = new_id()
    voucher_id: uuid.UUID = link("voucher.id", index=False)
    provider_id: uuid.UUID = link("provider.id")
    service: str = Field(max_length=20)
    amount_minor: int = Field(sa_type=BigInteger)
    actor: str = Field(max_length=120)
    """The device or person of the provider that asks."""
    asked_at: datetime = instant()
    expires_at: datetime = instant()
    outcome: str = Field(max_length=30)
    answered_at: datetime | None = instant(optional=True)
    answered_by: str = Field(default="", max_length=120)
    """Who confirmed or refused it; empty where nobody did."""


class VoucherDayRow(SQLModel, table=True):
    """What was taken from a printed voucher in a day without its PIN."""

    __tablename__ = "voucher_day"
    __table_args__ = (CheckConstraint("without_pin_minor > 0", name="without_pin"),)

    voucher_id: uuid.UUID = link("voucher.id", key=True)
    day: date = Field(primary_key=True)
    without_pin_minor: int = Field(sa_type=BigInteger)


class ShortDayRow(SQLModel, table=True):
    """How often a provider heard in a day that a voucher does not hold enough."""

    __tablename__ = "short_day"
    __table_args__ = (CheckConstraint("times > 0", name="times"),)

    voucher_id: uuid.UUID = link("voucher.id", key=True)
    provider_id: uuid.UUID = link("provider.id", key=True)
    day: date = Field(primary_key=True)
    times: int


class ReplacementRow(SQLModel, table=True):
    """A voucher whose code died, the one that has its money now, and who printed that on paper."""

    __tablename__ = "voucher_replacement"
    __table_args__ = (
        one_of("reason", ReplacedFor),
        CheckConstraint("replaced_by <> voucher_id", name="another"),
        CheckConstraint("pins_printed_by <> printed_by", name="apart"),
    )

    voucher_id: uuid.UUID = link("voucher.id", key=True)
    replaced_by: uuid.UUID = Field(foreign_key="voucher.id", sa_type=Uuid, unique=True)
    reason: str = Field(max_length=10)
    funded: bool
    """Its money moved along, since the old one had been handed over; otherwise it is promised."""
    actor: str = Field(max_length=120)
    replaced_at: datetime = instant()
    pin_sealed: bytes | None = binary(optional=True)
    """Until the slip is printed."""
    printed_by: uuid.UUID | None = link("account.id", optional=True, index=False)
    printed_at: datetime | None = instant(optional=True)
    pins_printed_by: uuid.UUID | None = link("account.id", optional=True, index=False)
    pins_printed_at: datetime | None = instant(optional=True)


_OPEN = text("lifted_at IS NULL")


class BlockRow(SQLModel, table=True):
    """A voucher that two people stopped, why, what its holder says to it, and what came of that."""

    __tablename__ = "voucher_block"
    __table_args__ = (
        CheckConstraint("blocked_by <> proposed_by", name="two_people"),
        CheckConstraint(
            "answered_by <> blocked_by AND answered_by <> proposed_by", name="uninvolved"
        ),
        CheckConstraint("(answered_by IS NULL) = (answered_at IS NULL)", name="answered"),
        Index(
            "uq_voucher_block_open",
            "voucher_id",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
    )

    id: uuid.UUID = new_id()
    voucher_id: uuid.UUID = link("voucher.id")
    reason: str = Field(sa_type=Text)
    """The holder reads it."""
    proposed_by: uuid.UUID = link("account.id", index=False)
    blocked_by: uuid.UUID = link("account.id", index=False)
    blocked_at: datetime = instant()
    appeal: str = Field(default="", sa_type=Text)
    appealed_at: datetime | None = instant(optional=True)
    answer: str = Field(default="", sa_type=Text)
    upheld: bool | None = None
    answered_by: uuid.UUID | None = link("account.id", optional=True, index=False)
    answered_at: datetime | None = instant(optional=True)
    lifted_because: str = Field(default="", sa_type=Text)
    lifted_at: datetime | None = instant(optional=True)


class NoticeRow(SQLModel, table=True):
    """A mail that a voucher ends in so many days: each is sent once for each last day."""

    __tablename__ = "voucher_notice"
    __table_args__ = (CheckConstraint("days_before > 0", name="days_before"),)

    voucher_id: uuid.UUID = link("voucher.id", key=True)
    last_day: date = Field(primary_key=True)
    days_before: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    sent_at: datetime = instant()


class BookingRow(SQLModel, table=True):
    """A visit for which an amount is set aside. What is paid for it is a redemption of its `id`."""

    __tablename__ = "booking"
    __table_args__ = (
        one_of("state", Visit),
        CheckConstraint("amount_minor > 0", name="amount"),
        CheckConstraint("minutes > 0", name="minutes"),
        CheckConstraint("(minutes IS NULL) = (hour_minor IS NULL)", name="by_the_hour"),
        CheckConstraint("(state = 'booked') = (ended_at IS NULL)", name="ended"),
        Index("ix_booking_provider_id_visit_on", "provider_id", "visit_on"),
    )

    id: uuid.UUID = new_id()
    voucher_id: uuid.UUID = link("voucher.id")
    provider_id: uuid.UUID = link("provider.id", index=False)
    hold_id: uuid.UUID = Field(foreign_key="hold.id", sa_type=Uuid, unique=True)
    service: str = Field(max_length=20)
    visit_on: date
    amount_minor: int = Field(sa_type=BigInteger)
    minutes: int | None = None
    """How long the visit is to take, where it is paid by the hour."""
    hour_minor: int | None = Field(default=None, sa_type=BigInteger)
    """The tariff when it was booked."""
    by_holder: bool
    actor: str = Field(max_length=120)
    booked_at: datetime = instant()
    state: str = Field(default=Visit.BOOKED, max_length=10)
    ended_at: datetime | None = instant(optional=True)


class SpentRow(SQLModel, table=True):
    """What a voucher with a limit of its holder has paid or set aside in a day or a week."""

    __tablename__ = "voucher_spent"
    __table_args__ = (
        one_of("period", Period),
        CheckConstraint("spent_minor >= 0", name="spent"),
    )

    voucher_id: uuid.UUID = link("voucher.id", key=True)
    period: str = Field(primary_key=True, max_length=4)
    starts_on: date = Field(primary_key=True)
    spent_minor: int = Field(sa_type=BigInteger)
