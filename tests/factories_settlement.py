"""Settlements for tests: providers that took vouchers on some day, and batches in any state."""

import uuid
from collections.abc import Sequence
from datetime import date

import factories
from factories_providers import IBAN, actor_of, make_provider
from factories_vouchers import make_programme_row, make_voucher

from app import clock
from app.accounts import approvals
from app.accounts.models import ApprovalRow
from app.db import read_tx, run_tx
from app.db.types import uuid7
from app.ledger import service as ledger
from app.ledger.checking import check_all
from app.policy import ROUND_OFFICER, Actor
from app.programmes.models import ProgrammeRow
from app.providers.models import AccreditationRow, ProviderRow
from app.providers.service import party_of
from app.settlement import booking, exporting, money, paying_from, preparing, queries, releasing
from app.settlement.models import BatchRow, LineRow
from app.vouchers import paying
from app.vouchers.models import RedemptionRow, VoucherRow
from app.vouchers.paying import Payment, Till

EARLY = date(2027, 3, 1)
"""A day whose time for disputes is over at the usual cut-off before `noon`."""
MONDAY = date(2027, 3, 15)
TOWN = paying_from.Account(
    "Ayuntamiento de Valdeagua", IBAN, "Plaza Mayor", "1", "40001", "Valdeagua", "ES"
)


def officer() -> Actor:
    return actor_of(factories.make_account(ROUND_OFFICER), ROUND_OFFICER)


def make_taker(fee_basis_points: int = 0, **values: object) -> uuid.UUID:
    """An accredited provider that the ledger knows."""
    provider, accreditation = make_provider(**values)

    def open_(session: object) -> None:
        party_of(session, provider.id)
        row = session.get_one(AccreditationRow, accreditation.id)
        row.fee_basis_points = fee_basis_points
        session.add(row)

    run_tx(open_)
    return provider.id


def take(
    programme_id: uuid.UUID, provider_id: uuid.UUID, *amounts: int, on: date = EARLY
) -> list[uuid.UUID]:
    """Let a provider take amounts on a day, all from one voucher; returns the redemptions."""
    held = make_voucher(sum(amounts), programme_id=programme_id)
    ids = [uuid7() for _ in amounts]

    def pay(session: object) -> None:
        till = Till(provider_id, party_of(session, provider_id), "device/1")
        voucher = session.get_one(VoucherRow, held.id)
        for id_, amount in zip(ids, amounts, strict=True):
            paying.pay(
                session, voucher, Payment(id_, till, "home-care", amount, at=clock.now(), on=on)
            )

    run_tx(pay)
    return ids


def enter_payer() -> None:
    boss = officer()
    run_tx(lambda s: paying_from.enter(s, boss, TOWN))


def make_care() -> uuid.UUID:
    """A programme with money, and the town's account."""
    enter_payer()
    return make_programme_row(1_000_000)


def prepare(programme_id: uuid.UUID, by: Actor | None = None, on: date = MONDAY) -> uuid.UUID:
    boss = by or officer()
    slug = read_tx(lambda s: s.get_one(ProgrammeRow, programme_id).slug)
    return run_tx(lambda s: preparing.prepare(s, boss, slug, on).id)


def freeze(batch_id: uuid.UUID, by: Actor | None = None) -> uuid.UUID:
    boss = by or officer()
    run_tx(lambda s: preparing.freeze(s, boss, batch_id))
    return batch_id


def propose(batch_id: uuid.UUID, by: Actor | None = None) -> ApprovalRow:
    boss = by or officer()
    return run_tx(lambda s: releasing.propose(s, boss, batch_id))


def approve(proposal: ApprovalRow, by: Actor | None = None) -> None:
    boss = by or officer()
    run_tx(lambda s: approvals.approve(s, boss, proposal.id))


def release(programme_id: uuid.UUID, on: date = MONDAY) -> uuid.UUID:
    """Settle what can be settled, up to the release."""
    batch_id = freeze(prepare(programme_id, on=on))
    approve(propose(batch_id))
    return batch_id


def take_file(batch_id: uuid.UUID, by: Actor | None = None) -> bytes:
    boss = by or officer()
    return run_tx(lambda s: exporting.take_file(s, boss, batch_id))


def propose_booked(
    batch_id: uuid.UUID, bank_minor: int, returned: Sequence[uuid.UUID] = ()
) -> ApprovalRow:
    boss = officer()
    return run_tx(
        lambda s: booking.propose_booked(
            s, boss, batch_id, bank_minor=bank_minor, returned=returned, why="Account closed"
        )
    )


def batch(batch_id: uuid.UUID) -> BatchRow:
    return read_tx(lambda s: queries.batch(s, batch_id))


def lines(batch_id: uuid.UUID) -> dict[uuid.UUID, LineRow]:
    """The lines of a batch by provider."""
    return {line.provider_id: line for line, _ in read_tx(lambda s: queries.lines_in(s, batch_id))}


def redemption(redemption_id: uuid.UUID) -> RedemptionRow:
    return read_tx(lambda s: s.get_one(RedemptionRow, redemption_id))


def owed_minor(provider_id: uuid.UUID, programme_id: uuid.UUID) -> int:
    """What the ledger owes a provider."""
    return run_tx(lambda s: ledger.balance_minor(s, money.owed_to(s, provider_id, programme_id)))


def offences() -> list[str]:
    return [f"{one.name}: {one.offence}" for one in read_tx(check_all) if one.offence]


def name_of(provider_id: uuid.UUID) -> str:
    return read_tx(lambda s: s.get_one(ProviderRow, provider_id).name)
