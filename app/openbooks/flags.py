"""Payments that look unusual, for a person to look at. A flag decides nothing. Pure.

Each pattern has an innocent reading as well, which the page tells beside it. Source: the
specification of vouchers, section 10.
"""

import hashlib
import uuid
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import TypeVar

ROUND_MINOR = 1_000
"""A sum is round when it is whole tens of the currency."""
ROUND_MIN, ROUND_PERCENT = 10, 80
"""So many payments of a provider, and so many of a hundred round, are unusual."""
BURST_WITHIN = timedelta(hours=48)
BURST_PERCENT, BURST_MIN = 80, 3
"""So much of a voucher spent so soon after its hand-over, of so many vouchers at one provider, is
unusual; small vouchers are often spent by the first visit."""
PAIR_WITHIN = timedelta(hours=24)
PAIR_MIN = 3
"""So many payments between one holder and one provider within so long are unusual."""
MANY_WITHIN = timedelta(minutes=15)
MANY_MIN = 5
"""So many holders confirmed by one person or device within so long are unusual."""
OVERLAP = timedelta(minutes=20)
"""Visits that overlap by less may be told by a clock or by the way between two doors."""
NIGHT_FROM, NIGHT_UNTIL = 22, 6
"""Hours of the town between which few pay for care."""
NIGHT_MIN = 3
"""So many payments by night at one provider are unusual."""
WHOLE_PERCENT = 100


class Pattern(StrEnum):
    ROUND = "round_sums"
    BURST = "burst_after_issue"
    PAIR = "repeated_pair"
    MANY = "one_confirms_for_many"
    OVERLAP = "overlapping_visits"
    LATE = "late_entries"


@dataclass(frozen=True, slots=True)
class Payment:
    """A redemption as the patterns see it; of its holder they know a number and no more.

    `by_tariff`: the amount is whole quarters of an hour by a tariff. `visit`: how long the visit
    was by the hourly tariff, None where there is none; it is taken to end with the payment.
    `local_hour`: 0 to 23 in the town.
    """

    id: uuid.UUID
    holder_id: uuid.UUID
    voucher_id: uuid.UUID
    provider_id: uuid.UUID
    amount_minor: int
    at: datetime
    local_hour: int
    value_minor: int
    handed_over_at: datetime
    confirmed_by: str
    by_tariff: bool
    visit: timedelta | None


@dataclass(frozen=True)
class Flag:
    """A pattern at one provider, and the payments that show it, in order."""

    pattern: Pattern
    provider_id: uuid.UUID
    payments: tuple[Payment, ...]

    @property
    def key(self) -> str:
        """Names the flag; one more payment makes it another flag, to be looked at anew."""
        ids = "".join(one.id.hex for one in self.payments)
        named = f"{self.pattern}/{self.provider_id.hex}/{ids}"
        return hashlib.sha256(named.encode()).hexdigest()[:20]


def flags(payments: Iterable[Payment]) -> list[Flag]:
    """Return what looks unusual among payments, the pattern with the newest payment first."""
    ordered = sorted(payments, key=_when)
    found = [flag for rule in _RULES for flag in rule(ordered)]
    return sorted(found, key=lambda one: (one.payments[-1].at, one.key), reverse=True)


Key = TypeVar("Key", bound=Hashable)


def _by(payments: Sequence[Payment], key: Callable[[Payment], Key]) -> dict[Key, list[Payment]]:
    groups: dict[Key, list[Payment]] = defaultdict(list)
    for one in payments:
        groups[key(one)].append(one)
    return groups


def _when(one: Payment) -> tuple[datetime, uuid.UUID]:
    return one.at, one.id


def _round(payments: Sequence[Payment]) -> Iterable[Flag]:
    for provider_id, group in _by(payments, lambda one: one.provider_id).items():
        odd = [one for one in group if one.amount_minor % ROUND_MINOR == 0 and not one.by_tariff]
        if len(group) >= ROUND_MIN and len(odd) * WHOLE_PERCENT >= len(group) * ROUND_PERCENT:
            yield Flag(Pattern.ROUND, provider_id, tuple(odd))


def _burst(payments: Sequence[Payment]) -> Iterable[Flag]:
    soon = [one for one in payments if one.at - one.handed_over_at <= BURST_WITHIN]
    for provider_id, here in _by(soon, lambda one: one.provider_id).items():
        vouchers = [
            group
            for group in _by(here, lambda one: one.voucher_id).values()
            if sum(one.amount_minor for one in group) * WHOLE_PERCENT
            >= group[0].value_minor * BURST_PERCENT
        ]
        if len(vouchers) >= BURST_MIN:
            spent = (one for group in vouchers for one in group)
            yield Flag(Pattern.BURST, provider_id, tuple(sorted(spent, key=_when)))


def _pair(payments: Sequence[Payment]) -> Iterable[Flag]:
    for group in _by(payments, lambda one: (one.holder_id, one.provider_id)).values():
        for run in _runs(group, PAIR_WITHIN):
            if len(run) >= PAIR_MIN:
                yield Flag(Pattern.PAIR, run[0].provider_id, tuple(run))


def _many(payments: Sequence[Payment]) -> Iterable[Flag]:
    for group in _by(payments, lambda one: (one.confirmed_by, one.provider_id)).values():
        for run in _runs(group, MANY_WITHIN):
            if len({one.holder_id for one in run}) >= MANY_MIN:
                yield Flag(Pattern.MANY, run[0].provider_id, tuple(run))


def _overlap(payments: Sequence[Payment]) -> Iterable[Flag]:
    """One holder with two providers at a time; one visit is told by each of them."""
    timed = [one for one in payments if one.visit is not None]
    for group in _by(timed, lambda one: one.holder_id).values():
        for before, after in pairwise(group):
            begun = after.at - (after.visit or timedelta())
            if before.provider_id != after.provider_id and before.at - begun > OVERLAP:
                for one in (before, after):
                    yield Flag(Pattern.OVERLAP, one.provider_id, (before, after))


def _late(payments: Sequence[Payment]) -> Iterable[Flag]:
    night = [one for one in payments if not NIGHT_UNTIL <= one.local_hour < NIGHT_FROM]
    for provider_id, group in _by(night, lambda one: one.provider_id).items():
        if len(group) >= NIGHT_MIN:
            yield Flag(Pattern.LATE, provider_id, tuple(group))


def _runs(ordered: Sequence[Payment], within: timedelta) -> Iterable[list[Payment]]:
    """Part payments, in order, into runs that each begin and end within so long."""
    run: list[Payment] = []
    for one in ordered:
        if run and one.at - run[0].at > within:
            yield run
            run = []
        run.append(one)
    if run:
        yield run


_RULES = (_round, _burst, _pair, _many, _overlap, _late)
