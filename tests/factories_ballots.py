"""People on a roll, with codes and passes, and ballots in their slots, for tests."""

import secrets
import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from factories_rounds import MadeRound
from flask import Flask, has_app_context
from sqlmodel import Session, select

from app import keys
from app.ballots import casting
from app.ballots.casting import Place
from app.ballots.receipts import Receipt
from app.db import read_tx, run_tx
from app.roll import issuing, passes, roll_entries, sign_in
from app.roll.models import RollEntryRow
from app.roll.passes import VotingPass
from app.roll.rules import Person
from app.rounds import queries as rounds
from voting.choices import Choices

P = ParamSpec("P")
T = TypeVar("T")

_app: Flask | None = None


def use(app: Flask) -> None:
    """Take keys and settings from this application where no request or context gives them."""
    global _app  # noqa: PLW0603 (one application per test)
    _app = app


def in_app(function: Callable[P, T]) -> Callable[P, T]:
    """Run a function in an application context of its own, unless there is one.

    A context around a whole test would be shared by all its requests, tokens included.
    """

    @wraps(function)
    def inside(*args: P.args, **kwargs: P.kwargs) -> T:
        if has_app_context():
            return function(*args, **kwargs)
        assert _app is not None, "call factories_ballots.use(app) first"
        with _app.app_context():
            return function(*args, **kwargs)

    return inside


CSV_HEADER = "register_number;district;name;address;postcode;town;birth_date"


def make_people(number: int, *, district: str = "town", first: int = 1) -> list[Person]:
    """People named by their number, in the district."""
    return [
        Person(
            line=n + 1,
            register_number=f"{n:08}",
            district=district,
            name=f"Person {n}",
            address=(f"Calle Mayor {n}", "28990 Valdeagua"),
            birth_date=date(1980, 1, 1),
        )
        for n in range(first, first + number)
    ]


def make_csv(people: Sequence[Person]) -> bytes:
    rows = [
        f"{p.register_number};{p.district};{p.name};{p.address[0]};;;{p.birth_date or ''}"
        for p in people
    ]
    return "\n".join([CSV_HEADER, *rows, ""]).encode()


@in_app
def make_roll(round_: MadeRound, people: int | Mapping[str, int] = 1) -> list[RollEntryRow]:
    """Put people on the approved roll of a round: so many, or so many per district."""
    per_district = people if isinstance(people, Mapping) else {"town": people}
    everybody: list[Person] = []
    for district, number in per_district.items():
        everybody += make_people(number, district=district, first=len(everybody) + 1)
    keys.make_round_key(round_.id)
    run_tx(lambda session: roll_entries.bring_in_line(session, round_.row, everybody))
    return read_tx(lambda session: _entries(session, round_.id))


def _entries(session: Session, round_id: uuid.UUID) -> list[RollEntryRow]:
    query = select(RollEntryRow).where(RollEntryRow.round_id == round_id)
    return list(session.exec(query.order_by(RollEntryRow.district)).all())


@in_app
def make_code(entry: RollEntryRow) -> str:
    """Give a person a code, hashed as in earnest."""
    return issuing.issue_codes(entry.round_id, [entry.id])[entry.id]


@in_app
def make_pass(entry: RollEntryRow) -> VotingPass:
    """Make the pass that the person's code would open, without a code."""

    def make(session: Session) -> VotingPass:
        return sign_in.make_pass(session, rounds.round_by_id(session, entry.round_id), entry)

    return read_tx(make)


@in_app
def make_ballot(
    known: VotingPass,
    pot_id: uuid.UUID,
    fields: Mapping[str, Any],
    *,
    cast_key: bytes | None = None,
) -> Receipt:
    """Cast a ballot with the fields of its form: `{"project": ["bench"]}`."""
    posted = {
        name: [str(one) for one in (value if isinstance(value, list) else [value])]
        for name, value in fields.items()
    }
    return casting.cast(known, pot_id, posted, cast_key or secrets.token_bytes(16))


def record_ballot(round_: MadeRound, pot_id: uuid.UUID, choices: Choices) -> Receipt:
    """Put a ballot into a random slot, whatever the state of the round and the rules."""
    [receipt] = record_ballots(round_, pot_id, [choices])
    return receipt


@in_app
def record_ballots(
    round_: MadeRound, pot_id: uuid.UUID, choices: Sequence[Choices]
) -> list[Receipt]:
    """Put ballots into random slots in one transaction."""
    places = [Place(round_.id, pot_id, secrets.token_bytes(32), "town") for _ in choices]
    keys.make_round_key(round_.id)
    records = [
        (place, casting.make_record(place, chosen, secrets.token_bytes(16)))
        for place, chosen in zip(places, choices, strict=True)
    ]
    return run_tx(
        lambda session: [casting.record_ballot(session, round_.row, *one) for one in records]
    )


@in_app
def pass_cookie(known: VotingPass) -> str:
    """Write a pass as it stands in the voter's cookie."""
    return passes.seal(known)
