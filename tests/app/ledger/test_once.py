import uuid

import pytest
from sqlmodel import Session
from town_ledger import balance, funded_voucher, open_town

from app.db import run_tx
from app.ledger import service
from app.ledger.entries import TransferKind
from app.ledger.errors import InsufficientError, KeyReusedError, StillRunningError
from app.ledger.once import Answer, once


class Till:
    """Charges a voucher and counts how often its work was run."""

    def __init__(self, amount_minor: int) -> None:
        self.town = open_town()
        self.voucher = funded_voucher(self.town, 100)
        self.amount_minor = amount_minor
        self.runs = 0

    def charge(self, key: str = "k", body: bytes = b"charge", actor: str = "till") -> Answer:
        return run_tx(lambda session: once(session, actor, key, body, self._work))

    def _work(self, session: Session) -> Answer:
        self.runs += 1
        spend = (TransferKind.REDEEM, self.voucher, self.town.provider)
        receipt = service.post(session, *spend, 40, event_id=uuid.uuid4())
        if self.amount_minor > 40:
            try:
                service.post(session, *spend, self.amount_minor, event_id=uuid.uuid4())
            except InsufficientError:
                return Answer(422, b"not enough " + receipt.id.bytes)
        return Answer(201, receipt.id.bytes)


def test_the_same_request_again_gets_the_same_bytes_and_moves_nothing(database: str) -> None:
    till = Till(40)

    first, again = till.charge(), till.charge()

    assert again == first
    assert (first.replayed, again.replayed, till.runs) == (False, True, 1)
    assert balance(till.voucher) == 60


def test_a_refusal_is_stored_and_what_it_had_moved_is_taken_back(database: str) -> None:
    till = Till(500)

    first, again = till.charge(), till.charge()

    assert first.status == 422
    assert again == first
    assert till.runs == 1
    assert (balance(till.voucher), balance(till.town.provider)) == (100, 0)


def test_a_key_with_other_contents_is_refused(database: str) -> None:
    till = Till(40)
    till.charge()

    with pytest.raises(KeyReusedError, match="used before"):
        till.charge(body=b"another")

    assert balance(till.voucher) == 60


def test_keys_of_two_people_are_two_keys(database: str) -> None:
    till = Till(40)

    first, other = till.charge(), till.charge(actor="another till")

    assert first != other
    assert balance(till.voucher) == 20


def test_after_an_error_of_the_program_the_key_may_be_tried_again(database: str) -> None:
    till = Till(40)

    def fail(session: Session) -> Answer:
        till._work(session)
        raise LookupError("something of ours broke")

    with pytest.raises(LookupError):
        run_tx(lambda session: once(session, "till", "k", b"charge", fail))

    assert balance(till.voucher) == 100
    assert till.charge().status == 201


def test_a_key_within_its_own_work_is_still_running(database: str) -> None:
    def again(session: Session) -> Answer:
        return once(session, "till", "k", b"", lambda _session: Answer(200, b""))

    with pytest.raises(StillRunningError, match="cannot be charged twice"):
        run_tx(lambda session: once(session, "till", "k", b"", again))
