"""Residents who have proven who they are, and their applications, at whatever state is wanted."""

import itertools
import uuid
from datetime import date
from typing import Any

import factories
from factories_programmes import make_programme

from app.accounts.models import AccountRow
from app.db import read_tx, run_tx
from app.entitlements import applying, deciding, proving, queries
from app.entitlements.models import ApplicationRow
from app.entitlements.rules import Channel
from app.policy import CLERK, Actor
from app.programmes.models import ProgrammeState

_numbers = itertools.count(1)


def actor_of(account: AccountRow, *roles: str) -> Actor:
    return Actor(account.id, account.name, frozenset(roles), "full")


def clerk() -> Actor:
    return actor_of(factories.make_account(CLERK), CLERK)


def make_resident(number: str = "") -> Actor:
    """An account whose person has typed a code from the desk."""
    person, desk = actor_of(factories.make_account()), clerk()
    register = number or f"R-{next(_numbers)}"
    code = run_tx(lambda s: proving.make(s, desk, register, Channel.DESK))
    proving.use(person, code)
    return person


def open_programme(**values: Any) -> str:
    return make_programme(ProgrammeState.OPEN, **values).slug


def apply(
    slug: str,
    person: Actor | None = None,
    *,
    age: int = 40,
    income_minor: int | None = None,
    others: tuple[tuple[int, str], ...] = (),
) -> tuple[Actor, uuid.UUID]:
    """Send an application; `others`: age and number of further members."""
    who = person or make_resident()
    row_id = run_tx(lambda s: applying.begin(s, who, slug)).id

    def say(session: object) -> None:
        applying.tell_age(session, who, row_id, age)
        for member_age, number in others:
            applying.add_member(session, who, row_id, age=member_age, number=number)
        applying.tell_income(session, who, row_id, income_minor)
        applying.send(session, who, row_id)

    run_tx(say)
    return who, row_id


def decide(
    row_id: uuid.UUID, by: Actor | None = None, *, granted: bool = True, verified: bool = False
) -> ApplicationRow:
    """Take an application and decide it."""
    desk = by or clerk()
    run_tx(lambda s: deciding.take(s, desk, row_id))
    return run_tx(
        lambda s: deciding.decide(
            s, desk, row_id, granted=granted, verified=verified, reason="As the rules say."
        )
    )


def stored(row_id: uuid.UUID) -> ApplicationRow:
    return read_tx(lambda s: s.get_one(ApplicationRow, row_id))


def promised(row_id: uuid.UUID) -> list[int]:
    found = read_tx(lambda s: queries.entitlements_of(s, row_id))
    return [one.value_minor for one in found]


START = date(2027, 1, 1)
