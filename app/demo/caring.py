"""Care in the invented town: programmes, organisations that take vouchers, residents who have some.

Everything is done by the services behind the pages, at the moments at which it would have happened.
"""

import uuid
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from functools import partial
from typing import Any

from sqlmodel import Session, select

from app import clock
from app.db import read_tx, run_tx
from app.demo import care_books
from app.demo.seed import MINOR_PER_UNIT, CareSeed, ClientSeed, ProgrammeSeed, ProviderSeed
from app.demo.world import World
from app.entitlements import appealing, applying, batches, deciding, proving
from app.entitlements.rules import Channel
from app.policy import Actor
from app.programmes import service as programmes
from app.programmes.knob import KnobRules
from app.programmes.population import PER_WHOLE
from app.providers import applying as joining
from app.providers import assessing, devices, standing
from app.providers.criteria import Point
from app.providers.models import Judgement, ProviderRole, Side, TariffUnit
from app.town import queries as towns
from app.vouchers import keys, pins, till
from app.vouchers.models import VoucherRow
from app.vouchers.queries import resident_of
from app.vouchers.redeeming import Charge, redeem
from app.vouchers.rules import Carrier

PROVIDERS_DAYS, DECIDED_DAYS, ISSUED_DAYS = -100, -60, -25
IBAN = "ES9121000418450200051332"
_STEPS = ("draft", "in_review", "recommended", "accredited", "suspended")


@dataclass(frozen=True)
class Organisation:
    """A provider as it was founded: its id, its application, who runs it."""

    seed: ProviderSeed
    id: uuid.UUID
    accreditation_id: uuid.UUID
    manager: Actor


def tell(world: World, care: CareSeed) -> None:
    """Found the first programme, accredit organisations, give residents vouchers; then the rest."""
    first, *later = care.programmes
    slug = found_programme(world, first)
    world.timeline.reach(world.timeline.moment(PROVIDERS_DAYS))
    _name_council(world)
    found = [_apply(world, one) for one in care.providers]
    world.timeline.reach(world.timeline.moment(DECIDED_DAYS))
    for one in found:
        _judge(world, one)
    world.timeline.reach(world.timeline.moment(ISSUED_DAYS))
    for client in care.clients:
        ask_for_vouchers(world, slug, client)
    neighbours = care_books.ask(world, slug)
    issue_batch(world, slug)
    care_books.spend(world, neighbours, _door(found[0]), _door(found[1]))
    _redeem(world, care.clients, found[0])
    for programme in later:
        found_programme(world, programme)


def found_programme(world: World, seed: ProgrammeSeed) -> str:
    world.timeline.reach(world.timeline.moment(seed.founded))
    officer = world.actor("officer")
    starts, ends = (world.timeline.moment(days).date() for days in seed.days)
    row = programmes.create(
        officer,
        {
            "name": seed.name,
            "summary": seed.summary,
            "services": list(seed.services),
            "eligibility": seed.eligibility,
            "starts_on": starts,
            "ends_on": ends,
            "budget_minor": _minor(seed.budget),
            "council_act": seed.council_act,
            "people": [[_minor(income), people, PER_WHOLE] for income, people in seed.people],
            "people_source": seed.people_source,
        },
    )
    slope = Fraction(seed.slope_percent, 100)
    rules = KnobRules(_minor(seed.floor), _minor(seed.cap), slope, _minor(seed.start))
    programmes.save_schedule(officer, row.slug, rules, seen_version=1)
    programmes.propose(officer, row.slug)
    if seed.becomes == "open":
        world.approve("second_officer", programmes.APPROVE)
        programmes.open_programme(officer, row.slug)
    return row.slug


def _name_council(world: World) -> None:
    chief = world.actor("administrator")
    for key, side in (("council_town", Side.GOVERNMENT), ("council_civil", Side.CIVIL)):
        email = world.email(key)
        run_tx(partial(assessing.name_member, actor=chief, email=email, side=side))


def _apply(world: World, seed: ProviderSeed) -> Organisation:
    manager, provider_id = world.actor(seed.manager), uuid.uuid4()

    def begin(session: Session) -> uuid.UUID:
        joining.begin(session, manager, provider_id, name=seed.name, kind=seed.kind)
        areas = {area.code: str(area.id) for area in towns.areas(session)}
        joining.describe(
            session,
            manager,
            provider_id,
            about=seed.about,
            area_ids=[areas[code] for code in seed.areas],
            languages=list(seed.languages),
            accessibility=list(seed.accessibility),
        )
        joining.choose_services(session, manager, provider_id, list(seed.services))
        return joining.current(session, provider_id).id

    found = Organisation(seed, provider_id, run_tx(begin), manager)
    if _reached(seed, "in_review"):
        run_tx(lambda session: _hand_in(world, session, found))
    return found


def _hand_in(world: World, session: Session, one: Organisation) -> None:
    seed, today = one.seed, world.timeline.moment(PROVIDERS_DAYS).date()
    for service in seed.services:
        joining.set_tariff(
            session,
            one.manager,
            one.id,
            service=service,
            unit=TariffUnit.HOUR,
            amount_minor=_minor(seed.hour),
            valid_from=today,
        )
    for point, answers in _evidence(world, seed, today).items():
        joining.answer(session, one.manager, one.id, point, answers)
    for key in seed.helpers:
        email = world.email(key)
        joining.add_person(session, one.manager, one.id, email=email, role=ProviderRole.CLERK)
    joining.submit(session, one.manager, one.id)


