"""What the steps of the loading share: the data, the moments, and who acts."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from app import clock
from app.accounts import approvals
from app.db import read_tx, run_tx
from app.demo.people import Neighbour
from app.demo.seed import PersonSeed, RoundSeed, TownSeed
from app.demo.timeline import Timeline
from app.policy import Actor

Say = Callable[[str], object]


@dataclass(frozen=True)
class World:
    """`accounts`: key of a person in the data files -> their account."""

    town: TownSeed
    timeline: Timeline
    people: list[Neighbour]
    accounts: Mapping[str, uuid.UUID]
    say: Say

    def actor(self, key: str) -> Actor:
        """Return a person as signed in at this moment, staff with the second factor just shown."""
        person = self._person(key)
        return Actor(
            account_id=self.accounts[key],
            name=person.name,
            roles=frozenset({person.role} if person.role else ()),
            level="full" if person.role else "link",
            step_up_at=clock.now() if person.role else None,
        )

    def email(self, key: str) -> str:
        return self._person(key).email

    def approve(self, key: str, action: str) -> None:
        """Have a second person decide yes about the act that waits."""
        actor = self.actor(key)
        for one in read_tx(lambda session: approvals.waiting(session, actor)):
            if one.action == action:
                run_tx(partial(approvals.approve, actor=actor, approval_id=one.id))

    def roll(self, round_seed: RoundSeed) -> list[Neighbour]:
        """Return who is on the roll of a round: everybody, or some areas, or some ages."""
        areas, ages = round_seed.areas, round_seed.ages
        return [
            one
            for one in self.people
            if (not areas or one.area in areas)
            and (not ages or ages[0] <= self.timeline.year - one.birth_date.year <= ages[1])
        ]

    def fill(self, text: str, round_seed: RoundSeed) -> str:
        """Fill the year and the budget into a text of a round."""
        year = self.timeline.year
        budget = f"€{sum(round_seed.budgets.values()):,}"
        return text.format(year=year, before=year - 1, after=year + 1, budget=budget)

    def slug(self, round_seed: RoundSeed) -> str:
        return self.fill(round_seed.slug, round_seed)

    def _person(self, key: str) -> PersonSeed:
        everybody = (*self.town.staff, *self.town.authors, *self.town.carers)
        return next(person for person in everybody if person.key == key)
