"""Redeeming a voucher: one transaction, one answer per key, and never more than it holds.

The order is that of the specification, sections 3 and 6. The row of the voucher is locked before
anything is decided, so that of parallel attempts each sees what the ones before it have used up:
PINs tried, minutes used, the day's limit. The money itself is guarded once more, by the
conditional update of the ledger.
"""

import json
import uuid
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import update
from sqlmodel import Session, col

from app import clock
from app.accounts import throttle
from app.db import run_tx
from app.db.types import uuid7
from app.ledger.errors import InsufficientError
from app.ledger.once import Answer, once
from app.providers.days import today
from app.providers.queries import is_accredited
from app.vouchers import booking, codes, keys, paying, pins, requests
from app.vouchers.models import ShortDayRow, VoucherDayRow, VoucherRow
from app.vouchers.paying import Payment, Till
from app.vouchers.rules import Attempt, Factor, Outcome, Refused, decide
from app.vouchers.visits import Wanted

__all__ = ["Charge", "Till", "redeem"]


@dataclass(frozen=True)
class Charge:
    """What is asked for. `code` as `codes.read` returns it; `digits`: PIN or rotating code.

    `visit`: the amount is not paid now but set aside for that visit.
    """

    code: str = field(repr=False)
    service: str
    amount_minor: int
    digits: str = field(default="", repr=False)
    visit: Wanted | None = None

    def as_bytes(self) -> bytes:
        """The same charge gives the same bytes; they are only hashed, never stored."""
        parts: list[object] = [self.code, self.service, self.amount_minor, self.digits]
        if self.visit is not None:
            parts += [self.visit.visit_on.isoformat(), self.visit.minutes]
        return json.dumps(parts, ensure_ascii=False).encode()


FAILURES_PER_ACTOR_MAX = 10
FAILURES_ACTOR_SECONDS = 15 * 60
FAILURES_PER_PROVIDER_MAX = 50
FAILURES_PROVIDER_SECONDS = 24 * 3600

_NOBODY = uuid.UUID(int=0)
"""Stands in for a voucher that is not there, so that an unknown code costs the same work."""


def redeem(till: Till, charge: Charge, *, key: str) -> Answer:
    """Pay `till` with a voucher once per `key`; the answer is that of the API.

    201 when it was paid, 202 when it waits for the holder (see `requests`), otherwise a refusal
    with its outcome and nothing charged. Raises
    ledger.errors.KeyReusedError if the key came with another charge, TooManyError after too many
    wrong codes, BusyError if the database could not take it in time: press again, it cannot be
    charged twice.
    """
    return run_tx(lambda session: _redeem(session, till, charge, key))


@dataclass(frozen=True)
class _Case:
    """What one attempt is decided from, and what is written when it is paid."""

    till: Till
    charge: Charge
    voucher: VoucherRow | None
    accredited: bool
    factor: Factor
    step: int | None
    """The minute whose rotating code was given."""
    at: datetime
    on: date


def _redeem(session: Session, till: Till, charge: Charge, key: str) -> Answer:
    case = _case(session, till, charge)
    body = codes.keyed_hash(charge.as_bytes().decode(), keys.pepper())
    answer = once(session, till.actor, key, body, lambda inner: _attempt(inner, case))
    if not answer.replayed:
        # Here, since `once` takes back what a refused attempt wrote.
        _use_up(session, case, Outcome(json.loads(answer.body)["outcome"]))
    return answer


def _case(session: Session, till: Till, charge: Charge) -> _Case:
    at, on = clock.now(), today()
    accredited = is_accredited(session, till.provider_id, charge.service, on)
    if accredited and charge.visit is not None:
        day = charge.visit.visit_on
        accredited = is_accredited(session, till.provider_id, charge.service, day)
    voucher = paying.locked(session, charge.code) if accredited else None
    factor, step = _checked(voucher, charge.digits, at)
    return _Case(till, charge, voucher, accredited, factor, step, at, on)


def _checked(voucher: VoucherRow | None, digits: str, at: datetime) -> tuple[Factor, int | None]:
    if not digits:
        return Factor.NONE, None
    voucher_id = _NOBODY if voucher is None else voucher.id
    stored = None if voucher is None else voucher.pin_hash
    if pins.is_right(digits, stored, voucher_id=voucher_id, pepper=keys.pepper()):
        return Factor.RIGHT, None
    if voucher is None:
        pins.matching_step(bytes(pins.SECRET_BYTES), digits, now=at, used_step=None)
        return Factor.WRONG, None
    secret = keys.unseal(voucher.secret_sealed, voucher_id=voucher.id)
    step = pins.matching_step(secret, digits, now=at, used_step=voucher.used_step)
    return (Factor.WRONG if step is None else Factor.RIGHT), step


