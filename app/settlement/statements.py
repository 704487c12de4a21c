"""The statement of a settlement for one provider: as a table, and as a PDF for its accounts.

Receipts, days, services, amounts, what was taken off and why nothing was paid. No holder is named.
"""

import json
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

import typst
from flask_babel import gettext as _
from sqlmodel import Session

from app import i18n
from app.paths import resource_folder
from app.policy import Actor, fetch
from app.programmes.models import ProgrammeRow
from app.programmes.services import Service
from app.programmes.words import SERVICES
from app.providers.days import day_of
from app.providers.models import ProviderRow
from app.settlement import queries, words
from app.settlement.models import BatchRow, ItemRow, LineRow
from app.settlement.queries import Settled
from app.settlement.taken import Taken
from app.vouchers import receipts
from app.vouchers.models import RedemptionRow

MINOR_PER_UNIT = 100
Row = tuple[object, ...]


@dataclass(frozen=True)
class Statement:
    """A line that was released, with the redemptions in it; of a carried line there are none."""

    settled: Settled
    provider: ProviderRow
    items: Sequence[tuple[ItemRow, RedemptionRow]]

    @property
    def name(self) -> str:
        """How its files are called."""
        day = day_of(self.settled.batch.cut_off_at)
        return f"{self.settled.programme.slug}-{day:%Y-%m-%d}-{self.settled.line.id.hex[-8:]}"


def statement(session: Session, actor: Actor, line_id: uuid.UUID) -> Statement:
    """Return the statement of a settlement for its manager. Raises NotFoundError."""
    line = fetch(session, actor, LineRow, line_id)
    batch = session.get_one(BatchRow, line.batch_id)
    return Statement(
        Settled(line, batch, session.get_one(ProgrammeRow, batch.programme_id)),
        session.get_one(ProviderRow, line.provider_id),
        queries.items_of(session, line.id),
    )


def sums(line: LineRow) -> list[tuple[str, int]]:
    """Return how what is paid comes about: what is owed, less what was taken off."""
    parts = [
        (_("Paid with vouchers"), line.gross_minor),
        (_("Sent back by the bank before, paid once more"), line.again_minor),
        (_("Refunded to holders after it had been paid out"), -line.owed_back_minor),
        (_("Fee"), -line.fee_minor),
    ]
    return [(str(name), amount) for name, amount in parts[:1]] + [
        (str(name), amount) for name, amount in parts[1:] if amount
    ]


def total(line: LineRow) -> tuple[str, int]:
    """Return the sum of `sums` with its name: paid, carried over, or owed to the town."""
    if line.unpaid is None:
        return str(_("Paid out")), line.pay_minor
    if line.pay_minor < 0:
        return str(_("Owed to the town")), line.pay_minor
    return str(_("Carried over to the next settlement")), line.pay_minor


def item_rows(items: Sequence[tuple[ItemRow, RedemptionRow]]) -> Iterator[Row]:
    """Yield the table of a settlement. Amounts in whole units, with a point."""
    yield "receipt", "day", "service", "amount"
    for item, row in items:
        yield receipts.number(row.id), row.taken_on, row.service, decimal(item.amount_minor)


def taken_rows(taken: Sequence[Taken]) -> Iterator[Row]:
    """Yield the table of a month, with what went back and what a settlement has paid."""
    yield "receipt", "day", "service", "taken", "given_back", "stands", "settlement"
    for one in taken:
        yield (
            receipts.number(one.row.id),
            one.row.taken_on,
            one.row.service,
            decimal(one.row.amount_minor),
            decimal(one.back_minor),
            decimal(one.standing_minor),
            one.line.id.hex if one.line and one.batch and one.batch.state in queries.PAID else "",
        )


def decimal(amount_minor: int) -> str:
    """Write an amount for a spreadsheet.

    >>> decimal(1_205), decimal(5)
    ('12.05', '0.05')
    """
    return f"{Decimal(amount_minor) / MINOR_PER_UNIT:.2f}"


def pdf(one: Statement, *, town_name: str) -> bytes:
    """Set a statement, tagged for screen readers."""
    line, batch, unit = one.settled.line, one.settled.batch, one.settled.programme.unit
    data = {
        "lang": "en",
        "title": _("Statement of a settlement"),
        "town": town_name,
        "provider": one.provider.name,
        "facts": [
            [_("Programme"), one.settled.programme.name],
            [_("Taken before"), i18n.moment(batch.cut_off_at)],
            [_("Number of the payment"), line.id.hex],
            [_("State"), str(words.line(line))],
        ],
        "sums": [[name, i18n.money(amount, unit)] for name, amount in sums(line)],
        "total": [total(line)[0], i18n.money(total(line)[1], unit)],
        "columns": [_("Receipt"), _("Day"), _("Service"), _("Amount")],
        "items": [
            [
                receipts.number(row.id),
                i18n.day(row.taken_on),
                str(SERVICES[Service(row.service)]),
                i18n.money(item.amount_minor, unit),
            ]
            for item, row in one.items
        ],
        "items_title": _("The payments in it"),
        "none": _("No payments were settled."),
    }
    source = resource_folder("templates") / "settlement" / "statement.typ"
    made = typst.compile(source, sys_inputs={"data": json.dumps(data)}, pdf_standards=["ua-1"])
    return bytes(made)
