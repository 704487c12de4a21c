"""The release: another person than those who prepared and froze a batch, and then it is paid.

What the ledger pays has the lines as its events, so that whatever happens it is paid once.
"""

import uuid
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy
from flask_babel import ngettext
from sqlmodel import Session

from app import clock, i18n
from app.accounts import approvals
from app.accounts.models import ApprovalRow
from app.errors import ConflictError, ForbiddenError
from app.ledger.batch import Move, post_many
from app.ledger.entries import AccountKind, TransferKind
from app.policy import ROUND_OFFICER, Actor, account_of
from app.programmes.models import ProgrammeRow
from app.settlement import collecting, digest, money, queries
from app.settlement.models import BatchRow, LineRow
from app.settlement.preparing import RELEASE, check_money
from app.settlement.rules import LineState, State
from app.settlement.service import check_untied, hold, move


def propose(session: Session, actor: Actor, batch_id: uuid.UUID) -> ApprovalRow:
    """Ask a second officer to release a frozen batch."""
    batch = hold(session, batch_id, State.FROZEN)
    return approvals.propose(session, actor, RELEASE, str(batch.id), _payload(batch))


def _describe(session: Session, approval: ApprovalRow) -> str:
    batch = queries.batch(session, uuid.UUID(approval.subject))
    programme = session.get_one(ProgrammeRow, batch.programme_id)
    number = sum(
        line.state != LineState.CARRIED for line, _of in queries.lines_in(session, batch.id)
    )
    return str(
        ngettext(
            "Pay %(total)s out of “%(name)s” to %(num)d organisation.",
            "Pay %(total)s out of “%(name)s” to %(num)d organisations.",
            number,
            total=i18n.money(batch.total_minor, programme.unit),
            name=programme.name,
        )
    )


@approvals.act(RELEASE, roles=frozenset({ROUND_OFFICER}), describe=_describe)
def release(session: Session, approval: ApprovalRow, actor: Actor) -> None:
    """Pay what was frozen, all of it or nothing."""
    batch = hold(session, uuid.UUID(approval.subject), State.FROZEN)
    _check_person(session, batch, actor)
    _check_unchanged(session, batch, approval)
    check_money(
        session,
        batch.programme_id,
        money.missing_minor(session, batch.programme_id, batch.total_minor),
    )
    _pay(session, batch, actor)
    batch.released_by, batch.released_at = account_of(actor), clock.now()
    move(session, batch, State.RELEASED)


def _payload(batch: BatchRow) -> dict[str, Any]:
    return {"total_minor": batch.total_minor, "sha256": batch.lines_sha256}


def _check_person(session: Session, batch: BatchRow, actor: Actor) -> None:
    if actor.account_id in (batch.prepared_by, batch.frozen_by):
        raise ForbiddenError(
            lazy("You prepared or froze this settlement. Another officer has to release it.")
        )
    for line, _provider in queries.lines_in(session, batch.id):
        check_untied(session, actor, line.provider_id)


def _check_unchanged(session: Session, batch: BatchRow, approval: ApprovalRow) -> None:
    same = approval.payload == _payload(batch)
    if not same or digest.lines_sha256(session, batch) != batch.lines_sha256:
        raise ConflictError(
            _(
                "The lines are not those that were frozen. Nothing was paid. Give the settlement "
                "up, and tell whoever runs the database."
            )
        )
    if not collecting.is_unchanged(session, batch.id):
        raise ConflictError(
            _(
                "A payment in this settlement was refunded or disputed since it was frozen. "
                "Nothing was paid. Give it up and prepare another one: it will leave this out."
            )
        )


def _pay(session: Session, batch: BatchRow, actor: Actor) -> None:
    due = [
        line
        for line, _provider in queries.lines_in(session, batch.id)
        if line.state == LineState.DUE
    ]
    owed = {line.id: money.owed_to(session, line.provider_id, batch.programme_id) for line in due}
    paid = money.of_programme(session, AccountKind.PAID, batch.programme_id)
    fees = money.of_programme(session, AccountKind.FEES, batch.programme_id)
    who = str(account_of(actor))

    def moves(to: uuid.UUID, amounts: dict[uuid.UUID, int]) -> list[Move]:
        return [
            Move(owed[line], to, amount, line, batch.id.hex) for line, amount in amounts.items()
        ]

    kept = {line.id: line.fee_minor for line in due if line.fee_minor}
    post_many(session, TransferKind.FEE, moves(fees, kept), actor=who)
    post_many(session, TransferKind.SETTLE, moves(paid, _amounts(due)), actor=who)


def _amounts(due: list[LineRow]) -> dict[uuid.UUID, int]:
    return {line.id: line.pay_minor for line in due}
