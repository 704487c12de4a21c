"""Replacing vouchers at the desk, and printing what has to be on paper.

Whoever asks shows an identity document. Staff see serials only: a code goes from the database into
the printed file, and the PIN into another file, which another person prints.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import lazy_gettext as lazy
from sqlalchemy import update
from sqlmodel import Session, col, select

from app import clock
from app.accounts import audit
from app.errors import ConflictError, ForbiddenError, NotFoundError
from app.policy import Actor, account_of
from app.vouchers import blocking, issuing, queries
from app.vouchers import replacing as vouchers
from app.vouchers.models import ReplacementRow, ResidentRow, VoucherRow
from app.vouchers.rules import Carrier, ReplacedFor, State


@dataclass(frozen=True)
class ToPrint:
    """A replacement on paper that nobody has in hand yet."""

    row: ReplacementRow
    voucher: VoucherRow


def found(session: Session, wanted: str) -> Sequence[VoucherRow]:
    """Return the voucher with this serial, or those of the person with this register number.

    Raises NotFoundError where there is none.
    """
    by_serial = queries.by_serial(session, "".join(wanted.split()).upper())
    if by_serial is not None:
        return [by_serial]
    holder = issuing.known_resident(session, wanted)
    rows = [] if holder is None else queries.vouchers_of_resident(session, holder.id)
    if not rows:
        raise NotFoundError(
            lazy("No voucher has this serial, and nobody with this number has a voucher.")
        )
    return rows


def replace(session: Session, actor: Actor, serial: str, reason: ReplacedFor) -> ToPrint:
    """Replace a voucher by one on paper. Raises NotFoundError, ForbiddenError for one's own,
    vouchers' NotReplaceableError.
    """
    row = blocking.find(session, serial)
    if session.get_one(ResidentRow, row.resident_id).account_id == actor.account_id:
        raise ForbiddenError(lazy("This is your own voucher. Somebody else has to replace it."))
    done = vouchers.replace(
        session, row.id, carrier=Carrier.PAPER, reason=reason, actor=f"account/{account_of(actor)}"
    )
    audit.record(
        session, actor, "voucher.replaced", serial, {"by": done.voucher.serial, "reason": reason}
    )
    return ToPrint(done.row, done.voucher)


def waiting(session: Session) -> Sequence[ToPrint]:
    """Return the replacements on paper that were not handed over yet, the oldest first."""
    query = (
        select(ReplacementRow, VoucherRow)
        .join(VoucherRow, col(VoucherRow.id) == col(ReplacementRow.replaced_by))
        .where(VoucherRow.state == State.INACTIVE, VoucherRow.carrier == Carrier.PAPER)
        .order_by(col(ReplacementRow.replaced_at), col(ReplacementRow.voucher_id))
    )
    return [ToPrint(*pair) for pair in session.exec(query).all()]


def to_print(session: Session, serial: str) -> ToPrint:
    """Return a replacement that may be printed. Raises NotFoundError."""
    voucher = blocking.find(session, serial)
    row = queries.replacement_by(session, voucher.id)
    if row is None or voucher.carrier != Carrier.PAPER:
        raise NotFoundError(lazy("This voucher replaces none on paper. Look at the list again."))
    return ToPrint(row, voucher)


def note_printed(session: Session, actor: Actor, serial: str) -> None:
    """Take the printed voucher, once. Raises ConflictError for the second time."""
    one = to_print(session, serial)
    done = session.exec(
        update(ReplacementRow)
        .where(
            col(ReplacementRow.voucher_id) == one.row.voucher_id,
            col(ReplacementRow.printed_at).is_(None),
        )
        .values(printed_at=clock.now(), printed_by=account_of(actor))
    )
    if done.rowcount != 1:
        raise _taken()
    audit.record(session, actor, "voucher.replacement_printed", serial)


def note_slip_printed(session: Session, actor: Actor, serial: str) -> None:
    """Take the slip with the PIN, once, by another person than the one who printed the voucher."""
    one = to_print(session, serial)
    if one.row.printed_by is None:
        raise ConflictError(lazy("Print the voucher first. Another person prints the slip."))
    if one.row.printed_by == actor.account_id:
        raise ConflictError(lazy("You printed this voucher. Another person prints the slip."))
    done = session.exec(
        update(ReplacementRow)
        .where(
            col(ReplacementRow.voucher_id) == one.row.voucher_id,
            col(ReplacementRow.pins_printed_at).is_(None),
        )
        .values(pins_printed_at=clock.now(), pins_printed_by=account_of(actor), pin_sealed=None)
    )
    if done.rowcount != 1:
        raise _taken()
    audit.record(session, actor, "voucher.replacement_slip_printed", serial)


def _taken() -> ConflictError:
    return ConflictError(
        lazy(
            "This was printed already, and it is given out once only. If it is lost, replace the "
            "voucher again."
        )
    )
