"""The kinds of accounts and the paths on which money may move, as data.

Source: section 4 of the specification of vouchers. The first revision of the ledger copies both
into tables, where composite foreign keys hold every transfer to them; a further kind is a row
there and a line here.
"""

from enum import StrEnum

EURO = "EUR"


class AccountKind(StrEnum):
    TREASURY = "TREASURY"  # the town; owes what it has appropriated
    FUND = "FUND"  # appropriated, not yet promised
    RESERVE = "RESERVE"  # promised, not yet handed over
    COVER = "COVER"  # promised above the fund, down to the limit that the council adopted
    VOUCHER = "VOUCHER"
    HOLD = "HOLD"  # set aside for one booked visit
    POOL = "POOL"  # given and expired amounts, for grants
    PROVIDER = "PROVIDER"  # owed to a provider; below zero after a refund of what was paid out
    FEES = "FEES"
    PAID = "PAID"  # has left by the bank


class TransferKind(StrEnum):
    APPROPRIATE = "APPROPRIATE"
    RESERVE = "RESERVE"
    COVER = "COVER"
    ISSUE = "ISSUE"
    REDEEM = "REDEEM"
    HOLD = "HOLD"
    CAPTURE = "CAPTURE"
    RELEASE = "RELEASE"
    REVERSE = "REVERSE"
    REPLACE = "REPLACE"
    DONATE = "DONATE"
    GRANT = "GRANT"
    EXPIRE = "EXPIRE"
    LAPSE = "LAPSE"
    FEE = "FEE"
    SETTLE = "SETTLE"
    SETTLE_RETURN = "SETTLE_RETURN"
    CLOSE = "CLOSE"


class FloorRule(StrEnum):
    """What an account of a kind may fall to, and with it whether its balance is stored."""

    NONE = "none"  # no floor; the balance is summed from transfers
    ZERO = "zero"
    SET = "set"  # each account has its own, zero or below


_A = AccountKind
_T = TransferKind

FLOORS: dict[AccountKind, FloorRule] = {
    _A.TREASURY: FloorRule.NONE,
    _A.FUND: FloorRule.ZERO,
    _A.RESERVE: FloorRule.ZERO,
    _A.COVER: FloorRule.SET,
    _A.VOUCHER: FloorRule.ZERO,
    _A.HOLD: FloorRule.ZERO,
    _A.POOL: FloorRule.ZERO,
    _A.PROVIDER: FloorRule.NONE,
    _A.FEES: FloorRule.ZERO,
    _A.PAID: FloorRule.NONE,
}

PATHS: tuple[tuple[TransferKind, AccountKind, AccountKind], ...] = (
    (_T.APPROPRIATE, _A.TREASURY, _A.FUND),
    (_T.RESERVE, _A.FUND, _A.RESERVE),
    (_T.COVER, _A.COVER, _A.RESERVE),
    (_T.ISSUE, _A.RESERVE, _A.VOUCHER),
    (_T.REDEEM, _A.VOUCHER, _A.PROVIDER),
    (_T.HOLD, _A.VOUCHER, _A.HOLD),
    (_T.CAPTURE, _A.HOLD, _A.PROVIDER),
    (_T.RELEASE, _A.HOLD, _A.VOUCHER),
    (_T.REVERSE, _A.PROVIDER, _A.VOUCHER),
    (_T.REPLACE, _A.VOUCHER, _A.VOUCHER),
    (_T.DONATE, _A.VOUCHER, _A.POOL),
    (_T.GRANT, _A.POOL, _A.VOUCHER),
    (_T.EXPIRE, _A.VOUCHER, _A.COVER),
    (_T.EXPIRE, _A.VOUCHER, _A.POOL),
    (_T.LAPSE, _A.RESERVE, _A.COVER),
    (_T.LAPSE, _A.RESERVE, _A.FUND),
    (_T.FEE, _A.PROVIDER, _A.FEES),
    (_T.SETTLE, _A.PROVIDER, _A.PAID),
    (_T.SETTLE_RETURN, _A.PAID, _A.PROVIDER),
    (_T.CLOSE, _A.FUND, _A.TREASURY),
    (_T.CLOSE, _A.FEES, _A.TREASURY),
)
"""Kind of transfer, debited kind, credited kind."""

MANY = frozenset({AccountKind.VOUCHER, AccountKind.HOLD})
"""Kinds with an account for each voucher or hold; of the others, one per unit, party, subject."""

_LOCK_ORDER = (_A.VOUCHER, _A.HOLD, _A.PROVIDER, _A.POOL, _A.RESERVE, _A.COVER, _A.FUND)


def is_path(kind: str, debit_kind: str, credit_kind: str) -> bool:
    """Say whether a transfer of `kind` may lead from one kind of account to the other.

    >>> is_path("REDEEM", "VOUCHER", "PROVIDER"), is_path("REDEEM", "VOUCHER", "PAID")
    (True, False)
    >>> [kind.value for kind, _debit, credit in PATHS if credit == "PAID"]
    ['SETTLE']
    """
    return (kind, debit_kind, credit_kind) in PATHS


def lock_rank(kind: str) -> int:
    """Return when an account is locked among several: vouchers first, what all share last.

    Transactions that lock in one order cannot wait for each other in a circle.

    >>> lock_rank("VOUCHER") < lock_rank("POOL") < lock_rank("RESERVE") < lock_rank("FEES")
    True
    """
    return _LOCK_ORDER.index(AccountKind(kind)) if kind in _LOCK_ORDER else len(_LOCK_ORDER)
