"""A programme's money as one sum: what came in, where it lies, what has left. Pure.

Source: the specification of vouchers, section 4 (accounts and kinds of transfers).
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from app.ledger.entries import AccountKind, TransferKind


@dataclass(frozen=True)
class Flow:
    """All that moved in one way from one kind of account to another."""

    kind: TransferKind
    debit: AccountKind
    credit: AccountKind
    amount_minor: int


@dataclass(frozen=True)
class Money:
    """What moved, by kind of transfer, and what lies where, by kind of account."""

    moved_minor: dict[TransferKind, int]
    lies_minor: dict[AccountKind, int]

    @property
    def appropriated_minor(self) -> int:
        """What the town has given and not taken back: all other places add up to it."""
        return -self.lies_minor.get(AccountKind.TREASURY, 0)

    @property
    def redeemed_minor(self) -> int:
        """What was paid for with vouchers, corrections netted."""
        taken = self.of(TransferKind.REDEEM) + self.of(TransferKind.CAPTURE)
        return taken - self.of(TransferKind.REVERSE)

    @property
    def paid_minor(self) -> int:
        """What has left by the bank and did not come back."""
        return self.of(TransferKind.SETTLE) - self.of(TransferKind.SETTLE_RETURN)

    def of(self, kind: TransferKind) -> int:
        return self.moved_minor.get(kind, 0)

    def at(self, *kinds: AccountKind) -> int:
        return sum(self.lies_minor.get(kind, 0) for kind in kinds)


def money(flows: Iterable[Flow]) -> Money:
    """Add flows up. Each takes as much from one place as it gives to another, so all sum to zero.

    >>> from app.ledger.entries import AccountKind as A, TransferKind as T
    >>> found = money([Flow(T.APPROPRIATE, A.TREASURY, A.FUND, 900),
    ...                Flow(T.RESERVE, A.FUND, A.RESERVE, 200)])
    >>> found.appropriated_minor, found.at(A.FUND), found.at(A.RESERVE), found.of(T.RESERVE)
    (900, 700, 200, 200)
    """
    moved: Counter[TransferKind] = Counter()
    lies: Counter[AccountKind] = Counter()
    for flow in flows:
        moved[flow.kind] += flow.amount_minor
        lies[flow.debit] -= flow.amount_minor
        lies[flow.credit] += flow.amount_minor
    return Money(dict(moved), dict(lies))
