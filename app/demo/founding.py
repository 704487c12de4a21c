"""The town itself: its name, its areas, and the people who sign in."""

import uuid

import pyotp
from sqlmodel import Session

from app import clock
from app.accounts import audit, people, sessions, set_up, totp
from app.db import run_tx
from app.demo.seed import PersonSeed, TownSeed
from app.demo.sign_ins import PASSWORD
from app.policy import ANONYMOUS
from app.town import service as towns
from app.town.models import AreaKind


def found(session: Session, town: TownSeed) -> None:
    """Make the town with its areas and their shapes."""
    towns.make_demo(
        session,
        name=town.name,
        country=town.country,
        contact=town.contact,
        currency=town.currency,
        time_zone=town.time_zone,
    )
    ids: dict[str | None, uuid.UUID | None] = {None: None}
    for area in town.areas.values():
        row = towns.add_area(
            session,
            code=area.code,
            name=area.name,
            kind=AreaKind(area.kind),
            parent_id=ids[area.parent],
        )
        ids[area.code] = row.id
    towns.set_shapes(session, {code: dict(area.geometry) for code, area in town.areas.items()})


def people_of(town: TownSeed) -> dict[str, uuid.UUID]:
    """Open the accounts of staff and residents; returns them by their key in the data files."""
    staff = {person.key: _hire(person) for person in town.staff}
    residents = (*town.authors, *town.carers)
    return staff | {person.key: _register(person) for person in residents}


def _hire(person: PersonSeed) -> uuid.UUID:
    """Make a staff account as the server's operator would, and finish its set-up."""

    def make(session: Session) -> tuple[uuid.UUID, str]:
        account = people.make(session, name=person.name, email=person.email)
        people.grant(session, account, person.role)
        details = {"role": person.role}
        audit.record(session, ANONYMOUS, "people.created_on_server", str(account.id), details)
        return account.id, set_up.issue_link(session, account.id)

    account_id, link = run_tx(make)
    token = link.rpartition("/")[2]
    generator = pyotp.TOTP(totp.as_text(totp.secret_for(token)))
    code = generator.at(int(clock.now().timestamp()))
    choice = set_up.Choice(email=person.email, password=PASSWORD, code=code)
    secret = set_up.complete(token, choice, network="demo")
    run_tx(lambda session: sessions.end(session, secret))
    return account_id


def _register(person: PersonSeed) -> uuid.UUID:
    account = run_tx(lambda session: people.make(session, name=person.name, email=person.email))
    return account.id
