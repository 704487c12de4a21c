"""Writing an election as a `.pb` file that every tool of the format reads alike."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from fractions import Fraction
from random import Random

from allocation.errors import PbError
from allocation.instance import Ballot, Instance, Project, VoteType
from allocation.pabulib import cells, numbers
from allocation.pabulib.fields import (
    AREA_COLUMNS,
    META_HEADER,
    POINT_TYPES,
    PROJECT_ORDER,
    PROJECT_REQUIRED,
    SCORE_TYPES,
    VOTE_ORDER,
    VOTE_REQUIRED,
    id_fault,
)
from allocation.pabulib.problems import shown
from allocation.pabulib.tally import count_votes, sum_scores
from allocation.pabulib.written_meta import amount, written_meta

VOTER_IDS = range(10**9, 10**10)
Record = Mapping[str, str]


def write(instance: Instance, *, rule: str, rng: Random, remarks: Sequence[str] = ()) -> str:
    """Write an election; `rule` is its label in the format, `remarks` go into the comment.

    Ballots come in random order under random voter ids, both drawn from `rng`, so that neither
    tells when or as whom somebody voted. Empty ballots stay, for they count in n.
    Raises PbError where META lacks what the format demands, or a text cannot be written.
    """
    meta = written_meta(instance, rule=rule, remarks=remarks)
    pairs = [dict(zip(META_HEADER, pair, strict=True)) for pair in meta.items()]
    # Other tools stumble over a file without names, so that column is always there.
    project_columns = (*PROJECT_REQUIRED, "votes", "name")
    has_points = instance.vote_type in POINT_TYPES
    vote_columns = (*VOTE_REQUIRED, "points") if has_points else VOTE_REQUIRED
    lines = [
        *_section("META", META_HEADER, META_HEADER, pairs),
        *_section("PROJECTS", PROJECT_ORDER, project_columns, _projects(instance)),
        *_section("VOTES", VOTE_ORDER, vote_columns, _votes(instance, rng)),
    ]
    return "\n".join(lines) + "\n"


def _section(
    title: str, order: Sequence[str], always: Collection[str], records: Sequence[Record]
) -> Iterator[str]:
    """Write the columns that are always there, and those with something in them."""
    used = {name for record in records for name, cell in record.items() if cell}
    columns = [name for name in order if name in used or name in always]
    yield title
    yield cells.row(columns)
    for record in records:
        yield cells.row([record.get(name, "") for name in columns])


def _projects(instance: Instance) -> list[Record]:
    votes = count_votes(instance.ballots)
    scores: Mapping[str, Fraction] = {}
    if instance.vote_type in SCORE_TYPES:
        scores = sum_scores(instance.ballots, instance.vote_type)
    return [
        _project(project, amount(project.cost, instance))
        | {"votes": str(votes[project.id])}
        | ({"score": numbers.points_text(scores.get(project.id, Fraction(0)))} if scores else {})
        for project in instance.projects
    ]


def _project(project: Project, cost: str) -> dict[str, str]:
    fault = id_fault(project.id)
    if fault:
        message = f"the project id {shown(project.id)} {fault}."
        raise PbError(0, "project_id", message, "Give the project a short id such as 17 or A-3.")
    has_area = any(project.fields.get(name) for name in AREA_COLUMNS)
    return {
        **({} if has_area else {"district": project.area}),
        **project.fields,
        "project_id": project.id,
        "cost": cost,
        "name": project.name,
        "category": project.category,
        "selected": project.selected,
    }


def _votes(instance: Instance, rng: Random) -> list[Record]:
    voter_ids = rng.sample(VOTER_IDS, len(instance.ballots))
    ballots = rng.sample(instance.ballots, len(instance.ballots))
    return [
        _vote(ballot, voter_id, instance.vote_type)
        for ballot, voter_id in zip(ballots, voter_ids, strict=True)
    ]


def _vote(ballot: Ballot, voter_id: int, vote_type: VoteType) -> Record:
    choices, points = ballot.choices, ballot.points
    record = {**ballot.fields, "voter_id": str(voter_id)}
    if vote_type in POINT_TYPES:
        best_first = sorted(range(len(choices)), key=lambda index: -points[index])
        choices = tuple(choices[index] for index in best_first)
        record["points"] = ",".join(numbers.points_text(points[index]) for index in best_first)
    record["vote"] = ",".join(choices)
    return record
