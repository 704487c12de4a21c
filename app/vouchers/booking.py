"""Booking a visit: an amount is set aside, paid as far as it was delivered, and goes back else.

A provider books with the holder's code (`redeeming`), a holder on the own page. Whoever ends a
booking locks its voucher first, then its row: of two at once, one does.
"""

import uuid
from datetime import date, timedelta

from flask_babel import lazy_gettext as lazy
from sqlmodel import Session, col, select

from app import clock
from app.db.types import uuid7
from app.errors import ConflictError, InvalidError, NotFoundError
from app.ledger import holds
from app.ledger import service as ledger
from app.ledger.entries import AccountKind
from app.ledger.errors import HoldEndedError
from app.policy import Actor, account_of, fetch
from app.providers import queries as providers
from app.providers.criteria import State as Accreditation
from app.providers.days import day_of, today
from app.vouchers import caps, paying, queries, returning, visits
from app.vouchers.models import BookingRow, RedemptionRow, VoucherRow
from app.vouchers.paying import Till
from app.vouchers.rules import Attempt, Refused, Visit, decide, last_day
from app.vouchers.visits import Unbookable, Wanted

CHUNK = 200

_WHY_NOT = {
    Unbookable.PAST: lazy("This day is over. Nothing was set aside. Choose today or a later day."),
    Unbookable.TOO_FAR: lazy(
        "This is more than 90 days ahead. Nothing was set aside. Choose an earlier day."
    ),
    Unbookable.AFTER_LAST_DAY: lazy(
        "The voucher ends before this day. Nothing was set aside. Choose an earlier day."
    ),
}


class DayError(InvalidError):
    """No visit can be booked for this day; the sentence says why."""

    code = "day"

    def __init__(self, why: Unbookable) -> None:
        super().__init__(_WHY_NOT[why])
        self.why = why


def place(
    session: Session,
    voucher: VoucherRow,
    wanted: Wanted,
    *,
    provider_id: uuid.UUID,
    actor: str,
    by_holder: bool,
) -> BookingRow:
    """Set the amount aside. The caller has locked the voucher and decided that it may pay.

    Raises DayError, and ledger.errors.InsufficientError, also beyond a limit of the holder.
    """
    why = visits.why_not(wanted.visit_on, on=today(), last_day=date.max)
    if why is not None:
        raise DayError(why)
    booking_id = uuid7()
    caps.count(session, voucher, wanted.amount_minor, today())
    row = BookingRow(
        id=booking_id,
        voucher_id=voucher.id,
        provider_id=provider_id,
        hold_id=holds.place(
            session,
            voucher.account_id,
            wanted.amount_minor,
            ends_at=visits.hold_ends_at(wanted.visit_on),
            event_id=booking_id,
            reference=voucher.serial,
            actor=actor,
        ),
        service=wanted.service,
        visit_on=wanted.visit_on,
        amount_minor=wanted.amount_minor,
        minutes=wanted.minutes,
        hour_minor=wanted.hour_minor,
        by_holder=by_holder,
        actor=actor,
        booked_at=clock.now(),
    )
    session.add(row)
    session.flush()
    return row


def book(
    session: Session, actor: Actor, voucher_id: uuid.UUID, provider_id: uuid.UUID, wanted: Wanted
) -> BookingRow:
    """Book as the holder. Raises NotFoundError for another's voucher, and as `book_for` does."""
    own = fetch(session, actor, VoucherRow, voucher_id)
    return book_for(session, own.id, provider_id, wanted, by=f"account/{account_of(actor)}")


