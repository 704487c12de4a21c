"""What can be settled, counted by the database: a hundred thousand redemptions never come here.

The conditions are those of `rules.why_waits`, as statements; a test holds the two together.
"""

import uuid
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import (
    ColumnElement,
    Select,
    Subquery,
    and_,
    exists,
    func,
    insert,
    literal,
    select,
    text,
)
from sqlmodel import Session, SQLModel

from app.db import engine
from app.ledger.models import TRANSFERS
from app.settlement.queries import PAID
from app.settlement.rules import DISPUTE_DAYS, DisputeState, LineState

_tables = SQLModel.metadata.tables
REDEMPTIONS, VOUCHERS = _tables["redemption"], _tables["voucher"]
BATCHES, LINES = _tables["settlement_batch"], _tables["settlement_line"]
ITEMS, DISPUTES = _tables["settlement_item"], _tables["settlement_dispute"]


@dataclass
class Sums:
    """What of a provider's money in a programme can be settled; see `rules.Line`."""

    gross_minor: int = 0
    item_count: int = 0
    again_minor: int = 0
    owed_back_minor: int = 0


def sums(session: Session, programme_id: uuid.UUID, cut_off_on: date) -> dict[uuid.UUID, Sums]:
    """Return by provider what can be settled up to the beginning of a day."""
    _take_time(session)
    found: dict[uuid.UUID, Sums] = defaultdict(Sums)
    for row in session.execute(_due(programme_id, cut_off_on)):
        found[row.provider_id].gross_minor = int(row.gross)
        found[row.provider_id].item_count = row.number
    for row in session.execute(_again(programme_id)):
        found[row.provider_id].again_minor = int(row.total)
    for row in session.execute(_refunded(programme_id)):
        found[row.provider_id].owed_back_minor += int(row.total)
    for row in session.execute(_offset(programme_id)):
        found[row.provider_id].owed_back_minor -= int(row.total)
    return {key: one for key, one in found.items() if one != Sums()}


def add_items(
    session: Session, batch_id: uuid.UUID, programme_id: uuid.UUID, cut_off_on: date
) -> None:
    """Write what the due lines of a batch pay for."""
    back = _back()
    chosen = (
        select(
            LINES.c.id,
            REDEMPTIONS.c.id,
            REDEMPTIONS.c.amount_minor - func.coalesce(back.c.total, 0),
            literal(value=True),
        )
        .select_from(_with_back(back))
        .join(
            LINES,
            and_(
                LINES.c.provider_id == REDEMPTIONS.c.provider_id,
                LINES.c.batch_id == batch_id,
                LINES.c.state == LineState.DUE,
            ),
        )
        .where(*_eligible(back, programme_id, cut_off_on))
    )
    columns = ["line_id", "redemption_id", "amount_minor", "live"]
    session.connection().execute(insert(ITEMS).from_select(columns, chosen))


def sums_of_items(session: Session, batch_id: uuid.UUID) -> dict[uuid.UUID, tuple[int, int]]:
    """Return sum and number of the items of each line of a batch."""
    query = (
        select(ITEMS.c.line_id, func.sum(ITEMS.c.amount_minor), func.count())
        .join(LINES, LINES.c.id == ITEMS.c.line_id)
        .where(LINES.c.batch_id == batch_id)
        .group_by(ITEMS.c.line_id)
    )
    return {line: (int(total), number) for line, total, number in session.execute(query)}


def is_unchanged(session: Session, batch_id: uuid.UUID) -> bool:
    """Say whether every item of a batch is worth what it was at the freeze, and undisputed."""
    _take_time(session)
    back = _back()
    standing = REDEMPTIONS.c.amount_minor - func.coalesce(back.c.total, 0)
    query = (
        select(literal(1))
        .select_from(_with_back(back))
        .join(ITEMS, ITEMS.c.redemption_id == REDEMPTIONS.c.id)
        .join(LINES, LINES.c.id == ITEMS.c.line_id)
        .where(LINES.c.batch_id == batch_id, (standing != ITEMS.c.amount_minor) | _disputed())
    )
    return session.execute(query.limit(1)).first() is None


