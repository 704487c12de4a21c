"""What the bank did with a file: booked, or sent back; two people say so, and the sums must agree.

What came back is owed to the provider again, and the next batch pays it without a second fee.
"""

import uuid
from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy
from sqlmodel import Session, select

from app import clock, i18n
from app.accounts import approvals
from app.accounts.models import ApprovalRow
from app.errors import InvalidError, NotFoundError
from app.ledger.batch import Move, post_many
from app.ledger.entries import AccountKind, TransferKind
from app.policy import ROUND_OFFICER, Actor, account_of
from app.programmes.models import ProgrammeRow
from app.providers.models import ProviderRow
from app.settlement import money, queries
from app.settlement.models import BatchRow, LineRow
from app.settlement.rules import LineState, State
from app.settlement.service import MovedOnError, check_untied, hold, move

BOOK = "settlement.book"
RETURN = "settlement.return"
_ROLES = frozenset({ROUND_OFFICER})


def propose_booked(
    session: Session,
    actor: Actor,
    batch_id: uuid.UUID,
    *,
    bank_minor: int,
    returned: Sequence[uuid.UUID],
    why: str,
) -> ApprovalRow:
    """Say what the bank's statement shows for a file; it counts when a second person agrees.

    `bank_minor`: what was booked and did not come back. Raises InvalidError where it is not the
    sum of the lines that are not `returned`, ForbiddenError for who belongs to an organisation of
    these: what came back is paid once more.
    """
    batch = hold(session, batch_id, State.EXPORTED)
    lines = _due(session, batch)
    if not {line.id for line in lines}.issuperset(returned):
        raise MovedOnError
    _check_untied(session, actor, [line for line in lines if line.id in returned])
    expected = sum(line.pay_minor for line in lines if line.id not in returned)
    if bank_minor != expected:
        raise _differs(session, batch, bank_minor, expected)
    payload = {
        "bank_minor": bank_minor,
        "returned": sorted(str(one) for one in returned),
        "why": why,
    }
    return approvals.propose(session, actor, BOOK, str(batch.id), payload)


def _describe_book(session: Session, approval: ApprovalRow) -> str:
    batch = queries.batch(session, uuid.UUID(approval.subject))
    programme = session.get_one(ProgrammeRow, batch.programme_id)
    names = [_name(session, uuid.UUID(one)) for one in approval.payload["returned"]]
    booked = str(
        _(
            "The bank booked %(sum)s for “%(name)s”.",
            sum=i18n.money(approval.payload["bank_minor"], programme.unit),
            name=programme.name,
        )
    )
    if not names:
        return booked
    return booked + " " + str(_("It sent back what was for %(names)s.", names=", ".join(names)))


@approvals.act(BOOK, roles=_ROLES, describe=_describe_book)
def book(session: Session, approval: ApprovalRow, actor: Actor) -> None:
    """Mark all lines booked but those that came back, and owe these again."""
    batch = hold(session, uuid.UUID(approval.subject), State.EXPORTED)
    returned = {uuid.UUID(one) for one in approval.payload["returned"]}
    lines = _due(session, batch)
    _check_untied(session, actor, [line for line in lines if line.id in returned])
    for line in lines:
        line.state = LineState.RETURNED if line.id in returned else LineState.BOOKED
        line.returned_why = approval.payload["why"] if line.id in returned else ""
        session.add(line)
    _owe_again(session, batch, [line for line in lines if line.id in returned], actor)
    batch.bank_minor, batch.booked_at = approval.payload["bank_minor"], clock.now()
    move(session, batch, State.BOOKED)


def propose_return(session: Session, actor: Actor, line_id: uuid.UUID, why: str) -> ApprovalRow:
    """Say that the bank sent a booked line back later; a second person has to agree.

    Raises ForbiddenError for who belongs to the organisation, and as `booked` does.
    """
    line = booked(session, line_id)
    _check_untied(session, actor, [line])
    return approvals.propose(session, actor, RETURN, str(line.id), {"why": why})


def _describe_return(session: Session, approval: ApprovalRow) -> str:
    line = session.get_one(LineRow, uuid.UUID(approval.subject))
    return str(
        _(
            "The bank sent back %(sum)s that were for %(name)s: %(why)s",
            sum=i18n.money(line.pay_minor, unit_of(session, line)),
            name=_name(session, line.id),
            why=approval.payload["why"],
        )
    )


@approvals.act(RETURN, roles=_ROLES, describe=_describe_return)
def take_back(session: Session, approval: ApprovalRow, actor: Actor) -> None:
    """Owe a provider again what the bank sent back after it was booked."""
    batch_id = booked(session, uuid.UUID(approval.subject)).batch_id
    batch = hold(session, batch_id, State.BOOKED)
    line = booked(session, uuid.UUID(approval.subject))
    _check_untied(session, actor, [line])
    line.state, line.returned_why = LineState.RETURNED, approval.payload["why"]
    session.add(line)
    batch.bank_minor = (batch.bank_minor or 0) - line.pay_minor
    session.add(batch)
    _owe_again(session, batch, [line], actor)


def _check_untied(session: Session, actor: Actor, lines: Sequence[LineRow]) -> None:
    for line in lines:
        check_untied(session, actor, line.provider_id)


def _due(session: Session, batch: BatchRow) -> list[LineRow]:
    found = queries.lines_in(session, batch.id)
    return [line for line, _provider in found if line.state == LineState.DUE]


def booked(session: Session, line_id: uuid.UUID) -> LineRow:
    """Return a line that the bank has booked. Raises NotFoundError, MovedOnError."""
    query = select(LineRow).where(LineRow.id == line_id)
    line = session.exec(query.execution_options(populate_existing=True)).first()
    if line is None:
        raise NotFoundError(lazy("There is no such line. Look at the settlement again."))
    if line.state != LineState.BOOKED:
        raise MovedOnError
    return line


def _owe_again(
    session: Session, batch: BatchRow, returned: Sequence[LineRow], actor: Actor
) -> None:
    paid = money.of_programme(session, AccountKind.PAID, batch.programme_id)
    moves = [
        Move(
            paid,
            money.owed_to(session, line.provider_id, batch.programme_id),
            line.pay_minor,
            line.id,
            batch.id.hex,
        )
        for line in returned
    ]
    post_many(session, TransferKind.SETTLE_RETURN, moves, actor=str(account_of(actor)))
    session.flush()


def unit_of(session: Session, line: LineRow) -> str:
    """Return the currency in which a line pays."""
    batch = queries.batch(session, line.batch_id)
    return session.get_one(ProgrammeRow, batch.programme_id).unit


def _name(session: Session, line_id: uuid.UUID) -> str:
    line = session.get_one(LineRow, line_id)
    return session.get_one(ProviderRow, line.provider_id).name


def _differs(session: Session, batch: BatchRow, bank_minor: int, expected: int) -> InvalidError:
    unit = session.get_one(ProgrammeRow, batch.programme_id).unit
    values: dict[str, Any] = {
        "bank": i18n.money(bank_minor, unit),
        "expected": i18n.money(expected, unit),
        "difference": i18n.money(abs(bank_minor - expected), unit),
    }
    if bank_minor < expected:
        return InvalidError(
            lazy(
                "The bank booked %(bank)s, but the lines add up to %(expected)s: %(difference)s "
                "are missing. Tick what came back, or ask the bank.",
                **values,
            )
        )
    return InvalidError(
        lazy(
            "The bank booked %(bank)s, but the lines add up to %(expected)s: %(difference)s too "
            "much. Compare it with the statement, or ask the bank.",
            **values,
        )
    )
