"""Whatever is asked of the ledger in whatever order, every invariant holds afterwards."""

import random
import uuid
from datetime import UTC, datetime

import pytest
from sqlmodel import Session
from town_ledger import Town, funded_voucher, open_town

from app.db import read_tx, run_tx
from app.errors import UserFacingError
from app.ledger import checking, holds, sealing, service
from app.ledger.entries import PATHS, TransferKind
from app.ledger.errors import HoldEndedError, InsufficientError, LedgerError
from app.ledger.models import TransferRow

T = TransferKind
ENDS = datetime(2027, 5, 1, tzinfo=UTC)
OPERATIONS = 250


class Play:
    """A town, three vouchers, and random operations on them: right ones and wrong ones."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.town: Town = open_town(cover_minor=100)
        self.vouchers = [funded_voucher(self.town, 400) for _ in range(3)]
        self.booked: list[uuid.UUID] = []
        self.posted: list[TransferRow] = []
        self.refused: set[str] = set()

    def step(self) -> None:
        acts = (self._path, self._path, self._path, self._any, self._reverse, self._hold, self._end)
        act = self.rng.choice(acts)
        try:
            run_tx(act)
        except (LedgerError, UserFacingError) as error:
            self.refused.add(type(error).__name__)

    def _account(self, kind: str) -> uuid.UUID:
        if kind in ("VOUCHER", "HOLD"):
            return self.rng.choice(self.vouchers)
        return getattr(self.town, kind.lower())

    def _path(self, session: Session) -> None:
        allowed = [path for path in PATHS if path[0] is not T.REVERSE and "HOLD" not in path]
        kind, debit, credit = self.rng.choice(allowed)
        self._post(session, kind, self._account(debit), self._account(credit))

    def _any(self, session: Session) -> None:
        names = ("treasury", "fund", "reserve", "cover", "pool", "provider", "fees", "paid")
        accounts = [*self.vouchers, *(getattr(self.town, name) for name in names)]
        self._post(session, self.rng.choice(list(T)), *self.rng.sample(accounts, 2))

    def _reverse(self, session: Session) -> None:
        paid = [row for row in self.posted if row.kind == T.REDEEM]
        if paid:
            one = self.rng.choice(paid)
            self._post(session, T.REVERSE, one.credit_id, one.debit_id, reverses_id=one.id)

    def _hold(self, session: Session) -> None:
        voucher, amount = self.rng.choice(self.vouchers), self.rng.randint(1, 30)
        event = uuid.uuid4()
        self.booked.append(holds.place(session, voucher, amount, ends_at=ENDS, event_id=event))

    def _end(self, session: Session) -> None:
        if self.booked:
            hold, event = self.rng.choice(self.booked), uuid.uuid4()
            if self.rng.random() < 0.5:
                holds.release(session, hold, event_id=event)
            else:
                amount = self.rng.randint(1, 30)
                holds.capture(session, hold, self.town.provider, amount, event_id=event)

    def _post(
        self,
        session: Session,
        kind: TransferKind,
        debit: uuid.UUID,
        credit: uuid.UUID,
        reverses_id: uuid.UUID | None = None,
    ) -> None:
        amount, event = self.rng.randint(1, 60), uuid.uuid4()
        row = service.post(
            session, kind, debit, credit, amount, event_id=event, reverses_id=reverses_id
        )
        self.posted.append(row)


@pytest.mark.parametrize("seed", [1, 2])
def test_random_operations_keep_all_invariants(database: str, seed: int) -> None:
    play = Play(seed)

    for number in range(OPERATIONS):
        play.step()
        if number % 100 == 50:
            run_tx(lambda session: sealing.seal(session, lag=sealing.LAG * 0))

    found = read_tx(checking.check_all)
    assert [one for one in found if one.offence] == []
    assert len({row.kind for row in play.posted}) >= 8
    assert play.refused >= {InsufficientError.__name__, HoldEndedError.__name__}
    assert play.refused >= {"ForbiddenPathError", "OverReversedError"}