def _take_time(session: Session) -> None:
    """Let this transaction count a whole town; the limit is for what somebody waits for."""
    if not engine.is_sqlite():
        session.execute(text("SET LOCAL statement_timeout = 0"))


def _due(programme_id: uuid.UUID, cut_off_on: date) -> Select[tuple[uuid.UUID, int, int]]:
    back = _back()
    standing = REDEMPTIONS.c.amount_minor - func.coalesce(back.c.total, 0)
    return (
        select(
            REDEMPTIONS.c.provider_id,
            func.sum(standing).label("gross"),
            func.count().label("number"),
        )
        .select_from(_with_back(back))
        .where(*_eligible(back, programme_id, cut_off_on))
        .group_by(REDEMPTIONS.c.provider_id)
    )


def _again(programme_id: uuid.UUID) -> Select[tuple[uuid.UUID, int]]:
    """What the bank sent back and no later line has paid."""
    return (
        select(LINES.c.provider_id, func.sum(LINES.c.pay_minor).label("total"))
        .join(BATCHES, BATCHES.c.id == LINES.c.batch_id)
        .where(
            BATCHES.c.programme_id == programme_id,
            LINES.c.state == LineState.RETURNED,
            LINES.c.again_in_id.is_(None),
        )
        .group_by(LINES.c.provider_id)
    )


def _refunded(programme_id: uuid.UUID) -> Select[tuple[uuid.UUID, int]]:
    """What went back to residents of redemptions that were paid out before."""
    back = _back()
    since = back.c.total - (REDEMPTIONS.c.amount_minor - ITEMS.c.amount_minor)
    return (
        select(REDEMPTIONS.c.provider_id, func.sum(since).label("total"))
        .join(back, back.c.reverses_id == REDEMPTIONS.c.transfer_id)
        .join(ITEMS, ITEMS.c.redemption_id == REDEMPTIONS.c.id)
        .join(LINES, LINES.c.id == ITEMS.c.line_id)
        .join(BATCHES, BATCHES.c.id == LINES.c.batch_id)
        .where(BATCHES.c.programme_id == programme_id, BATCHES.c.state.in_(PAID))
        .group_by(REDEMPTIONS.c.provider_id)
    )


def _offset(programme_id: uuid.UUID) -> Select[tuple[uuid.UUID, int]]:
    """What paid lines have kept back for it."""
    return (
        select(LINES.c.provider_id, func.sum(LINES.c.owed_back_minor).label("total"))
        .join(BATCHES, BATCHES.c.id == LINES.c.batch_id)
        .where(
            BATCHES.c.programme_id == programme_id,
            BATCHES.c.state.in_(PAID),
            LINES.c.state != LineState.CARRIED,
        )
        .group_by(LINES.c.provider_id)
    )


def _eligible(
    back: Subquery, programme_id: uuid.UUID, cut_off_on: date
) -> tuple[ColumnElement[bool], ...]:
    batched = exists().where(ITEMS.c.redemption_id == REDEMPTIONS.c.id, ITEMS.c.live)
    return (
        VOUCHERS.c.programme_id == programme_id,
        REDEMPTIONS.c.taken_on < cut_off_on - timedelta(days=DISPUTE_DAYS),
        REDEMPTIONS.c.amount_minor > func.coalesce(back.c.total, 0),
        ~batched,
        ~_disputed(),
    )


def _disputed() -> ColumnElement[bool]:
    return exists().where(
        DISPUTES.c.redemption_id == REDEMPTIONS.c.id, DISPUTES.c.state == DisputeState.OPEN
    )


def _back() -> Subquery:
    """What was taken back of each transfer."""
    return (
        select(TRANSFERS.c.reverses_id, func.sum(TRANSFERS.c.amount_minor).label("total"))
        .where(TRANSFERS.c.reverses_id.is_not(None))
        .group_by(TRANSFERS.c.reverses_id)
        .subquery("back")
    )


def _with_back(back: Subquery):  # type: ignore[no-untyped-def]  # a join has no public type
    return REDEMPTIONS.join(VOUCHERS, VOUCHERS.c.id == REDEMPTIONS.c.voucher_id).outerjoin(
        back, back.c.reverses_id == REDEMPTIONS.c.transfer_id
    )
