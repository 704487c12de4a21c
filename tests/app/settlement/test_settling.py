"""Settlements on both engines: what is paid, by whom, once; what stops them; what came back."""

import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

import factories
import pytest
from factories_providers import actor_of, person
from factories_rounds import at_once
from factories_settlement import (
    EARLY,
    MONDAY,
    approve,
    batch,
    enter_payer,
    freeze,
    lines,
    make_care,
    make_taker,
    name_of,
    offences,
    officer,
    owed_minor,
    prepare,
    propose,
    propose_booked,
    redemption,
    release,
    take,
    take_file,
)
from factories_vouchers import make_programme_row
from flask import Flask
from sqlalchemy import Table, event, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, select

from app.accounts import approvals
from app.accounts.models import ApprovalRow
from app.db import bulk, engine, read_tx, run_tx
from app.errors import ConflictError, ForbiddenError, InvalidError
from app.ledger import service as ledger
from app.ledger.entries import AccountKind, TransferKind
from app.policy import ROUND_OFFICER, Actor
from app.settlement import booking, collecting, owing, preparing, rules
from app.settlement.models import ItemRow
from app.settlement.service import MovedOnError
from app.vouchers import paying, returning
from app.vouchers.models import RedemptionRow


@pytest.fixture(autouse=True)
def _context(app: Flask, noon: datetime) -> Iterator[None]:
    with app.test_request_context():
        yield


def give_back(redemption_id: uuid.UUID, amount_minor: int) -> None:
    row = redemption(redemption_id)
    run_tx(lambda s: returning.give_back(s, row, amount_minor, actor="desk"))


def test_a_settlement_pays_what_stands_less_the_fee_and_its_books_agree() -> None:
    care, provider = make_care(), make_taker(fee_basis_points=200)
    first, _second = take(care, provider, 3_000, 3_200)
    give_back(first, 1_000)
    take(care, provider, 700, on=MONDAY - timedelta(days=7))

    batch_id = release(care)
    take_file(batch_id)
    approve(propose_booked(batch_id, 5_096))

    line = lines(batch_id)[provider]
    assert (line.gross_minor, line.fee_minor, line.pay_minor) == (5_200, 104, 5_096)
    assert (batch(batch_id).state, batch(batch_id).bank_minor) == ("booked", 5_096)
    assert owed_minor(provider, care) == 700
    assert offences() == []


def test_what_the_database_chooses_is_what_the_rules_say() -> None:
    """Window, corrections and batches, as statements and as pure rules, choose alike."""
    care, provider = make_care(), make_taker()
    ids = take(care, provider, 1_500, 1_600)
    release(care)
    window = MONDAY - timedelta(days=rules.DISPUTE_DAYS)
    for on in (EARLY, window - timedelta(days=1), window):
        ids += take(care, provider, 2_000 + on.day, 4_000 + on.day, on=on)
    give_back(ids[2], redemption(ids[2]).amount_minor)
    give_back(ids[4], 5)

    def due(session: Session) -> int:
        found = 0
        for one in map(redemption_in(session), ids):
            if rules.why_waits(one, cut_off_on=MONDAY) is None:
                found += one.standing_minor
        return found

    chosen = read_tx(lambda s: collecting.sums(s, care, MONDAY))[provider]
    assert chosen.gross_minor == read_tx(due)
    assert chosen.item_count == 3


def redemption_in(session: Session):
    def item(redemption_id: uuid.UUID) -> rules.Item:
        row = session.get_one(RedemptionRow, redemption_id)
        batched = session.exec(select(ItemRow).where(ItemRow.redemption_id == redemption_id))
        standing = paying.standing_minor(session, row)
        return rules.Item(
            row.id,
            row.provider_id,
            row.taken_on,
            row.amount_minor,
            taken_back_minor=row.amount_minor - standing,
            batched=batched.first() is not None,
        )

    return item


