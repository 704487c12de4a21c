"""Who acts for whom in the invented town, and its shared pool: a gift, a grant, a request.

All of it happens in the last two days, after what other parts of the story have told.
"""

import json
import uuid
from functools import partial

from sqlmodel import Session, select

from app.db import read_tx, run_tx
from app.delegation import acting, doing, naming, staffing
from app.delegation.rules import Power
from app.demo.world import World
from app.pool import asking, giving, granting
from app.pool.rules import Need
from app.providers import queries as providers
from app.providers.models import ProviderRow
from app.vouchers import keys, till
from app.vouchers.models import VoucherRow
from app.vouchers.queries import vouchers_of
from app.vouchers.redeeming import Charge, redeem
from app.vouchers.rules import State

HOLDER, RELATIVE = "carmen", "ana"
ORGANISATION, WORKER = "Casa de Día La Noria", "teresa"
CARER = "hugo"
RELATIVE_MAY = (Power.CONFIRM, Power.SEE_BALANCE)
NAMED_DAYS, USED_DAYS = -2, -1
GIVEN_MINOR, GRANTED_MINOR, ASKED_MINOR = 1_500, 800, 2_400


def tell(world: World) -> None:
    """Name a relative and an organisation, let both act, fill the pool and grant from it."""
    world.timeline.reach(world.timeline.moment(NAMED_DAYS))
    by_relative = _invite(world, HOLDER, RELATIVE, "My niece Ana", *RELATIVE_MAY)
    _invite(world, "andres", "rosario", "Rosario next door", *Power)
    by_worker = _name_organisation(world)
    world.timeline.reach(world.timeline.moment(USED_DAYS, hour=12))
    voucher = _voucher(world, HOLDER)
    _look(world, WORKER, by_worker, voucher)
    _refuse(world, by_relative, voucher)
    _share(world)


def _invite(world: World, holder_key: str, key: str, label: str, *powers: Power) -> uuid.UUID:
    """Name a person, who accepts with the code; returns the delegation."""
    holder = world.actor(holder_key)

    def invite(session: Session) -> str:
        row = naming.begin(session, holder, label=label)
        naming.choose_powers(session, holder, row.id, powers)
        return naming.make_own_code(session, holder, row.id)

    return naming.accept(world.actor(key), run_tx(invite))


def _name_organisation(world: World) -> uuid.UUID:
    """A helper organisation begins with the smallest powers; its manager names herself."""
    holder, worker = world.actor(HOLDER), world.actor(WORKER)

    def name(session: Session) -> uuid.UUID:
        query = select(ProviderRow).where(ProviderRow.name == ORGANISATION)
        provider = session.exec(query).one()
        row = naming.begin(session, holder, provider_id=provider.id)
        staffing.name_worker(session, worker, row.id, world.accounts[WORKER])
        return row.id

    return run_tx(name)


def _look(world: World, key: str, delegation_id: uuid.UUID, voucher: VoucherRow) -> None:
    run_tx(lambda session: acting.look(session, world.actor(key), delegation_id, voucher.id))


def _refuse(world: World, delegation_id: uuid.UUID, voucher: VoucherRow) -> None:
    """A carer asks for a visit that did not take place, and the niece does not pay it."""
    carer = world.actor(CARER)
    [(provider, _role), *_rest] = read_tx(
        lambda session: providers.of_person(session, world.accounts[CARER])
    )
    _provider, at_the_door = till.of_person(carer, provider.id)
    code = keys.unseal(voucher.code_sealed, voucher_id=voucher.id).decode()
    charge = Charge(code, voucher.services[0], GRANTED_MINOR, "")
    said = json.loads(redeem(at_the_door, charge, key=uuid.uuid4().hex).body)
    request_id = uuid.UUID(said["redemption_id"])
    actor = world.actor(RELATIVE)
    run_tx(
        lambda session: doing.answer(
            session, actor, delegation_id, voucher.id, request_id, pay=False
        )
    )


def _share(world: World) -> None:
    """One gives, one is granted a part of it, and one request waits for the officers."""
    holder, voucher = world.actor(HOLDER), _voucher(world, HOLDER)
    run_tx(
        lambda session: giving.give_own(session, holder, voucher.id, GIVEN_MINOR, key=uuid.uuid4())
    )
    granted = _ask(world, "fatima", Need.CARER_AWAY, GRANTED_MINOR)
    officer, reason = world.actor("officer"), "The pool bears it, and the need is clear."
    run_tx(
        lambda session: granting.propose(
            session, officer, granted, granted_minor=GRANTED_MINOR, reason=reason
        )
    )
    world.approve("second_officer", granting.GRANT)
    _ask(world, "andres", Need.ILLNESS, ASKED_MINOR, "I come home from hospital on Friday.")


def _ask(world: World, key: str, need: Need, amount_minor: int, words: str = "") -> uuid.UUID:
    actor, voucher = world.actor(key), _voucher(world, key)

    def ask(session: Session) -> uuid.UUID:
        row = asking.begin(session, actor, voucher.id)
        asking.tell_need(session, actor, row.id, need)
        asking.tell_amount(session, actor, row.id, amount_minor)
        asking.tell_words(session, actor, row.id, words)
        asking.send(session, actor, row.id)
        return row.id

    return run_tx(ask)


def _voucher(world: World, key: str) -> VoucherRow:
    """Return the voucher that a person uses now."""
    found = read_tx(partial(vouchers_of, account_id=world.accounts[key]))
    return next(row for row in found if row.state == State.ACTIVE)
