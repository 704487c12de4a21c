"""What the demonstration town lacks for a walk through all pages: things that wait for somebody."""

import uuid
from typing import Any

import factories_ballots
import pb_files
from factories_rounds import MadeRound, make_round
from sqlmodel import Session, col, select

from app import clock
from app.accounts import approvals, letters, one_time, set_up
from app.accounts import queries as accounts
from app.accounts.models import AccountRow, ApprovalRow, Channel
from app.db import read_tx, run_tx
from app.delegation.models import DelegationRow
from app.entitlements.models import ApplicationRow, IssueBatchRow
from app.jobs import worker
from app.openbooks import looking
from app.policy import ANONYMOUS, STAFF, Actor
from app.pool.models import PoolRequestRow
from app.proposals.models import ProposalRow
from app.providers import queries as providers
from app.providers.models import ProviderRow
from app.results import importer, runs
from app.roll import batches, imports
from app.rounds import queries as rounds
from app.rounds.setup import changes
from app.settlement import queries as settlements
from app.settlement.models import BatchRow, DisputeRow, LineRow
from app.vouchers import receipts
from app.vouchers.models import BookingRow, RedemptionRow, VoucherRow
from app.vouchers.queries import vouchers_of
from app.vouchers.rules import State as VoucherState

DRAFT, EDITABLE = "market-halls", "park-benches"
WAITING, LETTERS = "bus-shelters", "drinking-fountains"
NEW = "olga.new@valdeagua.example"


def account(name: str) -> AccountRow:
    """Return one of the invented people by the first part of the address."""
    found = read_tx(lambda tx: accounts.by_email(tx, f"{name}@valdeagua.example"))
    assert found is not None
    return found


def actor(name: str) -> Actor:
    found = account(name)
    return Actor(found.id, found.name, STAFF, "full", clock.now())


def add_what_waits() -> dict[str, Any]:
    """Add a draft, a file that waits, letters, an imported election; return names for addresses."""
    officer = actor("officer")
    changes.create(officer, {"title": "Market halls", "slug": DRAFT, "summary": ""})
    editable = make_round("review", slug=EDITABLE, title="Park benches")
    waiting = make_round("frozen", slug=WAITING, title="Bus shelters")
    approval = _stage_roll(waiting, officer)
    imported = importer.import_election(officer, pb_files.pb_file().encode(), file_name="mile.pb")
    _count(officer, imported.id)
    letters.request("Benita Saz", "Calle Mayor 3\n28990 Valdeagua", network="tour")
    return {
        "draft": DRAFT,
        "waiting": WAITING,
        "letters": LETTERS,
        "person": account("reviewer").id,
        "approval": approval.id,
        "batch": _make_letters(officer),
        "imported": imported.slug,
        "counted_pot": read_tx(_counted_pot),
        "set_up": _set_up_token(),
        "link": _token(Channel.EMAIL, email=NEW),
        "new_email": _token(Channel.NEW_EMAIL, email=NEW, account_id=account("ana").id),
        "area": read_tx(lambda tx: rounds.areas(tx, waiting.row))[1].id,
        "editable": EDITABLE,
        "project": editable.projects[0].id,
        **_of_ana(),
        **read_tx(_of_care),
    }