def book_for(
    session: Session, voucher_id: uuid.UUID, provider_id: uuid.UUID, wanted: Wanted, *, by: str
) -> BookingRow:
    """Book in the holder's name; the caller has found that `by` may.

    Raises DayError, ConflictError where the voucher or the organisation cannot, InsufficientError.
    """
    voucher = queries.locked(session, voucher_id)
    known, on = paying.facts(voucher), today()
    if known is not None and (
        why := visits.why_not(wanted.visit_on, on=on, last_day=last_day(known))
    ):
        raise DayError(why)
    attempt = Attempt(
        service=wanted.service,
        on=wanted.visit_on,
        amount_minor=wanted.amount_minor,
        accredited=all(
            providers.is_accredited(session, provider_id, wanted.service, day)
            for day in (on, wanted.visit_on)
        ),
        by_holder=True,
    )
    decided = decide(attempt, known)
    if isinstance(decided, Refused):
        raise ConflictError(
            lazy(
                "This organisation cannot be booked with this voucher on that day. Nothing was set "
                "aside. Choose another organisation or day."
            )
        )
    return place(session, voucher, wanted, provider_id=provider_id, actor=by, by_holder=True)


def may_visit(
    session: Session, provider_id: uuid.UUID, service: str, visit_on: date, *, booked_on: date
) -> bool:
    """Say whether a provider may come that day: accredited when it was booked, not suspended
    since, and at most 30 days after an orderly end.
    """
    since = max(booked_on, visit_on - timedelta(days=visits.RUN_OFF_DAYS))
    return providers.is_accredited(
        session, provider_id, service, min(since, visit_on)
    ) and not _is_suspended(session, provider_id)


def of_provider(session: Session, till: Till, booking_id: uuid.UUID) -> BookingRow:
    """Return a booking of this provider. Raises NotFoundError for another's and for none."""
    row = session.get(BookingRow, booking_id, populate_existing=True)
    if row is None or row.provider_id != till.provider_id:
        raise _no_such_booking()
    return row


def record(session: Session, till: Till, booking_id: uuid.UUID, amount_minor: int) -> RedemptionRow:
    """Pay what was delivered, the rest goes back; again returns what was paid.

    Raises NotFoundError, HoldEndedError for one that was cancelled, InvalidError for more than
    was set aside, ConflictError on another day and for who may not come any more.
    """
    row = of_provider(session, till, booking_id)
    voucher = queries.locked_now(session, row.voucher_id)
    row = of_provider(session, till, booking_id)  # as it is now that nobody else ends it
    if row.state == Visit.DONE:
        return session.get_one(RedemptionRow, row.id)
    _check_record(session, row, amount_minor)
    rest_minor = row.amount_minor - amount_minor
    if rest_minor:
        voucher = returning.receiver(session, row.voucher_id, booked_on=day_of(row.booked_at))
        caps.uncount(session, voucher, rest_minor, row.booked_at)
    at, on = clock.now(), today()
    owed = ledger.account(
        session,
        AccountKind.PROVIDER,
        party_id=till.party_id,
        subject_id=voucher.programme_id,
    )
    transfer = holds.capture(
        session,
        row.hold_id,
        owed,
        amount_minor,
        event_id=row.id,
        back_to=voucher.account_id,
        reference=voucher.serial,
        actor=till.actor,
    )
    paid = RedemptionRow(
        id=row.id,
        voucher_id=voucher.id,
        provider_id=till.provider_id,
        transfer_id=transfer.id,
        service=row.service,
        amount_minor=amount_minor,
        taken_on=on,
        redeemed_at=at,
        actor=till.actor,
    )
    _end(session, row, Visit.DONE)
    session.add(paid)
    session.flush()
    return paid


def cancel(session: Session, till: Till, booking_id: uuid.UUID) -> None:
    """Cancel as the provider. Raises NotFoundError, HoldEndedError."""
    _give_back(session, of_provider(session, till, booking_id).id, Visit.CANCELLED)


def cancel_own(
    session: Session, actor: Actor, voucher_id: uuid.UUID, booking_id: uuid.UUID
) -> None:
    """Cancel as the holder. Raises NotFoundError for another's, and as `cancel_for` does."""
    cancel_for(session, fetch(session, actor, VoucherRow, voucher_id).id, booking_id)


