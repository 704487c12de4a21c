"""Neighbours with vouchers in the invented town, so many that its open books show groups.

They came to a desk with an identity document. Some went to a day centre together, which staff see
among the unusual payments, with an innocent reason.
"""

import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from sqlmodel import Session, select

from app import clock
from app.accounts import desk
from app.db import read_tx, run_tx
from app.demo.people import Neighbour
from app.demo.world import World
from app.entitlements import applying, deciding, proving
from app.entitlements.rules import Channel
from app.policy import Actor
from app.town import queries as towns
from app.vouchers import issuing, keys, pins, till
from app.vouchers.models import VoucherRow
from app.vouchers.paying import Till
from app.vouchers.redeeming import Charge, redeem

OF_AREAS = (11, 9)
OLD_FROM = 66
INCOMES_MINOR = (None, 120_000)
"""Every second keeps theirs private."""
VISITS_DAYS, BUS_DAYS = -22, -21
VISIT_MINOR, DAY_CENTRE_MINOR = 1_600, 1_400


@dataclass(frozen=True)
class Door:
    """Where vouchers are taken: by whom, for which provider, as which service."""

    key: str
    provider_id: uuid.UUID
    service: str


def ask(world: World, slug: str) -> list[str]:
    """Let neighbours of two areas apply at the desk; returns their numbers in the register."""
    clerk, areas = world.actor("clerk"), {one.code: one.id for one in read_tx(towns.areas)}
    found = _neighbours(world)
    for place, one in enumerate(found):
        income = INCOMES_MINOR[place % len(INCOMES_MINOR)]
        _apply(world, clerk, slug, one, areas[one.area], income)
    world.approve("second_officer", deciding.GRANT)
    return [one.register_number for one in found]


def spend(world: World, numbers: Sequence[str], at_home: Door, day_centre: Door) -> None:
    """Pay a visit at home from every second voucher, and the day centre from the others."""
    counters = {
        door: till.of_person(world.actor(door.key), door.provider_id)[1]
        for door in (at_home, day_centre)
    }
    for place, number in enumerate(numbers[::2]):
        day, hour = VISITS_DAYS + place // 8, 9 + place % 8
        world.timeline.reach(world.timeline.moment(day, hour=hour))
        _pay(number, counters[at_home], at_home.service, VISIT_MINOR)
    world.timeline.reach(world.timeline.moment(BUS_DAYS, hour=14))
    for number in numbers[1::2]:
        _pay(number, counters[day_centre], day_centre.service, DAY_CENTRE_MINOR)


def _neighbours(world: World) -> list[Neighbour]:
    old = [one for one in world.people if world.timeline.year - one.birth_date.year >= OLD_FROM]
    busiest = [area for area, _count in Counter(one.area for one in old).most_common(len(OF_AREAS))]
    of_area = ([one for one in old if one.area == area] for area in busiest)
    return [one for group, most in zip(of_area, OF_AREAS, strict=True) for one in group[:most]]


def _apply(
    world: World,
    clerk: Actor,
    slug: str,
    one: Neighbour,
    area_id: uuid.UUID,
    income_minor: int | None,
) -> None:
    account_id = uuid.uuid4()
    person = Actor(account_id=account_id, name=one.name, level="link")

    def come(session: Session) -> str:
        desk.open_account(session, clerk, account_id, one.name)
        return proving.make(session, clerk, one.register_number, Channel.DESK)

    proving.use(person, run_tx(come))

    def apply(session: Session) -> None:
        row_id = applying.begin(session, person, slug).id
        applying.tell_age(session, person, row_id, world.timeline.year - one.birth_date.year)
        applying.tell_income(session, person, row_id, income_minor)
        applying.tell_area(session, person, row_id, area_id)
        applying.send(session, person, row_id)
        deciding.take(session, clerk, row_id)
        deciding.decide(
            session, clerk, row_id, granted=True, verified=True, reason="As the schedule says."
        )

    run_tx(apply)


def _pay(number: str, counter: Till, service: str, amount_minor: int) -> None:
    row = read_tx(partial(_voucher, number=number))
    secret = keys.unseal(row.secret_sealed, voucher_id=row.id)
    digits = pins.rotating_code(secret, pins.step_at(clock.now()))
    code = keys.unseal(row.code_sealed, voucher_id=row.id).decode()
    redeem(counter, Charge(code, service, amount_minor, digits), key=uuid.uuid4().hex)


def _voucher(session: Session, number: str) -> VoucherRow:
    holder = issuing.resident(session, number)
    return session.exec(select(VoucherRow).where(VoucherRow.resident_id == holder.id)).one()