def test_who_prepared_froze_or_belongs_to_an_organisation_does_not_release() -> None:
    care, provider = make_care(), make_taker()
    take(care, provider, 3_000)
    preparer, freezer, second = officer(), officer(), officer()
    member = factories.make_account(ROUND_OFFICER)
    run_tx(lambda s: s.add(person(provider, member.id, "clerk")))
    proposal = propose(freeze(prepare(care, preparer), freezer), second)

    for who in (preparer, freezer):
        with pytest.raises(ForbiddenError, match="prepared or froze"):
            approve(proposal, who)
    with pytest.raises(ForbiddenError, match="proposed this yourself"):
        approve(proposal, second)
    with pytest.raises(ForbiddenError, match="belong to an organisation"):
        approve(proposal, actor_of(member, ROUND_OFFICER))
    assert owed_minor(provider, care) == 3_000

    approve(proposal)
    assert owed_minor(provider, care) == 0


def test_two_releases_at_once_pay_once(app: Flask) -> None:
    care, provider = make_care(), make_taker()
    take(care, provider, 3_000)
    proposal = propose(freeze(prepare(care)))
    first, second = officer(), officer()
    refused = []

    def by(who: object) -> None:
        try:
            run_tx(lambda s: approvals.approve(s, who, proposal.id))
        except ConflictError as error:
            refused.append(str(error))

    at_once(app, lambda: by(first), lambda: by(second))

    assert len(refused) == 1
    assert owed_minor(provider, care) == 0
    assert offences() == []


class PowerCutError(Exception):
    pass


CUTS = {
    "freeze": ("INTO settlement_line", "INTO settlement_item", "UPDATE settlement_batch"),
    "release": ("INTO transfer", "UPDATE settlement_batch"),
    "export": ("UPDATE settlement_batch",),
    "book": ("UPDATE settlement_line", "UPDATE settlement_batch"),
}


def test_a_step_cut_off_after_any_statement_did_nothing_and_can_be_done_again() -> None:
    care, provider = make_care(), make_taker(fee_basis_points=200)
    take(care, provider, 3_000)
    batch_id = prepare(care)
    steps = {
        "freeze": lambda: lambda: freeze(batch_id),
        "release": lambda: partial(approve, propose(batch_id)),
        "export": lambda: lambda: take_file(batch_id),
        "book": lambda: partial(approve, propose_booked(batch_id, 2_940)),
    }

    for name, begin in steps.items():
        do = begin()
        before = (batch(batch_id).state, owed_minor(provider, care))
        for statement in CUTS[name]:
            with cut_off_after(statement), pytest.raises(PowerCutError):
                do()
            assert (batch(batch_id).state, owed_minor(provider, care)) == before
            assert offences() == []
        do()

    assert (batch(batch_id).state, owed_minor(provider, care)) == ("booked", 0)
    assert offences() == []


@contextmanager
def cut_off_after(statement: str) -> Iterator[None]:
    def cut(_connection, _cursor, sent, *_rest) -> None:
        if statement in sent[:40]:
            raise PowerCutError

    def insert_and_cut(session: Session, table: Table, rows: Sequence[Any]) -> None:
        insert_many(session, table, rows)
        if statement == f"INTO {table.name}":
            raise PowerCutError

    event.listen(engine.current(), "after_cursor_execute", cut)
    insert_many = bulk.insert_many
    try:
        with pytest.MonkeyPatch.context() as patched:  # PostgreSQL copies, which is no statement
            patched.setattr(bulk, "insert_many", insert_and_cut)
            yield
    finally:
        event.remove(engine.current(), "after_cursor_execute", cut)


def move(care: uuid.UUID, kind: TransferKind, debit: AccountKind, credit: AccountKind) -> None:
    """Move 1.00 between two accounts of a programme."""

    def post(session: Session) -> None:
        floors = {AccountKind.COVER: -100}
        accounts = [
            ledger.account(session, one, subject_id=care, floor_minor=floors.get(one))
            for one in (debit, credit)
        ]
        ledger.post(session, kind, *accounts, 100, event_id=uuid.uuid4())

    run_tx(post)


def test_settlement_stops_with_the_sum_that_is_missing_until_it_is_appropriated() -> None:
    enter_payer()
    care, provider = make_programme_row(2_900), make_taker()
    move(care, TransferKind.COVER, AccountKind.COVER, AccountKind.RESERVE)
    take(care, provider, 3_000)
    batch_id = prepare(care)

    with pytest.raises(ConflictError, match="€1 are missing"):
        freeze(batch_id)
    move(care, TransferKind.APPROPRIATE, AccountKind.TREASURY, AccountKind.FUND)
    proposal = propose(freeze(batch_id))
    move(care, TransferKind.CLOSE, AccountKind.FUND, AccountKind.TREASURY)
    with pytest.raises(ConflictError, match="€1 are missing"):
        approve(proposal)
    assert owed_minor(provider, care) == 3_000

    move(care, TransferKind.APPROPRIATE, AccountKind.TREASURY, AccountKind.FUND)
    approve(proposal)
    assert owed_minor(provider, care) == 0


