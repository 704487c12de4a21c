"""Organisations are paid in the invented town: one settlement is booked, one waits for its second
officer, one payment is disputed.

All of it happens yesterday and today, after what the other parts of the story have told.
"""

import uuid
from datetime import date, timedelta
from functools import partial

from sqlmodel import Session, col, select

from app.db import read_tx, run_tx
from app.demo.world import World
from app.settlement import (
    booking,
    disputing,
    exporting,
    paying_from,
    preparing,
    queries,
    releasing,
)
from app.vouchers.models import RedemptionRow
from app.vouchers.queries import vouchers_of

PROGRAMME = "help-at-home"
FIRST_CUT_OFF_DAYS, DONE_DAYS = -13, -1
DISPUTER = "carmen"
IBAN = "ES7921000813610123456789"
STREET, NUMBER, COUNTRY = "Plaza Mayor", "1", "ES"


def tell(world: World) -> None:
    """Pay what was taken first, prepare the next settlement, dispute the last visit."""
    world.timeline.reach(world.timeline.moment(DONE_DAYS, hour=14))
    officer = world.actor("officer")
    run_tx(lambda session: paying_from.enter(session, officer, _account(world)))
    first = _freeze(world, world.timeline.moment(FIRST_CUT_OFF_DAYS).date())
    world.approve("second_officer", preparing.RELEASE)
    world.timeline.reach(world.timeline.moment(DONE_DAYS, hour=15))
    run_tx(lambda session: exporting.take_file(session, officer, first))
    run_tx(partial(_dispute, world))
    world.timeline.reach(world.timeline.now - timedelta(hours=1))
    _book(world, first)
    _freeze(world, read_tx(preparing.usual_cut_off))


def _account(world: World) -> paying_from.Account:
    town = world.town
    name = f"Ayuntamiento de {town.name}"
    return paying_from.Account(name, IBAN, STREET, NUMBER, town.postcode, town.name, COUNTRY)


def _freeze(world: World, cut_off_on: date) -> uuid.UUID:
    """Prepare a settlement up to where it waits for its second officer."""
    officer = world.actor("officer")

    def freeze(session: Session) -> uuid.UUID:
        row = preparing.prepare(session, officer, PROGRAMME, cut_off_on)
        preparing.freeze(session, officer, row.id)
        releasing.propose(session, officer, row.id)
        return row.id

    return run_tx(freeze)


def _book(world: World, batch_id: uuid.UUID) -> None:
    officer = world.actor("officer")

    def propose(session: Session) -> None:
        sum_minor = queries.batch(session, batch_id).total_minor
        booking.propose_booked(
            session, officer, batch_id, bank_minor=sum_minor, returned=(), why=""
        )

    run_tx(propose)
    world.approve("second_officer", booking.BOOK)


def _dispute(world: World, session: Session) -> None:
    """The holder says that the newest visit was shorter than what was taken for it."""
    holder = world.actor(DISPUTER)
    own = [row.id for row in vouchers_of(session, world.accounts[DISPUTER])]
    query = select(RedemptionRow).where(col(RedemptionRow.voucher_id).in_(own))
    newest = session.exec(query.order_by(col(RedemptionRow.taken_on).desc())).first()
    if newest is not None:
        reason = "She came for an hour, and an hour and a half was taken."
        disputing.open_dispute(session, holder, newest.id, reason=reason)
