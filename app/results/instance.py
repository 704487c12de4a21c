"""Ballots and projects as the count reads them: here voting and allocation meet."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from fractions import Fraction

from sqlmodel import Session

from allocation.amounts import amount_text
from allocation.instance import Ballot, Instance, Project, VoteType
from app.ballots import queries as ballots
from app.results.counting import PotOrder, StoredElection
from app.results.models import ImportedElectionRow
from app.rounds import queries as rounds
from app.rounds.models import Origin, PotRow, ProjectRow, RoundRow
from app.town import queries as towns
from voting.limits import BallotType
from voting.rules import BallotRules
from voting.votes import VOTE_TYPE, limits_as_meta, to_vote


def pot_orders(session: Session, round_row: RoundRow, sha256: str) -> list[PotOrder]:
    """Return what is counted for every pot. Raises ConflictError (from ballots) before the close.

    The file of an imported election goes along as it is: reading it is part of the count.
    """
    return [
        PotOrder(str(pot.id), pot.name, _election(session, round_row, pot), sha256)
        for pot in rounds.pots(session, round_row.id)
    ]


def pot_instance(session: Session, round_row: RoundRow, pot: PotRow) -> Instance:
    """Return the election of one pot. Raises ConflictError before the close."""
    election = _election(session, round_row, pot)
    return election.read() if isinstance(election, StoredElection) else election


def _election(session: Session, round_row: RoundRow, pot: PotRow) -> Instance | StoredElection:
    if round_row.origin == Origin.IMPORTED:
        row = session.get_one(ImportedElectionRow, round_row.id)
        return StoredElection(row.content, row.lenient)
    return _own_election(session, round_row, pot)


def _own_election(session: Session, round_row: RoundRow, pot: PotRow) -> Instance:
    rules = rounds.ballot_rules(session, round_row, pot)
    names = _Names(session, round_row)
    return Instance(
        vote_type=VoteType(VOTE_TYPE[rules.ballot_type]),
        budget=pot.budget_minor,
        projects=tuple(
            names.project(row) for row in rounds.projects(session, round_row.id, pot.id)
        ),
        ballots=tuple(
            Ballot(vote.ids, tuple(Fraction(points) for points in vote.points))
            for vote in map(to_vote, ballots.counted_ballots(session, round_row, pot))
        ),
        minor_per_unit=round_row.minor_per_unit,
        default_score=Fraction(rules.limits.score_default or 0)
        if rules.ballot_type is BallotType.SCORES
        else Fraction(0),
        meta=_meta(session, round_row, pot, rules, names.categories),
    )


class _Names:
    """Names of the categories and areas that project rows point to."""

    def __init__(self, session: Session, round_row: RoundRow) -> None:
        self._categories = {row.id: row.name for row in rounds.categories(session, round_row.id)}
        self._areas = {row.id: row.name for row in rounds.areas(session, round_row)}

    @property
    def categories(self) -> Sequence[str]:
        return list(self._categories.values())

    def project(self, row: ProjectRow) -> Project:
        category = self._categories[row.category_id] if row.category_id else ""
        area = self._areas[row.area_id] if row.area_id else ""
        return Project(
            id=row.reference,
            cost=row.cost_minor,
            name=row.title,
            category=category,
            area=area,
            fields=_fields(row, category, area),
        )


def _fields(row: ProjectRow, category: str, area: str) -> Mapping[str, str]:
    """Return the further columns of the project in a `.pb` file."""
    fields = {"name": row.title, "category": category, "neighborhood": area}
    if row.latitude is not None and row.longitude is not None:
        fields |= {"latitude": f"{row.latitude:.6f}", "longitude": f"{row.longitude:.6f}"}
    return {name: value for name, value in fields.items() if value}


def _meta(
    session: Session,
    round_row: RoundRow,
    pot: PotRow,
    rules: BallotRules,
    categories: Sequence[str],
) -> Mapping[str, str]:
    """Return the META section of a `.pb` file of this pot."""
    town = towns.town(session)
    limits = {
        name: amount_text(value, round_row.minor_per_unit) if "cost" in name else str(value)
        for name, value in limits_as_meta(rules).items()
    }
    values = {
        "description": round_row.title,
        "country": (town.country or town.name) if town else "",
        "unit": town.name if town else "",
        "subunit": pot.name,
        "instance": round_row.slug,
        "date_begin": _date(round_row.opened_at or round_row.voting_opens_at),
        "date_end": _date(round_row.closed_at or round_row.voting_closes_at),
        "categories": ",".join(name.replace(",", " ") for name in categories),
        "currency": round_row.currency,
        **limits,
    }
    return {name: value for name, value in values.items() if value}


def _date(moment: datetime | None) -> str:
    return moment.strftime("%d.%m.%Y") if moment else ""
