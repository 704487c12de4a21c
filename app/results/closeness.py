"""How close it was for each project: what a recount of all ballots has confirmed.

Every figure takes recounts of the whole rule. In a very large election these are ended after a
while: then some projects, winners before losers, have no figures and their pages say nothing.
"""

import time
from collections.abc import Callable, Iterator, Mapping

from allocation.instance import Instance
from allocation.margins import LoserMargins, Margin, WinnerMargins, margins
from allocation.outcome import Outcome

SECONDS_MAX = 120
TRIES = 3
"""Recounts per figure at most: the first figure is often refuted, a slightly weaker one holds."""

Closeness = Mapping[str, int]


def closeness(
    instance: Instance, outcome: Outcome, now: Callable[[], float] = time.monotonic
) -> dict[str, Closeness]:
    """Return the confirmed figures by project, those that lost first; empty under other rules.

    For what lost: `cost_minor`, at which it would have been funded, and `supporters`, so many more
    of those who voted. For what won: `cost_max_minor`, and `losable` supporters.
    """
    end = now() + SECONDS_MAX
    found: dict[str, Closeness] = {}
    for one in _losers_first(instance, outcome):
        found[one.id] = _confirmed(one)
        if now() > end:
            break
    return found


def _losers_first(instance: Instance, outcome: Outcome) -> Iterator[LoserMargins | WinnerMargins]:
    if not instance.ballots:
        return
    won = set(outcome.winners)
    lost = [one.id for one in instance.projects if one.id not in won]
    for ids in (lost, outcome.winners):
        yield from margins(instance, outcome, ids, tries=TRIES)


def _confirmed(found: LoserMargins | WinnerMargins) -> Closeness:
    named: Mapping[str, Margin | None]
    if isinstance(found, LoserMargins):
        named = {"cost_minor": found.cost_red, "supporters": found.optimist_add}
    else:
        named = {"cost_max_minor": found.cost, "losable": found.losable}
    return {name: one.confirmed for name, one in named.items() if one and one.confirmed is not None}
