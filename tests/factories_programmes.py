"""Programmes for tests: the scenarios of the design, at whatever state a test wants."""

from datetime import date
from fractions import Fraction
from typing import Any

import factories
from factories_accounts import approvals as all_approvals

from app.accounts import approvals
from app.accounts.models import AccountRow
from app.db import read_tx, run_tx
from app.policy import ROUND_OFFICER, Actor
from app.programmes import closing, queries, service
from app.programmes.knob import KnobRules
from app.programmes.models import ProgrammeRow, ProgrammeState

PEOPLE = [[income, 100, 1_000_000] for income in (60_000, 180_000, 400_000)]
RULES = KnobRules(2_000, 20_000, Fraction(1, 20), 80_000)


def officer() -> Actor:
    account: AccountRow = factories.make_account(ROUND_OFFICER)
    return Actor(account.id, account.name, frozenset({ROUND_OFFICER}), "full")


def programme(slug: str) -> ProgrammeRow:
    return read_tx(lambda session: queries.by_slug(session, slug))


def make_programme(
    state: ProgrammeState = ProgrammeState.DRAFT, *, scheduled: bool = True, **values: Any
) -> ProgrammeRow:
    """A programme of the test scenarios: 300 residents, 21,000.00, mode `full`."""
    boss = officer()
    wanted = {
        "name": "Care at home",
        "services": ["home-care"],
        "starts_on": date(2027, 1, 1),
        "ends_on": date(2027, 12, 31),
        "budget_minor": 2_100_000,
        "council_act": "2026/118",
        "people": PEOPLE,
        "people_source": "Invented for tests",
    } | values
    slug = service.create(boss, wanted).slug
    if scheduled or state is not ProgrammeState.DRAFT:
        service.save_schedule(boss, slug, RULES, seen_version=1)
    if state in (ProgrammeState.APPROVED, ProgrammeState.OPEN, ProgrammeState.CLOSED):
        service.propose(boss, slug)
        approve_last()
    if state in (ProgrammeState.OPEN, ProgrammeState.CLOSED):
        service.open_programme(boss, slug)
    if state is ProgrammeState.CLOSED:
        closing.propose(boss, slug)
        approve_last()
    if state is ProgrammeState.PROPOSED:
        service.propose(boss, slug)
    return programme(slug)


def approve_last() -> None:
    """A second officer agrees to what was proposed last."""
    last, second = all_approvals()[-1].id, officer()
    run_tx(lambda session: approvals.approve(session, second, last))