def test_little_is_carried_over_and_a_debt_is_offset_next_time() -> None:
    care, small, debtor = make_care(), make_taker(name="Small"), make_taker(name="Debtor")
    take(care, small, 999)
    [paid] = take(care, debtor, 3_000)
    first = release(care)
    give_back(paid, 2_500)
    take(care, small, 1)
    take(care, debtor, 1_000)

    second = release(care)

    owing_then = read_tx(lambda s: owing.times_owing(s, care, debtor))
    take(care, debtor, 3_000)
    third = release(care)
    take(care, debtor, 2_000)
    assert lines(release(care))[debtor].pay_minor == 2_000
    assert owing_then == 1
    assert read_tx(lambda s: owing.times_owing(s, care, debtor)) == 0
    unpaid = [(lines(first)[small].unpaid, lines(second)[debtor].unpaid)]
    assert unpaid == [("small", "owes")]
    assert lines(second)[small].pay_minor == 1_000
    assert lines(second)[debtor].pay_minor == -1_500
    assert lines(third)[debtor].pay_minor == 1_500
    assert (owed_minor(small, care), owed_minor(debtor, care)) == (0, 0)
    assert offences() == []


def test_what_the_bank_sent_back_is_owed_again_and_paid_without_a_second_fee() -> None:
    care, provider, other = make_care(), make_taker(fee_basis_points=200), make_taker()
    take(care, provider, 5_200)
    take(care, other, 2_000)
    first = release(care)
    take_file(first)
    back = lines(first)[provider]
    with pytest.raises(InvalidError, match=r"€50\.96 are missing"):
        propose_booked(first, 2_000)
    approve(propose_booked(first, 2_000, [back.id]))
    assert owed_minor(provider, care) == 5_096

    second = release(care)

    assert lines(first)[provider].again_in_id == lines(second)[provider].id
    assert (lines(second)[provider].pay_minor, lines(second)[provider].fee_minor) == (5_096, 0)
    assert owed_minor(provider, care) == 0
    take_file(second)
    approve(propose_booked(second, 5_096))
    boss, later = officer(), lines(second)[provider]
    approve(run_tx(lambda s: booking.propose_return(s, boss, later.id, "Name does not fit")))
    assert (batch(second).bank_minor, owed_minor(provider, care)) == (0, 5_096)
    assert offences() == []


def test_what_was_refunded_since_the_freeze_stops_the_release_and_the_next_one_leaves_it_out() -> (
    None
):
    care, provider, boss = make_care(), make_taker(), officer()
    first, _second = take(care, provider, 3_000, 2_000)
    batch_id = freeze(prepare(care))
    proposal = propose(batch_id)
    give_back(first, 3_000)

    with pytest.raises(ConflictError, match="refunded or disputed since"):
        approve(proposal)
    run_tx(lambda s: preparing.withdraw(s, boss, batch_id))
    with pytest.raises(ConflictError, match="already been decided"):
        approve(proposal)

    assert lines(release(care))[provider].pay_minor == 2_000
    assert offences() == []


def test_one_settlement_of_a_programme_is_under_way_at_a_time() -> None:
    care, provider = make_care(), make_taker()
    take(care, provider, 3_000)
    prepare(care)

    with pytest.raises(ConflictError, match="is under way"):
        prepare(care)


def test_the_file_is_for_two_people_and_always_the_same(at, noon: datetime) -> None:
    care, provider, first, second = make_care(), make_taker(), officer(), officer()
    take(care, provider, 3_000)
    batch_id = freeze(prepare(care))
    with pytest.raises(MovedOnError):
        take_file(batch_id, first)
    approve(propose(batch_id))

    content = take_file(batch_id, first)
    at(noon + timedelta(days=3))
    assert take_file(batch_id, second) == take_file(batch_id, first) == content
    with pytest.raises(ForbiddenError, match="Two people have this file already"):
        take_file(batch_id)

    assert batch(batch_id).pays_on == date(2027, 3, 18)
    assert lines(batch_id)[provider].id.hex.encode() in content


