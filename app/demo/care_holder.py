"""What can become of a voucher, in the invented town: one was never used and has expired, one was
lost and replaced, one has a visit booked with it.
"""

from dataclasses import replace
from datetime import timedelta
from functools import partial

from sqlmodel import Session, select

from app.db import read_tx, run_tx
from app.demo import caring
from app.demo.seed import CareSeed, ClientSeed
from app.demo.world import World
from app.providers.models import ProviderRow
from app.vouchers import booking, replacing
from app.vouchers.models import VoucherRow
from app.vouchers.queries import vouchers_of
from app.vouchers.rules import Carrier, State
from app.vouchers.visits import Wanted

DECIDED_DAYS, LOST_DAYS, VISIT_DAYS = -405, -3, 2
NEIGHBOUR = ClientSeed(
    key="samir", register_number="V900043", age=41, carrier="phone", becomes="handed_over"
)
LOSER, HOLDER = "fatima", "carmen"
ORGANISATION = "Cuidados del Azud"
MINUTES, HOUR_MINOR = 90, 1_600


def remember(world: World, care: CareSeed) -> None:
    """Tell of the year before: a programme that has ended, and a voucher that nobody used."""
    last_year = replace(
        care.programmes[0],
        name="Help at home, last year",
        founded=-430,
        days=(-410, -40),
        council_act="Plenary session, act 3",
    )
    slug = caring.found_programme(world, last_year)
    world.timeline.reach(world.timeline.moment(DECIDED_DAYS))
    caring.ask_for_vouchers(world, slug, NEIGHBOUR)
    caring.issue_batch(world, slug)


def tell(world: World) -> None:
    """Lose a voucher and book a visit, after the vouchers of this year were issued."""
    world.timeline.reach(world.timeline.moment(LOST_DAYS, hour=13))
    loser, lost = world.actor(LOSER), _voucher(world, LOSER)
    run_tx(lambda s: replacing.report_lost(s, loser, lost.id, Carrier.PHONE))
    world.timeline.reach(world.timeline.moment(LOST_DAYS, hour=14))
    run_tx(partial(_book, world))


def _book(world: World, session: Session) -> None:
    holder, voucher = world.actor(HOLDER), _voucher_in(session, world, HOLDER)
    provider = session.exec(select(ProviderRow).where(ProviderRow.name == ORGANISATION)).one()
    visit_on = (world.timeline.now + timedelta(days=VISIT_DAYS)).date()
    wanted = Wanted(
        voucher.services[0],
        visit_on,
        MINUTES * HOUR_MINOR // 60,
        minutes=MINUTES,
        hour_minor=HOUR_MINOR,
    )
    booking.book(session, holder, voucher.id, provider.id, wanted)


def _voucher(world: World, key: str) -> VoucherRow:
    return read_tx(lambda session: _voucher_in(session, world, key))


def _voucher_in(session: Session, world: World, key: str) -> VoucherRow:
    """Return the voucher that a person uses now."""
    found = vouchers_of(session, world.accounts[key])
    return next(row for row in found if row.state == State.ACTIVE)