def cancel_for(session: Session, voucher_id: uuid.UUID, booking_id: uuid.UUID) -> BookingRow:
    """Cancel in the holder's name, until the evening before; the caller has found who may.

    Raises NotFoundError, HoldEndedError, ConflictError on the day itself.
    """
    row = session.get(BookingRow, booking_id)
    if row is None or row.voucher_id not in queries.line_of(session, voucher_id):
        raise _no_such_booking()
    if not visits.can_be_cancelled_by_holder(row.visit_on, today()):
        raise ConflictError(
            lazy(
                "A visit can be cancelled here until the evening before. Nothing was changed. "
                "Call the organisation."
            )
        )
    _give_back(session, row.id, Visit.CANCELLED)
    return row


def lapse_some(session: Session, on: date) -> int:
    """Give back up to 200 amounts for visits that nobody recorded in time, or whose provider was
    suspended; returns how many, 0: none is left.
    """
    due = select(BookingRow).where(BookingRow.state == Visit.BOOKED)
    late = due.where(col(BookingRow.visit_on) < on - timedelta(days=visits.RECORD_DAYS))
    rows = list(session.exec(late.order_by(col(BookingRow.voucher_id)).limit(CHUNK)).all())
    if not rows:
        stopped = [one for one in _booked_providers(session) if _is_suspended(session, one)]
        query = due.where(col(BookingRow.provider_id).in_(stopped))
        rows = list(session.exec(query.order_by(col(BookingRow.voucher_id)).limit(CHUNK)).all())
    for row in rows:
        queries.locked_now(session, row.voucher_id)
        session.refresh(row)
        if row.state == Visit.BOOKED:  # nobody recorded or cancelled it since it was read
            _give_back(session, row.id, Visit.LAPSED)
    return len(rows)


def _check_record(session: Session, row: BookingRow, amount_minor: int) -> None:
    if row.state != Visit.BOOKED:
        raise HoldEndedError
    if amount_minor > row.amount_minor:
        raise InvalidError(
            lazy(
                "This is more than was set aside. Nothing was charged. Record up to that amount, "
                "and take the voucher for the rest: the holder confirms it."
            )
        )
    if not visits.can_be_recorded(row.visit_on, today()):
        raise ConflictError(
            lazy(
                "A visit is recorded from its day on, and for a week. Nothing was charged. "
                "Look at the day of the visit."
            )
        )
    booked_on = day_of(row.booked_at)
    if not may_visit(session, row.provider_id, row.service, row.visit_on, booked_on=booked_on):
        raise ConflictError(
            lazy("Your organisation cannot take vouchers for this now. See Accreditation.")
        )


def _give_back(session: Session, booking_id: uuid.UUID, state: Visit) -> None:
    booked = session.get_one(BookingRow, booking_id)
    voucher = returning.receiver(session, booked.voucher_id, booked_on=day_of(booked.booked_at))
    row = session.get_one(BookingRow, booking_id, populate_existing=True)
    if row.state != Visit.BOOKED:
        raise HoldEndedError
    free = holds.release if state is Visit.CANCELLED else holds.time_out
    free(session, row.hold_id, event_id=row.id, back_to=voucher.account_id)
    caps.uncount(session, voucher, row.amount_minor, row.booked_at)
    _end(session, row, state)


def _end(session: Session, row: BookingRow, state: Visit) -> None:
    row.state, row.ended_at = state, clock.now()
    session.add(row)
    session.flush()


def _booked_providers(session: Session) -> list[uuid.UUID]:
    query = select(BookingRow.provider_id).where(BookingRow.state == Visit.BOOKED).distinct()
    return list(session.exec(query).all())


def _is_suspended(session: Session, provider_id: uuid.UUID) -> bool:
    newest = providers.accreditations(session, provider_id)
    return any(row.state == Accreditation.SUSPENDED for row in newest)


def _no_such_booking() -> NotFoundError:
    return NotFoundError(lazy("There is no such visit. Look at the list again."))