def test_a_changed_account_of_a_provider_makes_no_file_and_pays_nothing() -> None:
    care, provider = make_care(), make_taker()
    take(care, provider, 3_000)
    batch_id = freeze(prepare(care))
    proposal = propose(batch_id)
    run_tx(lambda s: s.execute(text("UPDATE provider_bank SET iban = 'DE89370400440532013000'")))

    with pytest.raises(ConflictError, match="not those that were frozen"):
        approve(proposal)

    assert owed_minor(provider, care) == 3_000


def test_a_provider_with_a_wrong_iban_waits_and_the_others_are_paid() -> None:
    care, wrong, right = make_care(), make_taker(name="Wrong"), make_taker(name="Right")
    for one in (wrong, right):
        take(care, one, 3_000)
    run_tx(
        lambda s: s.execute(
            text(
                "UPDATE provider_bank SET iban = 'DE89370400440532013001' WHERE provider_id = :one"
            ),
            {"one": wrong.hex if engine.is_sqlite() else wrong},
        )
    )

    found = lines(release(care))

    assert {name_of(key): line.unpaid for key, line in found.items()} == {
        "Wrong": "bad_iban",
        "Right": None,
    }
    assert owed_minor(wrong, care) == 3_000


def test_what_is_frozen_cannot_be_changed_even_at_the_databases_prompt() -> None:
    care, provider = make_care(), make_taker()
    take(care, provider, 3_000)
    freeze(prepare(care))

    for statement in (
        "UPDATE settlement_line SET pay_minor = 1, gross_minor = 1",
        "UPDATE settlement_item SET amount_minor = 1",
        "DELETE FROM settlement_item",
    ):
        with pytest.raises(DBAPIError, match="insert-only"):
            run_tx(lambda s, sent=statement: s.execute(text(sent)))


def test_the_check_of_the_ledger_names_what_does_not_agree() -> None:
    care, provider = make_care(), make_taker()
    take(care, provider, 3_000)
    batch_id = release(care)
    take_file(batch_id)
    approve(propose_booked(batch_id, 3_000))
    assert offences() == []

    for statement, name in (
        ("UPDATE settlement_batch SET bank_minor = 1", "settlement bank"),
        ("UPDATE settlement_line SET state = 'returned'", "settlement returns"),
        ("UPDATE settlement_item SET live = NOT live", "settlement items"),
        ("UPDATE settlement_batch SET state = 'frozen', bank_minor = NULL", "settlement pays"),
    ):
        run_tx(lambda s, sent=statement: s.execute(text(sent)))
        assert name in {one.partition(":")[0] for one in offences()}


def test_who_belongs_to_an_organisation_does_not_say_that_its_payment_came_back() -> None:
    care, provider = make_care(), make_taker()
    take(care, provider, 3_000)
    member = actor_of(factories.make_account(ROUND_OFFICER), ROUND_OFFICER)
    run_tx(lambda s: s.add(person(provider, member.account_id, "clerk")))
    batch_id = release(care)
    take_file(batch_id)
    line, officer_now = lines(batch_id)[provider], officer()

    def back(who: Actor, bank_minor: int, *returned: uuid.UUID) -> ApprovalRow:
        return run_tx(
            lambda s: booking.propose_booked(
                s, who, batch_id, bank_minor=bank_minor, returned=returned, why="AC04"
            )
        )

    with pytest.raises(ForbiddenError, match="belong to an organisation"):
        back(member, 0, line.id)
    with pytest.raises(ForbiddenError, match="belong to an organisation"):
        approve(back(officer(), 0, line.id), member)
    run_tx(lambda s: s.execute(text("DELETE FROM approval WHERE action = 'settlement.book'")))
    approve(back(officer(), 3_000), member)  # that all was booked costs the town nothing
    with pytest.raises(ForbiddenError, match="belong to an organisation"):
        run_tx(lambda s: booking.propose_return(s, member, line.id, "AC04"))
    proposal = run_tx(lambda s: booking.propose_return(s, officer_now, line.id, "AC04"))
    with pytest.raises(ForbiddenError, match="belong to an organisation"):
        approve(proposal, member)

    assert owed_minor(provider, care) == 0
