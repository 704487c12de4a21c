"""A voucher that was lost: the old code dies that second, and not a cent with it."""

import json
import uuid
from collections.abc import Iterator
from datetime import date, datetime

import pytest
from factories_rounds import at_once
from factories_vouchers import (
    Held,
    issue,
    left_minor,
    make_programme_row,
    make_till,
    make_voucher,
    outcome,
    own,
    pay,
    put,
    stop,
)
from flask import Flask
from sqlmodel import Session

from app.db import read_tx, run_tx
from app.ledger import checking
from app.ledger import service as ledger
from app.ledger.entries import AccountKind
from app.vouchers import codes, issuing, keys, replacing, requests
from app.vouchers.correcting import correct
from app.vouchers.models import PaymentRequestRow, VoucherRow
from app.vouchers.replacing import NotReplaceableError, Replaced
from app.vouchers.rules import Carrier, Outcome, ReplacedFor, State


@pytest.fixture(autouse=True)
def _context(app: Flask, noon: datetime) -> Iterator[None]:
    with app.test_request_context():
        yield


def replace(voucher_id: uuid.UUID, carrier: Carrier = Carrier.PHONE) -> Replaced:
    return run_tx(
        lambda session: replacing.replace(
            session, voucher_id, carrier=carrier, reason=ReplacedFor.LOST, actor="desk"
        )
    )


def new_of(done: Replaced) -> Held:
    """What the holder of the new voucher knows."""
    code = keys.unseal(done.voucher.code_sealed, voucher_id=done.voucher.id).decode()
    sealed = done.row.pin_sealed
    pin = keys.unseal(sealed, voucher_id=done.voucher.id).decode() if sealed else ""
    return Held(done.voucher.id, done.voucher.account_id, code, pin)


def offences() -> list[str | None]:
    return [one.offence for one in read_tx(checking.check_all) if one.offence]


def reserve_minor(programme_id: uuid.UUID) -> int:
    def read(session: Session) -> int:
        account = ledger.account(session, AccountKind.RESERVE, subject_id=programme_id)
        return ledger.balance_minor(session, account)

    return run_tx(read)


def test_the_old_code_is_unknown_and_the_new_one_pays_with_all_that_was_left() -> None:
    till, old = make_till(), make_voucher(10_000)
    pay(till, old.charge(3_000))
    unknown = pay(till, old.charge(1_000, code=codes.draw()))

    new = new_of(done := replace(old.id, Carrier.PAPER))
    run_tx(lambda session: issuing.activate(session, new.id, actor="desk"))

    assert pay(till, old.charge(1_000)) == unknown
    assert (left_minor(old), left_minor(new)) == (0, 7_000)
    assert outcome(pay(till, new.charge(7_000))) == "accepted"
    assert done.row.funded
    assert offences() == []


def test_a_new_voucher_on_paper_pays_nothing_before_it_is_handed_over() -> None:
    till, old = make_till(), make_voucher(10_000)

    new = new_of(replace(old.id, Carrier.PAPER))

    assert outcome(pay(till, new.charge(1_000))) == "unknown"
    assert left_minor(new) == 10_000


def test_handing_a_replacement_over_takes_nothing_from_the_reserve_a_second_time() -> None:
    programme = make_programme_row(10_000)
    old = make_voucher(10_000, programme_id=programme)

    first = replace(old.id, Carrier.PAPER)  # never handed over, and replaced in turn
    second = replace(first.voucher.id, Carrier.PAPER)
    run_tx(lambda session: issuing.activate(session, second.voucher.id, actor="desk"))

    assert (reserve_minor(programme), left_minor(new_of(second))) == (0, 10_000)


def test_what_was_never_handed_over_stays_promised_until_its_replacement_is() -> None:
    programme = make_programme_row(10_000)
    old = issue(10_000, programme_id=programme)

    done = replace(old.voucher.id, Carrier.PAPER)
    promised = reserve_minor(programme)
    run_tx(lambda session: issuing.activate(session, done.voucher.id, actor="desk"))

    assert (done.row.funded, promised) == (False, 10_000)
    assert (reserve_minor(programme), left_minor(new_of(done))) == (0, 10_000)


@pytest.mark.parametrize("state", [State.BLOCKED, State.REPLACED, State.ENDED])
def test_no_other_state_can_be_replaced(state: State) -> None:
    held = make_voucher(10_000)
    stop(held, state)

    with pytest.raises(NotReplaceableError):
        replace(held.id)

    assert left_minor(held) == 10_000


def test_what_is_corrected_after_the_loss_goes_to_the_new_voucher() -> None:
    till, old = make_till(), make_voucher(10_000)
    paid = uuid.UUID(json.loads(pay(till, old.charge(3_000)).body)["redemption_id"])
    new = new_of(replace(new_of(replace(old.id)).id))

    correct(till, paid, 1_000, key="key-0001")

    assert (left_minor(old), left_minor(new)) == (0, 9_000)
    assert offences() == []


def test_a_payment_that_waits_is_declined_with_the_loss() -> None:
    held = make_voucher(10_000, Carrier.PHONE)
    asked = json.loads(pay(make_till(), held.charge(3_000)).body)["redemption_id"]

    replace(held.id)

    row = read_tx(lambda session: session.get_one(PaymentRequestRow, uuid.UUID(asked)))
    assert requests.outcome_of(row) is Outcome.DECLINED


def test_a_holder_who_reports_twice_at_once_gets_one_new_voucher(app: Flask) -> None:
    held = make_voucher(10_000)
    carmen = own(held)

    def report() -> uuid.UUID:
        return run_tx(lambda s: replacing.report_lost(s, carmen, held.id, Carrier.PHONE).id)

    found = at_once(app, report, report, report)

    assert len(set(found)) == 1
    assert found[0] != held.id


def test_payments_and_a_loss_at_the_same_moment_lose_and_double_nothing(app: Flask) -> None:
    till, held = make_till(), make_voucher(10_000)

    answers = at_once(
        app,
        *[lambda: pay(till, held.charge(1_000)) for _ in range(4)],
        lambda: replace(held.id),
        *[lambda: pay(till, held.charge(1_000)) for _ in range(4)],
    )

    [done] = [one for one in answers if isinstance(one, Replaced)]
    said = [outcome(one) for one in answers if not isinstance(one, Replaced)]
    assert set(said) <= {"accepted", "unknown"}
    assert left_minor(held) == 0
    assert left_minor(new_of(done)) == 10_000 - 1_000 * said.count("accepted")
    assert offences() == []


def test_a_voucher_of_which_nothing_is_left_is_replaced_all_the_same() -> None:
    till, held = make_till(), make_voucher(1_000)
    paid = json.loads(pay(till, held.charge(1_000)).body)["redemption_id"]
    new = new_of(replace(held.id))

    correct(till, uuid.UUID(paid), 0, key="key-0001")

    assert left_minor(new) == 1_000


def test_the_last_day_moves_along() -> None:
    held = make_voucher(10_000)
    put(held.id, refunded_on=date(2027, 3, 1))

    done = replace(held.id)

    old = read_tx(lambda session: session.get_one(VoucherRow, held.id))
    assert (done.voucher.expires_on, done.voucher.refunded_on) == (old.expires_on, old.refunded_on)
