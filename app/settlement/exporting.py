"""The payment file: taken by two named people at most, always the same bytes; and the table.

No copy of it lies anywhere. It is made anew from the frozen lines whenever one of the two takes
it, and only after these gave the digest of the freeze again.
"""

import hashlib
import uuid
from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as lazy
from sqlmodel import Session

from app import clock
from app.accounts import audit
from app.accounts import queries as accounts
from app.csv_export import write_csv
from app.errors import ConflictError, ForbiddenError
from app.policy import Actor, account_of
from app.programmes.models import ProgrammeRow
from app.providers.days import today
from app.providers.models import ProviderBankRow, ProviderRow
from app.settlement import digest, queries, rules, words
from app.settlement.models import BatchRow, LineRow, PayerRow
from app.settlement.payment_file import Address, Party, Payment, payment_file
from app.settlement.rules import LineState, State
from app.settlement.service import hold, move


def take_file(session: Session, actor: Actor, batch_id: uuid.UUID) -> bytes:
    """Return the file for the bank and note who has it; both people may take it again.

    Raises ForbiddenError for a third person, ConflictError where the lines are not those of the
    freeze, MovedOnError before the release.
    """
    batch = hold(session, batch_id, State.RELEASED, State.EXPORTED, State.BOOKED)
    _note_taker(session, batch, actor)
    if digest.lines_sha256(session, batch) != batch.lines_sha256:
        raise ConflictError(
            lazy(
                "The lines are not those that were frozen, so no file was made. Tell whoever runs "
                "the database."
            )
        )
    content = _file(session, batch)
    sha256 = hashlib.sha256(content).hexdigest()
    audit.record(session, actor, "settlement.file_taken", str(batch.id), {"sha256": sha256})
    return content


def _note_taker(session: Session, batch: BatchRow, actor: Actor) -> None:
    who = account_of(actor)
    if batch.taken_by is None:
        batch.taken_by, batch.taken_at = who, clock.now()
        batch.pays_on = rules.pays_on(today())
        move(session, batch, State.EXPORTED)
    elif batch.second_taken_by is None and who != batch.taken_by:
        batch.second_taken_by, batch.second_taken_at = who, clock.now()
    elif who not in (batch.taken_by, batch.second_taken_by):
        have = (batch.taken_by, batch.second_taken_by)
        raise ForbiddenError(
            lazy(
                "Two people have this file already: %(names)s. Ask one of them.",
                names=", ".join(accounts.names(session, have).values()),
            )
        )
    session.add(batch)
    session.flush()


def _file(session: Session, batch: BatchRow) -> bytes:
    payer = session.get_one(PayerRow, batch.payer_id)
    programme = session.get_one(ProgrammeRow, batch.programme_id)
    payments = [
        Payment(
            line.id,
            _payee(session.get_one(ProviderBankRow, line.bank_id)),
            line.pay_minor,
            reference=f"{programme.name} {line.id.hex[-8:].upper()}",
        )
        for line, _provider in queries.lines_in(session, batch.id)
        if line.state != LineState.CARRIED
    ]
    if batch.pays_on is None or batch.frozen_at is None:
        raise RuntimeError(f"batch {batch.id} is {batch.state} without its dates")
    payments.sort(key=lambda one: one.line_id)
    town = Party(payer.name, payer.iban, _address(payer))
    return payment_file(batch.id, town, payments, on=batch.pays_on, made_at=batch.frozen_at)


def _payee(bank: ProviderBankRow) -> Party:
    return Party(bank.legal_name, bank.iban, _address(bank))


def _address(row: PayerRow | ProviderBankRow) -> Address:
    return Address(row.street_name, row.building_number, row.postcode, row.town, row.country)


def table(rows: Sequence[tuple[LineRow, ProviderRow]], batch: BatchRow) -> bytes:
    """Return the lines of a batch for a spreadsheet, with amounts in whole cents and no IBAN."""
    head = [
        *(_("Line"), _("Organisation"), _("State"), _("Payments"), _("Taken, in cents")),
        *(_("Paid again, in cents"), _("Owed back, in cents"), _("Fee, in cents")),
        *(_("To pay, in cents"), _("Cut-off"), _("Released")),
    ]
    return write_csv([head, *(_cells(line, provider, batch) for line, provider in rows)])


def _cells(line: LineRow, provider: ProviderRow, batch: BatchRow) -> list[object]:
    return [
        *(line.id.hex, provider.name, str(words.line(line)), line.item_count, line.gross_minor),
        *(line.again_minor, line.owed_back_minor, line.fee_minor, line.pay_minor),
        *(_iso(batch.cut_off_at), _iso(batch.released_at)),
    ]


def _iso(moment: datetime | None) -> str:
    return "" if moment is None else moment.isoformat(timespec="seconds")
