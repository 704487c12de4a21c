"""How close it was: what would have made a loser win, and how much a winner could have lost.

The measures follow Boehmer, Faliszewski, Janeczko, Peters, Pierczyński, Schierreich, Skowron and
Szufa, "Evaluation of Project Performance in Participatory Budgeting", arXiv 2312.14723. Each is
computed in the last count, the accepted run with its endowment held fixed, and then tried in a
recount of the whole rule. Only what a recount confirmed is said to have been enough.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Margin:
    """A margin in the last count, and the figure at which a recount gave the other outcome.

    `in_last_count` None: nothing of this kind would have changed the last count. `confirmed` None:
    no recount that was made came out that way. Nothing is claimed about figures in between or
    beyond, because a recount may find another endowment: a cheaper project can lose again.
    """

    in_last_count: int | None
    confirmed: int | None = None


@dataclass(frozen=True, slots=True)
class Bracket:
    """A whole number that lies from `low` to `high`, both included; `high` None: no known end."""

    low: int
    high: int | None

    @property
    def exact(self) -> bool:
        return self.low == self.high


@dataclass(frozen=True, slots=True)
class LoserMargins:
    """What would have funded a project that lost; None: not defined for these ballots or rule.

    - `cost_red`: the greatest cost below its own, in minor units, at which it is funded.
    - `optimist_add`: the fewest ballots, of those that do not support it, that fund it by naming
      it too, if the most helpful ones do.
    - `pessimist_add`: the fewest that fund it whichever ballots they are; in the last count only,
      since not every choice can be recounted.
    - `singleton_add`: the fewest new ballots for this project alone that fund it, the budget as it
      is, so that everybody's share falls.
    - `rivalry`: the fewest supporters that fund it by voting for nothing else.
    """

    id: str
    cost_red: Margin | None = None
    optimist_add: Margin | None = None
    pessimist_add: Bracket | None = None
    singleton_add: Margin | None = None
    rivalry: Margin | None = None


@dataclass(frozen=True, slots=True)
class WinnerMargins:
    """How much a funded project could lose and still be funded; None: not defined here.

    - `cost`: the greatest cost at which it is funded, in minor units.
    - `losable`: the most supporters that it can lose, if those leave who matter least.
    - `losable_any`: the most that it can lose whoever leaves; in the last count only.

    A confirmed figure of a winner was recounted and still funded.
    """

    id: str
    cost: Margin | None = None
    losable: Margin | None = None
    losable_any: Bracket | None = None
