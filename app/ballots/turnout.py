"""Turnout: ballots cast for each pot, against the people on the roll who may vote on it."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlmodel import Session

from app.ballots import queries
from app.roll import queries as roll
from app.roll.queries import RollCounts
from app.rounds import queries as rounds
from app.rounds.models import PotRow, RoundRow


@dataclass(frozen=True)
class PotTurnout:
    """`people` may vote on the pot; `ballots` of them have."""

    pot: PotRow
    ballots: int
    people: int

    @property
    def percent(self) -> float:
        return 100 * self.ballots / self.people if self.people else 0.0


@dataclass(frozen=True)
class Turnout:
    round_row: RoundRow
    pots: list[PotTurnout]
    districts: Mapping[str, RollCounts]
    """By the name of the district."""


def turnout(session: Session, round_row: RoundRow) -> Turnout:
    """Count ballots and people. Ballots are not split by district: small ones would tell."""
    cast = queries.turnout(session, round_row)
    counts = roll.counts_by_district(session, round_row.id)
    people = dict.fromkeys(cast, 0)
    for district, count in counts.items():
        for pot in rounds.eligible_pots(session, round_row, district):
            people[pot.id] += count.people
    names = {area.code: area.name for area in rounds.areas(session, round_row)}
    pots = rounds.pots(session, round_row.id)
    return Turnout(
        round_row=round_row,
        pots=[PotTurnout(pot, cast.get(pot.id, 0), people.get(pot.id, 0)) for pot in pots],
        districts={names.get(code, code): count for code, count in counts.items()},
    )
