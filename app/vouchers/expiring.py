"""What happens to money that nobody spent in time: it repays the cover, then helps others.

Vouchers that were handed over EXPIRE once the days of grace are over; what was promised and never
handed over LAPSES back to where it was promised from. Both are done a thousand at a time, each
thousand with its end in one transaction: a run that is broken off is gone on with, never repeated.
Source: the specification of vouchers, sections 4 and 11 ("one expiry source").
"""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, and_, or_, update
from sqlmodel import Session, col, select

from app import clock
from app.ledger import queries as ledger_queries
from app.ledger import service as ledger
from app.ledger.batch import Move, post_many
from app.ledger.entries import AccountKind, TransferKind
from app.programmes.models import Mode, ProgrammeRow
from app.vouchers import blocking
from app.vouchers.models import BlockRow, ReplacementRow, VoucherRow
from app.vouchers.rules import GRACE_DAYS, REFUND_DAYS, State, parts_of_rest

CHUNK = 1_000
ACTOR = "calendar"


@dataclass(frozen=True)
class _Ending:
    """A voucher whose time is over, and what is left of it or promised for it."""

    id: uuid.UUID
    programme_id: uuid.UUID
    account_id: uuid.UUID
    serial: str
    amount_minor: int


def expire_some(session: Session, on: date) -> int:
    """End up to a thousand vouchers that were handed over; returns how many, 0: none is left."""
    rows = _without_undecided(session, _next(session, _handed_over(), on))
    held = ledger_queries.balances_minor(session, (one.account_id for one in rows))
    endings = [_ending(one, held.get(one.account_id, 0)) for one in rows]
    moves = [
        move
        for programme, ended in _by_programme(session, endings)
        for move in _expired(session, programme, ended)
    ]
    if moves:
        post_many(session, TransferKind.EXPIRE, moves, actor=ACTOR)
    return _end(session, endings)


def lapse_some(session: Session, on: date) -> int:
    """End up to a thousand vouchers that were never handed over; see `expire_some`."""
    rows = _next(session, _never_handed_over(), on)
    endings = [_ending(one, one.value_minor) for one in rows]
    moves = [
        move
        for programme, ended in _by_programme(session, endings)
        for move in _lapsed(session, programme, ended)
    ]
    if moves:
        post_many(session, TransferKind.LAPSE, moves, actor=ACTOR)
    return _end(session, endings)


def over_since(on: date) -> ColumnElement[bool]:
    """Tell vouchers whose last day (`rules.last_day`) was `on` or before."""
    came_back = col(VoucherRow.refunded_on)
    late = and_(came_back.is_not(None), came_back > col(VoucherRow.expires_on))  # never NULL
    return or_(
        and_(~late, col(VoucherRow.expires_on) <= on),
        and_(late, came_back <= on - timedelta(days=REFUND_DAYS)),
    )


def _funded() -> ColumnElement[bool]:
    """Tell vouchers that got their money from one that they replace."""
    moved = select(ReplacementRow.replaced_by).where(col(ReplacementRow.funded))
    return col(VoucherRow.id).in_(moved)


def _handed_over() -> ColumnElement[bool]:
    undecided = select(BlockRow.voucher_id).where(blocking.undecided(clock.now()))
    return or_(
        col(VoucherRow.state) == State.ACTIVE,
        and_(col(VoucherRow.state) == State.INACTIVE, _funded()),
        and_(col(VoucherRow.state) == State.BLOCKED, col(VoucherRow.id).not_in(undecided)),
    )


def _never_handed_over() -> ColumnElement[bool]:
    return and_(col(VoucherRow.state) == State.INACTIVE, ~_funded())


def _next(session: Session, which: ColumnElement[bool], on: date) -> list[VoucherRow]:
    query = (
        select(VoucherRow)
        .where(which, over_since(on - timedelta(days=GRACE_DAYS)))
        .order_by(col(VoucherRow.id))
        .limit(CHUNK)
        .with_for_update()
    )
    return list(session.exec(query.execution_options(populate_existing=True)).all())


def _without_undecided(session: Session, rows: list[VoucherRow]) -> list[VoucherRow]:
    """Leave those out that were blocked while their row was waited for."""
    undecided = select(BlockRow.voucher_id).where(
        blocking.undecided(clock.now()), col(BlockRow.voucher_id).in_([one.id for one in rows])
    )
    kept = set(session.exec(undecided).all())
    return [one for one in rows if one.id not in kept]


def _ending(row: VoucherRow, amount_minor: int) -> _Ending:
    return _Ending(row.id, row.programme_id, row.account_id, row.serial, amount_minor)


def _by_programme(
    session: Session, endings: Iterable[_Ending]
) -> list[tuple[ProgrammeRow, list[_Ending]]]:
    found: dict[uuid.UUID, list[_Ending]] = {}
    for one in endings:
        if one.amount_minor:
            found.setdefault(one.programme_id, []).append(one)
    return [(session.get_one(ProgrammeRow, key), found[key]) for key in sorted(found)]


def _expired(session: Session, programme: ProgrammeRow, ended: list[_Ending]) -> list[Move]:
    """A voucher's rest repays the cover first; what is left of it helps others."""
    cover, missing_minor = _cover(session, programme)
    pool = _account(session, programme, AccountKind.POOL)
    moves = []
    for one in ended:
        to_cover, to_pool = parts_of_rest(one.amount_minor, missing_minor=missing_minor)
        missing_minor -= to_cover
        moves += _moves(one, one.account_id, ((cover, to_cover), (pool, to_pool)))
    return moves


def _lapsed(session: Session, programme: ProgrammeRow, ended: list[_Ending]) -> list[Move]:
    cover, missing_minor = _cover(session, programme)
    reserve = _account(session, programme, AccountKind.RESERVE)
    fund = _account(session, programme, AccountKind.FUND)
    moves = []
    for one in ended:
        to_cover, to_fund = parts_of_rest(one.amount_minor, missing_minor=missing_minor)
        missing_minor -= to_cover
        moves += _moves(one, reserve, ((cover, to_cover), (fund, to_fund)))
    return moves


def _moves(
    one: _Ending, source: uuid.UUID, targets: tuple[tuple[uuid.UUID | None, int], ...]
) -> list[Move]:
    event = uuid.uuid4()
    return [
        Move(source, target, amount_minor, event, one.serial)
        for target, amount_minor in targets
        if target is not None and amount_minor
    ]


def _cover(session: Session, programme: ProgrammeRow) -> tuple[uuid.UUID | None, int]:
    """Return the account of the cover and what was promised from it; none in mode `full`."""
    if programme.mode != Mode.COVERED:
        return None, 0
    account = ledger.account(
        session,
        AccountKind.COVER,
        unit=programme.unit,
        subject_id=programme.id,
        floor_minor=-programme.cover_minor,
    )
    return account, max(0, -ledger.balance_minor(session, account))


def _account(session: Session, programme: ProgrammeRow, kind: AccountKind) -> uuid.UUID:
    return ledger.account(session, kind, unit=programme.unit, subject_id=programme.id)


def _end(session: Session, endings: list[_Ending]) -> int:
    if endings:
        session.exec(
            update(VoucherRow)
            .where(col(VoucherRow.id).in_([one.id for one in endings]))
            .values(state=State.ENDED)
            .execution_options(synchronize_session=False)
        )
        session.expire_all()
    return len(endings)
