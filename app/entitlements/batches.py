"""Vouchers in batches: a dry run that balances, a second officer who releases, vouchers.

A promise of the batch moves from the programme's FUND to its RESERVE (what the fund lacks, from
COVER, where the council adopted that). A voucher on the phone is handed over at once; a printed
one stays inactive until its holder gets it at the desk.
"""

import hashlib
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy
from sqlalchemy import func, update
from sqlmodel import Session, col, select

from app import clock, i18n
from app.accounts import approvals, audit
from app.accounts.models import ApprovalRow
from app.entitlements import queries
from app.entitlements.models import EntitlementRow, IssueBatchRow
from app.errors import ConflictError, NotFoundError
from app.ledger import service as ledger
from app.ledger.batch import Move, post_many
from app.ledger.entries import AccountKind, TransferKind
from app.policy import ROUND_OFFICER, Actor, account_of
from app.programmes import fund
from app.programmes import queries as programmes
from app.programmes.models import Mode, ProgrammeRow
from app.vouchers import issuing, keys, nights
from app.vouchers import queries as vouchers
from app.vouchers.models import ResidentRow
from app.vouchers.rules import Carrier

ISSUE = "care.issue"


@dataclass(frozen=True)
class DryRun:
    """What issuing would do. The fund pays first, promise by promise, and cover what it cannot."""

    promises: Sequence[EntitlementRow]
    until: datetime
    fund_minor: int
    cover_minor: int
    """What may be promised above the fund."""
    from_fund: frozenset[uuid.UUID]
    from_fund_minor: int

    @property
    def total_minor(self) -> int:
        return sum(one.value_minor for one in self.promises)

    @property
    def from_cover_minor(self) -> int:
        return self.total_minor - self.from_fund_minor

    @property
    def missing_minor(self) -> int:
        return max(0, self.from_cover_minor - self.cover_minor)

    @property
    def left_minor(self) -> int:
        return self.fund_minor - self.from_fund_minor

    @property
    def on_paper(self) -> int:
        return sum(one.carrier == Carrier.PAPER for one in self.promises)

    @property
    def balances(self) -> bool:
        """Say whether there is something to issue and the money for all of it."""
        return bool(self.promises) and self.missing_minor == 0

    def payload(self) -> dict[str, Any]:
        lines = "\n".join(f"{one.id} {one.value_minor}" for one in self.promises)
        return {
            "until": self.until.isoformat(),
            "number": len(self.promises),
            "total_minor": self.total_minor,
            "promises_sha256": hashlib.sha256(lines.encode()).hexdigest(),
        }


@fund.promises
def _promised_minor(session: Session, programme_id: uuid.UUID) -> int:
    """Return what was promised and waits for its vouchers: no closing takes it away."""
    query = select(func.coalesce(func.sum(col(EntitlementRow.value_minor)), 0)).where(
        EntitlementRow.programme_id == programme_id, col(EntitlementRow.batch_id).is_(None)
    )
    return int(session.exec(query).one())


def dry_run(
    session: Session, programme: ProgrammeRow, *, until: datetime, hold: bool = False
) -> DryRun:
    """Say what issuing all promises up to an instant would reserve, and what would be left."""
    promises = queries.waiting_for_vouchers(session, programme.id, until=until, hold=hold)
    held = fund.balance_minor(session, programme)
    left, paid = held, set()
    for one in promises:
        if one.value_minor <= left:
            left -= one.value_minor
            paid.add(one.id)
    return DryRun(promises, until, held, _cover(session, programme), frozenset(paid), held - left)


def propose(session: Session, actor: Actor, slug: str) -> ApprovalRow:
    """Ask a second officer to release. Raises ConflictError when the dry run does not balance."""
    found = dry_run(session, programmes.by_slug(session, slug), until=clock.now())
    if not found.balances:
        raise ConflictError(
            lazy("This does not balance, so it cannot be issued. Look at the figures again.")
        )
    return approvals.propose(session, actor, ISSUE, slug, found.payload())


def _describe(session: Session, approval: ApprovalRow) -> str:
    programme = programmes.by_slug(session, approval.subject)
    return str(
        _(
            "Issue %(number)s vouchers of “%(name)s” worth %(total)s together.",
            number=approval.payload["number"],
            name=programme.name,
            total=i18n.money(approval.payload["total_minor"], programme.unit),
        )
    )


@approvals.act(ISSUE, roles=frozenset({ROUND_OFFICER}), describe=_describe)
def release(session: Session, approval: ApprovalRow, actor: Actor) -> None:
    """Reserve and make what was proposed, all of it or nothing."""
    programme = programmes.by_slug(session, approval.subject)
    until = datetime.fromisoformat(approval.payload["until"])
    found = dry_run(session, programme, until=until, hold=True)
    if found.payload() != approval.payload or not found.balances:
        raise ConflictError(
            _("Promises or money have changed since this was proposed. Withdraw it, ask again.")
        )
    batch = IssueBatchRow(
        programme_id=programme.id,
        prepared_by=approval.proposed_by,
        released_by=account_of(actor),
        released_at=clock.now(),
        number=len(found.promises),
        total_minor=found.total_minor,
    )
    session.add(batch)
    session.flush()
    _reserve(session, programme, found, str(actor.account_id))
    for one in found.promises:
        _issue(session, programme, batch, one, str(actor.account_id))
    nights.plan(session)
    session.flush()