def _of_care(session: Session) -> dict[str, Any]:
    """Organisations, applications and vouchers of the demonstration."""

    def provider(name: str) -> ProviderRow:
        return session.exec(select(ProviderRow).where(ProviderRow.name == name)).one()

    def accreditation(name: str) -> uuid.UUID:
        return providers.accreditations(session, provider(name).id)[0].id

    def application(who: str) -> uuid.UUID:
        person = accounts.by_email(session, f"{who}@valdeagua.example")
        assert person is not None
        query = select(ApplicationRow).where(ApplicationRow.account_id == person.id)
        return session.exec(query).one().id

    def delegation(label: str) -> uuid.UUID:
        return session.exec(select(DelegationRow).where(DelegationRow.label == label)).one().id

    def voucher(who: str) -> uuid.UUID:
        person = accounts.by_email(session, f"{who}@valdeagua.example")
        assert person is not None
        found = vouchers_of(session, person.id)
        return next(row.id for row in found if row.state == VoucherState.ACTIVE)

    def pool_request(who: str) -> uuid.UUID:
        person = accounts.by_email(session, f"{who}@valdeagua.example")
        assert person is not None
        query = select(PoolRequestRow).where(PoolRequestRow.account_id == person.id)
        return session.exec(query).one().id

    def in_state(state: str) -> VoucherRow:
        return session.exec(select(VoucherRow).where(VoucherRow.state == state)).all()[0]

    def settlement(state: str) -> uuid.UUID:
        return session.exec(select(BatchRow).where(BatchRow.state == state)).one().id

    batches_made = select(IssueBatchRow).order_by(col(IssueBatchRow.id).desc())
    newest_batch = session.exec(batches_made).all()[0]
    paid = provider("Cuidados del Azud")
    own_payments = select(RedemptionRow).where(RedemptionRow.voucher_id == voucher("carmen"))
    settled = select(LineRow).where(LineRow.state == "booked", LineRow.provider_id == paid.id)
    return {
        "provider": paid.id,
        "own_line": settlements.lines_of(session, paid.id)[0].line.id,
        "flag": looking.all_found(session, ANONYMOUS)[0].flag.key,
        "joining": provider("Manos Amigas").id,
        "assessed": accreditation("Ayuda a Domicilio Norte"),
        "accredited": accreditation(paid.name),
        "voucher": voucher("carmen"),
        "receipt": session.exec(select(RedemptionRow)).all()[0].id,
        "receipt_number": receipts.number(session.exec(own_payments).all()[0].id),
        "delegation": delegation("My niece Ana"),
        "by_neighbour": delegation("Rosario next door"),
        "by_organisation": delegation("Casa de Día La Noria"),
        "voucher_of_andres": voucher("andres"),
        "decision_of_andres": application("andres"),
        "resident_id": session.exec(select(DelegationRow)).all()[0].resident_id,
        "pool_asked": pool_request("andres"),
        "pool_granted": pool_request("fatima"),
        "care_draft": application("mateo"),
        "care_decided": application("carmen"),
        "care_in_review": application("elena"),
        "care_appeal": application("fatima"),
        "care_batch": newest_batch.id,
        "settlement_waiting": settlement("frozen"),
        "settlement_booked": settlement("booked"),
        "settlement_line": session.exec(settled).one().id,
        "dispute": session.exec(select(DisputeRow)).all()[0].id,
        "visit": session.exec(select(BookingRow)).all()[0].id,
        "serial": in_state("active").serial,
        "replaced": in_state("replaced").id,
        "ended": in_state("ended").id,
    }


def _counted_pot(session: Session) -> uuid.UUID:
    return rounds.pots(session, rounds.round_by_slug(session, "neighbourhoods-2025").id)[0].id


def _stage_roll(made: MadeRound, officer: Actor) -> ApprovalRow:
    people = factories_ballots.make_csv(factories_ballots.make_people(3))
    staged = imports.stage(officer, made.slug, file_name="roll.csv", data=people)
    assert staged.import_id is not None
    run_tx(lambda tx: imports.ask_for_approval(tx, officer, made.slug, staged.import_id))
    found = read_tx(lambda tx: approvals.pending_for(tx, imports.ACTION, made.slug))
    assert found is not None
    return found


def _make_letters(officer: Actor) -> uuid.UUID:
    made = make_round("frozen", slug=LETTERS, title="Drinking fountains")
    approval = _stage_roll(made, officer)
    clerk = actor("clerk")
    run_tx(lambda tx: approvals.approve(tx, clerk, approval.id))
    batch = run_tx(lambda tx: batches.request(tx, clerk, made.slug, None))
    worker.run_due()
    return batch


def _count(officer: Actor, round_id: uuid.UUID) -> None:
    rule = {"rule": "greedy"}
    worker.run_due()
    run_tx(lambda tx: runs.request_what_if(tx, officer, round_id, rule, reason="To compare."))
    worker.run_due()


def _set_up_token() -> str:
    person = account("second.reviewer")
    return run_tx(lambda tx: set_up.issue_link(tx, person.id)).rsplit("/", 1)[1]


def _token(channel: Channel, **values: Any) -> str:
    token = one_time.new_token()
    run_tx(lambda tx: one_time.add(tx, token, channel, lasts=set_up.LINK_LASTS, **values))
    return token


def _of_ana() -> dict[str, Any]:
    """Return a proposal of Ana's for each state."""
    query = select(ProposalRow).where(ProposalRow.author_id == account("ana").id)
    rows = read_tx(lambda tx: list(tx.exec(query.order_by(col(ProposalRow.created_at))).all()))
    return {f"proposal_{row.state}": row.id for row in rows}