def _attempt(session: Session, case: _Case) -> Answer:
    _check_failures(session, case.till)
    decided = decide(_asked(session, case), paying.facts(case.voucher))
    if isinstance(decided, Refused):
        if case.voucher is not None and decided.outcome is Outcome.AWAITING_CONFIRMATION:
            if case.charge.visit is not None:  # its holder can book on the own page instead
                return paying.answer(Outcome.PIN_NEEDED)
            return _ask_the_holder(session, case, case.voucher)
        return paying.answer(decided.outcome)
    if case.voucher is None:  # `decide` refuses it
        raise RuntimeError("a voucher that is not there was allowed to pay")
    try:
        return _pay(session, case, case.voucher, without_pin=decided.without_pin)
    except InsufficientError:
        return paying.answer(Outcome.INSUFFICIENT)


def _ask_the_holder(session: Session, case: _Case, voucher: VoucherRow) -> Answer:
    charge = case.charge
    asked = requests.ask(
        session, case.till, voucher, service=charge.service, amount_minor=charge.amount_minor
    )
    return paying.answer(Outcome.AWAITING_CONFIRMATION, redemption_id=str(asked.id))


def _asked(session: Session, case: _Case) -> Attempt:
    voucher_id = _NOBODY if case.voucher is None else case.voucher.id
    day = session.get(VoucherDayRow, (voucher_id, case.on))
    short = session.get(ShortDayRow, (voucher_id, case.till.provider_id, case.on))
    return Attempt(
        service=case.charge.service,
        on=case.charge.visit.visit_on if case.charge.visit else case.on,
        amount_minor=case.charge.amount_minor,
        accredited=case.accredited,
        factor=case.factor,
        without_pin_minor=0 if day is None else day.without_pin_minor,
        insufficient_today=0 if short is None else short.times,
    )


def _pay(session: Session, case: _Case, voucher: VoucherRow, *, without_pin: bool) -> Answer:
    charge = case.charge
    if charge.visit is not None:
        paid = _set_aside(session, case, voucher, charge.visit)
    else:
        payment = Payment(
            uuid7(), case.till, charge.service, charge.amount_minor, at=case.at, on=case.on
        )
        paid = paying.pay(session, voucher, payment)
    if without_pin:
        _count_without_pin(session, voucher.id, case)
        session.flush()
    return paid


def _set_aside(session: Session, case: _Case, voucher: VoucherRow, visit: Wanted) -> Answer:
    row = booking.place(
        session,
        voucher,
        visit,
        provider_id=case.till.provider_id,
        actor=case.till.actor,
        by_holder=False,
    )
    return paying.answer(Outcome.ACCEPTED, booking_id=str(row.id))


def _count_without_pin(session: Session, voucher_id: uuid.UUID, case: _Case) -> None:
    """Add to the day's sum; the voucher is locked, so nobody else adds to it now."""
    day = session.get(VoucherDayRow, (voucher_id, case.on)) or VoucherDayRow(
        voucher_id=voucher_id, day=case.on, without_pin_minor=0
    )
    day.without_pin_minor += case.charge.amount_minor
    session.add(day)


def _use_up(session: Session, case: _Case, outcome: Outcome) -> None:
    """Write what an attempt uses up whether or not it was paid."""
    wrong_digits = outcome is Outcome.PIN_NEEDED and case.factor is Factor.WRONG
    if outcome is Outcome.UNKNOWN or wrong_digits:
        _count_failure(session, case.till)
    if case.voucher is None:
        return
    used: dict[str, Any] = {}
    if case.step is not None:
        used["used_step"] = case.step
    if wrong_digits:
        used["pin_failures"] = col(VoucherRow.pin_failures) + 1
    elif outcome is Outcome.ACCEPTED and case.factor is Factor.RIGHT:
        used["pin_failures"] = 0
    if used:
        session.exec(update(VoucherRow).where(col(VoucherRow.id) == case.voucher.id).values(**used))
    if outcome is Outcome.INSUFFICIENT:
        _count_short(session, case.voucher.id, case)


def _count_short(session: Session, voucher_id: uuid.UUID, case: _Case) -> None:
    key = (voucher_id, case.till.provider_id, case.on)
    row = session.get(ShortDayRow, key) or ShortDayRow(
        voucher_id=voucher_id, provider_id=case.till.provider_id, day=case.on, times=0
    )
    row.times += 1
    session.add(row)


def _limits(till: Till) -> tuple[tuple[str, int, int], ...]:
    return (
        (f"code/{till.actor}", FAILURES_PER_ACTOR_MAX, FAILURES_ACTOR_SECONDS),
        (f"code/{till.provider_id}", FAILURES_PER_PROVIDER_MAX, FAILURES_PROVIDER_SECONDS),
    )


def _check_failures(session: Session, till: Till) -> None:
    for name, limit, seconds in _limits(till):
        if throttle.blocked(session, name, limit=limit, window_seconds=seconds):
            raise throttle.too_many(seconds)


def _count_failure(session: Session, till: Till) -> None:
    for name, limit, seconds in _limits(till):
        throttle.hit(session, name, limit=limit, window_seconds=seconds)
