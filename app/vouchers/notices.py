"""Mails that a voucher ends soon. What is left is not said: others may read the mail."""

import uuid
from collections.abc import Sequence
from datetime import date, timedelta

from flask_babel import gettext as _
from sqlmodel import Session, col, select

from app import clock, i18n
from app.accounts import mails
from app.ledger import queries as ledger_queries
from app.vouchers import expiring, paying
from app.vouchers.models import NoticeRow, ResidentRow, VoucherRow
from app.vouchers.rules import NOTICE_DAYS, State, goes_on, last_day, notice_due

CHUNK = 500


def send_some(session: Session, on: date) -> int:
    """Remind up to 500 holders; returns at how many was looked, 0: none is left.

    Who has nothing left or no address gets no mail, and is not looked at again.
    """
    looked_at = 0
    for days in sorted(NOTICE_DAYS):
        rows = _without_notice(session, days, on)
        left = ledger_queries.balances_minor(session, (row.account_id for row, _who in rows))
        for row, account_id in rows:
            known = paying.facts(row)
            if known is None or notice_due(last_day(known), on) != days:
                continue
            _note(session, row.id, last_day(known), days)
            looked_at += 1
            if row.state == State.INACTIVE or left.get(row.account_id):
                _write(session, row, account_id, last_day(known), goes_on(known))
    return looked_at


def _without_notice(
    session: Session, days: int, on: date
) -> Sequence[tuple[VoucherRow, uuid.UUID]]:
    """Return vouchers that end within so many days and whose holders were not told that yet."""
    sent = select(NoticeRow.voucher_id).where(
        NoticeRow.voucher_id == VoucherRow.id,
        col(NoticeRow.days_before) <= days,
        col(NoticeRow.last_day) >= on,
    )
    query = (
        select(VoucherRow, ResidentRow.account_id)
        .join(ResidentRow, col(ResidentRow.id) == col(VoucherRow.resident_id))
        .where(
            col(VoucherRow.state).in_((State.ACTIVE, State.INACTIVE)),
            col(ResidentRow.account_id).is_not(None),
            expiring.over_since(on + timedelta(days=days)),
            ~expiring.over_since(on - timedelta(days=1)),
            ~sent.exists(),
        )
        .order_by(col(VoucherRow.id))
        .limit(CHUNK)
    )
    return [(row, who) for row, who in session.exec(query).all() if who is not None]


def _note(session: Session, voucher_id: uuid.UUID, last: date, days: int) -> None:
    row = NoticeRow(voucher_id=voucher_id, last_day=last, days_before=days, sent_at=clock.now())
    session.add(row)
    session.flush()


def _write(
    session: Session, row: VoucherRow, account_id: uuid.UUID, last: date, goes: date
) -> None:
    text = _(
        "your voucher %(serial)s can be used until %(last)s. "
        "On %(goes)s what is left of it goes back, so that it helps others.\n\n"
        "What is left, and who takes vouchers, stands here:",
        serial=row.serial,
        last=i18n.day(last),
        goes=i18n.day(goes),
    )
    subject = _("Your voucher can be used until %(day)s", day=i18n.day(last))
    mails.write(session, account_id, subject, text, page=f"/account/vouchers/{row.id}")