def batch(session: Session, batch_id: uuid.UUID) -> IssueBatchRow:
    """Raises NotFoundError."""
    row = session.get(IssueBatchRow, batch_id)
    if row is None:
        raise NotFoundError(lazy("There is no such batch. Look at the list again."))
    return row


def note_vouchers_printed(session: Session, actor: Actor, batch_id: uuid.UUID) -> None:
    """Take the printed vouchers, once. Raises ConflictError for the second time."""
    done = session.exec(
        update(IssueBatchRow)
        .where(col(IssueBatchRow.id) == batch_id, col(IssueBatchRow.printed_at).is_(None))
        .values(printed_at=clock.now(), printed_by=account_of(actor))
    )
    if done.rowcount != 1:
        raise _taken()
    audit.record(session, actor, "care.vouchers_printed", str(batch_id))


def note_slips_printed(session: Session, actor: Actor, batch_id: uuid.UUID) -> None:
    """Take the slips with PINs, once, by another person than the one who has the vouchers.

    The PINs leave the database with it: afterwards only their keyed hashes are there.
    """
    row = batch(session, batch_id)
    if row.printed_by is None:
        raise ConflictError(lazy("Print the vouchers first. Another person prints the slips."))
    if row.printed_by == actor.account_id:
        raise ConflictError(
            lazy("You printed the vouchers of this batch. Another person prints the slips.")
        )
    done = session.exec(
        update(IssueBatchRow)
        .where(col(IssueBatchRow.id) == batch_id, col(IssueBatchRow.pins_printed_at).is_(None))
        .values(pins_printed_at=clock.now(), pins_printed_by=account_of(actor))
    )
    if done.rowcount != 1:
        raise _taken()
    session.exec(
        update(EntitlementRow)
        .where(col(EntitlementRow.batch_id) == batch_id)
        .values(pin_sealed=None)
    )
    audit.record(session, actor, "care.slips_printed", str(batch_id))


def hand_over(session: Session, actor: Actor, serial: str) -> bool:
    """Give a printed voucher to its holder, whose document was seen; False if it was given.

    Raises NotFoundError for a serial that no voucher has.
    """
    row = vouchers.by_serial(session, serial)
    if row is None:
        raise NotFoundError(lazy("No voucher has this serial. Compare it with the paper."))
    if not issuing.activate(session, row.id, actor=str(actor.account_id)):
        return False
    audit.record(session, actor, "care.handed_over", serial)
    return True


def _reserve(session: Session, programme: ProgrammeRow, found: DryRun, actor: str) -> None:
    accounts = {
        kind: ledger.account(session, kind, unit=programme.unit, subject_id=programme.id)
        for kind in (AccountKind.FUND, AccountKind.RESERVE)
    }

    def moves(source: uuid.UUID, wanted: Sequence[EntitlementRow]) -> list[Move]:
        reserve = accounts[AccountKind.RESERVE]
        return [Move(source, reserve, one.value_minor, one.id, programme.slug) for one in wanted]

    paid = [one for one in found.promises if one.id in found.from_fund]
    rest = [one for one in found.promises if one.id not in found.from_fund]
    if paid:
        funded = moves(accounts[AccountKind.FUND], paid)
        post_many(session, TransferKind.RESERVE, funded, actor=actor)
    if rest:
        covered = moves(_cover_account(session, programme), rest)
        post_many(session, TransferKind.COVER, covered, actor=actor)


def _issue(
    session: Session, programme: ProgrammeRow, batch: IssueBatchRow, one: EntitlementRow, actor: str
) -> None:
    carrier = Carrier(one.carrier)
    made = issuing.issue(
        session,
        session.get_one(ResidentRow, one.resident_id),
        programme_id=programme.id,
        value_minor=one.value_minor,
        services=programme.services,
        starts_on=one.starts_on,
        expires_on=one.ends_on,
        carrier=carrier,
    )
    one.batch_id, one.voucher_id = batch.id, made.voucher.id
    if made.pin is not None:
        one.pin_sealed = keys.seal(made.pin.encode(), voucher_id=made.voucher.id)
    session.add(one)
    session.flush()
    if carrier is Carrier.PHONE:
        issuing.activate(session, made.voucher.id, actor=actor)


def _cover(session: Session, programme: ProgrammeRow) -> int:
    if programme.mode != Mode.COVERED:
        return 0
    used = ledger.balance_minor(session, _cover_account(session, programme))
    return programme.cover_minor + used


def _cover_account(session: Session, programme: ProgrammeRow) -> uuid.UUID:
    return ledger.account(
        session,
        AccountKind.COVER,
        unit=programme.unit,
        subject_id=programme.id,
        floor_minor=-programme.cover_minor,
    )


def _taken() -> ConflictError:
    return ConflictError(
        lazy(
            "This was taken already, and it is given out once only. Ask the person who has it; "
            "what is lost is replaced voucher by voucher."
        )
    )
