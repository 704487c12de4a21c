"""Issuing in batches on both engines: what balances, who releases, what is given out once."""

from collections.abc import Iterator
from datetime import datetime

import pytest
from factories_entitlements import apply, clerk, decide, make_resident, open_programme
from factories_programmes import officer, programme
from factories_rounds import at_once
from flask import Flask

from app import clock
from app.accounts import approvals
from app.accounts.models import ApprovalRow
from app.db import read_tx, run_tx
from app.entitlements import applying, batches, deciding, printing, queries
from app.errors import ConflictError, NotFoundError
from app.ledger import entries as ledger_entries
from app.ledger import service as ledger
from app.ledger.checking import check_all
from app.policy import Actor
from app.programmes import closing, fund
from app.programmes.models import Mode
from app.vouchers.models import VoucherRow
from app.vouchers.rules import Carrier, State


@pytest.fixture(autouse=True)
def _context(app: Flask, noon: datetime, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(applying, "draw", lambda: 99)
    with app.test_request_context():
        yield


def grant(slug: str, income_minor: int | None = None, carrier: Carrier = Carrier.PHONE) -> None:
    person = make_resident()
    row = run_tx(lambda s: applying.begin(s, person, slug))
    run_tx(lambda s: applying.choose_carrier(s, person, row.id, carrier))
    apply(slug, person, income_minor=income_minor)
    decide(row.id)


def issue(slug: str, by: Actor | None = None) -> None:
    first, second = by or officer(), officer()
    proposal = run_tx(lambda s: batches.propose(s, first, slug))
    run_tx(lambda s: approvals.approve(s, second, proposal.id))


def vouchers(slug: str) -> list[queries.Made]:
    def read(session: object) -> list[queries.Made]:
        found = [row.id for row, of in queries.batches(session) if of.slug == slug]
        return [made for one in found for made in queries.made_in(session, one)]

    return read_tx(read)


def held(voucher: VoucherRow) -> int:
    return read_tx(lambda s: ledger.balance_minor(s, voucher.account_id))


def fund_of(slug: str) -> int:
    row = programme(slug)
    return run_tx(lambda s: fund.balance_minor(s, row))


def dry_run(slug: str) -> batches.DryRun:
    row = programme(slug)
    return run_tx(lambda s: batches.dry_run(s, row, until=clock.now()))


def propose(slug: str) -> ApprovalRow:
    boss = officer()
    return run_tx(lambda s: batches.propose(s, boss, slug))


def test_a_second_officer_releases_and_what_is_promised_leaves_the_fund() -> None:
    slug = open_programme()
    grant(slug)
    grant(slug, 180_000, Carrier.PAPER)
    found = dry_run(slug)
    assert (found.total_minor, found.left_minor, found.on_paper) == (9_000, 2_091_000, 1)

    issue(slug)

    assert fund_of(slug) == 2_091_000
    by_carrier = {one.voucher.carrier: one.voucher for one in vouchers(slug)}
    phone, paper = by_carrier["phone"], by_carrier["paper"]
    assert (phone.state, held(phone)) == (State.ACTIVE, 2_000)
    assert (paper.state, held(paper)) == (State.INACTIVE, 0)
    assert [one.offence for one in read_tx(check_all) if one.offence] == []


def test_who_prepared_a_batch_does_not_release_it_and_nothing_is_issued_twice() -> None:
    slug, boss = open_programme(), officer()
    grant(slug)
    proposal = run_tx(lambda s: batches.propose(s, boss, slug))

    with pytest.raises(Exception, match="proposed this yourself"):
        run_tx(lambda s: approvals.approve(s, boss, proposal.id))
    second = officer()
    run_tx(lambda s: approvals.approve(s, second, proposal.id))
    with pytest.raises(ConflictError, match="does not balance"):
        run_tx(lambda s: batches.propose(s, boss, slug))

    assert len(vouchers(slug)) == 1


def test_a_promise_raised_while_its_voucher_is_made_is_paid_in_full(app: Flask) -> None:
    slug, person, desk, second = open_programme(), make_resident(), clerk(), officer()
    _, first = apply(slug, person)
    decide(first)
    proposal = propose(slug)
    _, change = apply(slug, person, income_minor=180_000)
    run_tx(lambda s: deciding.take(s, desk, change))

    def more() -> None:
        run_tx(
            lambda s: deciding.decide(s, desk, change, granted=True, verified=True, reason="Less.")
        )

    at_once(app, more, lambda: run_tx(lambda s: approvals.approve(s, second, proposal.id)))

    made = vouchers(slug)
    assert all(one.voucher.value_minor == one.entitlement.value_minor for one in made)
    waiting = sum(one.value_minor for one in dry_run(slug).promises)
    assert sum(one.voucher.value_minor for one in made) + waiting == 7_000


def test_what_is_promised_meanwhile_waits_for_the_next_batch() -> None:
    slug = open_programme()
    grant(slug)
    first = officer()
    proposal = run_tx(lambda s: batches.propose(s, first, slug))
    start = clock.now()
    clock.use(lambda: start.replace(hour=start.hour + 1))
    grant(slug)
    second = officer()
    run_tx(lambda s: approvals.approve(s, second, proposal.id))

    waiting = dry_run(slug)

    assert (len(vouchers(slug)), len(waiting.promises)) == (1, 1)


def empty_fund(slug: str, left_minor: int) -> None:
    """Promise what is in the fund to somebody else, but for so much."""
    row = programme(slug)

    def move(session: object) -> None:
        kinds = (ledger_entries.AccountKind.FUND, ledger_entries.AccountKind.RESERVE)
        source, target = (ledger.account(session, kind, subject_id=row.id) for kind in kinds)
        ledger.post(
            session,
            ledger_entries.TransferKind.RESERVE,
            source,
            target,
            2_100_000 - left_minor,
            event_id=row.id,
        )

    run_tx(move)


def test_a_batch_that_the_fund_cannot_pay_is_not_even_proposed() -> None:
    slug = open_programme()
    grant(slug)
    empty_fund(slug, 1_999)

    found = dry_run(slug)

    assert (found.balances, found.missing_minor) == (False, 2_000)
    with pytest.raises(ConflictError, match="does not balance"):
        propose(slug)


def test_cover_pays_what_the_fund_cannot_up_to_its_limit() -> None:
    slug = open_programme(mode=Mode.COVERED, cover_minor=2_000)
    for _ in range(2):
        grant(slug)
    empty_fund(slug, 2_500)

    issue(slug)

    grant(slug)
    more = dry_run(slug)
    assert (len(vouchers(slug)), more.cover_minor, more.missing_minor) == (2, 0, 2_000)
    assert [one.offence for one in read_tx(check_all) if one.offence] == []


def test_paper_and_pin_are_given_out_once_and_by_two_people() -> None:
    slug, first, second = open_programme(), clerk(), clerk()
    grant(slug, carrier=Carrier.PAPER)
    issue(slug)
    [made] = vouchers(slug)
    batch_id = made.entitlement.batch_id
    assert printing.vouchers([made.voucher], town_name="Valdeagua").startswith(b"%PDF-")
    sealed = [(made.voucher, made.entitlement.pin_sealed)]
    assert printing.slips(sealed, town_name="Valdeagua").startswith(b"%PDF-")

    with pytest.raises(ConflictError, match="vouchers first"):
        run_tx(lambda s: batches.note_slips_printed(s, first, batch_id))
    run_tx(lambda s: batches.note_vouchers_printed(s, first, batch_id))
    for who, note, words in (
        (second, batches.note_vouchers_printed, "taken already"),
        (first, batches.note_slips_printed, "Another person"),
    ):
        with pytest.raises(ConflictError, match=words):
            run_tx(lambda s, who=who, note=note: note(s, who, batch_id))
    run_tx(lambda s: batches.note_slips_printed(s, second, batch_id))

    assert vouchers(slug)[0].entitlement.pin_sealed is None


def test_a_printed_voucher_holds_money_from_the_hand_over_on_and_gets_it_once() -> None:
    slug, desk = open_programme(), clerk()
    grant(slug, carrier=Carrier.PAPER)
    issue(slug)
    [made] = vouchers(slug)

    given = [run_tx(lambda s: batches.hand_over(s, desk, made.voucher.serial)) for _ in range(2)]

    assert (given, held(made.voucher)) == ([True, False], 2_000)
    with pytest.raises(NotFoundError, match="No voucher"):
        run_tx(lambda s: batches.hand_over(s, desk, "V-0000-0000"))


def test_closing_a_programme_takes_nothing_from_whom_it_was_promised() -> None:
    slug, first, second = open_programme(), officer(), officer()
    grant(slug)
    proposal = closing.propose(first, slug)
    run_tx(lambda s: approvals.approve(s, second, proposal.id))
    left = fund_of(slug)
    with pytest.raises(ConflictError, match="promised to residents"):
        closing.propose(first, slug)

    issue(slug)

    assert left == 2_000
    assert [held(one.voucher) for one in vouchers(slug)] == [2_000]
    assert fund_of(slug) == 0
