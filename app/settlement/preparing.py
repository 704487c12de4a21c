"""Preparing a settlement: a cut-off, a draft that shows what it would pay, the freeze.

A draft is counted anew whenever somebody looks at it. The freeze writes lines and items, which
the database then keeps as they are, and the digest over them.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time

from flask_babel import lazy_gettext as lazy
from schwifty import IBAN
from schwifty.exceptions import SchwiftyException
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col

from app import clock, i18n
from app.accounts import approvals, audit
from app.errors import ConflictError, InvalidError, Lead
from app.policy import Actor, account_of
from app.programmes import queries as programmes
from app.programmes.models import ProgrammeRow
from app.providers import assessing
from app.providers import queries as providers
from app.providers.models import AccreditationRow, ProviderBankRow, ProviderRow
from app.settlement import collecting, digest, money, queries, rules
from app.settlement.models import BatchRow, ItemRow, LineRow
from app.settlement.rules import Line, LineState, State, Unpaid
from app.settlement.service import MovedOnError, hold, move
from app.town import queries as towns

RELEASE = "settlement.release"
PAYER = Lead(lazy("The town's bank account"), "settlement.payer")


@dataclass(frozen=True)
class Due:
    """What one provider would get now. `unpaid`: why it would not."""

    provider: ProviderRow
    line: Line
    bank: ProviderBankRow | None
    unpaid: Unpaid | None


@dataclass(frozen=True)
class Preview:
    """What a batch would pay if it were frozen now."""

    due: Sequence[Due]
    missing_minor: int
    """What the council must appropriate first; 0: enough is there."""

    @property
    def total_minor(self) -> int:
        return sum(one.line.pay_minor for one in self.due if one.unpaid is None)

    @property
    def paid(self) -> int:
        return sum(one.unpaid is None for one in self.due)


def usual_cut_off(session: Session) -> date:
    """Return the day with whose beginning a batch is usually cut off: the newest Monday."""
    return _day(session, rules.cut_off(clock.now(), towns.zone(session)))


def _day(session: Session, moment: datetime) -> date:
    """Return the day that it is in the town, or that begins with a cut-off."""
    return moment.astimezone(towns.zone(session)).date()


def prepare(session: Session, actor: Actor, slug: str, cut_off_on: date) -> BatchRow:
    """Record a cut-off at the beginning of a day and open a draft for it.

    Raises InvalidError for a day to come, ConflictError while another batch of the programme is a
    draft or frozen, NotFoundError.
    """
    programme = programmes.by_slug(session, slug)
    if cut_off_on > _day(session, clock.now()):
        raise InvalidError(lazy("This day is still to come. Choose today or an earlier day."))
    begins = datetime.combine(cut_off_on, time(), tzinfo=towns.zone(session))
    row = BatchRow(
        programme_id=programme.id,
        cut_off_at=begins.astimezone(UTC),
        prepared_by=account_of(actor),
        prepared_at=clock.now(),
    )
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        raise ConflictError(
            lazy(
                "A settlement of this programme is under way. Nothing was changed. Release it or "
                "give it up first, so that nothing is paid twice."
            )
        ) from None
    details = {"cut_off": row.cut_off_at.isoformat(), "programme": programme.slug}
    audit.record(session, actor, "settlement.cut_off", str(row.id), details)
    return row


def preview(session: Session, batch: BatchRow) -> Preview:
    """Count what a draft would pay now."""
    cut_off_on = _day(session, batch.cut_off_at)
    found = collecting.sums(session, batch.programme_id, cut_off_on)
    due = [_due(session, key, one, cut_off_on) for key, one in found.items()]
    due.sort(key=lambda one: (one.provider.name, one.provider.id))
    seen = Preview(due, missing_minor=0)
    missing = money.missing_minor(session, batch.programme_id, seen.total_minor)
    return replace(seen, missing_minor=missing)


def freeze(session: Session, actor: Actor, batch_id: uuid.UUID) -> BatchRow:
    """Fix lines, totals and digest; from now on nothing of the batch changes.

    Raises ConflictError without the town's account, without a line to pay or without the money
    for all of them, with the sum that is missing.
    """
    batch = hold(session, batch_id, State.DRAFT)
    seen = preview(session, batch)
    payer = queries.payer(session)
    if payer is None:
        raise ConflictError(
            lazy(
                "The town's own bank account is not entered yet, so no file can be made. Nothing "
                "was changed. Enter it first."
            ),
            lead=PAYER,
        )
    if not seen.paid:
        raise ConflictError(
            lazy("There is nothing to pay up to this cut-off. Nothing was changed.")
        )
    check_money(session, batch.programme_id, seen.missing_minor)
    lines = [line_row(batch, one) for one in seen.due]
    session.add_all(lines)
    session.flush()
    collecting.add_items(session, batch.id, batch.programme_id, _day(session, batch.cut_off_at))
    _check_items(session, batch, lines)
    _claim_returns(session, batch, lines)
    batch.payer_id, batch.total_minor = payer.id, seen.total_minor
    batch.frozen_by, batch.frozen_at = account_of(actor), clock.now()
    batch.lines_sha256 = digest.lines_sha256(session, batch)
    move(session, batch, State.FROZEN)
    details = {"total_minor": batch.total_minor, "sha256": batch.lines_sha256}
    audit.record(session, actor, "settlement.frozen", str(batch.id), details)
    return batch


def withdraw(session: Session, actor: Actor, batch_id: uuid.UUID) -> None:
    """Give a batch up before its release: what it held can be in another one."""
    batch = hold(session, batch_id, State.DRAFT, State.FROZEN)
    waiting = approvals.pending_for(session, RELEASE, str(batch.id))
    if waiting is not None:
        approvals.refuse(session, actor, waiting.id)
    lines = [line.id for line, _provider in queries.lines_in(session, batch.id)]
    session.exec(update(ItemRow).where(col(ItemRow.line_id).in_(lines)).values(live=False))
    session.exec(
        update(LineRow).where(col(LineRow.again_in_id).in_(lines)).values(again_in_id=None)
    )
    move(session, batch, State.WITHDRAWN)
    audit.record(session, actor, "settlement.withdrawn", str(batch.id))


def check_money(session: Session, programme_id: uuid.UUID, missing_minor: int) -> None:
    """Raise ConflictError, with the sum that is missing, where the council has given too little."""
    if missing_minor:
        programme = session.get_one(ProgrammeRow, programme_id)
        raise ConflictError(
            lazy(
                "Settlement stops: with this payment more would have left than was appropriated. "
                "%(missing)s are missing. Nothing was changed. Ask the council to appropriate "
                "this much for “%(name)s”.",
                missing=i18n.money(missing_minor, programme.unit),
                name=programme.name,
            )
        )


def _due(session: Session, provider_id: uuid.UUID, found: collecting.Sums, cut_off_on: date) -> Due:
    line = Line(
        gross_minor=found.gross_minor,
        item_count=found.item_count,
        again_minor=found.again_minor,
        owed_back_minor=found.owed_back_minor,
        fee_basis_points=_fee_basis_points(session, provider_id, cut_off_on),
    )
    bank = assessing.bank(session, provider_id)
    unpaid = rules.why_unpaid(
        line.pay_minor,
        has_bank=bank is not None,
        iban_is_right=bank is not None and _is_right(bank.iban),
    )
    return Due(session.get_one(ProviderRow, provider_id), line, bank, unpaid)


def _fee_basis_points(session: Session, provider_id: uuid.UUID, on: date) -> int:
    """Return what was agreed with the accreditation that holds on a day, or held last."""

    def begun(row: AccreditationRow) -> bool:
        return row.valid_from is not None and row.valid_from <= on

    rows = providers.accreditations(session, provider_id)
    return next((row.fee_basis_points for row in rows if begun(row)), 0)


def _is_right(iban: str) -> bool:
    try:
        IBAN(iban)
    except SchwiftyException:
        return False
    return True


def line_row(batch: BatchRow, due: Due) -> LineRow:
    """Return the line that a freeze would write, outside any session."""
    line = due.line
    return LineRow(
        batch_id=batch.id,
        provider_id=due.provider.id,
        bank_id=due.bank.id if due.bank else None,
        state=LineState.DUE if due.unpaid is None else LineState.CARRIED,
        unpaid=due.unpaid,
        gross_minor=line.gross_minor,
        again_minor=line.again_minor,
        owed_back_minor=line.owed_back_minor,
        fee_basis_points=line.fee_basis_points,
        fee_minor=line.fee_minor,
        pay_minor=line.pay_minor,
        item_count=line.item_count,
    )


def _check_items(session: Session, batch: BatchRow, lines: Sequence[LineRow]) -> None:
    """What was counted and what was written may differ where somebody corrected in between."""
    written = collecting.sums_of_items(session, batch.id)
    for line in lines:
        counted = (line.gross_minor, line.item_count)
        if line.state == LineState.DUE and written.get(line.id, (0, 0)) != counted:
            raise MovedOnError


def _claim_returns(session: Session, batch: BatchRow, lines: Sequence[LineRow]) -> None:
    """Note which line pays once more what the bank sent back."""
    for line in lines:
        if line.state == LineState.DUE and line.again_minor:
            for returned in queries.unpaid_returns(session, batch.programme_id, line.provider_id):
                returned.again_in_id = line.id
                session.add(returned)
    session.flush()
