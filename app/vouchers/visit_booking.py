"""A page on which a visit is booked: the holder's, and that of who acts for the holder."""

from collections.abc import Callable, Collection
from http import HTTPStatus
from typing import Any

from sqlmodel import Session

from app.db import run_tx
from app.errors import UserFacingError
from app.forms import choice
from app.ledger.errors import InsufficientError
from app.programmes.services import Service
from app.programmes.words import SERVICES
from app.providers.queries import Listed
from app.vouchers import agenda
from app.vouchers.booking import DayError
from app.vouchers.till_forms import VisitForm
from app.vouchers.visits import Wanted

_BESIDE: dict[type[UserFacingError], str] = {DayError: "visit_on", InsufficientError: "amount"}
"""Beside which field a refusal stands."""


def offer(form: VisitForm, listed: Listed, paid_for: Collection[str]) -> None:
    """Offer what a provider does and a voucher pays for, with the tariffs by the hour."""
    services = [one for one in listed.services if one in paid_for]
    form.service.choices = [choice(one, SERVICES[Service(one)]) for one in services]
    hourly = agenda.hourly(listed)
    form.tariffs = {one: hourly[one] for one in services if one in hourly}


def try_booking(form: VisitForm, book: Callable[[Session, Wanted], Any]) -> HTTPStatus | None:
    """Book what a form asks for; None when it is done, else the status of the page with the why."""
    if not form.is_submitted():
        return HTTPStatus.OK
    wanted = form.wanted() if form.validate() else None
    if wanted is None:
        return HTTPStatus.UNPROCESSABLE_ENTITY
    try:
        run_tx(lambda session: book(session, wanted))
    except UserFacingError as error:
        form.refuse(error, field=_BESIDE.get(type(error)))
        return error.status
    return None