def _evidence(world: World, seed: ProviderSeed, today: date) -> dict[Point, dict[str, Any]]:
    recent = (today - timedelta(days=45)).isoformat()
    return {
        Point.USER_CONTROL: {
            "form": "assembly",
            "clause": "Article 12 of the statutes",
            "in_force_on": (today - timedelta(days=1500)).isoformat(),
            "minutes_on": recent,
        },
        Point.BOARD: {"total": 7, "user_members": 4, "non_members": 1},
        Point.RESERVE: {"signed_on": recent},
        Point.OPEN_BOOKS: {"signed_on": recent},
        Point.COMPLAINTS: {
            "route": "Write to the complaints officer or call her in the morning.",
            "answer_days": 14,
            "outside_body": "Ombudsman of the region",
        },
        Point.LICENCES: {
            "licences": "Register of social services, entry 17",
            "insurance": "Mutua del Valle, policy 9",
            "guarding": "Everybody who visits homes is checked every year.",
        },
        Point.BANK: {
            "iban": IBAN,
            "legal_name": seed.name,
            "street_name": "Calle del Azud",
            "building_number": "3",
            "postcode": world.town.postcode,
            "town": world.town.name,
            "country": "ES",
        },
    }


def _judge(world: World, one: Organisation) -> None:
    """Assess, recommend, decide and confirm as far as the organisation has come."""
    if not _reached(one.seed, "in_review"):
        return
    clerk, row_id = world.actor("clerk"), one.accreditation_id
    run_tx(lambda session: assessing.take(session, clerk, row_id))
    if not _reached(one.seed, "recommended"):
        return

    def recommend(session: Session) -> None:
        for point in Point:
            assessing.judge(session, clerk, row_id, point, judgement=Judgement.MET, text="Seen.")
        text = "All points are met; the assembly of users was visited in March."
        assessing.recommend(session, clerk, row_id, granted=True, text=text)

    run_tx(recommend)
    if not _reached(one.seed, "accredited"):
        return
    officer = world.actor("second_officer")
    reason = "Users decide about the service in their assembly, and the books are open."
    run_tx(lambda s: assessing.decide(s, officer, row_id, granted=True, reason=reason))
    for key in ("council_town", "council_civil"):
        run_tx(partial(assessing.confirm, actor=world.actor(key), accreditation_id=row_id))
    if one.seed.device:
        run_tx(lambda s: devices.make(s, one.manager, one.id, one.seed.device))
    if _reached(one.seed, "suspended"):
        run_tx(lambda s: standing.propose(s, officer, standing.SUSPEND, row_id, one.seed.why))
        world.approve("officer", standing.SUSPEND)


def ask_for_vouchers(world: World, slug: str, client: ClientSeed) -> None:
    person, clerk = world.actor(client.key), world.actor("clerk")
    number = client.register_number
    proving.use(person, run_tx(lambda s: proving.make(s, clerk, number, Channel.DESK)))
    row_id = run_tx(lambda session: applying.begin(session, person, slug).id)

    def say(session: Session) -> None:
        applying.tell_age(session, person, row_id, client.age)
        for age in client.others:
            applying.add_member(session, person, row_id, age=age, number="")
        income = None if client.income is None else _minor(client.income)
        applying.tell_income(session, person, row_id, income)
        applying.choose_carrier(session, person, row_id, Carrier(client.carrier))
        if client.becomes != "draft":
            applying.send(session, person, row_id)

    run_tx(say)
    if client.becomes == "draft":
        return
    run_tx(lambda session: deciding.take(session, clerk, row_id))
    if client.becomes == "in_review":
        return
    run_tx(
        lambda session: deciding.decide(
            session, clerk, row_id, granted=True, verified=True, reason="As the schedule says."
        )
    )
    world.approve("second_officer", deciding.GRANT)
    if client.appeal:
        run_tx(lambda session: appealing.file(session, person, row_id, client.appeal))


def issue_batch(world: World, slug: str) -> None:
    run_tx(lambda session: batches.propose(session, world.actor("officer"), slug))
    world.approve("second_officer", batches.ISSUE)


def _redeem(world: World, clients: tuple[ClientSeed, ...], provider: Organisation) -> None:
    """Hand printed vouchers over, and pay for the visits there were, each on its day."""
    clerk = world.actor("clerk")
    for client in clients:
        if client.becomes == "handed_over" and client.carrier == Carrier.PAPER:
            serial = _voucher(world, client).serial
            run_tx(partial(batches.hand_over, actor=clerk, serial=serial))
    spent = [(day, amount, client) for client in clients for day, amount in client.spends]
    for day, amount, client in sorted(spent, key=lambda one: one[0]):
        world.timeline.reach(world.timeline.moment(day, hour=11))
        row = _voucher(world, client)
        secret = keys.unseal(row.secret_sealed, voucher_id=row.id)
        digits = pins.rotating_code(secret, pins.step_at(clock.now()))
        code = keys.unseal(row.code_sealed, voucher_id=row.id).decode()
        _provider, at_the_door = till.of_person(world.actor(provider.seed.helpers[0]), provider.id)
        charge = Charge(code, provider.seed.services[0], _minor(amount), digits)
        redeem(at_the_door, charge, key=uuid.uuid4().hex)


def _door(one: Organisation) -> care_books.Door:
    key = (*one.seed.helpers, one.seed.manager)[0]
    return care_books.Door(key, one.id, one.seed.services[0])


def _voucher(world: World, client: ClientSeed) -> VoucherRow:
    def read(session: Session) -> VoucherRow:
        holder = resident_of(session, world.accounts[client.key])
        query = select(VoucherRow).where(VoucherRow.resident_id == (holder.id if holder else None))
        return session.exec(query).one()

    return read_tx(read)


def _reached(seed: ProviderSeed, step: str) -> bool:
    return _STEPS.index(seed.becomes) >= _STEPS.index(step)


def _minor(amount: float) -> int:
    return round(amount * MINOR_PER_UNIT)
